"""Exact nearest neighbours of unit vectors, by blocked matrix products."""

import numpy as np
from numpy.typing import NDArray

from app.index.embedder import Vectors

Indices = NDArray[np.int64]
Similarities = NDArray[np.float32]

_BLOCK = 1024


def nearest_neighbours(vectors: Vectors, k: int, *, block: int = _BLOCK) -> tuple[Indices, Similarities]:
    """Find the nearest neighbours of every vector among the others.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors.
    k : int
        How many neighbours; fewer are given where there are fewer others.
    block : int
        Rows compared at a time.

    Returns
    -------
    indices : ndarray of shape (n_papers, min(k, n_papers - 1)), int64
        Nearest first, self excluded; the lower index first on a tie.
    similarities : ndarray of the same shape, float32
        Cosine similarities, in [-1, 1].

    Notes
    -----
    Compares all with all: time grows with the square of n_papers. Holds (block, n_papers) similarities,
    4 bytes each.
    """
    n_papers = len(vectors)
    k = max(0, min(k, n_papers - 1))
    indices = np.empty((n_papers, k), np.int64)
    similarities = np.empty((n_papers, k), np.float32)
    for start in range(0, n_papers if k else 0, block):
        rows = slice(start, min(start + block, n_papers))
        products = vectors[rows] @ vectors.T
        products[np.arange(len(products)), np.arange(rows.start, rows.stop)] = -np.inf
        indices[rows], similarities[rows] = _best(products, k)
    return indices, similarities


def nearest_to(queries: Vectors, vectors: Vectors, k: int) -> tuple[Indices, Similarities]:
    """Find the vectors nearest to some queries.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_dimensions), float32
        Unit vectors.
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors.
    k : int
        How many; fewer are given where there are fewer vectors.

    Returns
    -------
    indices : ndarray of shape (n_queries, min(k, n_papers)), int64
        Nearest first; the lower index first on a tie.
    similarities : ndarray of the same shape, float32
        Cosine similarities, in [-1, 1].
    """
    return _best(queries @ vectors.T, min(k, len(vectors)))


def _best(products: Similarities, k: int) -> tuple[Indices, Similarities]:
    """Give the k largest of each row in order; of equal ones the lower index first."""
    n_columns = products.shape[1]
    if k == 0:
        return np.empty((len(products), 0), np.int64), np.empty((len(products), 0), np.float32)
    if k < n_columns:
        # All that are at least as large as the k-th largest, so that ties are settled by index below.
        kth = np.partition(products, n_columns - k, axis=1)[:, n_columns - k]
        rows, columns = np.nonzero(products >= kth[:, None])
    else:
        rows, columns = np.nonzero(np.ones_like(products, dtype=bool))
    values = products[rows, columns]
    order = np.lexsort((columns, -values, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    first = np.searchsorted(rows, np.arange(len(products)))
    picked = first[:, None] + np.arange(k)
    return columns[picked].astype(np.int64), np.clip(values[picked], -1, 1).astype(np.float32)
