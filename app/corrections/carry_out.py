"""Carries operations out on a state, and tells what that would do or did."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.corrections import paper_operations, topic_operations
from app.corrections.changes import homes_in, put_changes, restore, reverse, take_changes
from app.corrections.conflicts import Conflict
from app.corrections.operations import (
    AddHome,
    AssignPaper,
    Change,
    CreateTopic,
    DeleteTopic,
    DescribeTopic,
    LiftRejection,
    Lock,
    MergeTopics,
    MoveTopic,
    Operation,
    RejectAssignment,
    RemovePaper,
    RenameTopic,
    ReorderChildren,
    SplitTopic,
    Unlock,
)
from app.corrections.state import State


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes do: papers whose homes change, topics that change, gain or lose papers, or go along.

    ``carried`` are the topics below those that are moved; ``locked`` are the locked topics among these.
    """

    papers_moved: list[UUID] = field(default_factory=list)
    topics_touched: list[UUID] = field(default_factory=list)
    carried: list[UUID] = field(default_factory=list)
    locked: list[UUID] = field(default_factory=list)


def carry_out(state: State, operation: Operation) -> list[Change]:
    """Carry an operation out; the state is as before when that is not possible.

    Returns
    -------
    list of dict
        What it changed; `app.corrections.changes.reverse` gives its compensation.

    Raises
    ------
    Conflict
        If the state does not allow it; it says why.
    """
    return _whole_or_not(state, lambda: _do(state, operation))


def carry_back(state: State, changes: Sequence[Change]) -> list[Change]:
    """Make changes to a state if all they speak of is as they say; it is as before when it is not.

    Returns
    -------
    list of dict
        What changed.

    Raises
    ------
    Conflict
        If the state has changed too much since.
    """
    return _whole_or_not(state, lambda: restore(state, changes))


def effect_of(state: State, changes: Iterable[Change]) -> Effect:
    """Tell what changes, which a state has gone through, did to it."""
    changes = list(changes)
    papers = {
        UUID(change["paper"])
        for change in changes
        if change.get("field") in ("homes", "whole") and "paper" in change
    }
    topics = {UUID(change["topic"]) for change in changes if "topic" in change}
    for change in changes:
        topics |= set(map(UUID, homes_in(change, "before") ^ homes_in(change, "after")))
    moved = [UUID(change["topic"]) for change in changes if change.get("field") == "parent"]
    carried = {below for topic in moved if topic in state.topics for below in state.below(topic)[1:]}
    locked = [topic for topic in carried if state.topics[topic].locked]
    return Effect(sorted(papers), sorted(topics), sorted(carried), sorted(locked))


def named_ids(operation: Operation) -> set[UUID]:
    """Name the topics and papers an operation speaks of, those it makes excepted."""
    match operation:
        case MoveTopic():
            return {operation.topic, operation.parent}
        case MergeTopics():
            return {*operation.topics, operation.into}
        case SplitTopic():
            in_groups = (one for group in operation.groups for one in (*group.papers, *group.children))
            return {operation.topic, *in_groups}
        case CreateTopic():
            return {operation.parent, *operation.papers}
        case ReorderChildren():
            return {operation.topic, *operation.children}
        case RenameTopic() | DescribeTopic() | DeleteTopic():
            return {operation.topic}
        case _:
            return {one for one in (operation.topic, operation.paper) if one is not None}


@dataclass(frozen=True, slots=True)
class Needs:
    """What a state must hold before operations are carried out on it, beside all topics.

    ``papers`` and all papers right in ``residents_of``; with ``moves``, all papers that were marked wrong
    anywhere.
    """

    papers: set[UUID]
    residents_of: set[UUID]
    moves: bool


def needs_of(operations: Sequence[Operation]) -> Needs:
    """Tell what some operations, one after the other, need of a state."""
    needs = Needs(set(), set(), any(map(_moves_topics, operations)))
    for operation in operations:
        match operation:
            case MergeTopics():
                needs.residents_of.update(operation.topics)
            case DeleteTopic() | SplitTopic():
                needs.residents_of.add(operation.topic)
            case CreateTopic():
                needs.papers.update(operation.papers)
            case Lock(paper=UUID() as paper) | Unlock(paper=UUID() as paper):
                needs.papers.add(paper)
            case AssignPaper() | AddHome() | RemovePaper() | RejectAssignment() | LiftRejection():
                needs.papers.add(operation.paper)
    return needs


def _moves_topics(operation: Operation) -> bool:
    if isinstance(operation, SplitTopic):
        return operation.k is not None or any(group.children for group in operation.groups)
    return isinstance(operation, MoveTopic | MergeTopics)


def needs_of_changes(changes: Iterable[Change]) -> Needs:
    """Tell what is needed of a state to make changes to it that may no longer fit."""
    papers: set[UUID] = set()
    topics: set[UUID] = set()
    moves = False
    for change in changes:
        if "paper" in change:
            papers.add(UUID(change["paper"]))
        elif change["field"] == "whole" and change["after"] is None:
            topics.add(UUID(change["topic"]))
        moves = moves or change.get("field") == "parent"
    return Needs(papers, topics, moves)


def _whole_or_not(state: State, act: Callable[[], None]) -> list[Change]:
    try:
        act()
    except Conflict:
        put_changes(state, reverse(take_changes(state)))
        state.take_notes()
        raise
    return take_changes(state)


def _do(state: State, operation: Operation) -> None:
    match operation:
        case RenameTopic():
            topic_operations.rename(state, operation)
        case DescribeTopic():
            topic_operations.describe(state, operation)
        case MoveTopic():
            topic_operations.move(state, operation)
        case MergeTopics():
            topic_operations.merge(state, operation)
        case SplitTopic():
            topic_operations.split(state, operation)
        case CreateTopic():
            topic_operations.create(state, operation)
        case DeleteTopic():
            topic_operations.delete(state, operation)
        case ReorderChildren():
            topic_operations.reorder(state, operation)
        case AssignPaper():
            paper_operations.assign_paper(state, operation)
        case AddHome():
            paper_operations.add_paper_home(state, operation)
        case RemovePaper():
            paper_operations.remove_paper(state, operation)
        case RejectAssignment():
            paper_operations.reject_assignment(state, operation)
        case LiftRejection():
            paper_operations.lift_rejection(state, operation)
        case Lock() | Unlock():
            paper_operations.lock(state, operation, locked=isinstance(operation, Lock))
