"""Lists what a topic might be called: one phrase, or two that complete each other."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.labelling.contrast import Counts
from app.labelling.settle import Offer

MOST_OFFERED = 12

SECOND_SHARE, LEAST_SECOND = 0.35, 0.05
"""Of a label's second phrase: in how well both name the topic, and its least weight beside the first."""

WORD_COST = 0.35
"""Of each word more than two in a label near the root, one more a level; a leaf may have more."""

SHORT_COSTS = {1: 1.0, 2: 0.3}
"""Of one word, and of two, for a leaf."""

MOST_LIFT = 4.0
"""In choosing a phrase for a child: more says only that the phrase is rare elsewhere."""

INNER_USE_POWER, LEAF_USE_POWER = 1.5, 2.5
"""How much it counts in how many papers of a topic one of its phrases stands."""

SPREAD_POWER = 2.0
"""How much it counts that the children of a topic all use what it is called."""


def list_offers(
    candidates: Sequence[tuple[int, float]],
    words: Sequence[int],
    lift: NDArray[np.float64],
    users: NDArray[np.bool_],
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
    lift : ndarray of shape (n_candidates, n_children), float64
        As from `lift_in_children`; no columns for a leaf.
    users : ndarray of shape (n_candidates, n_inside), bool
        Which of the topic's papers have the words of each.
    depth : int
        Steps from the root: near it labels are short.
    goes_with : callable
        Says whether two phrases make a label together.

    Returns
    -------
    list of Offer
        Singles first; of a pair the better phrase stands first.
    """
    best, leaf = list(candidates), lift.shape[1] == 0
    singles: list[tuple[int, ...]] = [(place,) for place in range(len(best))]
    pairs: list[tuple[int, ...]] = [
        (place, other)
        for place, (first, weight) in enumerate(best)
        for other, (second, less) in enumerate(best[place + 1 :], start=place + 1)
        if less >= (LEAST_SECOND if leaf else 0.0) * weight and goes_with(first, second)
    ]
    use_power = LEAF_USE_POWER if leaf else INNER_USE_POWER
    liking = [float(np.log(weight / best[0][1])) for _, weight in best]
    return [
        Offer(
            tuple(best[place][0] for place in places),
            (1 - SECOND_SHARE) * liking[places[0]]
            + SECOND_SHARE * liking[places[-1]]
            - _length_cost(sum(words[place] for place in places), depth, leaf=leaf)
            + _spread(lift, places)
            + use_power * float(np.log(max(users[list(places)].any(axis=0).mean(), 0.05))),
        )
        for places in singles + pairs
    ]


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
        Ascending; at most `MOST_OFFERED` and one more a child.
    """
    best = np.sqrt(np.asarray(weights))[:, None] * np.minimum(lift, MOST_LIFT)
    for_children = best.argmax(axis=0).tolist() if len(weights) else []
    return sorted({*range(min(MOST_OFFERED, len(weights))), *for_children})


def lift_in_children(counts: Counts, topic: int, phrases: Sequence[int]) -> NDArray[np.float64]:
    """Say how much more each child of a topic uses phrases than the whole topic does: 1 for as much."""
    children = [child for child in counts.children[topic] if counts.sizes[child]]
    lift = np.zeros((len(phrases), len(children)))
    for row, phrase in enumerate(phrases):
        usual = counts.used(topic, phrase) / counts.sizes[topic]
        for column, child in enumerate(children):
            lift[row, column] = counts.used(child, phrase) / counts.sizes[child] / max(usual, 1e-9)
    return lift


def _length_cost(n_words: int, depth: int, *, leaf: bool) -> float:
    short = SHORT_COSTS.get(n_words, 0.0) if leaf else 0.0
    most = depth + 2 if leaf else max(2, depth)
    return WORD_COST * max(0, n_words - most) + short


def _spread(lift: NDArray[np.float64], places: tuple[int, ...]) -> float:
    """Say over how many of a topic's children phrases are spread, as a logarithm: 0 for all of them."""
    if lift.shape[1] == 0:
        return 0.0
    reached = np.minimum(lift[list(places)].max(axis=0), 1.0).mean()
    return SPREAD_POWER * float(np.log(max(reached, 0.05)))
