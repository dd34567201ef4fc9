"""How good a hierarchy is: against categories somebody else made, and in its own shape."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from sklearn.metrics import adjusted_mutual_info_score

from app.hierarchy.members import topic_members
from app.hierarchy.tree import (
    NO_TOPIC,
    Hierarchy,
    Indices,
    ancestors_at,
    topic_children,
    topic_depths,
)

SMALLEST_CATEGORY = 5
"""Categories with fewer papers are not scored."""


@dataclass(frozen=True, slots=True)
class Structure:
    """The shape of a hierarchy.

    ``coverage`` is the share of papers filed under a topic; ``largest_share`` the greatest share of its
    parent's papers that any topic holds; sizes count papers of leaves.
    """

    n_topics: int
    n_leaves: int
    depth: int
    coverage: float
    n_single_children: int
    smallest_fan_out: int
    mean_fan_out: float
    largest_fan_out: int
    smallest_leaf: int
    median_leaf: float
    largest_leaf: int
    largest_share: float


def category_members(categories: Indices) -> csr_array:
    """Turn one category a paper into a membership matrix.

    Parameters
    ----------
    categories : ndarray of shape (n_papers,), int64
        Number of each paper's category; ``NO_TOPIC`` where it has none.

    Returns
    -------
    csr_array of shape (n_categories, n_papers), int32
        1 where the paper is in the category.
    """
    papers = np.flatnonzero(categories != NO_TOPIC)
    ones = np.ones(len(papers), dtype=np.int32)
    shape = (int(categories.max(initial=-1)) + 1, len(categories))
    return csr_array(coo_array((ones, (categories[papers], papers)), shape=shape))


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
    sizes = np.bincount(categories[categories != NO_TOPIC])
    scored = np.flatnonzero((categories != NO_TOPIC) & (sizes[categories] >= SMALLEST_CATEGORY))
    if len(scored) == 0:
        return 0.0
    n_categories = int((sizes >= SMALLEST_CATEGORY).sum())
    deepest = max(1, int(topic_depths(hierarchy.parents).max()))
    partitions = [partition_at(hierarchy, depth) for depth in range(1, deepest + 1)]
    nearest = min(partitions, key=lambda partition: abs(len(np.unique(partition)) - n_categories))
    return float(adjusted_mutual_info_score(categories[scored], nearest[scored]))


def measure_structure(hierarchy: Hierarchy) -> Structure:
    """Describe the shape of a hierarchy; a root alone counts as one leaf."""
    children = topic_children(hierarchy.parents)
    fan_outs = np.array([len(own) for own in children if own] or [0])
    sizes = np.asarray(topic_members(hierarchy).sum(axis=1), dtype=np.int64)
    leaves = sizes[[topic for topic, own in enumerate(children) if not own]]
    shares = sizes[1:] / np.maximum(sizes[hierarchy.parents[1:]], 1)
    assigned = hierarchy.assignments != NO_TOPIC
    return Structure(
        n_topics=len(hierarchy.parents),
        n_leaves=len(leaves),
        depth=int(topic_depths(hierarchy.parents).max()),
        coverage=float(assigned.mean()) if len(assigned) else 1.0,
        n_single_children=int((fan_outs == 1).sum()),
        smallest_fan_out=int(fan_outs.min()),
        mean_fan_out=float(fan_outs.mean()),
        largest_fan_out=int(fan_outs.max()),
        smallest_leaf=int(leaves.min()),
        median_leaf=float(np.median(leaves)),
        largest_leaf=int(leaves.max()),
        largest_share=float(shares.max(initial=0.0)),
    )


def shuffle_papers(hierarchy: Hierarchy, *, seed: int) -> Hierarchy:
    """Give each paper the place of another: the control every figure is reported beside."""
    order: NDArray[np.int64] = np.random.default_rng(seed).permutation(len(hierarchy.assignments))
    return replace(
        hierarchy,
        assignments=hierarchy.assignments[order],
        confidences=hierarchy.confidences[order],
        best_guesses=hierarchy.best_guesses[order],
        runners_up=hierarchy.runners_up[order],
    )
