"""The corrections of a hierarchy, carried out on another build before readers see that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.corrections.changes import take_changes
from app.corrections.obey import Entry, Obeyed, Orphan, obey
from app.corrections.operations import operation_from_json, operation_to_json
from app.corrections.state import State
from app.db.correction_tables import CorrectionRow, CorrectionStepRow
from app.db.tables import BuildRow, HierarchyRow, PaperRow
from app.services.arrivals import ask_for_arrivals
from app.services.correction_log import Actor, Done, Request, Step, StepKind, add_step
from app.services.correction_states import Loaded, load_output, load_whole
from app.services.correction_writing import write_changes

DISMISS = "dismiss_orphan"
_BUILD: StepKind = "build"
_BY_MACHINE: tuple[StepKind, ...] = (_BUILD, "file")
"""Steps that bind no later build."""
_UNDO, _REDO = "undo", "redo"


@dataclass(frozen=True, slots=True)
class GoingLive:
    """Who makes a build the live one; ``request`` makes repeating that harmless."""

    actor: Actor
    based_on: int
    request: Request | None = None


def holding_entries(session: Session, hierarchy_id: UUID) -> list[Entry]:
    """List the corrections that hold: neither undone nor dismissed; those done again stand where that was."""
    return [
        Entry(row.step_id, row.version, row.number, operation_from_json(dict(row.operation)))
        for row in _holding(session, hierarchy_id)
        if row.operation["op"] != DISMISS
    ]


def dismissed_places(session: Session, hierarchy_id: UUID) -> set[tuple[int, int]]:
    """Name the corrections that somebody dismissed, by version and number."""
    return {
        _dismissed(row)
        for row in _holding(session, hierarchy_id, with_dismissed=True)
        if row.operation["op"] == DISMISS
    }


def obey_corrections(session: Session, hierarchy: HierarchyRow, build: BuildRow) -> Obeyed:
    """Bring the rows of a build up to its output with all corrections; what readers see stays as it is.

    Parameters
    ----------
    session : Session
        The transaction.
    hierarchy : HierarchyRow
        Whose corrections; its live build, if it has one, is what they were made on.
    build : BuildRow
        Another build of it, whose output is kept.
    """
    loaded = load_whole(session, build.id)
    papers = session.scalars(select(PaperRow.id).where(PaperRow.corpus_id == hierarchy.corpus_id)).all()
    target = load_output(session, build.id, newcomers=papers)
    before = _read_before(session, hierarchy, target)
    found = obey(target, before, holding_entries(session, hierarchy.id))
    loaded.state.newcomers.update(papers)
    changes = _make_alike(loaded, target)
    write_changes(session, build.id, loaded, changes, workspace_id=build.workspace_id, restores=True)
    return found


def go_live(
    session: Session, hierarchy: HierarchyRow, build: BuildRow, found: Obeyed, how: GoingLive
) -> dict[str, Any]:
    """Make a build that obeys the corrections the live one, as a step; the hierarchy's row is locked."""
    done = [Done(deed.operation, deed.changes, deed.step) for deed in found.deeds]
    step = Step(_BUILD, how.actor, how.based_on, done, how.request)
    hierarchy.live_build_id = build.id
    answer = {
        "operation_id": str(step.id),
        "kind": _BUILD,
        "version": hierarchy.version + 1,
        "based_on": how.based_on,
        "build_id": str(build.id),
        "n_obeyed": found.n_obeyed,
        "n_needless": found.n_needless,
        "orphans": [_orphan_document(orphan) for orphan in found.orphans],
    }
    add_step(session, hierarchy, step, answer=answer)
    ask_for_arrivals(session, hierarchy.corpus_id)
    return answer


def _holding(session: Session, hierarchy_id: UUID, *, with_dismissed: bool = False) -> Sequence["_Logged"]:
    query = (
        select(
            CorrectionRow.step_id,
            CorrectionRow.version,
            CorrectionRow.number,
            CorrectionRow.operation,
            CorrectionRow.target_id,
        )
        .join(CorrectionStepRow, CorrectionStepRow.id == CorrectionRow.step_id)
        .where(CorrectionRow.hierarchy_id == hierarchy_id, CorrectionStepRow.kind.not_in(_BY_MACHINE))
        .order_by(CorrectionRow.version, CorrectionRow.number)
    )
    holding: dict[UUID, list[_Logged]] = {}
    undone: dict[UUID, list[_Logged]] = {}
    for row in (_Logged(*row) for row in session.execute(query)):
        op = row.operation["op"]
        if op == _UNDO and row.target_id in holding:
            undone[row.target_id] = holding.pop(row.target_id)
        elif op == _REDO and row.target_id in undone:
            holding[row.target_id] = undone.pop(row.target_id)
        elif op not in (_UNDO, _REDO):
            holding.setdefault(row.step_id, []).append(row)
    rows = [row for step in holding.values() for row in step]
    if with_dismissed:
        return rows
    gone = {_dismissed(row) for row in rows if row.operation["op"] == DISMISS}
    return [row for row in rows if (row.version, row.number) not in gone]


def _dismissed(row: "_Logged") -> tuple[int, int]:
    return (row.operation["version"], row.operation["number"])


@dataclass(frozen=True, slots=True)
class _Logged:
    step_id: UUID
    version: int
    number: int
    operation: Mapping[str, Any]
    target_id: UUID | None


def _read_before(session: Session, hierarchy: HierarchyRow, target: State) -> State:
    if hierarchy.live_build_id is None:
        return State(target.topics, target.papers)
    return load_whole(session, hierarchy.live_build_id).state


def _make_alike(loaded: Loaded, target: State) -> list[dict[str, Any]]:
    """Change a state into another one; gives the changes."""
    state = loaded.state
    for topic in [*target.in_order(), *state.topics]:
        if state.topics.get(topic) != target.topics.get(topic):
            state.put_topic(topic, target.topics.get(topic))
    for paper in state.papers.keys() | target.papers.keys():
        if state.papers.get(paper) != target.papers.get(paper):
            state.put_paper(paper, target.papers.get(paper))
    for paper in state.rejected.keys() | target.rejected.keys():
        now, wanted = state.rejected.get(paper, set()), target.rejected.get(paper, set())
        for topic in now ^ wanted:
            state.put_rejection(paper, topic, rejected=topic in wanted)
    return take_changes(state)


def _orphan_document(orphan: Orphan) -> dict[str, Any]:
    entry = orphan.entry
    return {
        "operation_id": str(entry.step),
        "version": entry.version,
        "number": entry.number,
        "operation": operation_to_json(entry.operation),
        "reason": orphan.reason,
        "detail": orphan.detail,
        "topics": orphan.topics,
        "papers": orphan.papers,
    }
