"""Divides vectors into blocks of near ones, so that not every pair need be compared."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.index.embedder import Vectors
from app.index.processors import MapInOrder

Rows = NDArray[np.int32]

SAMPLE = 64
"""Vectors for each block that centres are computed from."""

ROUNDS = 6
LARGEST = 4
"""A block of more than this many times the mean size is divided."""

_ROWS_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class Blocks:
    """Vectors by block, and the blocks near each vector.

    Attributes
    ----------
    own : ndarray of shape (n_vectors,), int32
        The block of each vector.
    nearby : ndarray of shape (n_vectors, n_nearby), int32
        The blocks whose centres are nearest to it, in any order.
    members : list of ndarray, int32
        The vectors of each block, ascending.
    visitors : list of ndarray, int32
        The vectors of other blocks that have this one nearby, ascending.
    """

    own: Rows
    nearby: Rows
    members: list[Rows]
    visitors: list[Rows]


def divide(vectors: Vectors, *, n_blocks: int, n_nearby: int, seed: int, in_threads: MapInOrder) -> Blocks:
    """Divide vectors into blocks by k-means on a sample, at the angle.

    Parameters
    ----------
    vectors : ndarray of shape (n_vectors, n_dimensions), float32
        Unit vectors, at least one.
    n_blocks : int
        Blocks wanted, at most ``n_vectors``. A large one is divided without regard to what is in it, so that
        the work is bounded whatever the vectors: there are up to a quarter more.
    n_nearby : int
        How many blocks are near a vector.
    seed : int
        Draws the sample and the first centres.
    in_threads : callable
        A ``map``, as from `on_all_processors`.

    Returns
    -------
    Blocks
        None is empty.
    """
    centres = _find_centres(vectors, n_blocks, np.random.default_rng(seed))
    own = _by_rows(vectors, in_threads, lambda rows: (rows @ centres.T).argmax(axis=1).astype(np.int32))
    own, centre_of = _divide_large(own, LARGEST * len(vectors) // n_blocks)
    centres, n_nearby = centres[centre_of], min(n_nearby, len(centre_of))

    def find_nearby(rows: Vectors) -> Rows:
        nearest = np.argpartition(-(rows @ centres.T), n_nearby - 1, axis=1)
        return nearest[:, :n_nearby].astype(np.int32)

    nearby = _by_rows(vectors, in_threads, find_nearby)
    guests = np.where(nearby == own[:, None], len(centres), nearby)
    visitors = [group // n_nearby for group in _group(guests.ravel(), len(centres) + 1)]
    return Blocks(own, nearby, _group(own, len(centres)), visitors[:-1])


def _find_centres(vectors: Vectors, n_blocks: int, random: np.random.Generator) -> Vectors:
    sample = vectors[np.sort(random.permutation(len(vectors))[: SAMPLE * n_blocks])]
    centres = sample[np.sort(random.permutation(len(sample))[:n_blocks])]
    for _ in range(ROUNDS):
        nearest = (sample @ centres.T).argmax(axis=1)
        sizes = np.bincount(nearest, minlength=n_blocks)
        order, used = np.argsort(nearest, kind="stable"), np.flatnonzero(sizes)
        sums = np.add.reduceat(sample[order], (np.cumsum(sizes) - sizes)[used], axis=0)
        centres[used] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return centres


def _by_rows(vectors: Vectors, in_threads: MapInOrder, work: Callable[[Vectors], Rows]) -> Rows:
    parts = [vectors[start : start + _ROWS_AT_ONCE] for start in range(0, len(vectors), _ROWS_AT_ONCE)]
    return np.concatenate(list(in_threads(work, parts)))


def _divide_large(own: Rows, largest: int) -> tuple[Rows, Rows]:
    """Divide the blocks that are too large, and drop those that are empty.

    Returns
    -------
    own : ndarray of shape (n_vectors,), int32
        The block of each vector.
    centre_of : ndarray of shape (n_blocks,), int64
        Which centre each block has.
    """
    sizes = np.bincount(own)
    order = np.argsort(own, kind="stable")
    ranks = np.empty(len(own), dtype=np.int64)
    ranks[order] = np.arange(len(own)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    pieces = -(-sizes // max(1, largest))
    first = np.cumsum(pieces) - pieces
    # Equal shares: a last piece of two or three would find few neighbours within itself.
    shares = -(-sizes // np.maximum(pieces, 1))
    return (first[own] + ranks // shares[own]).astype(np.int32), np.repeat(np.arange(len(sizes)), pieces)


def _group(groups: Rows, n_groups: int) -> list[Rows]:
    """List the positions that hold each group, ascending."""
    order = np.argsort(groups, kind="stable").astype(np.int32)
    return np.split(order, np.cumsum(np.bincount(groups, minlength=n_groups))[:-1])
