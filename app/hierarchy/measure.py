"""How well a hierarchy agrees with categories that somebody else made, beside a shuffled control."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.metrics import adjusted_mutual_info_score

from app.hierarchy.categories import CategoryLevel, category_members
from app.hierarchy.figures import Agreement, LevelAgreement, Structure
from app.hierarchy.members import topic_members
from app.hierarchy.structure import measure_structure
from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices, SecondHomes, ancestors_at, topic_depths

__all__ = [
    "SMALLEST_CATEGORY",
    "Agreement",
    "LevelAgreement",
    "Structure",
    "best_depth_ami",
    "best_node_f1",
    "category_members",
    "dendrogram_purity",
    "measure_agreement",
    "measure_structure",
    "partition_at",
    "shuffle_papers",
]

SMALLEST_CATEGORY = 5
"""Categories with fewer papers are not scored."""


def measure_agreement(
    hierarchy: Hierarchy, levels: Sequence[CategoryLevel], *, seed: int
) -> list[LevelAgreement]:
    """Score a hierarchy against each level of categories.

    Parameters
    ----------
    hierarchy : Hierarchy
        The tree.
    levels : sequence of CategoryLevel
        Over the same papers. A paper in several categories counts in each for best-node F1, and in the one of
        its first path for purity and mutual information, which know no overlap.
    seed : int
        Of the control.

    Returns
    -------
    list of LevelAgreement
        One for each level; categories with fewer than `SMALLEST_CATEGORY` papers are counted, not scored.
    """
    control = shuffle_papers(hierarchy, seed=seed)
    return [_at_level(hierarchy, control, level) for level in levels]


def _at_level(hierarchy: Hierarchy, control: Hierarchy, level: CategoryLevel) -> LevelAgreement:
    sizes = np.asarray(level.members.sum(axis=1))
    scored = np.flatnonzero(sizes >= SMALLEST_CATEGORY)
    return LevelAgreement(
        level=level.level,
        n_categories=len(scored),
        n_too_small=len(sizes) - len(scored),
        n_papers=int((np.asarray(level.members[scored].sum(axis=0)) > 0).sum()),
        found=_agreement(hierarchy, level),
        shuffled=_agreement(control, level),
    )


def _agreement(hierarchy: Hierarchy, level: CategoryLevel) -> Agreement:
    return Agreement(
        best_node_f1=best_node_f1(hierarchy, level.members),
        dendrogram_purity=dendrogram_purity(hierarchy, level.firsts),
        ami=best_depth_ami(hierarchy, level.firsts),
    )


def best_node_f1(hierarchy: Hierarchy, members: csr_array) -> float:
    """Score how well each category is found as some topic [1]_.

    Parameters
    ----------
    hierarchy : Hierarchy
        A paper belongs to its topic and to all ancestors of it.
    members : csr_array of shape (n_categories, n_papers)
        1 where a paper is in a category; a paper may be in several.

    Returns
    -------
    float
        Mean over categories, weighted by size, of the best F1 against any topic; 0 if no category has
        `SMALLEST_CATEGORY` papers.

    References
    ----------
    .. [1] Larsen and Aone, "Fast and effective text mining using linear-time document clustering",
       KDD 1999, doi:10.1145/312129.312186.
    """
    topics = topic_members(hierarchy)
    sizes = np.asarray(members.sum(axis=1), dtype=np.float64)
    topic_sizes = np.asarray(topics.sum(axis=1), dtype=np.float64)
    shared = (members @ topics.T).toarray()
    f1 = 2.0 * shared / np.maximum(sizes[:, None] + topic_sizes[None, :], 1.0)
    scored = sizes >= SMALLEST_CATEGORY
    if not scored.any():
        return 0.0
    return float(np.average(f1[scored].max(axis=1), weights=sizes[scored]))


def dendrogram_purity(hierarchy: Hierarchy, categories: Indices) -> float:
    """Score how pure the smallest topic around two papers of one category is [1]_.

    Exact over all pairs, also for trees that are not binary.

    Parameters
    ----------
    hierarchy : Hierarchy
        Unassigned papers count as filed under the root.
    categories : ndarray of shape (n_papers,), int64
        One category a paper; ``NO_TOPIC`` and categories under `SMALLEST_CATEGORY` make no pairs.

    Returns
    -------
    float
        In [0, 1]; 0 if there is no pair.

    References
    ----------
    .. [1] Heller and Ghahramani, "Bayesian hierarchical clustering", ICML 2005, doi:10.1145/1102351.1102389.
    """
    members = category_members(categories)
    members = members[np.flatnonzero(members.sum(axis=1) >= SMALLEST_CATEGORY)]
    topics = topic_members(hierarchy)
    counts = (topics @ members.T).toarray().astype(np.float64)
    pairs = counts * (counts - 1.0) / 2.0
    total = float(pairs[0].sum())
    meeting_here = pairs.copy()
    np.subtract.at(meeting_here, hierarchy.parents[1:], pairs[1:])
    purity = counts / np.maximum(np.asarray(topics.sum(axis=1), dtype=np.float64), 1.0)[:, None]
    return float((meeting_here * purity).sum() / total) if total else 0.0


def partition_at(hierarchy: Hierarchy, depth: int) -> Indices:
    """Divide the papers by their topic at a depth, or by the leaf where a branch ends above it.

    Returns
    -------
    ndarray of shape (n_papers,), int64
        Topic of each paper; ``NO_TOPIC`` for an unassigned one.
    """
    ancestors = ancestors_at(hierarchy.parents, depth)
    assigned = hierarchy.assignments != NO_TOPIC
    return np.where(assigned, ancestors[hierarchy.assignments], NO_TOPIC)


def best_depth_ami(hierarchy: Hierarchy, categories: Indices) -> float:
    """Measure adjusted mutual information at the depth with the number of topics nearest the categories'.

    Parameters
    ----------
    hierarchy : Hierarchy
        Unassigned papers form one group.
    categories : ndarray of shape (n_papers,), int64
        One category a paper; ``NO_TOPIC`` and categories under `SMALLEST_CATEGORY` are left out.

    Returns
    -------
    float
        1 for the same division, about 0 for an unrelated one.
    """
    sizes = np.bincount(categories[categories != NO_TOPIC], minlength=1)
    scored = np.flatnonzero((categories != NO_TOPIC) & (sizes[categories] >= SMALLEST_CATEGORY))
    if len(scored) == 0:
        return 0.0
    n_categories = int((sizes >= SMALLEST_CATEGORY).sum())
    deepest = max(1, int(topic_depths(hierarchy.parents).max()))
    partitions = [partition_at(hierarchy, depth) for depth in range(1, deepest + 1)]
    nearest = min(partitions, key=lambda partition: abs(len(np.unique(partition)) - n_categories))
    return float(adjusted_mutual_info_score(categories[scored], nearest[scored]))


def shuffle_papers(hierarchy: Hierarchy, *, seed: int) -> Hierarchy:
    """Give each paper the places of another: the control every figure is reported beside."""
    order: NDArray[np.int64] = np.random.default_rng(seed).permutation(len(hierarchy.assignments))
    return replace(
        hierarchy,
        assignments=hierarchy.assignments[order],
        confidences=hierarchy.confidences[order],
        best_guesses=hierarchy.best_guesses[order],
        runners_up=hierarchy.runners_up[order],
        second_homes=_moved(hierarchy.second_homes, np.argsort(order)),
    )


def _moved(homes: SecondHomes, new_places: Indices) -> SecondHomes:
    papers = new_places[homes.papers]
    rows = np.argsort(papers, kind="stable")
    return SecondHomes(papers[rows], homes.topics[rows], homes.confidences[rows])
