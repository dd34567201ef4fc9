"""Why a paper is in a topic, or might be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.corrector.answers import Answers, gather_lessons
from app.corrector.evidence import Pairs, as_found, digest, likely_places
from app.corrector.ground import Ground, Seen, take
from app.corrector.scorer import Scorer, score_pairs
from app.hierarchy.tree import NO_TOPIC, Indices

MOST_EXEMPLARS = 3
MOST_RUNNERS_UP = 3


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for a paper's being in a topic.

    Attributes
    ----------
    exemplars : tuple of (int, float)
        Papers of the topic that are most similar to this one, with their cosine similarity after centring.
    shared_terms : tuple of str
        Terms of the paper that are also terms of the topic, in the topic's order.
    path : tuple of (int, float)
        Topics from under the root down to this one, with the chance that the paper belongs in each; it never
        rises on the way down.
    runners_up : tuple of (int, float)
        The likeliest places that are not in the topic, with their chances.
    provenance : str
        Who or what put the paper there, as the caller said it.
    """

    exemplars: tuple[tuple[int, float], ...]
    shared_terms: tuple[str, ...]
    path: tuple[tuple[int, float], ...]
    runners_up: tuple[tuple[int, float], ...]
    provenance: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a paper and of a topic, the weightiest first."""

    of_paper: Sequence[str] = ()
    of_topic: Sequence[str] = ()


def explain_place(
    scorer: Scorer,
    ground: Ground,
    answers: Answers,
    *,
    paper: int,
    topic: int,
    terms: Terms,
    provenance: str,
) -> Why:
    """Explain why a paper of the corpus is in a topic, or would be.

    Parameters
    ----------
    scorer, ground, answers
        As for `score_corpus`.
    paper : int
        Its place in the corpus.
    topic : int
        Any topic but the root, a leaf or not.
    terms : Terms
        Of the paper and the topic; compared without regard to case.
    provenance : str
        Handed through.
    """
    lessons = gather_lessons(answers, ground.place_of)
    seen = take(as_found(ground.seen, lessons), np.array([paper], dtype=np.int64))
    inside = _below(ground.parents, topic)[ground.places]
    likely = likely_places(ground, seen).places
    places = np.union1d(likely, np.flatnonzero(inside)).astype(np.int64)
    pairs = Pairs(np.zeros(len(places), dtype=np.int64), places)
    chances = score_pairs(scorer.standing, ground, seen, digest(ground, lessons), pairs)
    of_topics = _chances_of_topics(ground, places, chances)
    return Why(
        exemplars=_nearest(ground, seen, np.flatnonzero(inside)),
        shared_terms=_shared(terms),
        path=tuple((step, float(of_topics[step])) for step in _path(ground.parents, topic)),
        runners_up=_runners_up(ground, pairs, chances, inside),
        provenance=provenance,
    )


def _chances_of_topics(ground: Ground, places: Indices, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum the chances of places up to the root: a paper is in all topics above its own."""
    found = np.zeros(len(ground.parents))
    found[ground.places[places]] = chances
    for topic in range(len(found) - 1, 0, -1):
        found[ground.parents[topic]] += found[topic]
    return found


def _below(parents: Indices, topic: int) -> NDArray[np.bool_]:
    is_below = np.zeros(len(parents), dtype=np.bool_)
    is_below[topic] = True
    for other in range(topic + 1, len(parents)):
        is_below[other] = is_below[parents[other]]
    return is_below


def _path(parents: Indices, topic: int) -> list[int]:
    path: list[int] = []
    while topic > 0:
        path.append(topic)
        topic = int(parents[topic])
    return path[::-1]


def _nearest(ground: Ground, seen: Seen, places: Indices) -> tuple[tuple[int, float], ...]:
    papers = np.unique(ground.exemplars[places])
    papers = papers[(papers != NO_TOPIC) & (papers != seen.rows[0])]
    similarities = ground.seen.points[papers] @ seen.points[0]
    order = np.lexsort((papers, -similarities))[:MOST_EXEMPLARS]
    return tuple((int(papers[row]), float(similarities[row])) for row in order)


def _shared(terms: Terms) -> tuple[str, ...]:
    own = {term.casefold() for term in terms.of_paper}
    return tuple(term for term in terms.of_topic if term.casefold() in own)


def _runners_up(
    ground: Ground, pairs: Pairs, chances: NDArray[np.float64], inside: NDArray[np.bool_]
) -> tuple[tuple[int, float], ...]:
    others = np.flatnonzero(~inside[pairs.places])
    order = others[np.lexsort((others, -chances[others]))][:MOST_RUNNERS_UP]
    return tuple((int(ground.places[pairs.places[row]]), float(chances[row])) for row in order)
