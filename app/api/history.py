"""The history of a hierarchy: its steps, snapshots, differences between versions, and checks of it all."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.authentication import IdentityDep
from app.api.dependencies import SessionDep
from app.api.paging import CursorQuery, LimitQuery, Page, next_cursor, position_after
from app.api.texts import Body, Name
from app.db.correction_tables import CorrectionRow, CorrectionStepRow
from app.services import checking, versions
from app.services.correction_log import Actor, list_steps, operations_of, undone_steps
from app.services.hierarchies import get_hierarchy
from app.services.undoing import why_not_undone

router = APIRouter(prefix="/hierarchies/{hierarchy_id}", tags=["corrections"])

_OPERATIONS_SHOWN = 20

VersionQuery = Annotated[str | None, Query(max_length=200, description="A version, or a snapshot's name.")]


class HistoryItem(BaseModel):
    """A step of a hierarchy: a batch of corrections, its being undone or redone, papers filed, a new build.

    ``operations`` shows the first twenty. ``not_undoable`` says why the step can no longer be undone cleanly,
    if that was asked for.
    """

    operation_id: UUID
    version: int
    based_on: int
    kind: Literal["build", "correct", "undo", "redo", "file"]
    actor: str
    actor_id: UUID | None
    at: datetime
    undone: bool
    not_undoable: str | None
    n_operations: int
    operations: list[dict[str, Any]]


class SnapshotIn(Body):
    """A name for the present version."""

    name: Name


class SnapshotOut(BaseModel):
    """A named version."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    version: int
    actor: str
    at: datetime


class Snapshots(BaseModel):
    """The snapshots of a hierarchy, the newest first."""

    items: list[SnapshotOut]


class ChangedOut(BaseModel):
    """A topic or paper before and after: labels, descriptions or ids of topics; null where it was not.

    ``label`` is what a topic is called now, and null of a paper.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    before: str | None
    after: str | None
    label: str | None


class DiffOut(BaseModel):
    """What became of topics and papers from one version to another.

    ``papers_moved`` are those whose first home is another one; at most ``limit`` are listed, all are counted.
    """

    from_version: int
    to_version: int
    topics_added: list[ChangedOut]
    topics_removed: list[ChangedOut]
    topics_renamed: list[ChangedOut]
    topics_described: list[ChangedOut]
    topics_moved: list[ChangedOut]
    n_papers_moved: int
    papers_moved: list[ChangedOut]
    n_homes_changed: int


class FindingOut(BaseModel):
    """Whether something that must be so is so."""

    model_config = ConfigDict(from_attributes=True)

    invariant: str
    holds: bool
    detail: str


class CheckOut(BaseModel):
    """What a check found; ``sha256`` is of all that the hierarchy holds."""

    model_config = ConfigDict(from_attributes=True)

    hierarchy_id: UUID
    version: int
    n_steps: int
    sha256: str
    holds: bool = Field(description="Whether all of it is as it must be.")
    findings: list[FindingOut]


@router.get("/history")
def get_history(
    hierarchy_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
    undoable: Annotated[bool, Query(description="Also find out which steps can still be undone.")] = False,
) -> Page[HistoryItem]:
    """List the steps of a hierarchy, the newest first."""
    hierarchy, _ = get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    before = None if cursor is None else position_after(cursor)
    steps = list_steps(session, hierarchy.id, before=before, limit=limit)
    operations = operations_of(session, hierarchy.id, [step.version for step in steps])
    undone = undone_steps(session, hierarchy.id)
    left = [step for step in steps if step.id not in undone]
    reasons = why_not_undone(session, hierarchy, left) if undoable else {}
    items = [
        _show(step, operations[step.version], undone=step.id in undone, reason=reasons.get(step.id))
        for step in steps
    ]
    return Page(items=items, next_cursor=next_cursor(steps, limit, steps[-1].version if steps else None))


@router.post("/snapshots", status_code=201)
def post_snapshot(
    hierarchy_id: UUID, body: SnapshotIn, session: SessionDep, identity: IdentityDep
) -> SnapshotOut:
    """Name the present version of a hierarchy."""
    row = versions.add_snapshot(
        session,
        hierarchy_id,
        body.name,
        Actor(identity.key_id, identity.name),
        workspace_id=identity.workspace_id,
    )
    return SnapshotOut.model_validate(row)


@router.get("/snapshots")
def get_snapshots(hierarchy_id: UUID, session: SessionDep, identity: IdentityDep) -> Snapshots:
    """List the snapshots of a hierarchy."""
    rows = versions.list_snapshots(session, hierarchy_id, workspace_id=identity.workspace_id)
    return Snapshots(items=[SnapshotOut.model_validate(row) for row in rows])


@router.get("/diff")
def get_diff(
    hierarchy_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    old: Annotated[VersionQuery, Query(alias="from")] = None,
    new: Annotated[VersionQuery, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=0, le=10_000, description="Papers to list at most.")] = 1_000,
) -> DiffOut:
    """Compare two versions: the present one with the one before it, unless others are named."""
    compared = versions.compare_versions(
        session, hierarchy_id, old=old, new=new, workspace_id=identity.workspace_id
    )
    found = compared.difference
    names = ("topics_added", "topics_removed", "topics_renamed", "topics_described", "topics_moved")
    return DiffOut(
        from_version=compared.old,
        to_version=compared.new,
        **{name: [ChangedOut.model_validate(one) for one in getattr(found, name)] for name in names},
        n_papers_moved=len(found.papers_moved),
        papers_moved=[ChangedOut.model_validate(one) for one in found.papers_moved[:limit]],
        n_homes_changed=len(found.homes_changed),
    )


@router.get("/check")
def get_check(hierarchy_id: UUID, session: SessionDep, identity: IdentityDep) -> CheckOut:
    """Check that readers see exactly what the build and its corrections give, and that it is sound."""
    found = checking.check_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    return CheckOut(
        hierarchy_id=found.hierarchy_id,
        version=found.version,
        n_steps=found.n_steps,
        sha256=found.sha256,
        holds=all(one.holds for one in found.findings),
        findings=[FindingOut.model_validate(one) for one in found.findings],
    )


def _show(
    step: CorrectionStepRow, operations: list[CorrectionRow], *, undone: bool, reason: str | None
) -> HistoryItem:
    return HistoryItem(
        operation_id=step.id,
        version=step.version,
        based_on=step.based_on,
        kind=step.kind,  # type: ignore[arg-type]
        actor=step.actor,
        actor_id=step.actor_id,
        at=step.at,
        undone=undone,
        not_undoable=reason,
        n_operations=len(operations),
        operations=[row.operation for row in operations[:_OPERATIONS_SHOWN]],
    )
