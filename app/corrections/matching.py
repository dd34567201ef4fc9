"""Which topics of a new build are those of an earlier one: by the papers they have in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

SAME_TOPIC = 0.2
"""From this Jaccard index on, the best partner of a topic is the same topic, and inherits its id."""
SAME_NAME = 0.5
"""From this one on it inherits the label too: a topic that changed more is named by its papers."""
_DEPTH_BONUS = 1e-6


@dataclass(frozen=True, slots=True)
class TopicPapers:
    """A topic for matching: how deep it stands, and the papers in it and below it."""

    depth: int
    papers: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Match:
    """The earlier topic that a new one is, and their Jaccard index over the papers both builds know."""

    topic: UUID
    jaccard: float


def match_topics(old: Mapping[UUID, TopicPapers], new: Sequence[TopicPapers]) -> list[Match | None]:
    """Find the earlier topic that each new one is: the pairing with the highest sum of Jaccard indices.

    An assignment problem, solved exactly [1]_; pairs below `SAME_TOPIC` count for nothing. Papers that only
    one of the builds knows take no part, so new papers alone make no topic another one.

    Parameters
    ----------
    old : mapping from UUID to TopicPapers
        Topics of earlier builds.
    new : sequence of TopicPapers
        Those of the new one.

    Returns
    -------
    list of Match or None
        One for each new topic; no earlier topic twice.

    Notes
    -----
    Topics that share enough papers hang together in small groups, each of which is a problem of its own:
    thousands of topics take well under a second. Equal topics, such as an only child and its parent, are
    told apart by their depths, and the rest is fixed by the order of ids.

    References
    ----------
    .. [1] D. F. Crouse, "On implementing 2D rectangular assignment algorithms", *IEEE Transactions on
       Aerospace and Electronic Systems* 52(4), 2016. doi:10.1109/TAES.2016.140952
    """
    names = sorted(old)
    weights = _jaccard([old[name] for name in names], new)
    found: list[Match | None] = [None] * len(new)
    n_old = len(names)
    both = csr_array(
        (weights.data, (weights.row, weights.col + n_old)), shape=(n_old + len(new), n_old + len(new))
    )
    _, groups = connected_components(both, directed=False)
    by_group: dict[int, list[int]] = {}
    for place, group in enumerate(groups[weights.row].tolist()):
        by_group.setdefault(group, []).append(place)
    for places in by_group.values():
        rows, row_at = np.unique(weights.row[places], return_inverse=True)
        columns, column_at = np.unique(weights.col[places], return_inverse=True)
        dense = np.zeros((len(rows), len(columns)))
        dense[row_at, column_at] = weights.data[places]
        for row, column in zip(*linear_sum_assignment(dense, maximize=True), strict=True):
            if dense[row, column] > 0:
                name = names[rows[row]]
                found[columns[column]] = Match(name, min(1.0, float(dense[row, column])))
    return found


def _jaccard(old: Sequence[TopicPapers], new: Sequence[TopicPapers]) -> "csr_array":
    """Give the Jaccard index of each pair that reaches `SAME_TOPIC`, a little more at the same depth."""
    known = _all_papers(old) & _all_papers(new)
    numbers = {paper: number for number, paper in enumerate(known)}
    one, other = _members(old, numbers), _members(new, numbers)
    shared = (one @ other.T).tocoo()
    sizes, other_sizes = np.asarray(one.sum(axis=1)), np.asarray(other.sum(axis=1))
    index = shared.data / (sizes[shared.row] + other_sizes[shared.col] - shared.data)
    depths, other_depths = (np.array([topic.depth for topic in topics], dtype=int) for topics in (old, new))
    alike = depths[shared.row] == other_depths[shared.col]
    shared.data = np.where(index >= SAME_TOPIC, index + _DEPTH_BONUS * alike, 0.0)
    shared.eliminate_zeros()
    return shared


def _all_papers(topics: Iterable[TopicPapers]) -> frozenset[UUID]:
    return frozenset().union(*(topic.papers for topic in topics))


def _members(topics: Sequence[TopicPapers], numbers: Mapping[UUID, int]) -> csr_array:
    rows, columns = [], []
    for row, topic in enumerate(topics):
        inside = [numbers[paper] for paper in topic.papers if paper in numbers]
        rows += [row] * len(inside)
        columns += inside
    shape = (len(topics), len(numbers))
    return csr_array((np.ones(len(rows)), (np.array(rows, int), np.array(columns, int))), shape=shape)
