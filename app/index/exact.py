"""Exact nearest neighbours of unit vectors, by blocked matrix products."""

from collections.abc import Callable

import numpy as np

from app.errors import InvalidError
from app.index.best import Indices, Similarities, search_block
from app.index.embedder import Vectors
from app.index.processors import on_all_processors

Progress = Callable[[int, int], None]

BLOCK_ROWS = 1024


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
    n_papers² n_dimensions products. Besides the result each thread holds ``block`` rows of at most 8,192
    similarities and their comparison with the k-th best so far: 5 bytes each. The bytes of the result do not
    depend on the number of threads.

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
    blocks = [slice(start, min(start + block, len(queries))) for start in range(0, len(queries), block)]

    def search(rows: slice) -> tuple[Indices, Similarities]:
        return search_block(queries[rows], vectors, k, rows.start if exclude_self else None)

    with on_all_processors() as in_threads:
        for rows, best in zip(blocks, in_threads(search, blocks), strict=True):
            nearest[rows], similarities[rows] = best
            if progress is not None:
                progress(rows.stop, len(queries))
    return nearest, similarities
