"""Keeping what is locked as it was, whatever a new build made of it, and bringing topics back."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from app.corrections.changes import take_changes
from app.corrections.operations import Change
from app.corrections.placing import rejections_against
from app.corrections.state import Home, PlacedBy, Placement, State

RULE: PlacedBy = "rule"


@dataclass(frozen=True, slots=True)
class Locked:
    """The topics and papers that are locked in a state."""

    topics: frozenset[UUID]
    papers: frozenset[UUID]


def locked_in(state: State) -> Locked:
    """Name all that is locked in a state."""
    return Locked(
        frozenset(one for one, topic in state.topics.items() if topic.locked),
        frozenset(one for one, placement in state.papers.items() if placement.locked),
    )


def bring_back(state: State, before: State, topic_id: UUID) -> list[Change]:
    """Put a topic that a build did not find back where it stood, with those above it, without papers.

    ``before`` is the state that readers see until then; nothing changes if it has no such topic either.
    """
    _ensure(state, before, topic_id)
    return take_changes(state)


def keep_locked(state: State, before: State) -> list[Change]:
    """Make all that is locked be as it was before: names, place and papers of topics, homes of papers.

    Papers that a build put into a locked topic stand in the nearest topic above it that is not locked, else
    in none. Where a paper was marked wrong it does not stand, locked or not. The locks themselves are left
    to whoever calls.
    """
    locked = locked_in(before)
    for topic in _from_above(before, locked.topics):
        _ensure(state, before, topic)
        _put_as_before(state, before, topic)
    for topic in sorted(locked.topics):
        _keep_papers(state, before, topic, locked)
    for paper in sorted(locked.papers & state.papers.keys()):
        for home in before.papers[paper].homes():
            _ensure(state, before, home)
        state.put_paper(paper, replace(before.papers[paper], locked=False))
    for paper in sorted(state.rejected):
        if paper in state.papers:
            _leave_wrong_homes(state, paper)
    return take_changes(state)


def _ensure(state: State, before: State, topic_id: UUID) -> None:
    """Have a topic, and those above it; each as the last child of the one it was below."""
    if topic_id in state.topics or topic_id not in before.topics:
        return
    topic = before.topics[topic_id]
    if topic.parent is None:
        return
    _ensure(state, before, topic.parent)
    state.put_topic(topic_id, replace(topic, rank=state.next_rank(topic.parent), locked=False))


def _from_above(state: State, topics: Collection[UUID]) -> list[UUID]:
    return [topic for topic in state.in_order() if topic in topics]


def _put_as_before(state: State, before: State, topic_id: UUID) -> None:
    old, now = before.topics[topic_id], state.topics[topic_id]
    kept = replace(now, label=old.label, description=old.description, named_by=old.named_by)
    if old.parent is not None and old.parent != now.parent:
        _ensure(state, before, old.parent)
        _free(state, old.parent, topic_id)
        kept = replace(kept, parent=old.parent, rank=state.next_rank(old.parent))
    if kept != now:
        state.put_topic(topic_id, kept)


def _free(state: State, parent: UUID, topic_id: UUID) -> None:
    """Have a parent not be below the topic that is to stand in it: what is between moves up."""
    if state.is_within(parent, topic_id):
        branch = next(one for one in state.up_from(parent) if state.topics[one].parent == topic_id)
        above = state.topics[topic_id].parent
        if above is not None:
            topic = state.topics[branch]
            state.put_topic(branch, replace(topic, parent=above, rank=state.next_rank(above)))


def _keep_papers(state: State, before: State, topic_id: UUID, locked: Locked) -> None:
    inside = set(before.residents.get(topic_id, ()))
    for paper in sorted(inside & state.papers.keys()):
        old, now = before.papers[paper], state.papers[paper]
        if old.topic == topic_id:
            kept = replace(
                old, locked=False, seconds=tuple(home for home in now.seconds if home.topic != topic_id)
            )
        else:
            own = [home for home in old.seconds if home.topic == topic_id]
            kept = _with_second(now, own[0])
        if kept != now:
            state.put_paper(paper, kept)
    for paper in sorted(state.residents.get(topic_id, set()) - inside):
        state.put_paper(paper, _moved_up(state, state.papers[paper], topic_id, locked))


def _with_second(placement: Placement, home: Home) -> Placement:
    if placement.topic is None:
        return replace(
            placement, topic=home.topic, confidence=home.confidence, placed_by=home.placed_by, seconds=()
        )
    others = [one for one in placement.seconds if one.topic != home.topic]
    if placement.topic == home.topic:
        return replace(placement, confidence=home.confidence, placed_by=home.placed_by)
    return replace(placement, seconds=tuple(sorted([*others, home], key=lambda one: one.topic)))


def _moved_up(state: State, placement: Placement, topic_id: UUID, locked: Locked) -> Placement:
    """Take a paper out of a locked topic, into the nearest one above it that is not; never into the root."""
    seconds = tuple(home for home in placement.seconds if home.topic != topic_id)
    if placement.topic != topic_id:
        return replace(placement, seconds=seconds)
    above = [one for one in state.up_from(topic_id)[1:-1] if one not in locked.topics]
    if above:
        left = tuple(home for home in seconds if home.topic != above[0])
        return replace(placement, topic=above[0], placed_by=RULE, seconds=left)
    return _promoted(replace(placement, topic=None), seconds)


def _leave_wrong_homes(state: State, paper: UUID) -> None:
    placement = state.papers[paper]
    wrong = {home for home in placement.homes() if rejections_against(state, paper, home)}
    if not wrong:
        return
    seconds = tuple(home for home in placement.seconds if home.topic not in wrong)
    if placement.topic in wrong:
        state.put_paper(paper, _promoted(replace(placement, topic=None), seconds))
    else:
        state.put_paper(paper, replace(placement, seconds=seconds))


def _promoted(placement: Placement, seconds: tuple[Home, ...]) -> Placement:
    if not seconds:
        return replace(placement, topic=None, placed_by=RULE, seconds=())
    surest = max(seconds, key=lambda home: (home.confidence, home.topic))
    return replace(
        placement,
        topic=surest.topic,
        confidence=surest.confidence,
        placed_by=surest.placed_by,
        seconds=tuple(home for home in seconds if home != surest),
    )
