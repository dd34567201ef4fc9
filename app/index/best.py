"""Keeps the best k similarities of many rows at once."""

import numpy as np
from numpy.typing import NDArray

from app.index.embedder import Vectors

Indices = NDArray[np.int64]
Similarities = NDArray[np.float32]

BLOCK_COLUMNS = 8192
FIRST_COLUMNS = 128


def search_block(
    queries: Vectors, vectors: Vectors, k: int, first_self: int | None
) -> tuple[Indices, Similarities]:
    """Keep the best k while passing over the columns.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_dimensions), float32
        Unit vectors.
    vectors : ndarray of shape (n_vectors, n_dimensions), float32
        Unit vectors; at least k, besides the query itself.
    k : int
        At least one.
    first_self : int or None
        The column that is query 0 itself, where queries are some of the vectors, in a row; never found.

    Returns
    -------
    nearest : ndarray of shape (n_queries, k), int64
        Columns, nearest first; the lowest first on a tie.
    similarities : ndarray of the same shape, float32
        Cosine similarities to them.

    Notes
    -----
    Holds at most 8,192 similarities a query and their comparison with the k-th best so far: 5 bytes each.
    """
    stop = min(max(FIRST_COLUMNS, 2 * k), len(vectors))
    products = _products(queries, vectors[:stop], first_self)
    nearest = np.argsort(-products, axis=1, kind="stable")[:, :k]
    similarities = np.take_along_axis(products, nearest, axis=1)
    while stop < len(vectors):
        # As many columns as were seen before: about k of them exceed the k-th best so far.
        start, stop = stop, min(stop + min(stop, BLOCK_COLUMNS), len(vectors))
        products = _products(queries, vectors[start:stop], None if first_self is None else first_self - start)
        # Columns come in ascending order, so on a tie the one already held has the lower index.
        rows, columns = np.divmod(np.flatnonzero(products > similarities[:, -1:]), stop - start)
        found_similarities = products[rows, columns]
        nearest, similarities = keep_best(nearest, similarities, rows, columns + start, found_similarities)
    return nearest, similarities


def keep_best(
    nearest: Indices,
    similarities: Similarities,
    rows: Indices,
    found: Indices,
    found_similarities: Similarities,
) -> tuple[Indices, Similarities]:
    """Choose the best k of each row among those held and those found.

    Parameters
    ----------
    nearest, similarities : ndarray of shape (n_rows, k)
        Held, nearest first.
    rows, found, found_similarities : ndarray of shape (n_found,)
        What was found for which row.

    Returns
    -------
    tuple of ndarray of shape (n_rows, k), int64 and float32
        Nearest first; on a tie what was held comes before what was found, in its order.
    """
    n_rows, k = nearest.shape
    all_rows = np.concatenate([np.repeat(np.arange(n_rows), k), rows])
    all_nearest = np.concatenate([nearest.ravel(), found])
    all_similarities = np.concatenate([similarities.ravel(), found_similarities])
    order = np.lexsort((-all_similarities, all_rows))
    sizes = k + np.bincount(rows, minlength=n_rows)
    firsts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    chosen = order[firsts[:, None] + np.arange(k)]
    return all_nearest[chosen], all_similarities[chosen]


def _products(queries: Vectors, vectors: Vectors, first_self: int | None) -> NDArray[np.float32]:
    """Multiply, and put query i's product with itself, in column ``first_self + i`` if in view, last."""
    products = queries @ vectors.T
    if first_self is not None:
        rows = np.arange(max(0, -first_self), min(len(queries), len(vectors) - first_self))
        products[rows, rows + first_self] = -np.inf
    return products
