"""How far the filing of new papers can be trusted: learnt by filing papers whose place is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from app.corrector.answers import Answers
from app.corrector.arrivals import Arrivals, file_arrivals
from app.corrector.chances import Chances
from app.corrector.ground import MOST_NEIGHBOURS, lay_ground
from app.corrector.scorer import fit_scorer
from app.hierarchy.smooth import Points
from app.hierarchy.tree import NO_TOPIC, Indices, Similarities

SHARE = 0.1
"""Of the papers that stand, at most so many are taken out at a time and filed as if they were new."""

ENOUGH = 1000
MOST_ROUNDS = 5
"""So many papers are filed for the sake of it, in as few rounds as that takes."""

FEWEST = 40
"""From fewer cases nothing is learnt: chances are taken as they are."""

LEAST_ODDS = 1e-6


@dataclass(frozen=True, slots=True)
class Stand:
    """Papers and where they stand: the arrays that `lay_ground` takes, row by row."""

    vectors: Points
    neighbours: Indices
    parents: Indices
    assignments: Indices
    confidences: Similarities


@dataclass(frozen=True, slots=True)
class Trust:
    """A logistic regression over the log odds of the likeliest place and its lead over the next.

    Attributes
    ----------
    intercept, odds, lead : float
        Its weights; as they are at first, a chance is what it was.
    n_cases : int
        Papers that it was learnt from.
    """

    intercept: float = 0.0
    odds: float = 1.0
    lead: float = 0.0
    n_cases: int = 0

    def weigh(self, chances: Chances) -> Similarities:
        """Give the chance that each paper's likeliest place is where it would stand, had it been there."""
        odds, lead = _evidence(chances).T
        log_odds = self.intercept + self.odds * odds + self.lead * lead
        return np.asarray(1 / (1 + np.exp(-log_odds)), dtype=np.float32)


def learn_trust(stand: Stand, answers: Answers, *, seed: int) -> Trust:
    """File papers that stand as if they had just come, and see how often that gives their place.

    Parameters
    ----------
    stand : Stand
        What stands; it is not changed.
    answers : Answers
        All that people said; papers they spoke about are not taken out.
    seed : int
        Draws the papers that are.

    Returns
    -------
    Trust
        The same for the same stand, answers and seed.

    Notes
    -----
    Each round lays the ground and fits a scorer without a tenth of the papers: about a second for 20,000.
    """
    free = np.setdiff1d(np.arange(len(stand.assignments)), answers.papers)
    n_held = min(int(SHARE * len(free)), ENOUGH)
    if n_held == 0:
        return Trust()
    order = np.random.default_rng(seed).permutation(free)
    n_rounds = min(MOST_ROUNDS, -(-ENOUGH // n_held))
    rounds = [np.sort(order[first * n_held : (first + 1) * n_held]) for first in range(n_rounds)]
    cases = [_file_again(stand, answers, held) for held in rounds]
    return _fit(*(np.concatenate(part) for part in zip(*cases, strict=True)))


def file_trusted(trust: Trust, arrivals: Arrivals) -> Arrivals:
    """Give arrivals with confidences that came true as often among papers whose place is known."""
    return Arrivals(arrivals.assignments, trust.weigh(arrivals.chances), arrivals.chances)


def _file_again(
    stand: Stand, answers: Answers, held: Indices
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    is_held = np.zeros(len(stand.assignments), dtype=np.bool_)
    is_held[held] = True
    left = np.where(is_held, NO_TOPIC, stand.assignments)
    ground = lay_ground(stand.vectors, stand.neighbours, stand.parents, left, stand.confidences)
    near = _others_first(stand.neighbours[held], is_held)
    found = file_arrivals(fit_scorer(ground, answers), ground, answers, stand.vectors[held], near)
    return _evidence(found.chances), found.chances.topics[:, 0] == stand.assignments[held]


def _others_first(neighbours: Indices, is_held: NDArray[np.bool_]) -> Indices:
    """Have those that stand come first: a new paper has no neighbours that are not filed yet."""
    order = np.argsort(is_held[neighbours], axis=1, kind="stable")
    return np.take_along_axis(neighbours, order, axis=1)[:, :MOST_NEIGHBOURS]


def _evidence(chances: Chances) -> NDArray[np.float64]:
    best = np.clip(chances.chances[:, :2].astype(np.float64), LEAST_ODDS, 1 - LEAST_ODDS)
    return np.stack([np.log(best[:, 0] / (1 - best[:, 0])), np.log(best[:, 0] / best[:, 1])], axis=1)


def _fit(evidence: NDArray[np.float64], truths: NDArray[np.bool_]) -> Trust:
    if len(truths) < FEWEST or truths.all() or not truths.any():
        return Trust()
    model = LogisticRegression(C=1.0).fit(evidence, truths)
    odds, lead = model.coef_[0]
    return Trust(float(model.intercept_[0]), float(odds), float(lead), len(truths))
