"""Lays vectors out in the plane, so that near neighbours lie near: a map of the papers."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from threadpoolctl import threadpool_limits

from app.index.best import Indices, Similarities
from app.index.embedder import Vectors
from app.index.exact import Progress

Plane = NDArray[np.float32]

# The curve 1 / (1 + a d^(2b)) that UMAP fits for spread 1 and a least distance of 0.1.
_A, _B = 1.577, 0.895
_FURTHEST_STEP = 4.0
_OTHERS = 5
_PARTS = 4
_MOST_EPOCHS, _FEWEST_EPOCHS, _PAPERS_AT_MOST_EPOCHS = 300, 120, 10_000
_START_WIDTH = 10.0


def lay_out(
    vectors: Vectors,
    neighbours: tuple[Indices, Similarities],
    *,
    seed: int,
    progress: Progress | None = None,
) -> Plane:
    """Lay papers out in the plane by UMAP's forces [1]_, from where two principal components put them.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors in corpus order; any number, none too.
    neighbours : tuple of ndarray of shape (n_papers, k), int64, and (n_papers, k), float32
        Nearest neighbours of each paper without itself, nearest first, and their cosine similarities.
    seed : int
        Draws which edges pull and which papers push; the same seed gives the same bytes.
    progress : callable, optional
        Called with (done, total), in epochs.

    Returns
    -------
    ndarray of shape (n_papers, 2), float32
        Places in [-1, 1]; the middle of their extent is at the origin, and one unit is as long both ways.

    Notes
    -----
    Linear in papers, the neighbours being given. Departs from the source in that an epoch applies its
    forces in four parts, all of a part at once: array operations instead of a loop.

    References
    ----------
    .. [1] McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection for Dimension
       Reduction", 2018, arXiv:1802.03426, section 3.2.

    Examples
    --------
    >>> lay_out(np.eye(1, dtype=np.float32), (np.zeros((1, 0), int), np.zeros((1, 0), np.float32)), seed=0)
    array([[0., 0.]], dtype=float32)
    """
    n_papers = len(vectors)
    if n_papers < 2:
        return np.zeros((n_papers, 2), dtype=np.float32)
    random = np.random.default_rng(seed)
    with threadpool_limits(limits=1, user_api="blas"):
        places = _principal_plane(vectors)
    # Papers with the same vector would push each other nowhere.
    places += random.normal(0.0, 1e-3, places.shape).astype(np.float32)
    heads, tails, weights = _edges(*neighbours)
    n_epochs = _count_epochs(n_papers)
    for epoch in range(n_epochs):
        step = 1.0 - epoch / n_epochs
        drawn = np.flatnonzero(random.random(len(weights)) < weights)
        random.shuffle(drawn)
        for part in np.array_split(drawn, _PARTS):
            _pull_and_push(places, heads[part], tails[part], np.float32(step), random)
        if progress is not None:
            progress(epoch + 1, n_epochs)
    return _fit(places)


def _count_epochs(n_papers: int) -> int:
    """Fewer passes over more papers: what is missing then is fine detail."""
    wanted = round(_MOST_EPOCHS * float(_PAPERS_AT_MOST_EPOCHS / max(n_papers, 1)) ** 0.4)
    return max(_FEWEST_EPOCHS, min(_MOST_EPOCHS, int(wanted)))


def _principal_plane(vectors: Vectors) -> Plane:
    centred = vectors - vectors.mean(axis=0)
    # Of a matrix as small as the dimensions, whatever the number of papers.
    _, axes = np.linalg.eigh(centred.T.astype(np.float64) @ centred.astype(np.float64))
    axes = axes[:, : -min(2, axes.shape[1]) - 1 : -1]
    # An axis and its opposite are equally principal: its largest part is to be positive.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    places = np.zeros((len(vectors), 2), dtype=np.float32)
    places[:, : axes.shape[1]] = centred @ axes
    return places * np.float32(_START_WIDTH / max(float(np.abs(places).max()), 1e-12))


def _edges(neighbours: Indices, similarities: Similarities) -> tuple[Indices, Indices, Similarities]:
    """Weigh the edges of the neighbour graph as memberships, as UMAP does; each edge stands once a way."""
    n_papers, k = neighbours.shape
    distances = np.maximum(1.0 - similarities.astype(np.float64), 0.0)
    distances -= distances[:, :1]
    low, high = np.full(n_papers, 1e-6), np.full(n_papers, 2.0)
    for _ in range(40):
        width = (low + high) / 2
        too_wide = np.exp(-distances / width[:, None]).sum(axis=1) > np.log2(max(k, 2))
        low, high = np.where(too_wide, low, width), np.where(too_wide, width, high)
    memberships = np.exp(-distances / high[:, None])
    rows = np.repeat(np.arange(n_papers), k)
    one_way = coo_array((memberships.ravel(), (rows, neighbours.ravel())), shape=(n_papers, n_papers)).tocsr()
    both = (one_way + one_way.T - one_way * one_way.T).tocoo()
    kept = both.data > 1e-3
    heads, tails = (part[kept].astype(np.int64) for part in both.coords)
    return heads, tails, both.data[kept].astype(np.float32)


def _pull_and_push(
    places: Plane, heads: Indices, tails: Indices, step: np.float32, random: np.random.Generator
) -> None:
    """Move papers towards neighbours and away from others drawn at random."""
    apart = places[heads] - places[tails]
    squares = np.einsum("ij,ij->i", apart, apart)
    powers = np.power(squares, _B - 1, where=squares > 0, out=np.zeros_like(squares))
    pull = -2.0 * _A * _B * powers / (1.0 + _A * powers * squares)
    moves = np.clip(pull[:, None] * apart, -_FURTHEST_STEP, _FURTHEST_STEP) * step
    change = _sum_moves(heads, moves, len(places)) - _sum_moves(tails, moves, len(places))
    pushed = np.repeat(heads, _OTHERS)
    others = random.integers(0, len(places), len(pushed))
    apart = places[pushed] - places[others]
    squares = np.einsum("ij,ij->i", apart, apart)
    push = 2.0 * _B / ((0.001 + squares) * (1.0 + _A * np.power(squares, _B)))
    moves = np.clip(push[:, None] * apart, -_FURTHEST_STEP, _FURTHEST_STEP) * step
    change += _sum_moves(pushed, moves, len(places))
    # Many moves at once would overshoot where one after the other would not.
    places += np.clip(change, -_FURTHEST_STEP * step, _FURTHEST_STEP * step)


def _sum_moves(papers: Indices, moves: Plane, n_papers: int) -> Plane:
    sums = [np.bincount(papers, weights=moves[:, axis], minlength=n_papers) for axis in (0, 1)]
    return np.stack(sums, axis=1).astype(np.float32)


def _fit(places: Plane) -> Plane:
    lowest, highest = places.min(axis=0), places.max(axis=0)
    reach = max(float((highest - lowest).max()) / 2, 1e-12)
    fitted: Plane = np.clip((places - (lowest + highest) / 2) / np.float32(reach), -1, 1).astype(np.float32)
    return fitted
