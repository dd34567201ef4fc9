"""Corrections that the live build could not obey: kept, shown with the reason, applied again or dismissed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.corrections.carry_out import carry_out, named_ids, needs_of
from app.corrections.conflicts import Conflict
from app.corrections.operations import operation_from_json
from app.db.tables import HierarchyRow
from app.errors import NotFoundError
from app.services.correction_log import Done, Step, last_build_step, undone_steps
from app.services.correction_states import load_state
from app.services.corrections import Asked, answer_again, check_version, finish_step, lock_hierarchy
from app.services.hierarchies import get_hierarchy
from app.services.obeying import DISMISS, dismissed_places


class OrphanNotFound(NotFoundError):
    """No correction of this place is orphaned."""

    slug = "orphan-not-found"
    title = "There is no such orphaned correction"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an orphaned correction stands in the log: the version it led to, its number in the batch."""

    version: int
    number: int


def list_orphans(session: Session, hierarchy_id: UUID, *, workspace_id: UUID) -> list[dict[str, Any]]:
    """List the corrections that the live build could not obey, in their order.

    Raises
    ------
    HierarchyNotFound
        If there is no such hierarchy.
    """
    hierarchy, _ = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    return _left(session, hierarchy)


def dismiss_orphans(
    session: Session, hierarchy_id: UUID, places: Sequence[Place], asked: Asked, *, workspace_id: UUID
) -> dict[str, Any]:
    """Give orphaned corrections up, as one step, which can be undone; no build tries to obey them then.

    Raises
    ------
    HierarchyNotFound, OrphanNotFound
        If there is no such hierarchy, or one of them is not orphaned.
    KeyReused, StillRunning
        As of any correction.
    """
    return _settle(session, hierarchy_id, places, asked, again=False, workspace_id=workspace_id)


def apply_orphans(
    session: Session, hierarchy_id: UUID, places: Sequence[Place], asked: Asked, *, workspace_id: UUID
) -> dict[str, Any]:
    """Make orphaned corrections anew, as they were made once; all of them as one step, or none.

    Raises
    ------
    HierarchyNotFound, OrphanNotFound
        If there is no such hierarchy, or one of them is not orphaned.
    KeyReused, StillRunning, StaleVersion
        As of any correction.
    Conflict
        If one of them is still not possible; its place in the list is told.
    """
    return _settle(session, hierarchy_id, places, asked, again=True, workspace_id=workspace_id)


def _settle(
    session: Session,
    hierarchy_id: UUID,
    places: Sequence[Place],
    asked: Asked,
    *,
    again: bool,
    workspace_id: UUID,
) -> dict[str, Any]:
    answered = answer_again(session, hierarchy_id, asked.request, workspace_id=workspace_id)
    if answered is not None:
        return answered
    hierarchy, build = lock_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    orphans = _find(session, hierarchy, places)
    operations = [operation_from_json(orphan["operation"]) for orphan in orphans] if again else []
    loaded = load_state(session, build.id, needs_of(operations), corpus_id=hierarchy.corpus_id)
    named = {one for operation in operations for one in named_ids(operation)}
    check_version(session, hierarchy, loaded.state, asked.version, named)
    done = [Done(_dismissal(orphan), []) for orphan in orphans]
    for number, operation in enumerate(operations):
        try:
            done.append(Done(orphans[number]["operation"], carry_out(loaded.state, operation)))
        except Conflict as conflict:
            conflict.members["operation"] = number
            raise
    step = Step("correct", asked.actor, asked.version, done, asked.request)
    return finish_step(session, hierarchy, loaded, step)


def _left(session: Session, hierarchy: HierarchyRow) -> list[dict[str, Any]]:
    build = last_build_step(session, hierarchy.id)
    orphans: list[dict[str, Any]] = build.answer.get("orphans", [])
    if not orphans:
        return []
    undone = set(map(str, undone_steps(session, hierarchy.id)))
    dismissed = dismissed_places(session, hierarchy.id)
    return [
        orphan
        for orphan in orphans
        if orphan["operation_id"] not in undone and (orphan["version"], orphan["number"]) not in dismissed
    ]


def _find(session: Session, hierarchy: HierarchyRow, places: Sequence[Place]) -> list[dict[str, Any]]:
    left = {Place(orphan["version"], orphan["number"]): orphan for orphan in _left(session, hierarchy)}
    missing = [place for place in places if place not in left]
    if missing:
        first = missing[0]
        raise OrphanNotFound(f"Correction {first.number} of version {first.version} is not orphaned.")
    return [left[place] for place in sorted(set(places), key=lambda one: (one.version, one.number))]


def _dismissal(orphan: dict[str, Any]) -> dict[str, Any]:
    return {"op": DISMISS, "version": orphan["version"], "number": orphan["number"]}
