"""Says where each paper belongs, how sure that is, and which papers belong nowhere."""

from dataclasses import dataclass

import numpy as np

from app.hierarchy.confidence import first_evidence, weigh
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.second_homes import find_second_homes
from app.hierarchy.smooth import Points
from app.hierarchy.surroundings import look_around
from app.hierarchy.tree import NO_TOPIC, Indices, SecondHomes, Similarities

FEWEST_FOR_OUTLIERS = 100
"""In smaller corpora every paper has a place."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where each paper is and where else it might be: the arrays of a `Hierarchy`, over leaves."""

    assignments: Indices
    confidences: Similarities
    best_guesses: Indices
    runners_up: Indices
    second_homes: SecondHomes


def place_papers(
    vectors: Points, neighbours: Indices, leaves: Indices, smallest: int, parameters: BuildParameters
) -> Places:
    """Weigh each paper's leaf against others.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors as the encoder gave them.
    neighbours : ndarray of shape (n_papers, k), int64
        Nearest neighbours of each paper without itself.
    leaves : ndarray of shape (n_papers,), int64
        Leaf of each paper, from 0, none empty; at least two.
    smallest : int
        No leaf is left with fewer papers.
    parameters : BuildParameters
        ``outlier_deviations``, ``max_unassigned`` and ``most_second_homes`` are used.

    Returns
    -------
    Places
        A confidence is the chance that the paper's leaf would be the same in a build on other papers, that of
        an unassigned paper for its best guess.
    """
    around = look_around(vectors, neighbours, leaves)
    confidences = weigh(first_evidence(around))
    assignments = leaves.copy()
    assignments[_outliers(around.own, leaves, smallest, parameters)] = NO_TOPIC
    homes = find_second_homes(around, assignments, confidences, most=parameters.most_second_homes)
    return Places(assignments, confidences, leaves, around.runners_up, homes)


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
