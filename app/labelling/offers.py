"""Lists what a topic might be called: one phrase, or two that complete each other."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.labelling.contrast import Counts
from app.labelling.settle import Offer

MOST_OFFERED = 12

SECOND_SHARE, LEAST_SECOND = 0.35, 0.05
"""Of a label's second phrase: in how well both name the topic, and its least weight beside the first."""

WORD_COST, SINGLE_COST = 0.35, 0.8
"""Of each word more than two in a label below the root, one more a level; and of a leaf's single word."""

SPREAD_POWER = 2.0
"""How much it counts that the children of a topic all use what it is called."""


def list_offers(
    candidates: Sequence[tuple[int, float]],
    words: Sequence[int],
    reach: NDArray[np.float64],
    depth: int,
    goes_with: Callable[[int, int], bool],
) -> list[Offer]:
    """List single phrases and pairs of them, each with how well it names a topic.

    Parameters
    ----------
    candidates : sequence of (phrase, weight)
        The phrases that may name the topic, best first.
    words : sequence of int
        How many words each has.
    reach : ndarray of shape (n_candidates, n_children), float64
        As from `reach_children`; no columns for a leaf.
    depth : int
        Steps from the root: near it labels are short.
    goes_with : callable
        Says whether two phrases make a label together.

    Returns
    -------
    list of Offer
        Singles first; of a pair the better phrase stands first.
    """
    best = list(candidates[:MOST_OFFERED])
    singles: list[tuple[int, ...]] = [(place,) for place in range(len(best))]
    pairs: list[tuple[int, ...]] = [
        (place, other)
        for place, (first, weight) in enumerate(best)
        for other, (second, less) in enumerate(best[place + 1 :], start=place + 1)
        if less >= LEAST_SECOND * weight and goes_with(first, second)
    ]
    liking = [float(np.log(weight / best[0][1])) for _, weight in best]
    return [
        Offer(
            tuple(best[place][0] for place in places),
            (1 - SECOND_SHARE) * liking[places[0]]
            + SECOND_SHARE * liking[places[-1]]
            - _length_cost(sum(words[place] for place in places), depth, leaf=reach.shape[1] == 0)
            + _spread(reach, places),
        )
        for places in singles + pairs
    ]


def reach_children(counts: Counts, topic: int, phrases: Sequence[int]) -> NDArray[np.float64]:
    """Say how much each child of a topic uses phrases, beside how much the whole topic does, at most 1."""
    children = [child for child in counts.children[topic] if counts.sizes[child]]
    reach = np.zeros((len(phrases), len(children)))
    for row, phrase in enumerate(phrases):
        usual = counts.used(topic, phrase) / counts.sizes[topic]
        for column, child in enumerate(children):
            share = counts.used(child, phrase) / counts.sizes[child]
            reach[row, column] = min(1.0, share / usual) if usual else 0.0
    weights = np.sqrt(counts.sizes[children])
    return np.asarray(reach * weights / max(weights.sum(), 1.0), dtype=np.float64)


def _length_cost(n_words: int, depth: int, *, leaf: bool) -> float:
    single = SINGLE_COST if leaf and n_words == 1 else 0.0
    return WORD_COST * max(0, n_words - 1 - depth) + single


def _spread(reach: NDArray[np.float64], places: tuple[int, ...]) -> float:
    """Say over how much of a topic's children phrases are spread, as a logarithm: 0 for all of them."""
    if reach.shape[1] == 0:
        return 0.0
    return SPREAD_POWER * float(np.log(max(reach[list(places)].max(axis=0).sum(), 0.05)))
