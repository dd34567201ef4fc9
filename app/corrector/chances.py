"""Scores the papers of a corpus once more, and says which placements people would likely change."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.corrector.answers import Answers, gather_lessons
from app.corrector.evidence import Pairs, as_found, digest, likely_places
from app.corrector.ground import Ground
from app.corrector.scorer import Scorer, score_pairs
from app.hierarchy.tree import NO_TOPIC, Indices, Similarities

MOST_PROPOSED = 5
"""Places that a paper is offered."""

LEAST_CHANCE = 0.5
"""A move is proposed only to a place that is more likely right than not."""


@dataclass(frozen=True, slots=True)
class Chances:
    """How likely each paper belongs where it is, and where else it may.

    Attributes
    ----------
    papers : ndarray of shape (n_papers,), int64
        Numbers of the papers: those of the corpus, or from 0 for new ones.
    present : ndarray of shape (n_papers,), int64
        Topic each is filed under; ``NO_TOPIC`` if none.
    stays : ndarray of shape (n_papers,), float32
        The chance that it belongs there; 0 where it is unassigned.
    topics : ndarray of shape (n_papers, MOST_PROPOSED), int64
        The likeliest topics, the likeliest first; ``NO_TOPIC`` where there are no more.
    chances : ndarray of shape (n_papers, MOST_PROPOSED), float32
        Theirs. A paper is in all topics above its own, so the chance of a broader topic is the sum over
        those below it: it is never less than that of any topic below.
    """

    papers: Indices
    present: Indices
    stays: Similarities
    topics: Indices
    chances: Similarities


@dataclass(frozen=True, slots=True)
class Moves:
    """Proposals to move papers, the likeliest first."""

    papers: Indices
    topics: Indices
    chances: Similarities


def score_corpus(scorer: Scorer, ground: Ground, answers: Answers) -> Chances:
    """Score all papers of the corpus where they may belong.

    Parameters
    ----------
    scorer : Scorer
        As fitted to these answers.
    ground : Ground
        What stands.
    answers : Answers
        All that people said. Of a paper they spoke about its place is scored as it was before.

    Returns
    -------
    Chances
        In corpus order.
    """
    lessons = gather_lessons(answers, ground.place_of)
    seen = as_found(ground.seen, lessons)
    pairs = likely_places(ground, seen)
    chances = score_pairs(scorer.standing, ground, seen, digest(ground, lessons), pairs)
    stays = np.zeros(len(seen.rows), np.float32)
    here = pairs.places == seen.homes[pairs.rows]
    stays[pairs.rows[here]] = chances[here]
    topics, best = pick_likeliest(ground, pairs, chances, len(seen.rows))
    present = np.where(ground.filed == NO_TOPIC, NO_TOPIC, ground.places[ground.filed])
    return Chances(seen.rows, present, stays, topics, best)


def pick_likeliest(
    ground: Ground, pairs: Pairs, chances: NDArray[np.float64], n_seen: int
) -> tuple[Indices, Similarities]:
    """Pick the likeliest topics of each paper; the lower number first on a tie."""
    order = np.lexsort((pairs.places, -chances, pairs.rows))
    rows, firsts = pairs.rows[order], pairs.firsts(n_seen)
    rank = np.arange(len(rows)) - firsts[rows]
    kept = order[rank < MOST_PROPOSED]
    where = (pairs.rows[kept], rank[rank < MOST_PROPOSED])
    topics = np.full((n_seen, MOST_PROPOSED), NO_TOPIC, dtype=np.int64)
    best = np.zeros((n_seen, MOST_PROPOSED), np.float32)
    topics[where], best[where] = ground.places[pairs.places[kept]], chances[kept]
    return topics, best


def propose_moves(chances: Chances, settled: Indices, *, least: float = LEAST_CHANCE) -> Moves:
    """Propose moves of papers that nobody spoke about to places that are likelier than not.

    Parameters
    ----------
    chances : Chances
        Of the corpus.
    settled : ndarray of int64
        Papers that people spoke about or locked: these are not touched.
    least : float
        Chance that a proposal needs.

    Returns
    -------
    Moves
        By falling chance, then by paper.
    """
    wanted = (chances.chances[:, 0] > least) & (chances.topics[:, 0] != chances.present)
    wanted[settled] = False
    rows = np.flatnonzero(wanted)
    rows = rows[np.lexsort((rows, -chances.chances[rows, 0]))]
    return Moves(chances.papers[rows], chances.topics[rows, 0], chances.chances[rows, 0])
