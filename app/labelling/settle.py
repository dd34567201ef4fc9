"""Settles what the children of one topic are called, all of them together.

A label that is good on its own may be as near to a sibling's papers as to its own topic's. Each child's label
is chosen so that papers, held against all siblings' labels, find their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.index.embedder import Vectors

SHARPNESS = 25.0
"""How sure a paper is that the label nearest to it is its own: the inverse temperature of a soft maximum."""

LIKING = 0.3
"""What the weight of a phrase, by its words and its meaning, counts beside being found."""

READ_LIKING = 0.17
"""The same where the texts of labels were embedded, and being found is known better."""

MOST_ASKED = 80
"""Papers of a child that are held against the labels, evenly taken."""

MOST_ROUNDS = 4

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Offer:
    """A possible label: one phrase or two, and the logarithm of how well they name the topic."""

    phrases: tuple[int, ...]
    liking: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What labels mean as they are written, for some of the offers of each sibling.

    Attributes
    ----------
    embed : callable
        Gives the unit vectors of offers' texts, in their order.
    n_read : int
        How many offers of each sibling are embedded: those that were best by their phrases' vectors.
    """

    embed: Callable[[Sequence[Offer]], Vectors]
    n_read: int


def settle_siblings(
    offers: Sequence[Sequence[Offer]],
    papers: Sequence[Vectors],
    meanings: Vectors,
    clash: Callable[[Offer, Offer], bool],
    reading: Reading | None = None,
) -> list[int | None]:
    """Choose one offer for each sibling, by coordinate ascent.

    What is raised is the mean, over siblings weighted by the square root of their size, of the
    log-probability that a paper of theirs picks their label among all siblings' (a softmax over cosine
    similarities), plus `LIKING` times the offer's own. With ``reading`` the best offers then compete once
    more, as they are written: two phrases together mean more than their mean says.

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
    reading : Reading, optional
        How to embed the texts of the best offers.

    Returns
    -------
    list of int or None
        Place of the chosen offer; None where every offer clashes with one taken before.

    Notes
    -----
    Holds (n_asked, n_offers) similarities of one parent.
    """
    choice: list[int | None] = [None] * len(offers)
    taking_part = [place for place, own in enumerate(offers) if len(own) and len(papers[place])]
    if not taking_part:
        return choice
    siblings = _Siblings([papers[place] for place in taking_part], clash)
    own_offers = [offers[place] for place in taking_part]
    guessed = [_label_vectors(own, meanings) for own in own_offers]
    is_read = reading is not None and reading.n_read > 1
    chosen, worths = siblings.settle(own_offers, guessed, READ_LIKING if is_read else LIKING)
    if reading is not None and is_read:
        best = [np.sort(np.argsort(-worth, kind="stable")[: reading.n_read]) for worth in worths]
        few = [[own[place] for place in places] for own, places in zip(own_offers, best, strict=True)]
        ends = np.cumsum([len(own) for own in few])[:-1]
        vectors = np.split(reading.embed([offer for own in few for offer in own]), ends)
        again, _ = siblings.settle(few, vectors, READ_LIKING)
        chosen = [
            None if place is None else int(places[place]) for places, place in zip(best, again, strict=True)
        ]
    for place, taken in zip(taking_part, chosen, strict=True):
        choice[place] = taken
    return choice


class _Siblings:
    """The children of one topic, with the papers that are held against their labels."""

    def __init__(self, papers: Sequence[Vectors], clash: Callable[[Offer, Offer], bool]) -> None:
        asked = [_evenly(own) for own in papers]
        self._everyone = np.concatenate(asked)
        self._owner = np.repeat(np.arange(len(asked)), [len(own) for own in asked])
        self._importance = np.sqrt([len(own) for own in papers])
        even = np.concatenate([np.full(len(own), 1 / len(own)) for own in asked])
        self._weights = even * self._importance[self._owner]
        self._clash = clash

    def settle(
        self, offers: Sequence[Sequence[Offer]], vectors: Sequence[Vectors], liking: float
    ) -> tuple[list[int | None], list[Weights]]:
        """Choose a place for each sibling by the vectors of its offers; give what each was worth, too."""
        pulls = [np.exp(SHARPNESS * (self._everyone @ own.T)).astype(np.float64) for own in vectors]
        likings = [liking * np.array([offer.liking for offer in own]) for own in offers]
        table = np.stack([pull[:, 0] for pull in pulls], axis=1)
        choice: list[int | None] = [None] * len(offers)
        worths: list[Weights] = [own.copy() for own in likings]
        for _ in range(MOST_ROUNDS):
            before = list(choice)
            for number, pull in enumerate(pulls):
                worth = _worth(pull, table, number, self._owner, self._weights) / self._importance[number]
                worths[number] = worth + likings[number]
                beside = [
                    offers[other][taken]
                    for other, taken in enumerate(choice)
                    if other != number and taken is not None
                ]
                taken = choice[number] = _best_free(offers[number], worths[number], beside, self._clash)
                table[:, number] = pull[:, taken] if taken is not None else 0.0
            if choice == before:
                break
        return choice, worths


def _evenly(papers: Vectors) -> Vectors:
    n_asked = min(len(papers), MOST_ASKED)
    return papers[np.linspace(0, len(papers) - 1, n_asked).astype(np.int64)]


def _label_vectors(offers: Sequence[Offer], meanings: Vectors) -> Vectors:
    """Take the mean of two phrases for the vector of both: near enough, and nothing has to be embedded."""
    first, last = np.array([(own.phrases[0], own.phrases[-1]) for own in offers], dtype=np.int64).T
    sums = meanings[first] + meanings[last]
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
