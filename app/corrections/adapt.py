"""What an operation means on a hierarchy that has come out otherwise than the one it was made on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from app.corrections.carry_out import named_ids
from app.corrections.operations import (
    CreateTopic,
    DeleteTopic,
    Group,
    LiftRejection,
    MergeTopics,
    MoveTopic,
    Operation,
    RejectAssignment,
    RemovePaper,
    ReorderChildren,
    SplitTopic,
)
from app.corrections.state import State


@dataclass(frozen=True, slots=True)
class Adapted:
    """Operations that do what is meant, in order; none if it is so already.

    ``needed`` are topics that have to be brought back before.
    """

    operations: tuple[Operation, ...]
    needed: tuple[UUID, ...] = ()


def adapt(state: State, before: State, operation: Operation, *, made: Collection[UUID]) -> Adapted:
    """Tell how to do to a state what an operation did to another one.

    Parameters
    ----------
    state : State
        What it is to be done to.
    before : State
        What readers see until then: it tells where topics were that ``state`` does not have.
    operation : Operation
        As it was made.
    made : collection of UUID
        Topics that operations make: they are not brought back, but made again in their turn.

    Returns
    -------
    Adapted
        The operation itself where it fits.
    """
    match operation:
        case CreateTopic():
            return _create(state, before, operation, made)
        case MoveTopic():
            return _move(state, before, operation, made)
        case MergeTopics():
            return _merge(state, before, operation, made)
        case SplitTopic():
            return _split(state, before, operation, made)
        case DeleteTopic():
            return Adapted((operation,) if operation.topic in state.topics else ())
        case RemovePaper():
            return Adapted((operation,) if _is_in(state, operation.paper, operation.topic) else ())
        case RejectAssignment():
            known = operation.topic in state.topics and _is_known(state, operation.paper)
            return Adapted((operation,) if known else ())
        case LiftRejection():
            marked = operation.topic in state.rejected.get(operation.paper, ())
            return Adapted((operation,) if marked else ())
        case ReorderChildren():
            return _reorder(state, operation)
        case _:
            return Adapted((operation,))


def ids_made(operation: Operation) -> list[UUID]:
    """Name the topics an operation makes."""
    match operation:
        case CreateTopic(topic=UUID() as topic):
            return [topic]
        case SplitTopic():
            return [group.topic for group in operation.groups if group.topic is not None]
        case _:
            return []


def topics_named(operation: Operation) -> set[UUID]:
    """Name the topics an operation speaks of, those it makes excepted."""
    match operation:
        case CreateTopic():
            return {operation.parent}
        case SplitTopic():
            return {operation.topic}
        case _:
            return named_ids(operation) - {getattr(operation, "paper", None)}


def _create(state: State, before: State, operation: CreateTopic, made: Collection[UUID]) -> Adapted:
    parent, needed = _find_place(state, before, operation.parent, operation.topic, made)
    papers = tuple(paper for paper in operation.papers if _is_known(state, paper))
    return Adapted((replace(operation, parent=parent, papers=papers),), needed)


def _move(state: State, before: State, operation: MoveTopic, made: Collection[UUID]) -> Adapted:
    topic = operation.topic
    if topic not in state.topics:
        return Adapted((operation,))
    parent, needed = _find_place(state, before, operation.parent, topic, made)
    freed = _free(state, parent, topic)
    wrong = (
        RemovePaper(paper, topic)
        for paper in _marked_wrong(state, topic, [parent, *before.up_from(parent), *state.up_from(parent)])
        if not state.is_within(topic, parent)
    )
    return Adapted((*freed, *wrong, MoveTopic(topic, parent)), needed)


def _merge(state: State, before: State, operation: MergeTopics, made: Collection[UUID]) -> Adapted:
    sources = tuple(topic for topic in operation.topics if topic in state.topics)
    if not sources:
        return Adapted(())
    into, needed = _find_place(state, before, operation.into, None, made)
    if into in sources or into not in (*state.topics, *needed):
        return Adapted((operation,))
    freed = [one for source in sources for one in _free(state, into, source)]
    above = [*state.up_from(into), *before.up_from(into), into]
    wrong = [
        RemovePaper(paper, source)
        for source in sources
        for paper in _marked_wrong(state, source, above)
        if not state.is_within(into, source)
    ]
    return Adapted((*freed, *wrong, MergeTopics(sources, into)), needed)


def _split(state: State, before: State, operation: SplitTopic, made: Collection[UUID]) -> Adapted:
    residents = state.residents.get(operation.topic, set())
    children = state.children.get(operation.topic, set())
    if operation.topic in state.topics and all(
        residents.issuperset(group.papers) and children.issuperset(group.children)
        for group in operation.groups
    ):
        return Adapted((operation,))
    parts: list[Operation] = []
    needed: tuple[UUID, ...] = ()
    for group in operation.groups:
        if group.children and not _has_members(state, group):
            continue
        create = CreateTopic(operation.topic, group.label, group.description, group.papers, group.topic)
        adapted = _create(state, before, create, made)
        parts += [*adapted.operations, *_hang_children(state, before, adapted.operations, group)]
        needed = (*needed, *(topic for topic in adapted.needed if topic not in needed))
    return Adapted(tuple(parts) or (operation,), needed)


def _has_members(state: State, group: Group) -> bool:
    """Tell whether anything of a part is left: one without papers and children would only be in the way."""
    papers = any(_is_known(state, paper) for paper in group.papers)
    return papers or any(child in state.topics for child in group.children)


def _hang_children(state: State, before: State, making: Iterable[Operation], group: Group) -> list[Operation]:
    """Move the children of a part that are still there into it, wherever they are."""
    parent = next(one.parent for one in making if isinstance(one, CreateTopic))
    above = [parent, *before.up_from(parent), *state.up_from(parent)]
    moves: list[Operation] = []
    for child in group.children:
        if child in state.topics and group.topic is not None:
            wrong = (RemovePaper(paper, child) for paper in _marked_wrong(state, child, above))
            moves += [*_free(state, parent, child), *wrong, MoveTopic(child, group.topic)]
    return moves


def _reorder(state: State, operation: ReorderChildren) -> Adapted:
    if operation.topic not in state.topics:
        return Adapted((operation,))
    own = state.children.get(operation.topic, set())
    left = tuple(child for child in operation.children if child in own)
    return Adapted((replace(operation, children=left),) if len(left) > 1 else ())


def _find_place(
    state: State, before: State, wanted: UUID, topic: UUID | None, made: Collection[UUID]
) -> tuple[UUID, tuple[UUID, ...]]:
    """Find the topic that another is to stand in: the one wanted, brought back if that is possible.

    Else the nearest that ``topic`` has above it before, since what was wanted went into that.
    """
    if wanted in state.topics:
        return wanted, ()
    gone = [one for one in before.up_from(wanted) if one not in state.topics]
    if gone and not set(gone).intersection(made):
        return wanted, (wanted,)
    path = [*before.up_from(wanted), *(before.up_from(topic)[1:] if topic is not None else ())]
    return next((one for one in path if one in state.topics), wanted), ()


def _free(state: State, parent: UUID, topic: UUID) -> list[Operation]:
    """Move what a topic is about to go into out of that topic, with all that is between."""
    above = state.topics[topic].parent
    if above is None or parent == topic or not state.is_within(parent, topic):
        return []
    branch = next(one for one in state.up_from(parent) if state.topics[one].parent == topic)
    return [MoveTopic(branch, above)]


def _marked_wrong(state: State, topic: UUID, above: Iterable[UUID]) -> list[UUID]:
    """List the papers in a topic that were marked wrong in another, which it is about to go into."""
    already = set(state.up_from(topic))
    entered = set(above) - already
    inside = [paper for paper, marked in state.rejected.items() if marked & entered and paper in state.papers]
    return sorted(paper for paper in inside if _is_in(state, paper, topic))


def _is_in(state: State, paper: UUID, topic: UUID) -> bool:
    placement = state.papers.get(paper)
    return placement is not None and any(state.is_within(home, topic) for home in placement.homes())


def _is_known(state: State, paper: UUID) -> bool:
    return paper in state.papers or paper in state.newcomers
