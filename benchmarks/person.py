"""A truthful person who knows what each paper is filed under, and what each topic is about."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.corrector.answers import Answers
from app.corrector.ground import Ground
from app.hierarchy.categories import CategoryLevel
from app.hierarchy.tree import NO_TOPIC, Indices, ancestors_at, topic_depths

MAIN_SHARE = 0.2
"""A tolerant person takes a topic to be about every category that a fifth of its papers have."""


@dataclass(frozen=True)
class Person:
    """What the person holds to be right; fixed before the first answer.

    Attributes
    ----------
    categories : ndarray of shape (n_papers,), int64
        The narrowest gold category of each paper.
    means : ndarray of shape (n_topics, n_categories), bool
        Which categories each topic is about: the one most of its papers have, or all main ones. A category
        that would have no topic at all has the one that finds it best by F1.
    belongs : ndarray of shape (n_papers,), int64
        The topic each paper is filed under if that is about its category, otherwise the nearest that is.
    """

    categories: Indices
    means: NDArray[np.bool_]
    belongs: Indices

    def accuracy(self, assignments: Indices) -> float:
        """Give the share of papers in a topic that is about their category."""
        return float(self.is_right(assignments).mean())

    def is_right(self, assignments: Indices) -> NDArray[np.bool_]:
        """Say of each paper whether its topic is about its category; unassigned ones are wrong."""
        return np.asarray(self.means[assignments, self.categories] & (assignments != NO_TOPIC), np.bool_)

    def answer(self, papers: Indices, homes: Indices) -> Answers:
        """Answer about papers in the order given: kept where they are, or moved to where they belong."""
        moved = papers[homes[papers] != self.belongs[papers]]
        said_of = np.concatenate([moved, papers])
        topics = np.concatenate([homes[moved], self.belongs[papers]])
        right = np.arange(len(said_of)) >= len(moved)
        known = topics != NO_TOPIC
        return Answers(said_of[known], topics[known], right[known])


def make_person(ground: Ground, categories: Indices, n_categories: int, *, tolerant: bool) -> Person:
    """Make up a person's mind about the topics of a machine's tree."""
    homes = np.where(ground.filed == NO_TOPIC, 0, ground.places[ground.filed])
    counts = np.zeros((len(ground.parents), n_categories))
    np.add.at(counts, (homes, categories), 1)
    means = _main_categories(counts, ground.places, tolerant)
    similarities = ground.seen.points @ ground.centroids.T
    fits = means[ground.places][:, categories].T
    nearest = ground.places[np.where(fits, similarities, -np.inf).argmax(axis=1)]
    is_right = means[homes, categories] & (ground.filed != NO_TOPIC)
    return Person(categories, means, np.where(is_right, homes, nearest))


def narrowest_categories(gold: Sequence[CategoryLevel]) -> Indices:
    """Find the last category on each paper's first path; all are numbered from 0."""
    levels = [level.firsts for level in gold]
    names = np.stack([np.full(len(levels[0]), NO_TOPIC), *levels], axis=1)
    depth = (names != NO_TOPIC).sum(axis=1)
    keys = np.stack([depth, names[np.arange(len(names)), depth]], axis=1)
    return np.unique(keys, axis=0, return_inverse=True)[1].ravel().astype(np.int64)


def _main_categories(counts: NDArray[np.float64], places: Indices, tolerant: bool) -> NDArray[np.bool_]:
    sizes, totals = counts.sum(axis=1), counts.sum(axis=0)
    means = np.zeros(counts.shape, dtype=np.bool_)
    held = places[sizes[places] > 0]
    means[held, counts[held].argmax(axis=1)] = True
    if tolerant:
        means[held] |= counts[held] >= MAIN_SHARE * sizes[held][:, None]
    f1 = 2 * counts[held] / (sizes[held][:, None] + totals[None, :])
    homeless = np.flatnonzero(~means.any(axis=0) & (totals > 0))
    means[held[f1[:, homeless].argmax(axis=0)], homeless] = True
    return means


def closed_f1(parents: Indices, found: Indices, true: Indices) -> float:
    """Score pairs of papers and topics, a paper being in all topics above its own but the root.

    What CHIME calls assignment: micro-averaged F1 over all pairs that either side says are so.
    """
    deepest = max(1, int(topic_depths(parents).max()))
    ours, theirs = (np.stack(_levels(parents, topics, deepest), axis=1) for topics in (found, true))
    both = int(((ours == theirs) & (ours != NO_TOPIC)).sum())
    return 2 * both / max(1, int((ours != NO_TOPIC).sum() + (theirs != NO_TOPIC).sum()))


def _levels(parents: Indices, topics: Indices, deepest: int) -> list[Indices]:
    """Give the ancestor of each paper's topic at each depth; none below the topic, or of no topic."""
    depths = topic_depths(parents)
    return [
        np.where(
            (topics != NO_TOPIC) & (depths[topics] >= depth), ancestors_at(parents, depth)[topics], NO_TOPIC
        )
        for depth in range(1, deepest + 1)
    ]
