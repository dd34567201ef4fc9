"""The order in which assignments are worth looking at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from app.corrector.chances import Chances
from app.corrector.evidence import as_filed
from app.corrector.ground import Ground
from app.corrector.scorer import LEAST_SCALE
from app.hierarchy.tree import NO_TOPIC, Indices, Similarities

OTHERS_WEIGHT = 0.05
"""What it counts if an answer would tell something about all of a paper's surroundings: more of it asks
about typical papers, of which fewer are wrong."""


FIRST_DOUBTS = -0.45
FIRST_WEIGHTS = {"similarity": -0.27, "exemplar": -0.15, "agreement": -0.37, "broadly": -0.18, "size": 0.25}
"""Log odds that an assignment is wrong which is like most, and what each standard deviation adds: of a
regression on a made-up person's answers about the corpus kept for tuning."""

FIRST_WORTH = 300
"""Answers about papers in topics after which what was learnt counts as much as the first doubts do."""

HOMELESS = 3.0
"""Log odds that an unassigned paper has a place: an answer gives it one, so these come first."""

LEAST_DOUBT = 1e-4
"""No chance is taken for more certain, either way."""


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """Papers to be looked at, the most worthwhile first.

    Attributes
    ----------
    papers : ndarray of shape (n_queued,), int64
        Without those that people spoke about.
    gains : ndarray of shape (n_queued,), float32
        Doubt, times one and the weighted number of others that an answer would help to settle.
    doubts : ndarray of shape (n_queued,), float32
        The chance that the assignment is wrong, or that an unassigned paper has a place.
    """

    papers: Indices
    gains: Similarities
    doubts: Similarities


def queue_review(ground: Ground, chances: Chances, settled: Indices, asked: Indices) -> ReviewQueue:
    """Order the assignments by what an answer is expected to gain.

    Parameters
    ----------
    ground : Ground
        What stands.
    chances : Chances
        Of the corpus.
    settled : ndarray of int64
        Papers that people spoke about or locked; they are not asked about again.
    asked : ndarray of shape (n_asked,), int64
        Topics that papers people spoke about were filed under when asked; one entry a paper.

    Returns
    -------
    ReviewQueue
        By falling gain, then by paper. An answer helps to settle the papers of its topic, the more the fewer
        have been asked about there, and the more of the paper's neighbours are in it unsettled.
    """
    n_asked = np.bincount(asked[asked != NO_TOPIC], minlength=len(ground.parents))
    answered_here = np.where(chances.present == NO_TOPIC, 0, n_asked[chances.present])
    doubts = _doubts(ground, chances, int((asked != NO_TOPIC).sum()))
    is_open = np.ones(len(ground.filed), dtype=np.bool_)
    is_open[settled] = False
    near = ground.seen.neighbours
    alike = (ground.filed[near] == ground.filed[:, None]) & is_open[near]
    others = alike.mean(axis=1) if near.shape[1] else np.zeros(len(near))
    gains = doubts * (1 + OTHERS_WEIGHT * (1 + others) / np.sqrt(1 + answered_here))
    papers = np.flatnonzero(is_open)
    papers = papers[np.lexsort((papers, -gains[papers]))]
    return ReviewQueue(papers, gains[papers].astype(np.float32), doubts[papers].astype(np.float32))


def _doubts(ground: Ground, chances: Chances, n_answers: int) -> NDArray[np.float64]:
    papers = np.flatnonzero(ground.filed != NO_TOPIC)
    log_odds = np.full(len(ground.filed), HOMELESS)
    first = _first_doubts(ground, papers) if len(papers) else 0.0
    learnt = logit(np.clip(1 - chances.stays[papers].astype(np.float64), LEAST_DOUBT, 1 - LEAST_DOUBT))
    log_odds[papers] = (FIRST_WORTH * first + n_answers * learnt) / (FIRST_WORTH + n_answers)
    return np.asarray(expit(log_odds), np.float64)


def _first_doubts(ground: Ground, papers: Indices) -> NDArray[np.float64]:
    log_odds, fits = np.full(len(papers), FIRST_DOUBTS), as_filed(ground, papers)
    for name, weight in FIRST_WEIGHTS.items():
        values = fits[name].astype(np.float64)
        log_odds += weight * (values - values.mean()) / max(float(values.std()), LEAST_SCALE)
    return log_odds


def spread_out(papers: Indices, neighbours: Indices) -> Indices:
    """Reorder papers so that none comes after a neighbour of its own as long as there are others.

    Parameters
    ----------
    papers : ndarray of shape (n_queued,), int64
        In the order wanted otherwise.
    neighbours : ndarray of shape (n_papers, k), int64
        Of all papers of the corpus.

    Returns
    -------
    ndarray of shape (n_queued,), int64
        The same papers. The first of the old order stays first; papers that were passed over follow in the
        same manner.
    """
    found: list[int] = []
    left = papers.tolist()
    while left:
        is_near, later = np.zeros(len(neighbours), dtype=np.bool_), []
        for paper in left:
            if is_near[paper]:
                later.append(paper)
            else:
                found.append(paper)
                is_near[neighbours[paper]] = True
        left = later
    return np.array(found, dtype=np.int64)
