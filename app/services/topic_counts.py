"""How deep topics lie and how many papers they hold: counted anew, or brought up to date."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from app.corrections.operations import Change
from app.corrections.state import State
from app.services.correction_states import Loaded, Shown


@dataclass(frozen=True, slots=True)
class Gains:
    """How many papers topics gained, or lost: right in them, in or below them, and by second homes only."""

    direct: Counter[UUID] = field(default_factory=Counter)
    papers: Counter[UUID] = field(default_factory=Counter)
    seconds: Counter[UUID] = field(default_factory=Counter)
    made: list[UUID] = field(default_factory=list)


def show_topics(state: State, n_direct: Counter[UUID], n_second: dict[UUID, int]) -> dict[UUID, Shown]:
    """Give each topic its depth, and the number of papers in and below it."""
    depths = dict.fromkeys(state.children.get(None, ()), 0)
    order = list(depths)
    for topic in order:
        for child in state.children.get(topic, ()):
            depths[child] = depths[topic] + 1
            order.append(child)
    n_papers = Counter({topic: n_direct[topic] for topic in order})
    for topic in reversed(order):
        parent = state.topics[topic].parent
        if parent is not None:
            n_papers[parent] += n_papers[topic]
    return {
        topic: Shown(depths[topic], n_papers[topic], n_direct[topic], n_second.get(topic, 0))
        for topic in order
    }


def count_seconds(state: State, homes: Iterable[tuple[UUID, UUID, UUID]]) -> dict[UUID, int]:
    """Count the papers that are in each topic, or below it, by a second home only.

    ``homes`` are (second home, paper, first home).
    """
    above: dict[UUID, set[UUID]] = {}
    inside: dict[UUID, set[UUID]] = {}
    for second, paper, first in homes:
        for topic in (second, first):
            if topic not in above:
                above[topic] = set(state.up_from(topic))
        for topic in above[second] - above[first]:
            inside.setdefault(topic, set()).add(paper)
    return {topic: len(papers) for topic, papers in inside.items()}


def gains_of(state: State, changes: Sequence[Change]) -> Gains:
    """Count what topics gained by changes; in a state where no topic was moved or taken away by them."""
    gains = Gains()
    for change in changes:
        if "topic" in change and change["field"] == "whole" and change["after"] is not None:
            gains.made.append(UUID(change["topic"]))
        for side, sign in (("before", -1), ("after", 1)):
            value = change[side]
            if "paper" in change and isinstance(value, dict):
                _count_paper(gains, state, value.get("homes", value), sign)
    return gains


def add_gains(loaded: Loaded, gains: Gains) -> dict[UUID, Shown]:
    """Tell how those topics are shown that were made, or gained or lost papers."""
    shown = {topic: Shown(len(loaded.state.up_from(topic)) - 1, 0, 0, 0) for topic in gains.made}
    for topic in gains.papers.keys() | gains.seconds.keys():
        old = shown.get(topic) or loaded.shown[topic]
        shown[topic] = replace(
            old,
            n_papers=old.n_papers + gains.papers[topic],
            n_direct=old.n_direct + gains.direct[topic],
            n_second=old.n_second + gains.seconds[topic],
        )
    return shown


def _count_paper(gains: Gains, state: State, homes: dict[str, Any], sign: int) -> None:
    above: set[UUID] = set()
    if homes["topic"]:
        first = UUID(homes["topic"])
        gains.direct[first] += sign
        above.update(state.up_from(first))
    by_second = {topic for home, *_ in homes["seconds"] for topic in state.up_from(UUID(home))}
    for topic in above:
        gains.papers[topic] += sign
    for topic in by_second - above:
        gains.seconds[topic] += sign
