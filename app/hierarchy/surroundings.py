"""How near each paper is to its own leaf and to others, and in which leaves its neighbours are."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from app.hierarchy.smooth import Points, to_unit
from app.hierarchy.tree import Indices, Similarities

BLOCK_ROWS = 4096

MOST_NEIGHBOURS = 15
"""Of a paper's neighbours so many count, however many a build smooths over: with more, fewer agree."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """Leaves that hold neighbours of a paper and not the paper itself, row by row, by paper and leaf.

    Attributes
    ----------
    papers, leaves : ndarray of shape (n_rivals,), int64
        The paper, and the other leaf.
    counts : ndarray of shape (n_rivals,), int64
        Neighbours of the paper in that leaf.
    shares : ndarray of shape (n_rivals,), float32
        The same as a share of the most there could be: small leaves cannot hold all neighbours.
    """

    papers: Indices
    leaves: Indices
    counts: Indices
    shares: Similarities


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is around each paper.

    Attributes
    ----------
    points : ndarray of shape (n_papers, n_dimensions), float32
        The centred vectors, scaled to length one.
    centroids : ndarray of shape (n_leaves, n_dimensions), float32
        Of the leaves, of length one.
    leaves : ndarray of shape (n_papers,), int64
        Leaf of each paper.
    sizes : ndarray of shape (n_leaves,), int64
        Papers in each leaf.
    own : ndarray of shape (n_papers,), float32
        Similarity to the centroid of the own leaf, which the paper takes no part in.
    other : ndarray of shape (n_papers,), float32
        Similarity to the nearest centroid of another leaf.
    runners_up : ndarray of shape (n_papers,), int64
        That leaf.
    spread : float
        The median size of ``own - other``: differences between similarities count in units of it.
    agreement : ndarray of shape (n_papers,), float32
        Share of the neighbours that are in the own leaf, of as many as could be.
    rivals : Rivals
        Where the other neighbours are.
    """

    points: Points
    centroids: Points
    leaves: Indices
    sizes: Indices
    own: Similarities
    other: Similarities
    runners_up: Indices
    spread: float
    agreement: Similarities
    rivals: Rivals


def look_around(vectors: Points, neighbours: Indices, leaves: Indices) -> Surroundings:
    """Compare each paper with all leaves and find where its neighbours are.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors as the encoder gave them: the smoothed ones are too sure of everything.
    neighbours : ndarray of shape (n_papers, k), int64
        Nearest neighbours of each paper without itself; the first `MOST_NEIGHBOURS` count.
    leaves : ndarray of shape (n_papers,), int64
        Leaf of each paper, from 0, none empty; at least two.

    Returns
    -------
    Surroundings
        Its own arrays; ``leaves`` is not copied.

    Notes
    -----
    The product of papers and leaves; besides the result it holds `BLOCK_ROWS` rows of it at a time.
    """
    points = to_unit(vectors - vectors.mean(axis=0))
    sizes = np.bincount(leaves)
    ones = (np.ones(len(leaves), np.float32), (leaves, np.arange(len(leaves))))
    sums = csr_array(ones, shape=(len(sizes), len(leaves))) @ points
    centroids = to_unit(sums)
    own, other, runners_up = _compare(points, sums, centroids, leaves)
    spread = max(float(np.median(np.abs(own - other))), 1e-6)
    agreement, rivals = _count_neighbours(neighbours[:, :MOST_NEIGHBOURS], leaves, sizes)
    return Surroundings(points, centroids, leaves, sizes, own, other, runners_up, spread, agreement, rivals)


def _compare(
    points: Points, sums: Points, centroids: Points, leaves: Indices
) -> tuple[Similarities, Similarities, Indices]:
    """Find the similarity to the own leaf without the paper itself, and to the nearest other leaf."""
    own, other = np.empty(len(points), np.float32), np.empty(len(points), np.float32)
    runners_up = np.empty(len(points), np.int64)
    for start in range(0, len(points), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        own[rows] = np.einsum("ij,ij->i", points[rows], to_unit(sums[leaves[rows]] - points[rows]))
        similarities = points[rows] @ centroids.T
        within = np.arange(len(similarities))
        similarities[within, leaves[rows]] = -np.inf
        runners_up[rows] = similarities.argmax(axis=1)
        other[rows] = similarities[within, runners_up[rows]]
    return own, other, runners_up


def _count_neighbours(neighbours: Indices, leaves: Indices, sizes: Indices) -> tuple[Similarities, Rivals]:
    n_papers, k = neighbours.shape
    each = (np.ones(n_papers * k, np.int64), (np.repeat(np.arange(n_papers), k), leaves[neighbours].ravel()))
    counts = csr_array(coo_array(each, shape=(n_papers, len(sizes))))
    counts.sort_indices()
    papers = np.repeat(np.arange(n_papers), np.diff(counts.indptr))
    found = counts.indices.astype(np.int64)
    is_own = found == leaves[papers]
    most = np.clip(np.minimum(k, sizes[found] - is_own), 1, None)
    shares = np.minimum(counts.data / most, 1.0).astype(np.float32)
    agreement = np.zeros(n_papers, np.float32)
    agreement[papers[is_own]] = shares[is_own]
    return agreement, Rivals(papers[~is_own], found[~is_own], counts.data[~is_own], shares[~is_own])
