"""Divides one topic into a wished-for number of parts, by its papers or by the topics right below it."""

import numpy as np
from threadpoolctl import threadpool_limits

from app.hierarchy.build import N_DIMENSIONS
from app.hierarchy.leaves import EXACT_LIMIT, group_means, merge_until
from app.hierarchy.linkage import Dendrogram, Sums, join_nearest, ward_linkage
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.smooth import Points, merge_duplicates, neighbour_graph, reduce_dimensions, smooth, to_unit
from app.hierarchy.tree import NO_TOPIC, Indices, Similarities

_USUAL = BuildParameters()
_MOST_TRIED = 8
"""Cuts that are tried, up to so many times the parts wished for."""


def divide_papers(vectors: Points, neighbours: tuple[Indices, Similarities], k: int) -> Indices:
    """Divide papers into k parts of more than a few papers, by Ward's linkage of smoothed vectors.

    As the leaves of a build are found: each vector is averaged with its neighbours', linkage gives the parts,
    and what is too small for one goes to the nearest.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors.
    neighbours : tuple of ndarray of shape (n_papers, n_neighbours), int64 and float32
        Nearest neighbours among the same papers, and cosine similarities to them.
    k : int
        At least 1.

    Returns
    -------
    ndarray of shape (n_papers,), int64
        Part of each paper, 0 the largest, the earlier first paper first on a tie. Papers with the same vector
        are together, so there are fewer than k parts where fewer vectors differ. The same for the same input.
    """
    firsts, distinct = merge_duplicates(vectors)
    weights = np.bincount(distinct, minlength=len(firsts)).astype(np.float64)
    with threadpool_limits(limits=1, user_api="blas"):
        points = reduce_dimensions(vectors[firsts], weights, N_DIMENSIONS)
        graph = neighbour_graph(*neighbours, distinct)
        points = smooth(points, graph, steps=_USUAL.fine_steps, share=_USUAL.smoothing)
        atoms = join_nearest(points, weights, graph, at_most=EXACT_LIMIT)
        centres, masses = group_means(points, weights, atoms)
        smallest = min(_USUAL.smallest_leaf, max(1, len(vectors) // (2 * k)))
        parts = _cut(ward_linkage(centres, masses), masses, k, smallest)[atoms]
        return _by_size(_dissolve(points, weights, parts)[distinct])


def join_children(vectors: Points, weights: Sums, child_of: Indices, k: int) -> Indices:
    """Put the children of a topic into k groups by Ward's linkage of the means of their papers.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors of some papers of each child.
    weights : ndarray of shape (n_papers,), float64
        How many papers each stands for.
    child_of : ndarray of shape (n_papers,), int64
        The child each is in, from 0, none left out.
    k : int
        From 1 to the number of children.

    Returns
    -------
    ndarray of shape (n_children,), int64
        Group of each child, numbered by first child. The same for the same input.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        points = reduce_dimensions(vectors, weights, N_DIMENSIONS)
        means, masses = group_means(points, weights, child_of)
        return merge_until(ward_linkage(means, masses), k)


def _cut(dendrogram: Dendrogram, masses: Sums, k: int, smallest: int) -> Indices:
    """Cut where there are k parts that are large enough for the first time; the others are in none."""
    for n_parts in range(k, min(dendrogram.n_points, _MOST_TRIED * k) + 1):
        parts = merge_until(dendrogram, n_parts)
        is_large = np.bincount(parts, weights=masses) >= smallest
        if is_large.sum() == k:
            number = np.where(is_large, np.cumsum(is_large) - 1, NO_TOPIC)
            return number[parts].astype(np.int64)
    return merge_until(dendrogram, k)


def _dissolve(points: Points, weights: Sums, parts: Indices) -> Indices:
    """Put the points that are in no part into the one with the nearest centre."""
    left = parts == NO_TOPIC
    if not left.any():
        return parts
    centres = to_unit(group_means(points[~left], weights[~left], parts[~left])[0])
    found = parts.copy()
    found[left] = (points[left] @ centres.T).argmax(axis=1)
    return found


def _by_size(parts: Indices) -> Indices:
    _, firsts, sizes = np.unique(parts, return_index=True, return_counts=True)
    order = np.lexsort((firsts, -sizes))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[parts]
