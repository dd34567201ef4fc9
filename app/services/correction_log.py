"""The log of corrections: steps with their operations, written once and read in many ways."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, defer

from app.corrections.changes import touched_ids
from app.corrections.operations import Change
from app.db.bulk import copy_rows
from app.db.correction_tables import CorrectionRow, CorrectionStepRow
from app.db.ids import new_id
from app.db.tables import HierarchyRow
from app.errors import NotFoundError

StepKind = Literal["build", "correct", "undo", "redo", "file"]
MACHINE = "machine"
_COLUMNS = (
    ("hierarchy_id", "uuid"),
    ("version", "int8"),
    ("number", "int4"),
    ("workspace_id", "uuid"),
    ("step_id", "uuid"),
    ("operation", "jsonb"),
    ("target_id", "uuid"),
    ("changes", "jsonb"),
)


class StepNotFound(NotFoundError):
    """No such step in the history of the hierarchy."""

    slug = "step-not-found"
    title = "There is no such step in the history"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the key that was used, and its name."""

    id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Request:
    """What makes repeating a request harmless: the client's key for it, and the hash of what it sent."""

    key: str
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """An operation that was carried out; ``target`` is the step that an undo or a redo was about."""

    operation: dict[str, Any]
    changes: list[Change]
    target: UUID | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is about to be written; ``based_on`` is the version that its author saw."""

    kind: StepKind
    actor: Actor
    based_on: int
    done: Sequence[Done] = ()
    request: Request | None = None
    id: UUID = field(default_factory=new_id)

    def changes(self) -> list[Change]:
        """Give all that it changes, in order."""
        return [change for one in self.done for change in one.changes]


def add_step(session: Session, hierarchy: HierarchyRow, step: Step, *, answer: dict[str, Any]) -> None:
    """Write a step to the log, and raise the hierarchy's version by it; the hierarchy's row is locked."""
    hierarchy.version += 1
    row = CorrectionStepRow(
        id=step.id,
        workspace_id=hierarchy.workspace_id,
        hierarchy_id=hierarchy.id,
        version=hierarchy.version,
        based_on=step.based_on,
        build_id=hierarchy.live_build_id,
        kind=step.kind,
        actor_id=step.actor.id,
        actor=step.actor.name,
        touched=sorted(touched_ids(step.changes())),
        request_key=step.request and step.request.key,
        request_sha256=step.request and step.request.sha256,
        answer=answer,
    )
    session.add(row)
    session.flush()
    place = (hierarchy.id, hierarchy.version)
    rows = (
        (*place, n, row.workspace_id, row.id, Jsonb(one.operation), one.target, Jsonb(one.changes))
        for n, one in enumerate(step.done)
    )
    if step.done:
        copy_rows(session, "correction", _COLUMNS, rows)


def find_step(
    session: Session, hierarchy_id: UUID, *, request_key: str, workspace_id: UUID
) -> CorrectionStepRow | None:
    """Look for the step that a request led to."""
    step = CorrectionStepRow
    query = select(step).where(step.hierarchy_id == hierarchy_id, step.workspace_id == workspace_id)
    return session.scalar(query.where(step.request_key == request_key))


def get_step(session: Session, hierarchy_id: UUID, step_id: UUID) -> CorrectionStepRow:
    """Find a step by its operation id.

    Raises
    ------
    StepNotFound
        If the hierarchy has none of this id.
    """
    query = select(CorrectionStepRow).where(CorrectionStepRow.hierarchy_id == hierarchy_id)
    row = session.scalar(query.where(CorrectionStepRow.id == step_id))
    if row is None:
        raise StepNotFound(f"No step of the hierarchy has the operation id {step_id}.")
    return row


def list_steps(
    session: Session, hierarchy_id: UUID, *, before: int | None = None, limit: int | None = None
) -> Sequence[CorrectionStepRow]:
    """List the steps of a hierarchy, the newest first; those before a version."""
    query = select(CorrectionStepRow).where(CorrectionStepRow.hierarchy_id == hierarchy_id)
    if before is not None:
        query = query.where(CorrectionStepRow.version < before)
    return session.scalars(query.order_by(CorrectionStepRow.version.desc()).limit(limit)).all()


def steps_by(
    session: Session,
    hierarchy_id: UUID,
    *,
    actor: str | UUID,
    since: datetime | None,
    besides: Collection[UUID],
    limit: int | None = None,
) -> Sequence[CorrectionStepRow]:
    """List the corrections of one actor, by name or id, the newest first, besides some."""
    who = CorrectionStepRow.actor_id if isinstance(actor, UUID) else CorrectionStepRow.actor
    query = select(CorrectionStepRow).options(
        defer(CorrectionStepRow.answer), defer(CorrectionStepRow.touched)
    )
    query = query.where(
        CorrectionStepRow.hierarchy_id == hierarchy_id,
        CorrectionStepRow.kind.in_(("correct", "file")),
        CorrectionStepRow.id.not_in(besides),
        who == actor,
    )
    if since is not None:
        query = query.where(CorrectionStepRow.at >= since)
    return session.scalars(query.order_by(CorrectionStepRow.version.desc()).limit(limit)).all()


def last_undone_by(
    session: Session, hierarchy_id: UUID, actor_id: UUID | None, undone: Collection[UUID]
) -> UUID | None:
    """Name the step that an actor undid last, of those that are undone."""
    undo = CorrectionRow.step_id == CorrectionStepRow.id
    query = select(CorrectionRow.target_id).join(CorrectionStepRow, undo)
    query = query.where(
        CorrectionRow.hierarchy_id == hierarchy_id,
        CorrectionRow.target_id.in_(undone),
        CorrectionRow.operation["op"].astext == "undo",
        CorrectionStepRow.actor_id.is_not_distinct_from(actor_id),
    )
    newest = query.order_by(CorrectionRow.version.desc(), CorrectionRow.number.desc())
    return session.scalar(newest.limit(1))


def operations_of(
    session: Session, hierarchy_id: UUID, versions: Sequence[int]
) -> dict[int, list[CorrectionRow]]:
    """Give the operations of some steps, by version."""
    query = select(CorrectionRow).where(CorrectionRow.hierarchy_id == hierarchy_id)
    query = query.where(CorrectionRow.version.in_(versions))
    found: dict[int, list[CorrectionRow]] = {version: [] for version in versions}
    for row in session.scalars(query.order_by(CorrectionRow.version, CorrectionRow.number)):
        found[row.version].append(row)
    return found


def operations_for(session: Session, build: CorrectionStepRow, step_id: UUID) -> Sequence[CorrectionRow]:
    """Give what the step of a build did to obey an earlier one."""
    query = select(CorrectionRow).where(CorrectionRow.step_id == build.id, CorrectionRow.target_id == step_id)
    return session.scalars(query.order_by(CorrectionRow.number)).all()


def last_build_step(session: Session, hierarchy_id: UUID, *, up_to: int | None = None) -> CorrectionStepRow:
    """Find the step by which the build became live that is live now, or was at a version.

    Raises
    ------
    StepNotFound
        If none is kept from so early.
    """
    step = CorrectionStepRow
    query = select(step).options(defer(step.answer), defer(step.touched))
    query = query.where(step.hierarchy_id == hierarchy_id, step.kind == "build")
    if up_to is not None:
        query = query.where(step.version <= up_to)
    row = session.scalar(query.order_by(step.version.desc()).limit(1))
    if row is None:
        raise StepNotFound("No step of the hierarchy tells by which build it began.")
    return row


def undone_steps(session: Session, hierarchy_id: UUID) -> set[UUID]:
    """Name the steps that are undone: the last word on each is an undo."""
    last = (
        select(CorrectionRow.target_id, CorrectionRow.operation["op"].astext)
        .ext(distinct_on(CorrectionRow.target_id))
        .where(CorrectionRow.hierarchy_id == hierarchy_id, CorrectionRow.target_id.is_not(None))
        .order_by(CorrectionRow.target_id, CorrectionRow.version.desc(), CorrectionRow.number.desc())
    )
    return {target for target, op in session.execute(last) if op == "undo" and target is not None}
