"""Builds on samples of a corpus, set side by side: what in one build is found in the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from app.hierarchy.build import build_hierarchy
from app.hierarchy.confidence import Evidence, first_evidence
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.surroundings import look_around
from app.hierarchy.tree import Indices, SecondHomes, Similarities
from app.index.embedder import Vectors

SHARE = 0.9
"""Of the papers, in each sample."""

Neighbours = tuple[Indices, Similarities]
Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class SampleBuild:
    """A build on some of the papers; rows are those of ``papers``, topics are leaves, from 0."""

    papers: Indices
    leaves: Indices
    evidence: Evidence
    homes: SecondHomes


@dataclass(frozen=True)
class Pair:
    """Two builds, the rows in each of the papers in both, and the match of each leaf of the first."""

    one: SampleBuild
    other: SampleBuild
    rows: Indices
    other_rows: Indices
    matches: Indices


def build_sample(
    vectors: Vectors, neighbours: Neighbours, parameters: BuildParameters, *, seed: int
) -> SampleBuild:
    """Build on a random sample of the papers.

    ``neighbours`` are those in the whole corpus, so many that a sample has enough of them.
    """
    random = np.random.default_rng(seed)
    papers = np.sort(random.permutation(len(vectors))[: round(SHARE * len(vectors))])
    own, near = vectors[papers], keep_neighbours(neighbours, papers, parameters.neighbours)
    tree = build_hierarchy(own, neighbours=near, parameters=parameters, seed=0)
    names, leaves = np.unique(tree.best_guesses, return_inverse=True)
    homes = tree.second_homes
    return SampleBuild(
        papers,
        leaves.astype(np.int64),
        first_evidence(look_around(own, near[0], leaves.astype(np.int64))),
        SecondHomes(homes.papers, np.searchsorted(names, homes.topics), homes.confidences),
    )


def keep_neighbours(neighbours: Neighbours, papers: Indices, k: int) -> Neighbours:
    """Give the k nearest neighbours within a sample, from longer lists over the whole corpus."""
    indices, similarities = neighbours
    numbers = np.full(len(indices), -1, dtype=np.int64)
    numbers[papers] = np.arange(len(papers))
    found = numbers[indices[papers]]
    first = np.argsort(found < 0, axis=1, kind="stable")[:, :k]
    kept = np.take_along_axis(found, first, axis=1)
    if (kept < 0).any():
        raise SystemExit("A paper has too few neighbours in a sample; give longer lists.")
    return kept, np.take_along_axis(similarities[papers], first, axis=1)


def pair_builds(builds: Sequence[SampleBuild]) -> Iterator[Pair]:
    """Set each build beside each other one, in both directions."""
    for one, other in permutations(builds, 2):
        _, rows, others = np.intersect1d(one.papers, other.papers, return_indices=True)
        yield Pair(one, other, rows, others, match_leaves(one.leaves[rows], other.leaves[others]))


def match_leaves(one: Indices, other: Indices) -> Indices:
    """Pair the leaves of two builds over the same papers by papers in common, one to one.

    Returns
    -------
    ndarray of shape (n_leaves,), int64
        For each leaf of the first the one of the second, so that the sum of Jaccard's indices is the largest
        there is (Hungarian method); -1 for a leaf that none is left for.
    """
    shared = np.zeros((int(one.max()) + 1, int(other.max()) + 1))
    np.add.at(shared, (one, other), 1)
    either = shared.sum(axis=1)[:, None] + shared.sum(axis=0)[None, :] - shared
    rows, columns = linear_sum_assignment(-shared / np.maximum(either, 1))
    matches = np.full(len(shared), -1, dtype=np.int64)
    matches[rows] = columns
    return matches


def filed_again(pair: Pair) -> Truths:
    """Say for each paper in both builds whether its leaves match."""
    return pair.matches[pair.one.leaves[pair.rows]] == pair.other.leaves[pair.other_rows]


def at_home_again(pair: Pair) -> tuple[Truths, Similarities]:
    """Say for each second home whether the paper is there again, by either kind; with confidences."""
    other, homes = pair.other, pair.one.homes
    places = set(enumerate(other.leaves.tolist()))
    places |= set(zip(other.homes.papers.tolist(), other.homes.topics.tolist(), strict=True))
    in_other = np.full(len(pair.one.leaves), -1, dtype=np.int64)
    in_other[pair.rows] = pair.other_rows
    rows, leaves = in_other[homes.papers], pair.matches[homes.topics]
    shared = np.flatnonzero(rows >= 0)
    again = [place in places for place in zip(rows[shared].tolist(), leaves[shared].tolist(), strict=True)]
    return np.array(again, dtype=bool), homes.confidences[shared]
