"""How likely a paper belongs in a place, learnt from answers."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

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
)
from app.corrector.ground import Ground, Seen, take
from app.errors import InvalidError
from app.hierarchy.tree import NO_TOPIC, Indices

VERSION = 1
"""To be raised whenever the columns, or what they mean, change."""

WEAK_PAPERS = 2000
WEAK_WEIGHT = 20.0
"""So many placements nobody looked at are learnt from too, all together worth so many answers."""

SHRINKAGE = 0.1
"""Inverse strength of the penalty on weights, as scikit-learn counts it."""


LEAST_SCALE = 1e-6
"""A column that varies less says nothing."""

Cases = tuple[Evidence, NDArray[np.bool_]]


class UnreadableScorer(InvalidError):
    """What should be a scorer is not one that this version can read."""

    slug = "unreadable-scorer"
    title = "The stored scorer cannot be read"


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over the columns of the evidence: log odds where all are 0, and their weights."""

    intercept: float
    columns: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Scorer:
    """What was learnt.

    Attributes
    ----------
    version : int
        What the columns mean.
    training : str
        Fingerprint of the answers it was taught.
    n_answered : int
        Papers that those are about.
    standing : Weights
        For papers that have a place: that is evidence too, for as much as people left papers where they were.
    arriving : Weights
        For papers that have none yet.
    """

    version: int
    training: str
    n_answered: int
    standing: Weights
    arriving: Weights

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
            _read_weights(stored["standing"]),
            _read_weights(stored["arriving"]),
        )
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise UnreadableScorer("The text is not a scorer.") from error
    if scorer.version != VERSION:
        raise UnreadableScorer(f"Version {scorer.version} was stored, {VERSION} is known.")
    return scorer


def _read_weights(stored: dict[str, Any]) -> Weights:
    weights = Weights(float(stored["intercept"]), tuple(float(weight) for weight in stored["columns"]))
    if len(weights.columns) != len(COLUMNS) or not np.isfinite([weights.intercept, *weights.columns]).all():
        raise ValueError("Weights are missing, or not finite.")
    return weights


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
    Each answered paper gives one case for the place it belongs in and one for each other place that was
    likely; where only a wrong place is known, that alone. Placements nobody looked at are seen as if they
    were new: that a paper is somewhere says nothing for its being there.
    """
    # On two cores more threads cost more than they save, and change last bits.
    with threadpool_limits(limits=1, user_api="blas"):
        return _learn(ground, answers)


def _learn(ground: Ground, answers: Answers) -> Scorer:
    lessons = gather_lessons(answers, ground.place_of)
    taught, seen = digest(ground, lessons), as_found(ground.seen, lessons)
    spoken, silent = take(seen, lessons.papers), _unfiled(take(seen, _unspoken(ground, lessons)))
    weak = _silent_cases(ground, silent, taught)
    standing, arriving = (
        _fit(_answered_cases(ground, part, taught), weak, len(silent.rows))
        for part in (spoken, _unfiled(spoken))
    )
    return Scorer(VERSION, answers.fingerprint(), len(lessons.papers), standing, arriving)


def score_pairs(
    weights: Weights, ground: Ground, seen: Seen, taught: Taught, pairs: Pairs
) -> NDArray[np.float64]:
    """Give the chance that each paper belongs in each place, of all places it is paired with or none.

    The odds of all places are those of excluding alternatives, one of which is that it belongs nowhere: so
    the chances of one paper sum up to less than 1.

    Returns
    -------
    ndarray of shape (n_pairs,), float64
        In [0, 1].
    """
    with threadpool_limits(limits=1, user_api="blas"):
        evidence = gather_evidence(ground, seen, taught, pairs)
    log_odds = evidence @ np.array(weights.columns) + weights.intercept
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


def _answered_cases(ground: Ground, seen: Seen, taught: Taught) -> Cases:
    """Give the evidence of pairs of which people said, or it follows, whether they are right."""
    pairs = likely_places(ground, seen)
    says, refuses = (said.toarray()[pairs.rows, pairs.places] > 0 for said in (taught.says, taught.refuses))
    has_right = np.diff(taught.says.indptr) > 0
    known = has_right[pairs.rows] | refuses
    kept = Pairs(pairs.rows[known], pairs.places[known])
    return gather_evidence(ground, seen, taught, kept), says[known]


def _silent_cases(ground: Ground, seen: Seen, taught: Taught) -> Cases:
    pairs = likely_places(ground, seen)
    return gather_evidence(ground, seen, taught, pairs), ground.filed[seen.rows][pairs.rows] == pairs.places


def _fit(strong: Cases, weak: Cases, n_weak: int) -> Weights:
    """Fit on columns scaled alike, and give the weights of the columns as they are."""
    evidence, truths = (np.concatenate([one, other]) for one, other in zip(strong, weak, strict=True))
    if truths.all() or not truths.any():
        return Weights(0.0, (0.0,) * len(COLUMNS))
    counts = np.concatenate([np.ones(len(strong[1])), np.full(len(weak[1]), WEAK_WEIGHT / max(1, n_weak))])
    middle, scale = evidence.mean(axis=0), evidence.std(axis=0)
    scale = np.where(scale > LEAST_SCALE, scale, np.inf)
    model = LogisticRegression(C=SHRINKAGE, max_iter=1000)
    model.fit((evidence - middle) / scale, truths, sample_weight=counts)
    columns = model.coef_[0] / scale
    return Weights(float(model.intercept_[0] - columns @ middle), tuple(float(weight) for weight in columns))
