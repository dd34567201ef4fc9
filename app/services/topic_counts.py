"""How deep topics lie and how many papers they hold: counted from all papers."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from app.corrections.state import State
from app.services.correction_states import Shown


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
