"""Gives topics of too few leaves more of them, by dividing a leaf."""

import numpy as np
from numpy.typing import NDArray

from app.hierarchy.leaves import merge_until
from app.hierarchy.linkage import Sums, ward_linkage
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.smooth import Points
from app.hierarchy.tree import NO_TOPIC, Indices, topic_children


def divide_few(
    points: Points,
    weights: Sums,
    parents: Indices,
    filed: Indices,
    *,
    smallest: int,
    parameters: BuildParameters,
) -> tuple[Indices, Indices]:
    """Bring topics that have only leaves below them to the fewest children that are wished for.

    Of such a topic the leaf with the most papers is divided, as long as it can be. If that does not do, the
    topic becomes a leaf itself where it is small enough for one, or else its leaves stand beside it in its
    place, where there is room.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_dimensions), float32
        Smoothed unit vectors.
    weights : ndarray of shape (n_points,), float64
        Papers that each point stands for.
    parents : ndarray of shape (n_topics,), int64
        Every parent before its children.
    filed : ndarray of shape (n_points,), int64
        Leaf of each point.
    smallest : int
        No part of a divided leaf has fewer papers.
    parameters : BuildParameters
        ``min_children``, ``max_children`` and ``largest_leaf`` are used.

    Returns
    -------
    parents, filed : ndarray of int64
        As the input, with more leaves or fewer.
    """
    children, filed = topic_children(parents), filed.copy()
    above, dropped = parents.tolist(), np.zeros(len(parents), dtype=np.bool_)
    for topic in range(len(parents)):
        few = 1 < len(children[topic]) < parameters.min_children
        if not few or any(children[child] for child in children[topic]):
            continue
        members = [np.flatnonzero(filed == child) for child in children[topic]]
        parts = _divide(points, weights, members, smallest, parameters.min_children)
        if len(parts) < parameters.min_children and topic > 0:
            together, beside = np.concatenate(members), children[above[topic]]
            if weights[together].sum() <= parameters.largest_leaf:
                filed[together], dropped[children[topic]] = topic, True
            elif len(beside) - 1 + len(members) <= parameters.max_children:
                dropped[topic] = True
                for child in children[topic]:
                    above[child] = above[topic]
                beside[beside.index(topic) : beside.index(topic) + 1] = children[topic]
            continue
        for child, part in zip(children[topic], parts, strict=False):
            filed[part] = child
        for part in parts[len(children[topic]) :]:
            filed[part] = len(above)
            above.append(topic)
    return _without(np.array(above, dtype=np.int64), filed, dropped)


def _divide(
    points: Points, weights: Sums, members: list[Indices], smallest: int, wanted: int
) -> list[Indices]:
    parts = list(members)
    while len(parts) < wanted:
        largest = max(range(len(parts)), key=lambda position: weights[parts[position]].sum())
        halves = _halve(points, weights, parts[largest], smallest)
        if halves is None:
            break
        parts[largest] = halves[0]
        parts.append(halves[1])
    return parts


def _halve(points: Points, weights: Sums, members: Indices, smallest: int) -> tuple[Indices, Indices] | None:
    if len(members) < 2 or weights[members].sum() < 2 * smallest:
        return None
    side = merge_until(ward_linkage(points[members], weights[members]), 2)
    if np.bincount(side, weights=weights[members], minlength=2).min() < smallest:
        return None
    return members[side == 0], members[side == 1]


def _without(parents: Indices, filed: Indices, dropped: NDArray[np.bool_]) -> tuple[Indices, Indices]:
    """Take some leaves out and number the other topics anew."""
    kept = np.ones(len(parents), dtype=np.bool_)
    kept[: len(dropped)] = ~dropped
    number = np.cumsum(kept) - 1
    above = parents[kept]
    return np.where(above == NO_TOPIC, NO_TOPIC, number[above]).astype(np.int64), number[filed].astype(
        np.int64
    )
