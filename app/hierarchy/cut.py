"""Chooses a few levels of a dendrogram, so that a person can read them."""

from dataclasses import dataclass

import numpy as np

from app.hierarchy.linkage import Dendrogram, Sums, natural_count
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import NO_TOPIC, Indices

FIRST_LEVEL = 5
"""Topics under the root that are wished for; a clear gap in the linkage, or a bound, moves it."""

USUAL_CHILDREN = 3.6
"""Topics under any other one that are wished for."""

FEWER, MORE = 0.5, 1.4
"""How far, as factors, a gap may move the number of topics of a level: a few topics are soon read."""

BELOW_ALL_MERGES = -0.5
"""Splits also what was merged at height 0, because its parts have the same mean; a point has height -1."""


@dataclass(slots=True)
class _Branches:
    """A dendrogram with what is under each node."""

    dendrogram: Dendrogram
    masses: Sums
    n_under: Indices

    def split(self, node: int) -> tuple[int, int]:
        left, right = self.dendrogram.merges[node - self.dendrogram.n_points]
        return int(left), int(right)

    def height(self, node: int) -> float:
        """Height at which a node splits; a point never does."""
        n_points = self.dendrogram.n_points
        return float(self.dendrogram.heights[node - n_points]) if node >= n_points else -1.0

    def points(self, node: int) -> list[int]:
        found, waiting = [], [node]
        while waiting:
            own = waiting.pop()
            if own < self.dendrogram.n_points:
                found.append(own)
            else:
                waiting.extend(self.split(own))
        return found


def cut_levels(dendrogram: Dendrogram, weights: Sums, parameters: BuildParameters) -> tuple[Indices, Indices]:
    """Turn a dendrogram over leaves into a tree of a few levels.

    Parameters
    ----------
    dendrogram : Dendrogram
        Over the leaves.
    weights : ndarray of shape (n_leaves,), float64
        Papers in each leaf.
    parameters : BuildParameters
        Bounds; ``max_depth``, ``min_children``, ``max_children`` and ``largest_leaf`` are used.

    Returns
    -------
    parents : ndarray of shape (n_topics,), int64
        The root first, every parent before its children; no topic has a single child.
    topics : ndarray of shape (n_leaves,), int64
        The topic each leaf of the dendrogram became, or was joined into.

    Notes
    -----
    The numbers of topics of the levels are evenly spaced, as logarithms, from `FIRST_LEVEL` to the leaves,
    then moved to clear gaps of the heights close by. One height cuts a whole level; only where that breaks a
    bound on children is a topic cut otherwise.
    """
    branches = _measure_branches(dendrogram, weights)
    thresholds = _level_heights(dendrogram, parameters)
    parents, topics = [NO_TOPIC], np.zeros(dendrogram.n_points, dtype=np.int64)
    waiting = [(2 * dendrogram.n_points - 2, 0, 0, 0)]
    while waiting:
        node, topic, level, depth = waiting.pop()
        parts, next_level = _divide(branches, node, thresholds, level, depth, parameters)
        for part in parts:
            if len(parts) == 1:
                topics[branches.points(part)] = topic
                continue
            parents.append(topic)
            waiting.append((part, len(parents) - 1, next_level, depth + 1))
    return np.array(parents, dtype=np.int64), topics


def _measure_branches(dendrogram: Dendrogram, weights: Sums) -> _Branches:
    n_points = dendrogram.n_points
    masses = np.concatenate([weights, np.zeros(n_points - 1)])
    n_under = np.concatenate([np.ones(n_points, dtype=np.int64), np.zeros(n_points - 1, dtype=np.int64)])
    for merge, nodes in enumerate(dendrogram.merges):
        masses[n_points + merge] = masses[nodes].sum()
        n_under[n_points + merge] = n_under[nodes].sum()
    return _Branches(dendrogram, masses, n_under)


def _level_counts(n_leaves: int, parameters: BuildParameters) -> list[float]:
    """Space the numbers of topics of the levels above the leaves evenly, as logarithms."""
    if n_leaves <= parameters.max_children:
        return []
    steps = round(np.log(n_leaves / FIRST_LEVEL) / np.log(USUAL_CHILDREN))
    steps = min(max(steps, 1), parameters.max_depth - 1)
    return [FIRST_LEVEL * (n_leaves / FIRST_LEVEL) ** (step / steps) for step in range(steps)]


def _level_heights(dendrogram: Dendrogram, parameters: BuildParameters) -> list[float]:
    """Pick the height of each level but the last, which is the leaves themselves."""
    n_leaves, heights = dendrogram.n_points, []
    fewest = parameters.min_children
    for even in _level_counts(n_leaves, parameters):
        low, high = max(fewest, int(even * FEWER)), min(int(np.ceil(even * MORE)), n_leaves - 1)
        count = natural_count(dendrogram, even, fewest=low, most=high)
        if count < n_leaves:
            edges = dendrogram.heights[n_leaves - count - 1 : n_leaves - count + 1]
            heights.append(float(edges.mean()))
        fewest = count + 1
    return heights


def _divide(
    branches: _Branches,
    node: int,
    thresholds: list[float],
    level: int,
    depth: int,
    parameters: BuildParameters,
) -> tuple[list[int], int]:
    """Choose the children of a topic; a topic that stays whole is its own only part."""
    if branches.n_under[node] == 1 or depth == parameters.max_depth:
        return [node], level
    parts = [node]
    while len(parts) == 1:
        height = thresholds[level] if level < len(thresholds) else BELOW_ALL_MERGES
        parts = _split_above(branches, parts, height, parameters.max_children)
        level += 1
    while len(parts) < parameters.min_children and _split_once(branches, parts):
        pass
    return parts, min(level, len(thresholds))


def _split_above(branches: _Branches, parts: list[int], height: float, at_most: int) -> list[int]:
    parts = list(parts)
    while len(parts) < at_most and max(branches.height(part) for part in parts) > height:
        if not _split_once(branches, parts):
            break
    return parts


def _split_once(branches: _Branches, parts: list[int]) -> bool:
    """Split the part whose own parts are furthest from each other."""
    highest = max(range(len(parts)), key=lambda position: branches.height(parts[position]))
    if branches.n_under[parts[highest]] == 1:
        return False
    parts[highest : highest + 1] = branches.split(parts[highest])
    return True
