"""Finds the leaves: the groups of papers that are not divided further."""

import numpy as np
from scipy.sparse import csr_array

from app.hierarchy.linkage import Dendrogram, Sums, join_nearest, natural_count, ward_linkage
from app.hierarchy.smooth import Points, to_unit
from app.hierarchy.tree import Indices

EXACT_LIMIT = 2500
"""More points than this are joined along the graph first, then exactly."""

ROUNDS = 3


def find_leaves(
    points: Points, weights: Sums, graph: csr_array, *, n_leaves: int, smallest: int, largest: int
) -> Indices:
    """Divide points into groups of a readable size.

    Linkage gives the groups; then each point goes to the nearest centroid, groups that are too small are
    dissolved and those that are too large divided.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_dimensions), float32
        Smoothed unit vectors.
    weights : ndarray of shape (n_points,), float64
        Papers that each point stands for.
    graph : csr_array of shape (n_points, n_points)
        Neighbours.
    n_leaves : int
        About how many groups to find; a clear gap in the linkage moves it by a factor of up to two.
    smallest, largest : int
        Papers in a group, where the data allow.

    Returns
    -------
    ndarray of shape (n_points,), int64
        Group of each point, from 0, none empty.
    """
    atoms = join_nearest(points, weights, graph, at_most=EXACT_LIMIT)
    centres, masses = group_means(points, weights, atoms)
    dendrogram = ward_linkage(centres, masses)
    count = natural_count(dendrogram, n_leaves, fewest=max(2, n_leaves // 2), most=2 * n_leaves)
    groups = merge_until(dendrogram, count)[atoms]
    for _ in range(ROUNDS):
        groups = _nearest_centre(points, weights, groups, np.unique(groups))
    groups = _dissolve_small(points, weights, groups, smallest)
    groups = _divide_large(points, weights, graph, groups, largest)
    return _dissolve_small(points, weights, groups, smallest, largest)


def group_means(points: Points, weights: Sums, groups: Indices) -> tuple[Points, Sums]:
    """Average the points of each group.

    Returns
    -------
    means : ndarray of shape (n_groups, n_dimensions), float32
        Not of unit length: how short it is says how wide the group is.
    masses : ndarray of shape (n_groups,), float64
        Papers in each group.
    """
    n_groups = int(groups.max(initial=-1)) + 1
    masses = np.bincount(groups, weights=weights, minlength=n_groups).astype(np.float64)
    ones = (weights, (groups, np.arange(len(groups))))
    sums = csr_array(ones, shape=(n_groups, len(groups))) @ points.astype(np.float64)
    means = np.asarray(sums / np.maximum(masses, 1e-12)[:, None], dtype=np.float32)
    return means, masses


def merge_until(dendrogram: Dendrogram, n_groups: int) -> Indices:
    """Cut a dendrogram into a number of groups.

    Returns
    -------
    ndarray of shape (n_points,), int64
        Group of each point, numbered by first point.
    """
    n_points = dendrogram.n_points
    done = max(0, n_points - max(1, n_groups))
    above = np.arange(2 * n_points - 1, dtype=np.int64)
    for merge in range(done):
        above[dendrogram.merges[merge]] = n_points + merge
    for node in range(n_points + done - 1, -1, -1):
        above[node] = above[above[node]]
    _, firsts, groups = np.unique(above[:n_points], return_index=True, return_inverse=True)
    return np.argsort(np.argsort(firsts))[groups].astype(np.int64)


def _nearest_centre(points: Points, weights: Sums, groups: Indices, kept: Indices) -> Indices:
    """Move each point to the nearest centre among some groups, and number them anew."""
    centres = to_unit(group_means(points, weights, groups)[0])[kept]
    nearest = np.empty(len(points), dtype=np.int64)
    for start in range(0, len(points), 4096):
        nearest[start : start + 4096] = (points[start : start + 4096] @ centres.T).argmax(axis=1)
    return np.unique(nearest, return_inverse=True)[1].astype(np.int64)


def _dissolve_small(
    points: Points, weights: Sums, groups: Indices, smallest: int, largest: float = np.inf
) -> Indices:
    """Give the papers of groups that are too small to the nearest group that is not, the smallest first.

    Groups that would then be too large get none, while there are others.
    """
    while True:
        masses = np.bincount(groups, weights=weights)
        small = np.flatnonzero(masses < smallest)
        if len(small) == 0 or len(masses) == 1:
            return groups
        # Half at a time: two small groups side by side should become one.
        order = small[np.argsort(masses[small], kind="stable")]
        dissolved = order[: max(1, len(order) // 2)]
        if len(dissolved) == len(masses):
            dissolved = dissolved[1:]
        kept = np.setdiff1d(np.arange(len(masses)), dissolved)
        centres = to_unit(group_means(points, weights, groups)[0])[kept]
        full = masses[kept] + masses[dissolved].max() > largest
        moved = np.isin(groups, dissolved)
        groups = np.searchsorted(kept, np.where(moved, kept[0], groups)).astype(np.int64)
        similarities = points[moved] @ centres.T
        if not full.all():
            similarities[:, full] = -np.inf
        groups[moved] = similarities.argmax(axis=1)


def _divide_large(points: Points, weights: Sums, graph: csr_array, groups: Indices, largest: int) -> Indices:
    """Divide each group that is too large by a linkage of its own."""
    groups = groups.copy()
    n_groups = int(groups.max()) + 1
    for group in np.flatnonzero(np.bincount(groups, weights=weights) > largest):
        inside = np.flatnonzero(groups == group)
        atoms = np.arange(len(inside), dtype=np.int64)
        if len(inside) > EXACT_LIMIT:
            edges = csr_array(graph[inside][:, inside])
            atoms = join_nearest(points[inside], weights[inside], edges, at_most=EXACT_LIMIT)
        centres, masses = group_means(points[inside], weights[inside], atoms)
        parts = _parts_within(ward_linkage(centres, masses), masses, largest)[atoms]
        groups[inside[parts > 0]] = n_groups + parts[parts > 0] - 1
        n_groups += int(parts.max())
    return groups


def _parts_within(dendrogram: Dendrogram, weights: Sums, largest: int) -> Indices:
    """Undo merges from the top until each part that can be divided is small enough."""
    n_points = dendrogram.n_points
    masses = np.concatenate([weights, np.zeros(n_points - 1)])
    for merge, nodes in enumerate(dendrogram.merges):
        masses[n_points + merge] = masses[nodes].sum()
    part = np.full(2 * n_points - 1, -1, dtype=np.int64)
    n_parts = 0
    for node in range(2 * n_points - 2, -1, -1):
        if part[node] < 0 and (masses[node] <= largest or node < n_points):
            part[node] = n_parts
            n_parts += 1
        if node >= n_points:
            part[dendrogram.merges[node - n_points]] = part[node]
    return part[:n_points]
