"""The hierarchy of topics as arrays."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

NO_TOPIC = -1
"""In arrays: the parent of the root, and the topic of an unassigned paper."""

Indices = NDArray[np.int64]
Similarities = NDArray[np.float32]


def _no_indices() -> Indices:
    return np.empty(0, dtype=np.int64)


def _no_confidences() -> Similarities:
    return np.empty(0, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class SecondHomes:
    """Further topics that papers belong to beside the one they are filed under, row by row.

    Rows stand by paper, then by falling confidence. A paper that is in a topic is in all its ancestors, so
    no second home is an ancestor, or a descendant, of the paper's first or of another one of its homes.

    Attributes
    ----------
    papers : ndarray of shape (n_homes,), int64
        Ascending; a paper may have several.
    topics : ndarray of shape (n_homes,), int64
        The topic each is in as well.
    confidences : ndarray of shape (n_homes,), float32
        How sure that is, in [0, 1]: roughly the chance that a build on another sample of the papers gives the
        paper a home there, of either kind. Never above the confidence of the assignment.
    """

    papers: Indices = field(default_factory=_no_indices)
    topics: Indices = field(default_factory=_no_indices)
    confidences: Similarities = field(default_factory=_no_confidences)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A rooted tree of topics over the papers of one corpus.

    Topics are numbered so that the root is 0 and every parent comes before its children; siblings
    stand in the order they are shown, largest first.

    Attributes
    ----------
    parents : ndarray of shape (n_topics,), int64
        Index of each topic's parent; ``NO_TOPIC`` for the root.
    assignments : ndarray of shape (n_papers,), int64
        The topic each paper is filed under directly (as a rule a leaf); ``NO_TOPIC`` if unassigned.
    confidences : ndarray of shape (n_papers,), float32
        How sure the assignment is, in [0, 1]: the chance that a build on another sample of the papers would
        file the paper alike; of an unassigned paper, how sure its best guess is.
    best_guesses : ndarray of shape (n_papers,), int64
        The nearest topic of every paper; for an unassigned one, where it would go if it had to.
    runners_up : ndarray of shape (n_papers,), int64
        The second nearest leaf; ``NO_TOPIC`` where there is only one.
    second_homes : SecondHomes
        Where a second topic is nearly as near as the first; none of an unassigned paper.
    """

    parents: Indices
    assignments: Indices
    confidences: Similarities
    best_guesses: Indices
    runners_up: Indices
    second_homes: SecondHomes = field(default_factory=SecondHomes)


def topic_depths(parents: Indices) -> Indices:
    """Count the steps from the root to each topic.

    Parameters
    ----------
    parents : ndarray of shape (n_topics,), int64
        As in `Hierarchy`: every parent before its children.

    Returns
    -------
    ndarray of shape (n_topics,), int64
        0 for the root.
    """
    depths = np.zeros(len(parents), dtype=np.int64)
    for topic in range(1, len(parents)):
        depths[topic] = depths[parents[topic]] + 1
    return depths


def topic_children(parents: Indices) -> list[list[int]]:
    """List each topic's children in the order they are shown."""
    children: list[list[int]] = [[] for _ in parents]
    for topic in range(1, len(parents)):
        children[parents[topic]].append(topic)
    return children


def ancestors_at(parents: Indices, depth: int) -> Indices:
    """Find the ancestor of each topic at a depth.

    Parameters
    ----------
    parents : ndarray of shape (n_topics,), int64
        As in `Hierarchy`.
    depth : int
        0 is the root.

    Returns
    -------
    ndarray of shape (n_topics,), int64
        A topic at ``depth`` or above it is its own.
    """
    depths = topic_depths(parents)
    ancestors = np.arange(len(parents), dtype=np.int64)
    for topic in range(1, len(parents)):
        if depths[topic] > depth:
            ancestors[topic] = ancestors[parents[topic]]
    return ancestors
