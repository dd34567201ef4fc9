"""How sure a place is: the chance that a paper would be filed alike if some papers were others."""

from dataclasses import astuple, dataclass

import numpy as np
from scipy.special import expit

from app.hierarchy.surroundings import Surroundings
from app.hierarchy.tree import Indices, Similarities


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts in a logistic regression; names are those of `Evidence`."""

    intercept: float
    nearness: float
    agreement: float
    rivalry: float
    cohesion: float
    size: float


WEIGHTS = Weights(
    intercept=-1.38,
    nearness=2.15,
    agreement=1.4,
    rivalry=-0.87,
    cohesion=0.74,
    size=0.07,
)
"""Fitted by ``python -m benchmarks.places --fit``, which writes them here, to how often a paper has the
leaf that matches its present one in a build on another random 90 % of the papers. No category that somebody
gave a paper takes part. To be fitted anew whenever leaves are found in another way."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against some places, each a paper and a leaf, row by row.

    Attributes
    ----------
    nearness : ndarray of shape (n_places,), float32
        From 0, far nearer to another leaf, over one half, as near, to 1.
    agreement : ndarray of shape (n_places,), float32
        Share of the paper's neighbours that are in the leaf, of as many as could be.
    rivalry : ndarray of shape (n_places,), float32
        The largest such share in another leaf.
    cohesion : ndarray of shape (n_places,), float32
        Mean agreement of the papers in the leaf.
    size : ndarray of shape (n_places,), float32
        Natural logarithm of the number of papers in the leaf.
    """

    nearness: Similarities
    agreement: Similarities
    rivalry: Similarities
    cohesion: Similarities
    size: Similarities


def first_evidence(around: Surroundings) -> Evidence:
    """Gather what speaks for and against each paper's own leaf, in corpus order."""
    rivals, n_papers = around.rivals, len(around.leaves)
    rivalry = np.zeros(n_papers, np.float32)
    np.maximum.at(rivalry, rivals.papers, rivals.shares)
    nearness = _nearness(around.own - around.other, around.spread)
    return _of_leaves(around, around.leaves, nearness, around.agreement, rivalry)


def rival_evidence(around: Surroundings, rows: Indices, similarities: Similarities) -> Evidence:
    """Gather what speaks for and against some rivals, each as if it and the paper's own leaf changed roles.

    Parameters
    ----------
    around : Surroundings
        What is around the papers.
    rows : ndarray of shape (n_places,), int64
        Rows of ``around.rivals``.
    similarities : ndarray of shape (n_places,), float32
        Of each paper to the rival's centroid.

    Returns
    -------
    Evidence
        Row *i* for ``rows[i]``.
    """
    papers, leaves = around.rivals.papers[rows], around.rivals.leaves[rows]
    nearness = _nearness(similarities - around.own[papers], around.spread)
    return _of_leaves(around, leaves, nearness, around.rivals.shares[rows], around.agreement[papers])


def weigh(evidence: Evidence, weights: Weights = WEIGHTS) -> Similarities:
    """Turn evidence into confidences in [0, 1]."""
    intercept, *others = astuple(weights)
    columns = [getattr(evidence, name) for name in evidence_names()]
    weighted = sum((weight * column for weight, column in zip(others, columns, strict=True)), intercept)
    return np.asarray(expit(weighted), dtype=np.float32)


def evidence_names() -> list[str]:
    """Give the kinds of evidence in the order of the weights.

    >>> evidence_names()
    ['nearness', 'agreement', 'rivalry', 'cohesion', 'size']
    """
    return list(Evidence.__dataclass_fields__)


def _nearness(margins: Similarities, spread: float) -> Similarities:
    return np.asarray(expit(margins / spread), dtype=np.float32)


def _of_leaves(
    around: Surroundings,
    leaves: Indices,
    nearness: Similarities,
    agreement: Similarities,
    rivalry: Similarities,
) -> Evidence:
    cohesion = np.bincount(around.leaves, around.agreement) / around.sizes
    return Evidence(
        nearness,
        agreement,
        rivalry,
        cohesion[leaves].astype(np.float32),
        np.log(around.sizes[leaves]).astype(np.float32),
    )
