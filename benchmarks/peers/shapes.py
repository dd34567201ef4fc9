"""Turns what peers give (flat layers, binary merges) into hierarchies; needs none of them installed."""

from collections.abc import Sequence

import numpy as np

from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices


def make_hierarchy(parents: Indices, assignments: Indices) -> Hierarchy:
    """Complete a hierarchy of which only the tree and the papers' places are known.

    Parameters
    ----------
    parents : ndarray of shape (n_topics,), int64
        The root first, every parent before its children.
    assignments : ndarray of shape (n_papers,), int64
        Topic of each paper; ``NO_TOPIC`` for what the peer calls noise.

    Returns
    -------
    Hierarchy
        All confidences one, and no runners-up.
    """
    n_papers = len(assignments)
    return Hierarchy(
        parents=np.asarray(parents, dtype=np.int64),
        assignments=np.asarray(assignments, dtype=np.int64),
        confidences=np.ones(n_papers, dtype=np.float32),
        best_guesses=np.maximum(assignments, 0),
        runners_up=np.full(n_papers, NO_TOPIC, dtype=np.int64),
    )


def nest_layers(layers: Sequence[Indices]) -> tuple[Hierarchy, list[tuple[int, int]]]:
    """Make a tree of flat divisions of the same papers.

    A group lies under the group of the next coarser layer that holds most of its papers; where all of them
    are noise there, under that of the layer above it, at last under the root. A paper is filed in the
    finest layer that has it.

    Parameters
    ----------
    layers : sequence of ndarray of shape (n_papers,), int64
        Finest first; the group of each paper, ``NO_TOPIC`` where it is noise.

    Returns
    -------
    hierarchy : Hierarchy
        Groups that hold no paper are left out; the root is added.
    sources : list of (layer, group)
        Where each topic comes from; ``(NO_TOPIC, NO_TOPIC)`` for the root.
    """
    parents, sources = [NO_TOPIC], [(NO_TOPIC, NO_TOPIC)]
    assignments = np.full(len(layers[0]), NO_TOPIC, dtype=np.int64)
    # What a paper's group is called in the layers done so far, the nearest last.
    above: list[Indices] = []
    for layer in range(len(layers) - 1, -1, -1):
        groups, topics = layers[layer], np.full(len(assignments), NO_TOPIC, dtype=np.int64)
        for group in np.unique(groups[groups != NO_TOPIC]):
            inside = np.flatnonzero(groups == group)
            parents.append(_most_common(above, inside))
            sources.append((layer, int(group)))
            topics[inside] = len(parents) - 1
        above.append(topics)
        assignments = np.where(topics != NO_TOPIC, topics, assignments)
    return make_hierarchy(np.array(parents), assignments), sources


def _most_common(above: Sequence[Indices], papers: Indices) -> int:
    for topics in reversed(above):
        found = topics[papers]
        found = found[found != NO_TOPIC]
        if len(found):
            return int(np.bincount(found).argmax())
    return 0


def tree_of_merges(merges: Indices, points: Indices) -> Hierarchy:
    """Make a binary tree of a dendrogram; every point and every merge is a topic.

    Parameters
    ----------
    merges : ndarray of shape (n_points - 1, 2), int64
        As in SciPy: node ``i < n_points`` is a point, node ``n_points + i`` is merge ``i``.
    points : ndarray of shape (n_papers,), int64
        The point each paper is in; ``NO_TOPIC`` for noise.

    Returns
    -------
    Hierarchy
        Topic ``t`` is node ``2 * n_points - 2 - t``.
    """
    last = 2 * len(merges)
    parents = np.full(last + 1, NO_TOPIC, dtype=np.int64)
    for merge, nodes in enumerate(merges):
        parents[last - np.asarray(nodes)] = last - (len(merges) + 1 + merge)
    return make_hierarchy(parents, np.where(points == NO_TOPIC, NO_TOPIC, last - points))


def cut_merges(merges: Indices, n_groups: int) -> Indices:
    """Divide the points of a dendrogram into a number of groups.

    Returns
    -------
    ndarray of shape (n_points,), int64
        Group of each point, from 0.
    """
    n_points = len(merges) + 1
    above = np.arange(2 * n_points - 1, dtype=np.int64)
    for merge in range(max(0, n_points - n_groups)):
        above[merges[merge]] = n_points + merge
    for node in range(2 * n_points - 2, -1, -1):
        above[node] = above[above[node]]
    return np.unique(above[:n_points], return_inverse=True)[1].astype(np.int64)


def cut_papers(merges: Indices, points: Indices, n_groups: int) -> Indices:
    """Divide papers by a cut of the dendrogram over the points they are in; noise stays noise."""
    groups = cut_merges(merges, n_groups)
    return np.where(points == NO_TOPIC, NO_TOPIC, groups[points])
