"""Settles what the children of one topic are called, all of them together.

A label that is good on its own may be as near to a sibling's papers as to its own topic's. Each child's label
is chosen so that papers, held against all siblings' labels, find their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.index.embedder import Vectors

SHARPNESS = 40.0
"""How sure a paper is that the label nearest to it is its own: the inverse temperature of a soft maximum."""

LIKING = 0.5
"""What the weight of a phrase, by its words and its meaning, counts beside being found."""

MOST_ASKED = 80
"""Papers of a child that are held against the labels, evenly taken."""

MOST_ROUNDS = 4

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Offer:
    """A possible label: one phrase or two, and the logarithm of how well they name the topic."""

    phrases: tuple[int, ...]
    liking: float


def settle_siblings(
    offers: Sequence[Sequence[Offer]],
    papers: Sequence[Vectors],
    meanings: Vectors,
    clash: Callable[[Offer, Offer], bool],
) -> list[int | None]:
    """Choose one offer for each sibling, by coordinate ascent.

    What is raised is the mean, over siblings weighted by the square root of their size, of the
    log-probability that a paper of theirs picks their label among all siblings' (a softmax over cosine
    similarities), plus `LIKING` times the offer's own.

    Parameters
    ----------
    offers : sequence of sequence of Offer
        For each sibling, best first.
    papers : sequence of ndarray of shape (n_inside, n_dimensions), float32
        Vectors of each sibling's papers.
    meanings : ndarray of shape (n_phrases, n_dimensions), float32
        Unit vectors of phrases.
    clash : callable
        Says whether two offers are too much alike to stand side by side.

    Returns
    -------
    list of int or None
        Place of the chosen offer; None where every offer clashes with one taken before.

    Notes
    -----
    Holds (n_asked, n_offers) similarities of one parent.
    """
    taking_part = [place for place, own in enumerate(offers) if len(own) and len(papers[place])]
    choice: list[int | None] = [None] * len(offers)
    if not taking_part:
        return choice
    asked = [_evenly(papers[place]) for place in taking_part]
    owner = np.repeat(np.arange(len(asked)), [len(own) for own in asked])
    weights = np.concatenate([np.full(len(own), 1 / len(own)) for own in asked])
    everyone = np.concatenate(asked)
    pulls = [
        np.exp(SHARPNESS * (everyone @ _label_vectors(offers[place], meanings).T)).astype(np.float64)
        for place in taking_part
    ]
    importance = np.sqrt([len(papers[place]) for place in taking_part])
    table = np.stack([pull[:, 0] for pull in pulls], axis=1)
    for _ in range(MOST_ROUNDS):
        before = list(choice)
        for number, place in enumerate(taking_part):
            worth = _worth(pulls[number], table, number, owner, weights * importance[owner])
            worth = worth / importance[number] + LIKING * np.array([own.liking for own in offers[place]])
            beside = [
                offers[other][taken]
                for other in taking_part
                if other != place and (taken := choice[other]) is not None
            ]
            choice[place] = _best_free(offers[place], worth, beside, clash)
            taken = choice[place]
            table[:, number] = pulls[number][:, taken] if taken is not None else 0.0
        if choice == before:
            break
    return choice


def _evenly(papers: Vectors) -> Vectors:
    n_asked = min(len(papers), MOST_ASKED)
    return papers[np.linspace(0, len(papers) - 1, n_asked).astype(np.int64)]


def _label_vectors(offers: Sequence[Offer], meanings: Vectors) -> Vectors:
    """Take the mean of two phrases for the vector of both: near enough, and nothing has to be embedded."""
    sums = np.stack([meanings[list(own.phrases)].sum(axis=0) for own in offers])
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _worth(
    pull: Weights, table: Weights, number: int, owner: NDArray[np.int64], weights: Weights
) -> NDArray[np.float64]:
    others = table.sum(axis=1) - table[:, number]
    mine = owner == number
    won = weights[mine] @ np.log(pull[mine])
    lost = weights @ np.log(np.maximum(others, 0.0)[:, None] + pull)
    return np.asarray(won - lost)


def _best_free(
    offers: Sequence[Offer],
    worth: Weights,
    beside: Sequence[Offer],
    clash: Callable[[Offer, Offer], bool],
) -> int | None:
    for place in np.argsort(-worth, kind="stable"):
        if not any(clash(offers[place], other) for other in beside):
            return int(place)
    return None
