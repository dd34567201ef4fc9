"""Files new papers into the topics there are; nothing that stands moves."""

from dataclasses import dataclass

import numpy as np

from app.corrector.answers import Answers, gather_lessons
from app.corrector.chances import Chances, pick_likeliest
from app.corrector.evidence import digest, likely_places
from app.corrector.ground import Ground, see_new
from app.corrector.scorer import Scorer, score_pairs
from app.hierarchy.smooth import Points
from app.hierarchy.tree import NO_TOPIC, Indices, Similarities

STRANGER = 3.0
"""So many deviations less similar to any topic than its papers are, and a paper belongs nowhere."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Where new papers are filed.

    Attributes
    ----------
    assignments : ndarray of shape (n_new,), int64
        The topic of each, a place that papers had before; ``NO_TOPIC`` if it belongs nowhere.
    confidences : ndarray of shape (n_new,), float32
        The chance that this topic is right; of a paper that belongs nowhere that of the best guess.
    chances : Chances
        The likeliest topics of each paper, numbered from 0, for the review queue.
    """

    assignments: Indices
    confidences: Similarities
    chances: Chances


def file_arrivals(
    scorer: Scorer, ground: Ground, answers: Answers, vectors: Points, neighbours: Indices
) -> Arrivals:
    """Compare each new paper with every place, score those that are likely, and file it under the best.

    Parameters
    ----------
    scorer : Scorer
        As fitted to these answers, or to none.
    ground : Ground
        What stands; it is not changed.
    answers : Answers
        All that people said.
    vectors : ndarray of shape (n_new, n_dimensions), float32
        Unit vectors as the encoder gave them.
    neighbours : ndarray of shape (n_new, k), int64
        Nearest papers of the corpus, as numbered there.

    Returns
    -------
    Arrivals
        In the order of ``vectors``. The path to a topic is read off its parents: a paper is never in a topic
        without being in all those above it.
    """
    seen, lessons = see_new(ground, vectors, neighbours), gather_lessons(answers, ground.place_of)
    pairs = likely_places(ground, seen)
    scored = score_pairs(scorer.arriving, ground, seen, digest(ground, lessons), pairs)
    topics, chances = pick_likeliest(ground, pairs, scored, len(vectors))
    strange = (seen.points @ ground.centroids.T).max(axis=1, initial=-1) < _least_similarity(ground)
    assignments = np.where(strange, NO_TOPIC, topics[:, 0])
    stays = np.where(strange, 0, chances[:, 0]).astype(np.float32)
    numbers = np.arange(len(vectors), dtype=np.int64)
    return Arrivals(assignments, chances[:, 0], Chances(numbers, assignments, stays, topics, chances))


def _least_similarity(ground: Ground) -> float:
    """Find how unlike its topic's centroid a paper of the corpus may be and still not be strange."""
    papers = np.flatnonzero(ground.filed != NO_TOPIC)
    if len(papers) == 0:
        return -1.0
    own = np.einsum("ij,ij->i", ground.seen.points[papers], ground.centroids[ground.filed[papers]])
    middle = float(np.median(own))
    return middle - STRANGER * 1.4826 * float(np.median(np.abs(own - middle)))
