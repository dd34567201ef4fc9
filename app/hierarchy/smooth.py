"""Moves each vector toward its neighbours', so that groups stand apart before they are joined."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from app.hierarchy.tree import Indices, Similarities

LEAST_SHARED = 0.02
"""What is added to the share of common neighbours, so that no edge weighs nothing."""

MARKED_ROWS = 64

Points = NDArray[np.float32]


def merge_duplicates(vectors: Points) -> tuple[Indices, Indices]:
    """Find the papers whose vectors are the same to the bit.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        In corpus order.

    Returns
    -------
    firsts : ndarray of shape (n_distinct,), int64
        The first paper with each vector, ascending.
    distinct : ndarray of shape (n_papers,), int64
        Position in ``firsts`` of each paper's vector.
    """
    whole_row = np.dtype((np.void, vectors.shape[1] * vectors.itemsize))
    rows = np.ascontiguousarray(vectors).view(whole_row).ravel()
    _, firsts, inverse = np.unique(rows, return_index=True, return_inverse=True)
    order = np.argsort(firsts)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return firsts[order].astype(np.int64), rank[inverse].astype(np.int64)


def neighbour_graph(indices: Indices, similarities: Similarities, distinct: Indices) -> csr_array:
    """Join papers to their nearest neighbours, in both directions.

    Parameters
    ----------
    indices, similarities : ndarray of shape (n_papers, k)
        Nearest neighbours of each paper.
    distinct : ndarray of shape (n_papers,), int64
        As from `merge_duplicates`; the graph is between distinct vectors.

    Returns
    -------
    csr_array of shape (n_distinct, n_distinct), float32
        Symmetric, positive, nothing on the diagonal. An edge weighs the similarity times the share of
        neighbours that both have in common [1]_: two papers that are near, but in different company, hardly
        pull each other.

    References
    ----------
    .. [1] Jarvis and Patrick, "Clustering using a similarity measure based on shared near neighbors", IEEE
       Transactions on Computers C-22, 1973.
    """
    n_distinct = int(distinct.max(initial=-1)) + 1
    sources = np.repeat(distinct, indices.shape[1])
    targets = distinct[indices.ravel()]
    weights = np.maximum(similarities, 0.01).astype(np.float32) * (_shared(indices) + LEAST_SHARED)
    apart = sources != targets
    edges = (weights.ravel()[apart], (sources[apart], targets[apart]))
    graph = csr_array(coo_array(edges, shape=(n_distinct, n_distinct)))
    return csr_array(graph + graph.T)


def _shared(indices: Indices) -> Similarities:
    """Say what share of the neighbours that a paper and each of its neighbours have, both have (Jaccard)."""
    n_papers, k = indices.shape
    shared = np.empty(indices.shape, dtype=np.float32)
    near = np.zeros((MARKED_ROWS, n_papers), dtype=np.bool_)
    for start in range(0, n_papers, MARKED_ROWS):
        block = indices[start : start + MARKED_ROWS]
        rows = np.arange(len(block))[:, None]
        near[rows, block] = True
        shared[start : start + MARKED_ROWS] = near[rows[:, :, None], indices[block]].sum(axis=2)
        near[rows, block] = False
    shared /= np.maximum(2 * k - shared, 1)
    return shared


def reduce_dimensions(vectors: Points, weights: NDArray[np.float64], n_dimensions: int) -> Points:
    """Centre vectors and keep the directions in which they differ most.

    Parameters
    ----------
    vectors : ndarray of shape (n_distinct, n_all_dimensions), float32
        Unit vectors.
    weights : ndarray of shape (n_distinct,), float64
        Papers that have each vector.
    n_dimensions : int
        Directions to keep, at most.

    Returns
    -------
    ndarray of shape (n_distinct, min(n_dimensions, n_all_dimensions)), float32
        Unit vectors; a vector that is the mean itself stays zero.
    """
    mean = np.average(vectors, axis=0, weights=weights)
    centred = vectors - mean.astype(np.float32)
    if n_dimensions < vectors.shape[1]:
        spread = (centred * weights[:, None].astype(np.float32)).T @ centred
        _, directions = np.linalg.eigh(spread.astype(np.float64))
        centred = centred @ directions[:, -n_dimensions:].astype(np.float32)
    return to_unit(centred)


def to_unit(points: Points) -> Points:
    """Scale rows to length one; zero rows stay zero."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    return (points / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def smooth(points: Points, graph: csr_array, *, steps: int, share: float) -> Points:
    """Average each point with its neighbours, some rounds over: simple graph convolution [1]_.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_dimensions), float32
        Unit vectors.
    graph : csr_array of shape (n_points, n_points)
        Weights of the edges; a point without any stays where it is.
    steps : int
        Rounds.
    share : float
        Share that comes from the neighbours in each round, in [0, 1].

    Returns
    -------
    ndarray of shape (n_points, n_dimensions), float32
        Unit vectors.

    References
    ----------
    .. [1] Wu et al., "Simplifying graph convolutional networks", ICML 2019, arXiv 1902.07153.
    """
    degrees = np.asarray(graph.sum(axis=1), dtype=np.float64)
    scale = share / np.where(degrees > 0, degrees, 1.0)
    step = csr_array(graph.multiply(scale[:, None]).astype(np.float32))
    kept = np.where(degrees > 0, 1.0 - share, 1.0).astype(np.float32)[:, None]
    for _ in range(steps):
        points = to_unit(kept * points + step @ points)
    return points
