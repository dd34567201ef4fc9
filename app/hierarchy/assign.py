"""Says how sure each paper's place is, and which papers have none."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from app.hierarchy.parameters import BuildParameters
from app.hierarchy.smooth import Points, to_unit
from app.hierarchy.tree import NO_TOPIC, Indices, Similarities

FEWEST_FOR_OUTLIERS = 100
"""In smaller corpora every paper has a place."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where each paper is and where else it might be: the arrays of a `Hierarchy`, over leaves."""

    assignments: Indices
    confidences: Similarities
    best_guesses: Indices
    runners_up: Indices


def place_papers(vectors: Points, leaves: Indices, smallest: int, parameters: BuildParameters) -> Places:
    """Weigh each paper's leaf against the nearest other one.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors as the encoder gave them: the smoothed ones are too sure of everything.
    leaves : ndarray of shape (n_papers,), int64
        Leaf of each paper, from 0, none empty; at least two.
    smallest : int
        No leaf is left with fewer papers.
    parameters : BuildParameters
        ``outlier_deviations`` and ``max_unassigned`` are used.

    Returns
    -------
    Places
        A confidence is the logistic function of the margin between both similarities in units of its spread:
        over one half where the paper is nearer to its own leaf's centroid, which it takes no part in.
    """
    centred = to_unit(vectors - vectors.mean(axis=0))
    own, other, runners_up = _two_similarities(centred, leaves)
    margins = own - other
    spread = max(float(np.median(np.abs(margins))), 1e-6)
    confidences = 1.0 / (1.0 + np.exp(-np.clip(margins / spread, -30.0, 30.0)))
    assignments = leaves.copy()
    assignments[_outliers(own, leaves, smallest, parameters)] = NO_TOPIC
    return Places(assignments, confidences.astype(np.float32), leaves, runners_up)


def _two_similarities(centred: Points, leaves: Indices) -> tuple[Similarities, Similarities, Indices]:
    """Find the similarity to the own leaf without the paper itself, and to the nearest other leaf."""
    n_papers, n_leaves = len(leaves), int(leaves.max()) + 1
    ones = (np.ones(n_papers, np.float32), (leaves, np.arange(n_papers)))
    sums = csr_array(ones, shape=(n_leaves, n_papers)) @ centred
    centroids = to_unit(sums)
    own = np.einsum("ij,ij->i", centred, to_unit(sums[leaves] - centred))
    other, runners_up = np.full(n_papers, -np.inf, np.float32), np.full(n_papers, NO_TOPIC, np.int64)
    for start in range(0, n_papers, 4096):
        rows = slice(start, start + 4096)
        similarities = centred[rows] @ centroids.T
        within = np.arange(len(similarities))
        similarities[within, leaves[rows]] = -np.inf
        runners_up[rows] = similarities.argmax(axis=1)
        other[rows] = similarities[within, runners_up[rows]]
    return own, other, runners_up


def _outliers(own: Similarities, leaves: Indices, smallest: int, parameters: BuildParameters) -> Indices:
    if len(own) < FEWEST_FOR_OUTLIERS:
        return np.empty(0, dtype=np.int64)
    middle = float(np.median(own))
    deviation = 1.4826 * float(np.median(np.abs(own - middle)))
    order = np.argsort(own, kind="stable")[: int(parameters.max_unassigned * len(own))]
    left = np.bincount(leaves)
    outliers = []
    for paper in order[own[order] < middle - parameters.outlier_deviations * deviation]:
        if left[leaves[paper]] > smallest:
            left[leaves[paper]] -= 1
            outliers.append(paper)
    return np.array(outliers, dtype=np.int64)
