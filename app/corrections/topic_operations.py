"""What operations on topics do to a state."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from app.corrections.conflicts import NotPossible, NotThere, WasRejected, WouldFormCycle
from app.corrections.operations import (
    CreateTopic,
    DeleteTopic,
    DescribeTopic,
    Group,
    MergeTopics,
    MoveTopic,
    RenameTopic,
    ReorderChildren,
    SplitTopic,
)
from app.corrections.placing import assign, paper_at, put, relocate, take_out, topic_at, unlocked_topic
from app.corrections.state import KEYPHRASES, PERSON, SURE, Home, State, Topic


def rename(state: State, operation: RenameTopic) -> None:
    """Give a topic another label."""
    topic = unlocked_topic(state, operation.topic)
    state.put_topic(operation.topic, replace(topic, label=operation.label, named_by=PERSON))


def describe(state: State, operation: DescribeTopic) -> None:
    """Give a topic another description."""
    topic = unlocked_topic(state, operation.topic)
    state.put_topic(operation.topic, replace(topic, description=operation.description))


def move(state: State, operation: MoveTopic) -> None:
    """Put a topic under another one, as its last child."""
    topic = unlocked_topic(state, operation.topic)
    topic_at(state, operation.parent)
    if topic.parent is None:
        raise NotPossible("The root cannot be moved.", topics=[operation.topic])
    if topic.parent != operation.parent:
        _hang(state, operation.topic, operation.parent)


def merge(state: State, operation: MergeTopics) -> None:
    """Put the papers and children of some topics into one that stays."""
    _check_distinct([*operation.topics, operation.into], "topic")
    unlocked_topic(state, operation.into)
    for source in operation.topics:
        if unlocked_topic(state, source).parent is None:
            raise NotPossible("The root cannot be merged into another topic.", topics=[source])
        if state.is_within(operation.into, source):
            raise WouldFormCycle("A topic cannot be merged into one below it.", topics=[source])
        for child in state.children_of(source):
            unlocked_topic(state, child)
            if child != operation.into:
                _hang(state, child, operation.into)
        for paper in sorted(state.residents.get(source, ())):
            relocate(state, paper, source, operation.into)
        state.put_topic(source, None)


def split(state: State, operation: SplitTopic) -> None:
    """Make topics below one of groups of its papers and children."""
    unlocked_topic(state, operation.topic)
    if not operation.groups:
        raise NotPossible("There are no groups to split the topic into.", topics=[operation.topic])
    papers = [paper for group in operation.groups for paper in group.papers]
    _check_distinct(papers, "paper")
    strangers = [paper for paper in papers if operation.topic not in paper_at(state, paper).homes()]
    if strangers:
        detail = f"{len(strangers)} of the papers do not stand right in the topic."
        raise NotThere(detail, topics=[operation.topic], papers=strangers)
    children = [child for group in operation.groups for child in group.children]
    _check_distinct(children, "topic")
    _check_children(state, operation.topic, children)
    for group in operation.groups:
        _add_part(state, operation.topic, group, by_person=operation.k is None)


def create(state: State, operation: CreateTopic) -> None:
    """Make a topic, and assign papers to it."""
    topic_at(state, operation.parent)
    made = _add_topic(
        state, operation.topic, operation.parent, label=operation.label, description=operation.description
    )
    for paper in operation.papers:
        assign(state, paper, made)


def delete(state: State, operation: DeleteTopic) -> None:
    """Take a topic away; its children move up to its parent, in its place."""
    topic = unlocked_topic(state, operation.topic)
    if topic.parent is None:
        raise NotPossible("The root cannot be deleted.", topics=[operation.topic])
    for child in state.children_of(operation.topic):
        unlocked_topic(state, child)
        _hang(state, child, topic.parent)
    for paper in sorted(state.residents.get(operation.topic, ())):
        if operation.papers_to == "parent":
            relocate(state, paper, operation.topic, topic.parent)
        else:
            take_out(state, paper, lambda home: home == operation.topic)
    state.put_topic(operation.topic, None)


def reorder(state: State, operation: ReorderChildren) -> None:
    """Show children in another order: those named share out the ranks they have among them."""
    topic_at(state, operation.topic)
    _check_distinct(operation.children, "topic")
    _check_children(state, operation.topic, operation.children)
    named = set(operation.children)
    places = [child for child in state.children_of(operation.topic) if child in named]
    ranks = _distinct_ranks([state.topics[child].rank for child in places])
    for child, rank in zip(operation.children, ranks, strict=True):
        state.put_topic(child, replace(state.topics[child], rank=rank))


def _hang(state: State, topic_id: UUID, parent: UUID) -> None:
    """Hang a topic under another, unless that is below it or its papers were marked wrong there."""
    if state.is_within(parent, topic_id):
        raise WouldFormCycle("A topic cannot be put below itself.", topics=[topic_id, parent])
    topic = state.topics[topic_id]
    already = set(state.up_from(topic_id))
    entered = [above for above in state.up_from(parent) if above not in already]
    against = _marked_wrong(state, topic_id, set(entered)) if entered else []
    if against:
        detail = f"{len(against)} of its papers were marked wrong there: lift that first."
        raise WasRejected(detail, topics=[parent], papers=against)
    state.put_topic(topic_id, replace(topic, parent=parent, rank=state.next_rank(parent)))


def _marked_wrong(state: State, topic_id: UUID, entered: set[UUID]) -> list[UUID]:
    inside = [paper for paper, marked in state.rejected.items() if marked & entered and paper in state.papers]
    if not inside:
        return []
    below = set(state.below(topic_id))
    return sorted(paper for paper in inside if below.intersection(state.papers[paper].homes()))


def _add_part(state: State, topic_id: UUID, group: Group, *, by_person: bool) -> None:
    part = _add_topic(state, group.topic, topic_id, label=group.label, description=group.description)
    if not by_person:
        state.put_topic(part, replace(state.topics[part], named_by=KEYPHRASES))
    for child in group.children:
        unlocked_topic(state, child)
        _hang(state, child, part)
    for paper in group.papers:
        placement = paper_at(state, paper)
        if not by_person:
            relocate(state, paper, topic_id, part)
        elif placement.topic == topic_id:
            put(state, paper, replace(placement, topic=part, confidence=SURE, placed_by=PERSON))
        else:
            others = [home for home in placement.seconds if home.topic != topic_id]
            seconds = sorted([*others, Home(part, SURE, PERSON)], key=lambda home: home.topic)
            put(state, paper, replace(placement, seconds=tuple(seconds)))


def _add_topic(state: State, topic_id: UUID | None, parent: UUID, *, label: str, description: str) -> UUID:
    if topic_id is None or topic_id in state.topics:
        raise NotPossible(
            "The new topic needs an id that no other has.", topics=[topic_id] if topic_id else ()
        )
    rank = state.next_rank(parent)
    state.put_topic(topic_id, Topic(parent, rank, label, description, named_by=PERSON))
    return topic_id


def _distinct_ranks(ranks: list[int]) -> list[int]:
    distinct: list[int] = []
    for rank in ranks:
        distinct.append(max(rank, distinct[-1] + 1) if distinct else rank)
    return distinct


def _check_children(state: State, topic_id: UUID, topics: Iterable[UUID]) -> None:
    others = [one for one in topics if one not in state.children.get(topic_id, ())]
    if others:
        raise NotThere("Some of the topics are not its children.", topics=others)


def _check_distinct(ids: list[UUID] | tuple[UUID, ...], what: str) -> None:
    if len(set(ids)) < len(ids):
        raise NotPossible(f"A {what} is named twice.")
