"""Says where each paper belongs, how sure that is, and which papers belong nowhere."""

from dataclasses import dataclass

import numpy as np

from app.hierarchy.confidence import first_evidence, weigh
from app.hierarchy.linkage import Sums
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.second_homes import find_second_homes
from app.hierarchy.smooth import Points
from app.hierarchy.surroundings import look_around
from app.hierarchy.tree import NO_TOPIC, Indices, SecondHomes, Similarities

FEWEST_FOR_OUTLIERS = 100
"""In smaller corpora every paper has a place."""

NEAREST = 5
"""So many neighbours say how alone a paper is."""

LEAST_DEVIATION = 1e-3


@dataclass(frozen=True, slots=True)
class Places:
    """Where each paper is and where else it might be: the arrays of a `Hierarchy`, over leaves."""

    assignments: Indices
    confidences: Similarities
    best_guesses: Indices
    runners_up: Indices
    second_homes: SecondHomes


def place_papers(
    vectors: Points,
    neighbours: tuple[Indices, Similarities],
    leaves: Indices,
    smallest: int,
    parameters: BuildParameters,
) -> Places:
    """Weigh each paper's leaf against others.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors as the encoder gave them.
    neighbours : tuple of ndarray of shape (n_papers, k), int64, and (n_papers, k), float32
        Nearest neighbours of each paper without itself and their similarities.
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
    around = look_around(vectors, neighbours[0], leaves)
    confidences = weigh(first_evidence(around))
    assignments = leaves.copy()
    strangeness = (_deviations(around.own) + _deviations(neighbours[1][:, :NEAREST].mean(axis=1))) / 2
    assignments[_outliers(strangeness, leaves, smallest, parameters)] = NO_TOPIC
    homes = find_second_homes(around, assignments, confidences, most=parameters.most_second_homes)
    return Places(assignments, confidences, leaves, around.runners_up, homes)


def _deviations(similarities: Similarities) -> Sums:
    """Say how far each is under the median, in scaled median absolute deviations."""
    middle = float(np.median(similarities))
    deviation = 1.4826 * float(np.median(np.abs(similarities - middle)))
    return (middle - similarities.astype(np.float64)) / max(deviation, LEAST_DEVIATION)


def _outliers(strangeness: Sums, leaves: Indices, smallest: int, parameters: BuildParameters) -> Indices:
    if len(strangeness) < FEWEST_FOR_OUTLIERS:
        return np.empty(0, dtype=np.int64)
    order = np.argsort(-strangeness, kind="stable")[: int(parameters.max_unassigned * len(strangeness))]
    left = np.bincount(leaves)
    outliers = []
    for paper in order[strangeness[order] > parameters.outlier_deviations]:
        if left[leaves[paper]] > smallest:
            left[leaves[paper]] -= 1
            outliers.append(paper)
    return np.array(outliers, dtype=np.int64)
