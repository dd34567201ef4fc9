"""Exact nearest neighbours of unit vectors, by blocked matrix products."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.errors import InvalidError
from app.index.embedder import Vectors

Indices = NDArray[np.int64]
Similarities = NDArray[np.float32]
Progress = Callable[[int, int], None]

BLOCK_ROWS = 1024
BLOCK_COLUMNS = 8192
FIRST_COLUMNS = 128


class DimensionMismatch(InvalidError):
    """Queries and vectors do not have the same number of dimensions."""

    slug = "dimension-mismatch"
    title = "The vectors have different numbers of dimensions"


def nearest_neighbours(
    vectors: Vectors, k: int, *, block: int = BLOCK_ROWS, progress: Progress | None = None
) -> tuple[Indices, Similarities]:
    """Find the k nearest neighbours of every vector among the others.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors.
    k : int
        Neighbours wanted; fewer come back when there are fewer others.
    block : int
        Vectors compared with all others at a time.
    progress : callable, optional
        Called with (done, total), in vectors, after each block.

    Returns
    -------
    neighbours : ndarray of shape (n_papers, min(k, n_papers - 1)), int64
        Nearest first, self excluded; the lowest index first on a tie.
    similarities : ndarray of the same shape, float32
        Cosine similarities to them.

    Notes
    -----
    n_papers² n_dimensions products; besides the result it holds ``block`` rows of at most 8,192
    similarities and their comparison with the k-th best so far: 5 bytes each.

    Examples
    --------
    >>> neighbours, similarities = nearest_neighbours(np.eye(3, dtype=np.float32)[[0, 1, 0]], 1)
    >>> neighbours.ravel().tolist(), similarities.ravel().tolist()
    ([2, 0, 0], [1.0, 0.0, 1.0])
    """
    k = max(0, min(k, len(vectors) - 1))
    return _search(vectors, vectors, k, block=block, exclude_self=True, progress=progress)


def nearest_to(
    queries: Vectors, vectors: Vectors, k: int, *, block: int = BLOCK_ROWS
) -> tuple[Indices, Similarities]:
    """Find the k vectors nearest to each query.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_dimensions), float32
        Unit vectors.
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors.
    k : int
        Vectors wanted; fewer come back when there are fewer.
    block : int
        Queries answered at a time.

    Returns
    -------
    nearest : ndarray of shape (n_queries, min(k, n_papers)), int64
        Nearest first; the lowest index first on a tie.
    similarities : ndarray of the same shape, float32
        Cosine similarities to them.

    Raises
    ------
    DimensionMismatch
        If queries and vectors differ in ``n_dimensions``.
    """
    if queries.shape[1] != vectors.shape[1]:
        raise DimensionMismatch(f"Queries have {queries.shape[1]} dimensions, vectors {vectors.shape[1]}.")
    return _search(queries, vectors, max(0, min(k, len(vectors))), block=block, exclude_self=False)


def _search(
    queries: Vectors,
    vectors: Vectors,
    k: int,
    *,
    block: int,
    exclude_self: bool,
    progress: Progress | None = None,
) -> tuple[Indices, Similarities]:
    nearest = np.empty((len(queries), k), np.int64)
    similarities = np.empty((len(queries), k), np.float32)
    if k == 0:
        return nearest, similarities
    for start in range(0, len(queries), block):
        rows = slice(start, min(start + block, len(queries)))
        best = _search_block(queries[rows], vectors, k, start if exclude_self else None)
        nearest[rows], similarities[rows] = best
        if progress is not None:
            progress(rows.stop, len(queries))
    return nearest, similarities


def _search_block(
    queries: Vectors, vectors: Vectors, k: int, first_self: int | None
) -> tuple[Indices, Similarities]:
    """Keep the best k while passing over the columns; ``first_self`` is the column of query 0 itself."""
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
        nearest, similarities = _merge(nearest, similarities, rows, columns + start, found_similarities)
    return nearest, similarities


def _products(queries: Vectors, vectors: Vectors, first_self: int | None) -> NDArray[np.float32]:
    """Multiply, and put query i's product with itself, in column ``first_self + i`` if in view, last."""
    products = queries @ vectors.T
    if first_self is not None:
        rows = np.arange(max(0, -first_self), min(len(queries), len(vectors) - first_self))
        products[rows, rows + first_self] = -np.inf
    return products


def _merge(
    nearest: Indices,
    similarities: Similarities,
    rows: Indices,
    found: Indices,
    found_similarities: Similarities,
) -> tuple[Indices, Similarities]:
    """Choose the best k of each row among those held and those found."""
    n_rows, k = nearest.shape
    all_rows = np.concatenate([np.repeat(np.arange(n_rows), k), rows])
    all_nearest = np.concatenate([nearest.ravel(), found])
    all_similarities = np.concatenate([similarities.ravel(), found_similarities])
    # The sort is stable, and what is held comes before what is found: ties stay in ascending order.
    order = np.lexsort((-all_similarities, all_rows))
    sizes = k + np.bincount(rows, minlength=n_rows)
    firsts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    chosen = order[firsts[:, None] + np.arange(k)]
    return all_nearest[chosen], all_similarities[chosen]
