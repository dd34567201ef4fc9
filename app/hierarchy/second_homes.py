"""Finds the papers that a second topic is nearly as near to as their first."""

import numpy as np

from app.hierarchy.confidence import rival_evidence, weigh
from app.hierarchy.surroundings import Surroundings
from app.hierarchy.tree import NO_TOPIC, Indices, SecondHomes, Similarities

LARGEST_GAP = 0.5
"""How much nearer the first home may be, in units of the spread of such differences."""

LEAST_SHARE = 0.3
"""Share of a paper's neighbours that are in its second home, of as many as could be ..."""

LEAST_OF_FIRST = 0.5
"""... and of the share that is in its first."""

FEWEST_NEIGHBOURS = 2
"""A single neighbour proves nothing, however small the leaf."""


def find_second_homes(
    around: Surroundings, assignments: Indices, confidences: Similarities, *, most: int
) -> SecondHomes:
    """Find the leaves that papers belong to as well.

    Both have to agree: the leaf's centroid is nearly as near as that of the paper's own, and its papers are
    among the paper's neighbours.

    Parameters
    ----------
    around : Surroundings
        What is around the papers.
    assignments : ndarray of shape (n_papers,), int64
        Leaf of each paper; ``NO_TOPIC`` if unassigned.
    confidences : ndarray of shape (n_papers,), float32
        How sure that is.
    most : int
        Second homes that a paper may have.

    Returns
    -------
    SecondHomes
        Topics are leaves, numbered as in ``assignments``. Confidences come from the same evidence as those of
        first homes, with the roles changed, but are never above the first home's.
    """
    rivals = around.rivals
    agreed = (rivals.shares >= LEAST_SHARE) & (rivals.counts >= FEWEST_NEIGHBOURS)
    agreed &= rivals.shares >= LEAST_OF_FIRST * around.agreement[rivals.papers]
    rows = np.flatnonzero(agreed & (assignments[rivals.papers] != NO_TOPIC))
    papers, leaves = rivals.papers[rows], rivals.leaves[rows]
    similarities = np.einsum("ij,ij->i", around.points[papers], around.centroids[leaves])
    near = around.own[papers] - similarities <= LARGEST_GAP * around.spread
    rows, similarities = rows[near], similarities[near]
    papers, leaves = papers[near], leaves[near]
    sure = np.minimum(weigh(rival_evidence(around, rows, similarities)), confidences[papers])
    order = np.lexsort((leaves, -sure, papers))
    kept = order[_place_in_run(papers[order]) < most]
    return SecondHomes(papers[kept], leaves[kept], sure[kept])


def _place_in_run(values: Indices) -> Indices:
    """Count along each run of equal values.

    >>> _place_in_run(np.array([4, 4, 4, 7, 9, 9])).tolist()
    [0, 1, 2, 0, 0, 1]
    """
    _, firsts, lengths = np.unique(values, return_index=True, return_counts=True)
    return np.arange(len(values), dtype=np.int64) - np.repeat(firsts, lengths)
