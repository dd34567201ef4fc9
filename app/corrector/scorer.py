"""How likely a paper belongs in a place, learnt from answers."""

import json
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from app.corrector.answers import Answers, Lessons, gather_lessons
from app.corrector.evidence import (
    COLUMNS,
    Evidence,
    Pairs,
    Taught,
    as_found,
    digest,
    gather_evidence,
    likely_places,
    take,
)
from app.corrector.ground import Ground, Seen
from app.errors import InvalidError
from app.hierarchy.tree import NO_TOPIC, Indices

VERSION = 1
"""To be raised whenever the columns, or what they mean, change."""

WEAK_PAPERS = 2000
WEAK_WEIGHT = 20.0
"""So many placements nobody looked at are learnt from too, all together worth so many answers."""

SHRINKAGE = 0.1
"""Inverse strength of the penalty on weights, as scikit-learn counts it."""


class UnreadableScorer(InvalidError):
    """What should be a scorer is not one that this version can read."""

    slug = "unreadable-scorer"
    title = "The stored scorer cannot be read"


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights of a logistic regression over the columns of the evidence.

    Attributes
    ----------
    version : int
        What the columns mean.
    training : str
        SHA-256 of the answers it was taught; empty if it was taught none.
    n_answered : int
        Papers that it knows answers about.
    intercept : float
        Log odds where all columns are 0.
    weights : tuple of float
        One for each of `COLUMNS`.
    """

    version: int
    training: str
    n_answered: int
    intercept: float
    weights: tuple[float, ...]

    def to_json(self) -> str:
        """Write the scorer as it is stored."""
        return json.dumps(asdict(self), sort_keys=True)


def read_scorer(text: str) -> Scorer:
    """Read a stored scorer.

    Raises
    ------
    UnreadableScorer
        If it was written by another version, or is not a scorer.
    """
    try:
        stored = json.loads(text)
        scorer = Scorer(
            int(stored["version"]),
            str(stored["training"]),
            int(stored["n_answered"]),
            float(stored["intercept"]),
            tuple(float(weight) for weight in stored["weights"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableScorer("The text is not a scorer.") from error
    if scorer.version != VERSION or len(scorer.weights) != len(COLUMNS):
        raise UnreadableScorer(f"Version {scorer.version} was stored, {VERSION} is known.")
    if not np.isfinite([scorer.intercept, *scorer.weights]).all():
        raise UnreadableScorer("A weight is not a finite number.")
    return scorer


def fit_scorer(ground: Ground, answers: Answers) -> Scorer:
    """Learn from answers, and a little from placements that nobody looked at.

    Parameters
    ----------
    ground : Ground
        What stands, corrections included.
    answers : Answers
        All that people said.

    Returns
    -------
    Scorer
        The same for the same ground and answers. Without any answer it has learnt how much similarity and
        neighbours count, and nothing of how far a placement can be trusted.

    Notes
    -----
    Each answered paper gives one row for the place it belongs in and one for each other place that was
    likely; where only a wrong place is known, that alone. Placements nobody looked at are seen as if they
    were new: nothing says that a paper belongs where it is because it is there.
    """
    lessons = gather_lessons(answers, ground.place_of)
    taught, seen = digest(ground, lessons), as_found(ground.seen, lessons)
    spoken, silent = take(seen, lessons.papers), _unfiled(take(seen, _unspoken(ground, lessons)))
    cases = [
        _cases(ground, spoken, taught, lessons.right, taught.refuses),
        _cases(ground, silent, taught, ground.filed[silent.rows], None),
    ]
    evidence = np.concatenate([columns for columns, _ in cases])
    truths = np.concatenate([truth for _, truth in cases])
    weak = WEAK_WEIGHT / max(1, len(silent.rows))
    counts = np.concatenate([np.full(len(cases[0][1]), 1.0), np.full(len(cases[1][1]), weak)])
    intercept, weights = _fit(evidence, truths, counts)
    return Scorer(VERSION, answers.fingerprint(), len(lessons.papers), intercept, weights)


def score_pairs(
    scorer: Scorer, ground: Ground, seen: Seen, taught: Taught, pairs: Pairs
) -> NDArray[np.float64]:
    """Give the chance that each paper belongs in each place, of all places it is paired with or none.

    The odds of all places are those of excluding alternatives, one of which is that it belongs nowhere: so
    the chances of one paper sum up to less than 1.

    Returns
    -------
    ndarray of shape (n_pairs,), float64
        In [0, 1].
    """
    evidence = gather_evidence(ground, seen, taught, pairs)
    log_odds = evidence @ np.array(scorer.weights) + scorer.intercept
    odds = np.exp(np.clip(log_odds, -30, 30))
    total = np.bincount(pairs.rows, odds, minlength=len(seen.rows))
    return np.asarray(odds / (1 + total[pairs.rows]), dtype=np.float64)


def _unspoken(ground: Ground, lessons: Lessons) -> Indices:
    """Choose filed papers nobody spoke about, spread evenly over the corpus."""
    is_free = ground.filed != NO_TOPIC
    is_free[lessons.papers] = False
    papers = np.flatnonzero(is_free)
    return papers[:: max(1, len(papers) // WEAK_PAPERS)][:WEAK_PAPERS]


def _unfiled(seen: Seen) -> Seen:
    return Seen(
        seen.points,
        seen.neighbours,
        seen.rows,
        np.full_like(seen.homes, NO_TOPIC),
        np.zeros_like(seen.confidences),
    )


def _cases(
    ground: Ground, seen: Seen, taught: Taught, right: Indices, refuses: csr_array | None
) -> tuple[Evidence, NDArray[np.bool_]]:
    """Give the evidence of pairs of which it is known whether they are right, and whether they are."""
    pairs = likely_places(ground, seen)
    belongs = right[pairs.rows]
    known = belongs != NO_TOPIC
    if refuses is not None:
        known |= refuses.toarray()[pairs.rows, pairs.places] > 0
    kept = Pairs(pairs.rows[known], pairs.places[known])
    return gather_evidence(ground, seen, taught, kept), belongs[known] == pairs.places[known]


def _fit(
    evidence: Evidence, truths: NDArray[np.bool_], counts: NDArray[np.float64]
) -> tuple[float, tuple[float, ...]]:
    """Fit on columns scaled alike, and give the weights of the columns as they are."""
    if truths.all() or not truths.any():
        return 0.0, (0.0,) * len(COLUMNS)
    middle, scale = evidence.mean(axis=0), evidence.std(axis=0)
    scale = np.where(scale > 1e-6, scale, np.inf)
    model = LogisticRegression(C=SHRINKAGE, max_iter=1000)
    model.fit((evidence - middle) / scale, truths, sample_weight=counts)
    weights = model.coef_[0] / scale
    intercept = float(model.intercept_[0] - weights @ middle)
    return intercept, tuple(float(weight) for weight in weights)
