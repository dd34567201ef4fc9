"""Two states of a hierarchy set side by side, and a state as one number."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from uuid import UUID

from app.corrections.state import State


@dataclass(frozen=True, slots=True)
class Changed:
    """A topic or paper before and after; ``label`` is what a topic is called, in the later state if there."""

    id: UUID
    before: str | None
    after: str | None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of topics and papers between two states.

    ``papers_moved`` are those whose first home is another, ``homes_changed`` those whose second homes are.
    """

    topics_added: list[Changed]
    topics_removed: list[Changed]
    topics_renamed: list[Changed]
    topics_described: list[Changed]
    topics_moved: list[Changed]
    papers_moved: list[Changed]
    homes_changed: list[UUID]


def difference(old: State, new: State) -> Difference:
    """Tell what has to change for one state to become another."""
    both = [topic for topic in new.in_order() if topic in old.topics]
    pairs = [(topic, old.topics[topic], new.topics[topic]) for topic in both]
    added = [(one, new.topics[one].label) for one in new.in_order() if one not in old.topics]
    removed = [(one, old.topics[one].label) for one in old.in_order() if one not in new.topics]
    moved = [pair for pair in pairs if pair[1].parent != pair[2].parent]
    return Difference(
        topics_added=[Changed(one, None, label, label) for one, label in added],
        topics_removed=[Changed(one, label, None, label) for one, label in removed],
        topics_renamed=[Changed(one, a.label, b.label, b.label) for one, a, b in pairs if a.label != b.label],
        topics_described=[
            Changed(one, a.description, b.description, b.label)
            for one, a, b in pairs
            if a.description != b.description
        ],
        topics_moved=[Changed(one, _text(a.parent), _text(b.parent), b.label) for one, a, b in moved],
        papers_moved=_moved(old, new),
        homes_changed=sorted(
            paper
            for paper in old.papers.keys() | new.papers.keys()
            if _seconds(old, paper) != _seconds(new, paper)
        ),
    )


def fingerprint(state: State) -> str:
    """Give the SHA-256 of all that a state holds: equal states have the same one."""
    digest = sha256()
    for topic, about in sorted(state.topics.items()):
        digest.update(_line("topic", topic, asdict(about)))
    for paper, placement in sorted(state.papers.items()):
        digest.update(_line("paper", paper, asdict(placement)))
    for paper, marked in sorted(state.rejected.items()):
        if marked:
            digest.update(_line("rejected", paper, sorted(marked)))
    return digest.hexdigest()


def _moved(old: State, new: State) -> list[Changed]:
    moved = []
    for paper in sorted(old.papers.keys() | new.papers.keys()):
        before, after = _first(old, paper), _first(new, paper)
        if before != after:
            moved.append(Changed(paper, before, after))
    return moved


def _first(state: State, paper: UUID) -> str | None:
    placement = state.papers.get(paper)
    return None if placement is None else _text(placement.topic)


def _seconds(state: State, paper: UUID) -> set[UUID]:
    placement = state.papers.get(paper)
    return set() if placement is None else {home.topic for home in placement.seconds}


def _text(topic: UUID | None) -> str | None:
    return None if topic is None else str(topic)


def _line(kind: str, one: UUID, content: object) -> bytes:
    return json.dumps([kind, str(one), content], default=str, sort_keys=True).encode() + b"\n"
