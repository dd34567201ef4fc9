"""How papers are put into topics and taken out, within what was locked and marked wrong."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import UUID

from app.corrections.conflicts import IsLocked, NotThere, WasRejected
from app.corrections.state import PERSON, SURE, Home, Placement, State, Topic


def topic_at(state: State, topic_id: UUID) -> Topic:
    """Find a topic.

    Raises
    ------
    NotThere
        If there is none of this id.
    """
    topic = state.topics.get(topic_id)
    if topic is None:
        raise NotThere(f"No topic of the hierarchy has the id {topic_id}.", topics=[topic_id])
    return topic


def unlocked_topic(state: State, topic_id: UUID) -> Topic:
    """Find a topic that is about to change.

    Raises
    ------
    NotThere, IsLocked
        If there is none of this id, or it is locked.
    """
    topic = topic_at(state, topic_id)
    if topic.locked:
        raise IsLocked(f"The topic {topic.label!r} is locked: unlock it first.", topics=[topic_id])
    return topic


def paper_at(state: State, paper: UUID) -> Placement:
    """Find where a paper stands.

    Raises
    ------
    NotThere
        If neither the hierarchy nor its corpus knows it.
    """
    placement = state.papers.get(paper)
    if placement is None and paper in state.newcomers:
        return Placement(topic=None, confidence=0.0)
    if placement is None:
        raise NotThere(f"No paper of the corpus has the id {paper}.", papers=[paper])
    return placement


def rejections_against(state: State, paper: UUID, topic_id: UUID) -> set[UUID]:
    """Give the topics a paper was marked wrong in that it would be in by standing in one."""
    marked = state.rejected.get(paper)
    return marked.intersection(state.up_from(topic_id)) if marked else set()


def check_allowed(state: State, papers: Iterable[UUID], topic_id: UUID) -> None:
    """Refuse to put papers where they were marked wrong.

    Raises
    ------
    WasRejected
        If one of them was marked wrong in the topic or above it.
    """
    against = [paper for paper in papers if rejections_against(state, paper, topic_id)]
    if against:
        detail = f"{len(against)} papers were marked wrong there: lift that first."
        marked = set().union(*(rejections_against(state, paper, topic_id) for paper in against))
        topics = [topic_id, *sorted(marked - {topic_id})]
        raise WasRejected(detail, topics=topics, papers=sorted(against))


def assign(state: State, paper: UUID, topic_id: UUID) -> None:
    """Make a topic the first home of a paper, by a person."""
    placement = paper_at(state, paper)
    seconds = tuple(home for home in placement.seconds if home.topic != topic_id)
    put(state, paper, replace(placement, topic=topic_id, confidence=SURE, placed_by=PERSON, seconds=seconds))


def add_home(state: State, paper: UUID, topic_id: UUID) -> None:
    """Give a paper a further home, by a person; the first one if it has none."""
    placement = paper_at(state, paper)
    if placement.topic in (None, topic_id):
        assign(state, paper, topic_id)
        return
    others = [home for home in placement.seconds if home.topic != topic_id]
    put(state, paper, replace(placement, seconds=_in_order([*others, Home(topic_id, SURE, PERSON)])))


def take_out(state: State, paper: UUID, leaves: Callable[[UUID], bool]) -> None:
    """Take a paper out of some of its homes; the surest one left is its first if it lost that."""
    placement = paper_at(state, paper)
    seconds = tuple(home for home in placement.seconds if not leaves(home.topic))
    left = replace(placement, seconds=seconds)
    if placement.topic is not None and leaves(placement.topic):
        left = _without_first(left)
    put(state, paper, left)


def relocate(state: State, paper: UUID, old: UUID, new: UUID) -> None:
    """Have one home of a paper be another topic; how sure it is and by whom stays."""
    placement = paper_at(state, paper)
    first = new if placement.topic == old else placement.topic
    moved = (replace(home, topic=new) if home.topic == old else home for home in placement.seconds)
    # A second home above the first one, or twice the same, would say nothing.
    above = set(state.up_from(first)) if first is not None else set()
    kept: dict[UUID, Home] = {}
    for home in moved:
        if home.topic != first and not (home.topic == new and new in above):
            kept[home.topic] = max(kept.get(home.topic, home), home, key=lambda one: one.confidence)
    put(state, paper, replace(placement, topic=first, seconds=_in_order(kept.values())))


def put(state: State, paper: UUID, placement: Placement) -> None:
    """Have a paper stand somewhere else, if neither it nor a topic it leaves or enters is locked.

    Raises
    ------
    IsLocked
        If one of them is.
    WasRejected
        If it was marked wrong where it would come to stand.
    """
    old = paper_at(state, paper)
    if placement == old:
        return
    if old.locked:
        raise IsLocked(f"The paper {paper} is locked: unlock it first.", papers=[paper])
    before, after = _by_topic(old), _by_topic(placement)
    for topic_id in sorted(before.keys() | after.keys()):
        if before.get(topic_id) != after.get(topic_id):
            unlocked_topic(state, topic_id)
    for topic_id in after.keys() - before.keys():
        check_allowed(state, [paper], topic_id)
    state.put_paper(paper, placement)


def _by_topic(placement: Placement) -> dict[UUID, tuple[bool, float, str]]:
    homes = {home.topic: (False, home.confidence, str(home.placed_by)) for home in placement.seconds}
    if placement.topic is not None:
        homes[placement.topic] = (True, placement.confidence, placement.placed_by)
    return homes


def _without_first(placement: Placement) -> Placement:
    if not placement.seconds:
        return replace(placement, topic=None, confidence=0.0, placed_by=PERSON)
    surest = max(placement.seconds, key=lambda home: (home.confidence, home.topic))
    return replace(
        placement,
        topic=surest.topic,
        confidence=surest.confidence,
        placed_by=surest.placed_by,
        seconds=tuple(home for home in placement.seconds if home != surest),
    )


def _in_order(homes: Iterable[Home]) -> tuple[Home, ...]:
    return tuple(sorted(homes, key=lambda home: home.topic))
