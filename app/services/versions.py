"""Earlier versions of a hierarchy: made again from the log, compared, named."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.corrections.carry_out import carry_back, carry_out
from app.corrections.changes import put_changes, take_changes
from app.corrections.compare import Difference, difference
from app.corrections.filing import FILE_PAPERS
from app.corrections.obey import BY_MACHINE
from app.corrections.operations import Change, operation_from_json
from app.corrections.state import State
from app.db.correction_tables import CorrectionRow, CorrectionStepRow, SnapshotRow
from app.db.tables import HierarchyRow, PaperRow
from app.errors import ConflictError, NotFoundError
from app.services.correction_log import Actor
from app.services.correction_states import load_output
from app.services.hierarchies import get_hierarchy
from app.services.obeying import DISMISS


class VersionNotFound(NotFoundError):
    """The hierarchy never was at this version, or not since its steps are kept."""

    slug = "version-not-found"
    title = "There is no such version of the hierarchy"


class SnapshotNameTaken(ConflictError):
    """A snapshot of the hierarchy has this name."""

    slug = "snapshot-name-taken"
    title = "Another snapshot has this name"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of a hierarchy, and what became of its topics and papers between them."""

    old: int
    new: int
    difference: Difference


def compare_versions(
    session: Session, hierarchy_id: UUID, *, old: str | None, new: str | None, workspace_id: UUID
) -> Compared:
    """Compare two versions, each given by its number or the name of a snapshot.

    ``new`` is the present one unless it is given, and ``old`` the one before that.

    Raises
    ------
    HierarchyNotFound, VersionNotFound
        If there is no such hierarchy, or version of it.
    """
    hierarchy, _ = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    to = hierarchy.version if new is None else _read_version(session, hierarchy, new)
    since = (
        max(to - 1, _first_version(session, hierarchy))
        if old is None
        else _read_version(session, hierarchy, old)
    )
    states = [state_at(session, hierarchy, version) for version in (since, to)]
    return Compared(since, to, difference(*states))


def state_at(session: Session, hierarchy: HierarchyRow, version: int) -> State:
    """Give the state of a hierarchy at a version: what its build gave, and what was changed after that.

    Raises
    ------
    VersionNotFound
        If it never was at this version.
    """
    build = _build_step(session, hierarchy, version)
    state = load_output(session, build.build_id)
    for row in _operations(session, hierarchy, build.version, version):
        put_changes(state, row.changes)
    state.take_notes()
    return state


def replay(session: Session, hierarchy: HierarchyRow) -> tuple[State, list[str]]:
    """Carry all operations out anew on what the live build gave, and tell which went otherwise than logged.

    Unlike `state_at` this trusts nothing but the output and the operations themselves.
    """
    build = _build_step(session, hierarchy, hierarchy.version)
    papers = session.scalars(select(PaperRow.id).where(PaperRow.corpus_id == hierarchy.corpus_id))
    state = load_output(session, build.build_id, newcomers=papers)
    wrong = []
    for row in _operations(session, hierarchy, build.version, hierarchy.version):
        changes = _carry(state, row)
        if _as_texts(changes) != _as_texts(row.changes):
            wrong.append(f"operation {row.number} of version {row.version}")
    return state, wrong


def _carry(state: State, row: CorrectionRow) -> list[Change]:
    op = row.operation["op"]
    if op in ("undo", "redo", FILE_PAPERS):
        return carry_back(state, row.changes)
    if op in BY_MACHINE:
        # Nobody asked for these in words: that they start from what is there is all that can be checked.
        put_changes(state, row.changes)
        return take_changes(state)
    return [] if op == DISMISS else carry_out(state, operation_from_json(row.operation))


def add_snapshot(
    session: Session, hierarchy_id: UUID, name: str, actor: Actor, *, workspace_id: UUID
) -> SnapshotRow:
    """Name the present version of a hierarchy; the same name for the same version is no conflict.

    Raises
    ------
    HierarchyNotFound, SnapshotNameTaken
        If there is no such hierarchy, or another version of it has the name.
    """
    hierarchy, _ = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    new = {"workspace_id": workspace_id, "hierarchy_id": hierarchy.id, "name": name}
    statement = upsert(SnapshotRow).values(**new, version=hierarchy.version, actor=actor.name)
    session.execute(statement.on_conflict_do_nothing())
    row = session.get_one(SnapshotRow, (hierarchy.id, name))
    if row.version != hierarchy.version:
        raise SnapshotNameTaken(f"It names version {row.version}; choose another name.", version=row.version)
    return row


def list_snapshots(session: Session, hierarchy_id: UUID, *, workspace_id: UUID) -> Sequence[SnapshotRow]:
    """List the snapshots of a hierarchy, the newest first."""
    hierarchy, _ = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    query = select(SnapshotRow).where(SnapshotRow.hierarchy_id == hierarchy.id)
    return session.scalars(query.order_by(SnapshotRow.version.desc(), SnapshotRow.name)).all()


def _as_texts(changes: Sequence[Change]) -> list[str]:
    return sorted(json.dumps(change, sort_keys=True) for change in changes)


def _read_version(session: Session, hierarchy: HierarchyRow, text: str) -> int:
    named = session.get(SnapshotRow, (hierarchy.id, text))
    if named is not None:
        return named.version
    if text.isascii() and text.isdecimal() and len(text) < 19:
        return int(text)
    raise VersionNotFound(f"{text!r} is neither the number of a version nor the name of a snapshot.")


def _first_version(session: Session, hierarchy: HierarchyRow) -> int:
    query = select(func.min(CorrectionStepRow.version)).where(CorrectionStepRow.hierarchy_id == hierarchy.id)
    return session.scalar(query) or hierarchy.version


def _build_step(session: Session, hierarchy: HierarchyRow, version: int) -> CorrectionStepRow:
    query = select(CorrectionStepRow).where(
        CorrectionStepRow.hierarchy_id == hierarchy.id,
        CorrectionStepRow.kind == "build",
        CorrectionStepRow.version <= version,
    )
    row = session.scalar(query.order_by(CorrectionStepRow.version.desc()).limit(1))
    if row is None or version > hierarchy.version:
        raise VersionNotFound(f"The hierarchy is at version {hierarchy.version}; there is no {version}.")
    return row


def _operations(session: Session, hierarchy: HierarchyRow, since: int, up_to: int) -> Sequence[CorrectionRow]:
    """Give what was done from the step of a build on: that step obeys the corrections there were by then."""
    query = select(CorrectionRow).where(
        CorrectionRow.hierarchy_id == hierarchy.id,
        CorrectionRow.version >= since,
        CorrectionRow.version <= up_to,
    )
    return session.scalars(query.order_by(CorrectionRow.version, CorrectionRow.number)).all()
