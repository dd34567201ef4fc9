"""Whether a walk down from the root, by what topics are called or hold, finds a paper's own topic again."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.hierarchy.figures import Found, FoundAgain
from app.hierarchy.members import topic_members
from app.hierarchy.smooth import Points, to_unit
from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices, topic_depths

N_RANDOM_WALKS = 20_000
_BATCH_VALUES = 1 << 24
"""Similarities held at a time: 64 MiB."""

Numbers = NDArray[np.float64]


def find_again(
    parents: Indices, own: Indices, queries: Points, topics: Points, *, beam: int, seed: int
) -> FoundAgain:
    """Walk down a tree with each query and see whether its paper's own topic is reached.

    Parameters
    ----------
    parents : ndarray of shape (n_topics,), int64
        As in `Hierarchy`; of whatever tree.
    own : ndarray of shape (n_queries,), int64
        The topic each query's paper is filed under; ``NO_TOPIC`` for an unassigned paper, which is never
        found: so coverage is part of every figure.
    queries : ndarray of shape (n_queries, n_dimensions), float32
        Unit vectors, as of a title.
    topics : ndarray of shape (n_topics, n_dimensions), float32
        Unit vectors of the topics: of their labels' texts, or their centroids (`topic_centroids`).
    beam : int
        Topics kept at each step.
    seed : int
        Of random walking with a beam, and of the control.

    Returns
    -------
    FoundAgain
        See `walk_down` for the walk and `random_walking` for the chance. A topic is its index: one of the
        same label is another topic. A paper filed under an inner topic is found when the walk passes there.

    Notes
    -----
    Centroids hold the paper that is looked for. That flatters small topics; labels do not have that fault.
    """
    ends = walk_down(parents, queries, topics, beam=beam)
    shuffled = np.random.default_rng(seed).permutation(own)
    return FoundAgain(
        beam=beam,
        n_queries=len(own),
        found=score_walks(parents, own, ends),
        random=random_walking(parents, own, beam=beam, seed=seed),
        shuffled=score_walks(parents, shuffled, ends),
    )


def walk_down(parents: Indices, queries: Points, topics: Points, *, beam: int) -> Indices:
    """Walk from the root to leaves, keeping the best few topics at each step.

    At each step the topics that were kept give way to their children; leaves that were kept stay. Kept are
    those with the highest mean similarity of the query to all topics on the way below the root, so that ways
    of different lengths compare: a sum would favour long ways, the last topic alone would forget how the
    walk came there.

    Parameters
    ----------
    parents, queries, topics, beam
        As for `find_again`.

    Returns
    -------
    ndarray of shape (n_queries, beam), int64
        Leaves reached, the best first, the lowest index on a tie; ``NO_TOPIC`` where there are fewer.

    Notes
    -----
    In time, (n_queries, n_topics) for each topic kept, and for each level as many again as there are leaves
    above it; in memory, batches of 64 MiB.
    """
    size = max(1, _BATCH_VALUES // max(1, len(parents)))
    ends = [np.empty((0, beam), dtype=np.int64)]
    for start in range(0, len(queries), size):
        means = _path_means(parents, queries[start : start + size] @ topics.T)
        ends.append(_walk(parents, len(means), beam, partial(_given_scores, means)))
    return np.concatenate(ends)


def random_walking(parents: Indices, own: Indices, *, beam: int, seed: int) -> Found:
    """Say what walking at random would find.

    Parameters
    ----------
    parents, own, beam, seed
        As for `find_again`.

    Returns
    -------
    Found
        With a beam of 1 the exact expectation: a topic is reached with the product of 1 / fan-out over the
        topics above it. With a wider one the chance also depends on which topics are kept together, so it is
        the mean over `N_RANDOM_WALKS` walks of the same kind that keep any candidates with equal chance; its
        standard error is at most 0.0036, and 0.001 at a chance of 2 %.
    """
    if not len(own):
        return Found(0.0, 0.0, 0.0)
    if beam == 1:
        return _random_expectation(parents, own)
    random = np.random.default_rng(seed)
    wanted = own[np.arange(N_RANDOM_WALKS) * len(own) // N_RANDOM_WALKS]
    size = max(1, _BATCH_VALUES // max(1, len(parents)))
    ends = [
        _walk(parents, n_walks, beam, partial(_random_scores, random, n_walks))
        for n_walks in (min(size, N_RANDOM_WALKS - start) for start in range(0, N_RANDOM_WALKS, size))
    ]
    return score_walks(parents, wanted, np.concatenate(ends))


def score_walks(parents: Indices, own: Indices, ends: Indices) -> Found:
    """Compare where walks ended with where they should have.

    Parameters
    ----------
    parents, own
        As for `find_again`.
    ends : ndarray of shape (n_queries, beam), int64
        As from `walk_down`.
    """
    if not len(own):
        return Found(0.0, 0.0, 0.0)
    shares = np.stack([_path_shares(parents, own, column) for column in ends.T])
    whole = shares >= 1.0
    return Found(float(whole[0].mean()), float(whole.any(axis=0).mean()), float(shares[0].mean()))


def topic_centroids(hierarchy: Hierarchy, vectors: Points) -> Points:
    """Average the vectors of the papers in each topic.

    Returns
    -------
    ndarray of shape (n_topics, n_dimensions), float32
        Unit vectors; zero for a topic without papers.
    """
    return to_unit(topic_members(hierarchy).astype(np.float32) @ vectors)


def _path_means(parents: Indices, similarities: Points) -> Points:
    """Average the similarities on the way to each topic, in place; the root takes no part."""
    similarities[:, 0] = 0.0
    for topic in range(1, len(parents)):
        similarities[:, topic] += similarities[:, parents[topic]]
    depths = np.maximum(topic_depths(parents), 1)
    return np.divide(similarities, depths.astype(np.float32), out=similarities)


def _given_scores(scores: Points, columns: Indices) -> Points:
    return scores[:, columns]


def _random_scores(random: np.random.Generator, n_walks: int, columns: Indices) -> Points:
    return random.random((n_walks, len(columns)), dtype=np.float32)


def _walk(parents: Indices, n_walks: int, beam: int, score: Callable[[Indices], Points]) -> Indices:
    """Keep the best by ``score(topics)``, shape (n_walks, n_candidates), from the root to the leaves."""
    depths = topic_depths(parents)
    is_leaf = np.bincount(parents[1:], minlength=len(parents)) == 0
    kept = np.zeros((n_walks, len(parents)), dtype=np.bool_)
    kept[:, 0] = True
    ends = np.full((n_walks, beam), NO_TOPIC, dtype=np.int64)
    ends[:, 0] = 0
    for depth in range(1, int(depths.max()) + 1):
        columns = np.flatnonzero((depths == depth) | (is_leaf & (depths < depth)))
        came_from = np.where(depths[columns] == depth, parents[columns], columns)
        scores = np.where(kept[:, came_from], score(columns), np.float32(-np.inf))
        kept[:] = False
        ends = _best(scores, columns, beam)
        rows, places = np.nonzero(ends != NO_TOPIC)
        kept[rows, ends[rows, places]] = True
    return ends


def _best(scores: Points, columns: Indices, beam: int) -> Indices:
    """Choose the columns of the highest finite scores of each row; spoils ``scores``."""
    rows = np.arange(len(scores))
    best = np.full((len(scores), beam), NO_TOPIC, dtype=np.int64)
    for place in range(min(beam, len(columns))):
        top = scores.argmax(axis=1)
        best[:, place] = np.where(np.isfinite(scores[rows, top]), columns[top], NO_TOPIC)
        scores[rows, top] = -np.inf
    return best


def _path_shares(parents: Indices, own: Indices, ends: Indices) -> Numbers:
    """Find which share of the way to its own topic each walk took, 0 for an unassigned paper."""
    depths = topic_depths(parents)
    meeting, end = np.maximum(own, 0), np.maximum(ends, 0)
    while (apart := meeting != end).any():
        up = apart & (depths[meeting] >= depths[end])
        down = apart & (depths[end] >= depths[meeting])
        meeting, end = np.where(up, parents[meeting], meeting), np.where(down, parents[end], end)
    ways = depths[own]
    shares = np.where(ways > 0, depths[meeting] / np.maximum(ways, 1), 1.0)
    return np.where((own == NO_TOPIC) | (ends == NO_TOPIC), 0.0, shares)


def _random_expectation(parents: Indices, own: Indices) -> Found:
    fan_outs = np.bincount(parents[1:], minlength=len(parents))
    depths = topic_depths(parents)
    reached, share = np.ones(len(parents)), np.zeros(len(parents))
    for topic in range(1, len(parents)):
        reached[topic] = reached[parents[topic]] / fan_outs[parents[topic]]
        share[topic] = share[parents[topic]] + reached[topic]
    share = np.where(depths > 0, share / np.maximum(depths, 1), 1.0)
    is_filed = own != NO_TOPIC
    exact = float(np.where(is_filed, reached[own], 0.0).mean())
    return Found(exact, exact, float(np.where(is_filed, share[own], 0.0).mean()))
