"""Lists what a topic might be called: one phrase, or two that complete each other."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.hierarchy.tree import Indices
from app.labelling.settle import Offer

MOST_OFFERED, MOST_OFFERED_ABOVE = 16, 20
"""Phrases that are paired for a leaf, and for a topic with children, which has more to cover."""

SECOND_SHARE, LEAST_SECOND = 0.35, 0.05
"""Of a label's second phrase: in how well both name the topic, and its least weight beside the first."""

WORD_COST = 0.8
"""Of each word more than two in a label near the root, one more a level; a leaf may have more."""

SHORT_COSTS = {1: 2.5, 2: 0.8}
"""Of one word, and of two, for a leaf."""

MOST_LIFT = 4.0
"""In choosing a phrase for a child: more says only that the phrase is rare elsewhere."""

LEAF_GAIN, INNER_GAIN = 0.1, 0.04
"""Share of a topic's papers that each phrase of a pair must speak of beyond the other."""

INNER_USE_POWER, LEAF_USE_POWER = 3.5, 6.0
"""How much it counts in how many papers of a topic one of its phrases stands."""

SPREAD_POWER = 2.0
"""How much it counts that the children of a topic all use what it is called."""


def list_offers(
    candidates: Sequence[tuple[int, float]],
    words: Sequence[int],
    lift: NDArray[np.float64],
    spoken: NDArray[np.float32],
    depth: int,
    apart: NDArray[np.bool_],
    goes_with: Callable[[int, int], bool],
) -> list[Offer]:
    """List single phrases and pairs of them, each with how well it names a topic.

    Parameters
    ----------
    candidates : sequence of (phrase, weight)
        The phrases that may name the topic, best first.
    words : sequence of int
        How many words each has.
    lift : ndarray of shape (n_candidates, n_children), float64
        As from `lift_in_children`; no columns for a leaf.
    spoken : ndarray of shape (n_candidates, n_inside), float32
        How far each speaks of each of the topic's papers, from 0 to 1.
    depth : int
        Steps from the root: near it labels are short.
    apart : ndarray of shape (n_candidates, n_candidates), bool
        Which two candidates mean different things.
    goes_with : callable
        Says whether two phrases that do make a label together.

    Returns
    -------
    list of Offer
        Singles first; of a pair the better phrase stands first.
    """
    best, leaf = list(candidates), lift.shape[1] == 0
    weights = np.array([weight for _, weight in best])
    least = (LEAST_SECOND if leaf else 0.0) * weights
    first, second = np.triu_indices(len(best))
    worthy = (weights[second] >= least[first]) & apart[first, second]
    either = _spoken_by_either(spoken)
    worthy &= _completing(either, LEAF_GAIN if leaf else INNER_GAIN)[first, second]
    worthy |= first == second
    pairs = [
        (place, other)
        for place, other in zip(first[worthy].tolist(), second[worthy].tolist(), strict=True)
        if place == other or goes_with(best[place][0], best[other][0])
    ]
    pairs.sort(key=lambda pair: (pair[0] != pair[1], pair))
    liking = _liking(np.array(pairs, dtype=np.int64).reshape(-1, 2), weights, words, lift, either, depth)
    return [
        Offer(tuple(best[place][0] for place in dict.fromkeys(pair)), own)
        for pair, own in zip(pairs, liking.tolist(), strict=True)
    ]


def _spoken_by_either(spoken: NDArray[np.float32]) -> NDArray[np.float64]:
    """Say what share of the papers each two phrases speak of; on the diagonal, each alone."""
    n_inside = max(spoken.shape[1], 1)
    shares = [np.maximum(own, spoken).sum(axis=1) / n_inside for own in spoken]
    return np.array(shares, dtype=np.float64).reshape(len(spoken), len(spoken))


def _completing(either: NDArray[np.float64], gain: float) -> NDArray[np.bool_]:
    """Say of which two phrases each speaks of enough papers that the other leaves out."""
    alone = np.diag(either)
    return np.asarray(either - np.maximum.outer(alone, alone) >= gain)


def _liking(
    pairs: Indices,
    weights: NDArray[np.float64],
    words: Sequence[int],
    lift: NDArray[np.float64],
    either: NDArray[np.float64],
    depth: int,
) -> NDArray[np.float64]:
    """Say how well pairs of phrases name a topic; a phrase paired with itself stands alone."""
    first, second = pairs.T
    leaf = lift.shape[1] == 0
    each = np.log(weights / weights.max(initial=1e-300))
    lengths = np.array(words, dtype=np.int64)
    n_words = lengths[first] + np.where(first == second, 0, lengths[second])
    costs = np.array([_length_cost(n, depth, leaf=leaf) for n in range(int(n_words.max(initial=0)) + 1)])
    used = either[first, second]
    use_power = LEAF_USE_POWER if leaf else INNER_USE_POWER
    liking = (1 - SECOND_SHARE) * each[first] + SECOND_SHARE * each[second] - costs[n_words]
    if not leaf:
        reached = np.minimum(np.maximum(lift[first], lift[second]), 1.0).mean(axis=1)
        liking += SPREAD_POWER * np.log(np.maximum(reached, 0.05))
    liking += use_power * np.log(np.maximum(used, 0.05))
    return np.asarray(liking, dtype=np.float64)


def choose_varied(weights: Sequence[float], lift: NDArray[np.float64]) -> list[int]:
    """Choose the places of the best phrases, and of one for each child of a topic that is rather the child's.

    Parameters
    ----------
    weights : sequence of float
        Of phrases, descending.
    lift : ndarray of shape (n_phrases, n_children), float64
        As from `lift_in_children`.

    Returns
    -------
    list of int
        Ascending; at most `MOST_OFFERED`, or `MOST_OFFERED_ABOVE` and one more a child.
    """
    best = np.sqrt(np.asarray(weights))[:, None] * np.minimum(lift, MOST_LIFT)
    for_children = best.argmax(axis=0).tolist() if len(weights) else []
    at_most = MOST_OFFERED_ABOVE if lift.shape[1] else MOST_OFFERED
    return sorted({*range(min(at_most, len(weights))), *for_children})


def lift_in_children(spoken: NDArray[np.float32], children: Sequence[Indices]) -> NDArray[np.float64]:
    """Say how much more each child of a topic uses phrases than the whole topic does: 1 for as much.

    Parameters
    ----------
    spoken : ndarray of shape (n_phrases, n_inside), bool
        Which of the topic's papers use each.
    children : sequence of ndarray of int64
        Places of the papers of each child among the topic's.

    Returns
    -------
    ndarray of shape (n_phrases, n_children), float64
    """
    if not children or not len(spoken):
        return np.zeros((len(spoken), len(children)))
    usual = np.maximum(spoken.mean(axis=1), 1e-9)
    return np.stack([spoken[:, own].mean(axis=1) / usual for own in children], axis=1)


def _length_cost(n_words: int, depth: int, *, leaf: bool) -> float:
    short = SHORT_COSTS.get(n_words, 0.0) if leaf else 0.0
    most = depth + (2 if leaf else 1)
    return WORD_COST * max(0, n_words - most) + short
