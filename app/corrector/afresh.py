"""Files all papers of a tree that came with nothing but its labels, and says whom to ask about."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.corrector.answers import Answers, gather_lessons
from app.corrector.chances import MOST_PROPOSED, Chances
from app.corrector.field import spread_answers
from app.corrector.ground import Ground
from app.corrector.review import ReviewQueue, spread_out
from app.hierarchy.tree import NO_TOPIC, Indices

WORTH_SAYING = 1 / 3
"""Chance that a topic on a paper's path needs: what is less likely than half of the F1 over pairs that is
reached lowers it."""

BLOCK_ROWS = 2048


def score_afresh(ground: Ground, answers: Answers) -> Chances:
    """Score where every paper belongs by the labels and by what people said of some papers.

    Parameters
    ----------
    ground : Ground
        With labels, and with no papers filed but those that people spoke about.
    answers : Answers
        All that people said.

    Returns
    -------
    Chances
        In corpus order.
    """
    lessons = gather_lessons(answers, ground.place_of)
    chances = spread_answers(ground, lessons).chances
    papers = np.arange(len(ground.filed), dtype=np.int64)
    topics = np.full((len(papers), MOST_PROPOSED), NO_TOPIC, dtype=np.int64)
    best = np.zeros((len(papers), MOST_PROPOSED), np.float32)
    for block in _blocks(len(papers)):
        part = chances[block].toarray()
        order = np.argsort(-part, axis=1, kind="stable")[:, :MOST_PROPOSED]
        n_found = order.shape[1]
        best[block, :n_found] = np.take_along_axis(part, order, axis=1)
        topics[block, :n_found] = np.where(best[block, :n_found] > 0, ground.places[order], NO_TOPIC)
    present = np.where(ground.filed == NO_TOPIC, NO_TOPIC, ground.places[ground.filed])
    stays = np.where(topics == present[:, None], best, 0).max(axis=1)
    return Chances(papers, present, stays, topics, best)


def file_by_chance(parents: Indices, chances: Chances, *, least: float = WORTH_SAYING) -> Indices:
    """File each paper as deep as its chances carry.

    Parameters
    ----------
    parents : ndarray of shape (n_topics,), int64
        As in `Hierarchy`.
    chances : Chances
        Of the corpus.
    least : float
        Chance below which a topic had better not be said.

    Returns
    -------
    ndarray of shape (n_papers,), int64
        The topic whose path has the most chance over ``least``, summed up: a broader one where those below it
        are all unlikely. Never the root.
    """
    found = np.empty(len(chances.papers), dtype=np.int64)
    for block in _blocks(len(found)):
        worth = _with_broader(parents, chances, block) - least
        for topic in range(1, len(parents)):
            if parents[topic] != 0:
                worth[:, topic] += worth[:, parents[topic]]
        found[block] = worth[:, 1:].argmax(axis=1) + 1
    return found


def queue_afresh(ground: Ground, chances: Chances, settled: Indices) -> ReviewQueue:
    """Order papers by how many pairs of paper and topic an answer is expected to put right.

    Parameters
    ----------
    ground : Ground
        As scored.
    chances : Chances
        Of the corpus.
    settled : ndarray of int64
        Papers that people spoke about.

    Returns
    -------
    ReviewQueue
        By falling gain: the pairs that are expected to be wrong or missing. Of papers that are each other's
        neighbours one comes first and the rest later, as its answer says something of them. ``doubts`` are of
        the narrowest topic.
    """
    filed = file_by_chance(ground.parents, chances)
    lost = np.empty(len(filed))
    for block in _blocks(len(filed)):
        broader = _with_broader(ground.parents, chances, block)
        lost[block] = broader[:, 1:].sum(axis=1)
        for rows, topics in _paths(ground.parents, filed[block]):
            lost[block][rows] += 1 - 2 * broader[rows, topics]
    gains = lost.astype(np.float32)
    is_open = np.ones(len(filed), dtype=np.bool_)
    is_open[settled] = False
    papers = np.flatnonzero(is_open)
    papers = spread_out(papers[np.lexsort((papers, -gains[papers]))], ground.seen.neighbours)
    return ReviewQueue(papers, gains[papers], (1 - chances.chances[papers, 0]).astype(np.float32))


def _with_broader(parents: Indices, chances: Chances, block: slice) -> NDArray[np.float64]:
    """Give the chance of every topic: of broader ones the sum over those below."""
    topics, likely = chances.topics[block], chances.chances[block]
    found = np.zeros((len(topics), len(parents)))
    rows, ranks = np.nonzero(topics != NO_TOPIC)
    found[rows, topics[rows, ranks]] = likely[rows, ranks]
    for topic in range(len(parents) - 1, 0, -1):
        found[:, parents[topic]] += found[:, topic]
    return found


def _paths(parents: Indices, topics: Indices) -> Iterator[tuple[Indices, Indices]]:
    """Go up from topics to those below the root, step by step: rows, and topics there."""
    rows = np.arange(len(topics))
    while len(rows):
        yield rows, topics
        above = parents[topics]
        rows, topics = rows[above > 0], above[above > 0]


def _blocks(n_rows: int) -> Iterator[slice]:
    for start in range(0, n_rows, BLOCK_ROWS):
        yield slice(start, min(start + BLOCK_ROWS, n_rows))
