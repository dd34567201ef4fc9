"""Undo and redo: further steps that take earlier ones back, or do them again, where that is clean."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.corrections.carry_out import Needs, carry_back, carry_out, named_ids, needs_of, needs_of_changes
from app.corrections.changes import reverse, touched_ids
from app.corrections.conflicts import Conflict
from app.corrections.operations import Change, Operation, operation_from_json
from app.db.correction_tables import CorrectionRow, CorrectionStepRow
from app.db.tables import HierarchyRow
from app.errors import ConflictError
from app.services.correction_log import (
    Actor,
    Done,
    Step,
    get_step,
    last_build_step,
    last_undone_by,
    operations_for,
    operations_of,
    steps_by,
    undone_steps,
)
from app.services.correction_states import Loaded, load_state
from app.services.corrections import Asked, answer_again, check_version, finish_step, lock_hierarchy
from app.services.obeying import DISMISS

Verb = Literal["undo", "redo"]
_UNDOABLE = ("correct", "file")
_FILED_ANEW = "A later build placed those papers itself."


class NothingToUndo(ConflictError):
    """No step is there that could be undone, or done again."""

    slug = "nothing-to-undo"
    title = "There is nothing to take back or do again"


class CannotUndo(ConflictError):
    """A step that is of no kind, or in no state, to be undone or done again."""

    slug = "cannot-undo"
    title = "The step cannot be taken back or done again"


@dataclass(frozen=True, slots=True)
class Which:
    """What is to be undone: one step, or all of an actor since a time; else the asking actor's last one."""

    step_id: UUID | None = None
    actor: str | UUID | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Turn:
    """One step that is to be undone or done again: by changes, or by carrying its operations out anew."""

    verb: Verb
    step: CorrectionStepRow
    changes: list[Change]
    operations: Sequence[Operation] = ()


def undo(
    session: Session, hierarchy_id: UUID, which: Which, asked: Asked, *, workspace_id: UUID
) -> dict[str, Any]:
    """Take steps back, as one step; of several, those that can be, and the others are listed with the reason.

    Raises
    ------
    HierarchyNotFound, StepNotFound
        If there is no such hierarchy, or no such step.
    KeyReused, StillRunning, StaleVersion
        As of any correction.
    CannotUndo, NothingToUndo, Conflict
        If none of it can be taken back.
    """
    return _turn(session, hierarchy_id, which, asked, verb="undo", workspace_id=workspace_id)


def redo(
    session: Session, hierarchy_id: UUID, which: Which, asked: Asked, *, workspace_id: UUID
) -> dict[str, Any]:
    """Do a step that was undone again; raises as `undo` does."""
    return _turn(session, hierarchy_id, which, asked, verb="redo", workspace_id=workspace_id)


def why_not_undone(
    session: Session, hierarchy: HierarchyRow, steps: Sequence[CorrectionStepRow]
) -> dict[UUID, str]:
    """Give the reason for each of some steps that can no longer be undone cleanly."""
    build = last_build_step(session, hierarchy.id)
    reasons = {step.id: _FILED_ANEW for step in steps if _is_filed_anew(step, build)}
    undoable = [step for step in steps if step.kind in _UNDOABLE and step.id not in reasons]
    turns = _turns(session, undoable, "undo")
    loaded = _load(session, hierarchy, turns)
    for turn in turns:
        try:
            changes = carry_back(loaded.state, turn.changes)
        except Conflict as conflict:
            reasons[turn.step.id] = conflict.detail
        else:
            carry_back(loaded.state, reverse(changes))
    return reasons


def _turn(
    session: Session, hierarchy_id: UUID, which: Which, asked: Asked, *, verb: Verb, workspace_id: UUID
) -> dict[str, Any]:
    answered = answer_again(session, hierarchy_id, asked.request, workspace_id=workspace_id)
    if answered is not None:
        return answered
    hierarchy, _ = lock_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    undone = undone_steps(session, hierarchy_id)
    steps = _choose(session, hierarchy_id, which, asked.actor, verb, undone)
    turns = _turns(session, steps, verb)
    _check_turns(turns, undone)
    loaded = _load(session, hierarchy, turns)
    about = {one for turn in turns for one in touched_ids(turn.changes)}
    about |= {one for turn in turns for operation in turn.operations for one in named_ids(operation)}
    check_version(session, hierarchy, loaded.state, asked.version, about)
    done, not_done = _carry_back_all(loaded, turns, strict=which.actor is None)
    step = Step(verb, asked.actor, asked.version, done, asked.request)
    return finish_step(session, hierarchy, loaded, step, not_done=not_done)


def _choose(
    session: Session, hierarchy_id: UUID, which: Which, asking: Actor, verb: Verb, undone: set[UUID]
) -> Sequence[CorrectionStepRow]:
    if which.step_id is not None:
        return [get_step(session, hierarchy_id, which.step_id)]
    steps: Sequence[CorrectionStepRow] = ()
    if which.actor is not None:
        steps = steps_by(session, hierarchy_id, actor=which.actor, since=which.since, besides=undone)
    elif verb == "undo":
        own = asking.id or asking.name
        steps = steps_by(session, hierarchy_id, actor=own, since=None, besides=undone, limit=1)
    else:
        last = last_undone_by(session, hierarchy_id, asking.id, undone)
        steps = () if last is None else [get_step(session, hierarchy_id, last)]
    if not steps:
        raise NothingToUndo("No such step is left that could be taken back or done again.")
    return steps


def _turns(session: Session, steps: Sequence[CorrectionStepRow], verb: Verb) -> list[_Turn]:
    """Tell what undoing steps, or doing them again, takes; undoing an undo is to do again what it undid."""
    if not steps:
        return []
    build = last_build_step(session, steps[0].hierarchy_id)
    rows = operations_of(session, steps[0].hierarchy_id, [step.version for step in steps])
    turns: list[_Turn] = []
    for step in steps:
        if step.kind == "build":
            raise CannotUndo("A build is not taken back: go back to an earlier one instead.")
        if step.kind in _UNDOABLE:
            turns.append(_turn_to(session, build, step, rows[step.version], verb))
        elif verb == "redo":
            raise CannotUndo("Only a correction is done again: name the step that was undone.")
        else:
            opposite: Verb = "redo" if step.kind == "undo" else "undo"
            turns += _turns_opposite(session, build, step, rows[step.version], opposite)
    return turns


def _turns_opposite(
    session: Session,
    build: CorrectionStepRow,
    step: CorrectionStepRow,
    rows: Sequence[CorrectionRow],
    verb: Verb,
) -> list[_Turn]:
    targets = [get_step(session, step.hierarchy_id, row.target_id) for row in reversed(rows) if row.target_id]
    own = operations_of(session, step.hierarchy_id, [target.version for target in targets])
    return [_turn_to(session, build, target, own[target.version], verb) for target in targets]


def _turn_to(
    session: Session,
    build: CorrectionStepRow,
    step: CorrectionStepRow,
    rows: Sequence[CorrectionRow],
    verb: Verb,
) -> _Turn:
    """Tell what it takes on the live build, which may have obeyed the step otherwise than it was made."""
    if _is_filed_anew(step, build):
        raise CannotUndo(_FILED_ANEW)
    if step.version < build.version:
        obeyed = operations_for(session, build, step.id)
        if verb == "redo" and not obeyed:
            return _Turn(verb, step, [], _operations(rows))
        rows = obeyed
    return _Turn(verb, step, _changes(rows, verb))


def _is_filed_anew(step: CorrectionStepRow, build: CorrectionStepRow) -> bool:
    return step.kind == "file" and step.version < build.version


def _operations(rows: Sequence[CorrectionRow]) -> list[Operation]:
    return [operation_from_json(row.operation) for row in rows if row.operation["op"] != DISMISS]


def _changes(rows: Sequence[CorrectionRow], verb: Verb) -> list[Change]:
    changes = [change for row in rows for change in row.changes]
    return reverse(changes) if verb == "undo" else changes


def _check_turns(turns: Sequence[_Turn], undone: set[UUID]) -> None:
    for turn in turns:
        if turn.verb == "undo" and turn.step.id in undone:
            raise CannotUndo(f"The step of version {turn.step.version} is undone already.")
        if turn.verb == "redo" and turn.step.id not in undone:
            raise CannotUndo(f"The step of version {turn.step.version} is not undone.")


def _load(session: Session, hierarchy: HierarchyRow, turns: Sequence[_Turn]) -> Loaded:
    all_needs = [needs_of_changes(turn.changes) for turn in turns]
    all_needs += [needs_of(turn.operations) for turn in turns]
    needs = Needs(
        papers=set().union(*(one.papers for one in all_needs)),
        residents_of=set().union(*(one.residents_of for one in all_needs)),
        moves=any(one.moves for one in all_needs),
    )
    assert hierarchy.live_build_id is not None  # noqa: S101 - A locked hierarchy has one.
    return load_state(session, hierarchy.live_build_id, needs, corpus_id=hierarchy.corpus_id)


def _carry_back_all(
    loaded: Loaded, turns: Sequence[_Turn], *, strict: bool
) -> tuple[list[Done], list[dict[str, Any]]]:
    done: list[Done] = []
    not_done: list[dict[str, Any]] = []
    for turn in turns:
        operation = {"op": turn.verb, "step": str(turn.step.id), "version": turn.step.version}
        try:
            changes = _carry(loaded, turn)
        except Conflict as conflict:
            if strict or len(turns) == 1:
                raise
            not_done.append({**operation, "detail": conflict.detail, **conflict.members})
        else:
            done.append(Done(operation, changes, turn.step.id))
    if not done:
        raise NothingToUndo("Nothing of it can be taken back or done again cleanly.", not_done=not_done)
    return done, not_done


def _carry(loaded: Loaded, turn: _Turn) -> list[Change]:
    if not turn.operations:
        return carry_back(loaded.state, turn.changes)
    done: list[Change] = []
    try:
        for operation in turn.operations:
            done += carry_out(loaded.state, operation)
    except Conflict:
        carry_back(loaded.state, reverse(done))
        raise
    return done
