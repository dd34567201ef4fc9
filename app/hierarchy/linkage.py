"""Joins points bottom up by Ward's criterion, many pairs at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from app.hierarchy.smooth import Points
from app.hierarchy.tree import Indices

BLOCK = 512
PAIRS_AT_ONCE = 1024
GAP_PRICE = 2.0
"""How wide a gap, as a natural logarithm, is worth a number of groups that is e times the one wished for."""

Sums = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dendrogram:
    """Binary merges: node ``i < n_points`` is a point, node ``n_points + i`` is merge ``i``.

    Attributes
    ----------
    merges : ndarray of shape (n_points - 1, 2), int64
        The two nodes each merge joins, the lower first; merges come in ascending height.
    heights : ndarray of shape (n_points - 1,), float64
        Growth of the within-group sum of squares.
    """

    merges: Indices
    heights: Sums

    @property
    def n_points(self) -> int:
        """Number of points at the bottom."""
        return len(self.merges) + 1


def ward_linkage(points: Points, weights: Sums) -> Dendrogram:
    """Build the dendrogram that joins, step by step, the two groups whose union costs least [1]_.

    Pairs that are each other's nearest are joined at once [2]_: Ward's criterion is reducible, so the result
    is that of one merge at a time.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_dimensions), float32
        At least one.
    weights : ndarray of shape (n_points,), float64
        How many papers each point stands for.

    Returns
    -------
    Dendrogram
        Heights never decrease.

    Notes
    -----
    O(n_points ** 2) time in practice, `BLOCK` rows of distances in memory at a time.

    References
    ----------
    .. [1] Ward, "Hierarchical grouping to optimize an objective function", JASA 58, 1963.
    .. [2] Murtagh, "A survey of recent advances in hierarchical clustering algorithms", The Computer Journal
       26, 1983.
    """
    centroids, masses = points.astype(np.float64), weights.astype(np.float64)
    names = np.arange(len(points), dtype=np.int64)
    nearest, costs = _nearest_groups(centroids, masses, names)
    pairs: list[Indices] = []
    heights: list[Sums] = []
    n_made = len(points)
    while len(names) > 1:
        left, right = _reciprocal_pairs(nearest, costs)
        pairs.append(np.column_stack([names[left], names[right]]))
        heights.append(costs[left])
        stale = _mark_stale(nearest, left, right)
        centroids[left], masses[left] = _join(centroids, masses, left, right)
        names[left] = n_made + np.arange(len(left))
        n_made += len(left)
        kept = np.delete(np.arange(len(names)), right)
        position = np.full(len(names), -1, dtype=np.int64)
        position[kept] = np.arange(len(kept))
        centroids, masses, names, costs = centroids[kept], masses[kept], names[kept], costs[kept]
        nearest, changed = position[nearest[kept]], np.flatnonzero(stale[kept])
        if len(names) > 1:
            nearest[changed], costs[changed] = _nearest_groups(centroids, masses, changed)
    merges = np.concatenate([np.empty((0, 2), np.int64), *pairs])
    return _in_order(merges, np.concatenate([np.empty(0), *heights]))


def natural_count(dendrogram: Dendrogram, about: float, *, fewest: int, most: int) -> int:
    """Choose a number of groups near a wished one where the dendrogram has a gap.

    Parameters
    ----------
    dendrogram : Dendrogram
        Of any number of points.
    about : float
        The number wished for.
    fewest, most : int
        Bounds of the answer, as far as there are points.

    Returns
    -------
    int
        The number with the widest relative gap between the merge that would end it and the one that makes it,
        less `GAP_PRICE` for each factor e away from ``about``.
    """
    n_points = dendrogram.n_points
    counts = np.arange(min(fewest, n_points), min(most, n_points - 1) + 1)
    if len(counts) == 0 or n_points < 3:
        return min(max(round(about), 1), n_points)
    heights = np.maximum(dendrogram.heights, 1e-6 * dendrogram.heights[-1] + 1e-12)
    ending, making = heights[n_points - counts], heights[n_points - counts - 1]
    gain = np.log(ending / making) - GAP_PRICE * np.abs(np.log(counts / about))
    return int(counts[gain.argmax()])


def _nearest_groups(centroids: Sums, masses: Sums, rows: Indices) -> tuple[Indices, Sums]:
    """Find for some groups the one that costs least to join, the lowest index on a tie."""
    nearest, costs = np.zeros(len(rows), dtype=np.int64), np.full(len(rows), np.inf)
    squares = np.einsum("ij,ij->i", centroids, centroids)
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        distances = squares[block, None] + squares[None, :] - 2.0 * (centroids[block] @ centroids.T)
        np.maximum(distances, 0.0, out=distances)
        distances *= masses[block, None] * masses[None, :] / (masses[block, None] + masses[None, :])
        distances[np.arange(len(block)), block] = np.inf
        own = distances.argmin(axis=1)
        nearest[start : start + BLOCK] = own
        costs[start : start + BLOCK] = distances[np.arange(len(block)), own]
    return nearest, costs


def _reciprocal_pairs(nearest: Indices, costs: Sums) -> tuple[Indices, Indices]:
    own = np.arange(len(nearest))
    left = np.flatnonzero((nearest[nearest] == own) & (own < nearest))
    if len(left) == 0:
        # Rounding can make each of two groups prefer a third; the cheapest pair is always right.
        first = int(costs.argmin())
        left = np.array([min(first, int(nearest[first]))])
        return left, np.array([max(first, int(nearest[first]))])
    return left, nearest[left]


def _mark_stale(nearest: Indices, left: Indices, right: Indices) -> NDArray[np.bool_]:
    """Say whose nearest group changes; by reducibility the others keep theirs."""
    joined = np.zeros(len(nearest), dtype=np.bool_)
    joined[left] = joined[right] = True
    return joined | joined[nearest]


def _join(centroids: Sums, masses: Sums, left: Indices, right: Indices) -> tuple[Sums, Sums]:
    total = masses[left] + masses[right]
    weighted = centroids[left] * masses[left, None] + centroids[right] * masses[right, None]
    return weighted / total[:, None], total


def _in_order(pairs: Indices, heights: Sums) -> Dendrogram:
    """Renumber merges by height, a merge always after those it joins."""
    n_points = len(heights) + 1
    raised = heights.copy()
    for merge, nodes in enumerate(pairs):
        # Rounding may put a merge a hair under its parts.
        parts = [raised[node - n_points] for node in nodes if node >= n_points]
        raised[merge] = max([raised[merge], *parts])
    order = np.argsort(raised, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    nodes = np.concatenate([np.arange(n_points, dtype=np.int64), n_points + rank])
    return Dendrogram(np.sort(nodes[pairs[order]], axis=1), raised[order])


def join_nearest(points: Points, weights: Sums, graph: csr_array, *, at_most: int) -> Indices:
    """Join neighbours into small groups until few enough are left for an exact linkage.

    The same criterion and pairs as `ward_linkage`, looking only along the edges of a graph.

    Parameters
    ----------
    points : ndarray of shape (n_points, n_dimensions), float32
        Smoothed vectors.
    weights : ndarray of shape (n_points,), float64
        How many papers each point stands for.
    graph : csr_array of shape (n_points, n_points)
        Symmetric; where it has an edge, two points may be joined.
    at_most : int
        Stop when there are no more groups than this, or no edge between two is left.

    Returns
    -------
    ndarray of shape (n_points,), int64
        Group of each point, numbered by first point.

    Notes
    -----
    O(number of edges) time and memory a round; costs are computed anew only where a group has changed.
    """
    groups = np.arange(len(points), dtype=np.int64)
    centroids, masses = points.astype(np.float32), weights.astype(np.float64)
    lower, higher = _pairs_of(graph)
    costs = _pair_costs(centroids, masses, lower, higher)
    while len(masses) > at_most and len(costs):
        nearest, least = _nearest_along(lower, higher, costs, len(masses))
        left, right = _reciprocal_pairs(nearest, least)
        # The cheapest go first, so that the last round stops at the bound.
        cheapest = np.argsort(least[left], kind="stable")[: len(masses) - at_most]
        left, right = left[cheapest], right[cheapest]
        merged, total = _join(centroids.astype(np.float64), masses, left, right)
        centroids[left], masses[left] = merged, total
        kept = np.delete(np.arange(len(masses)), right)
        position = np.empty(len(masses), dtype=np.int64)
        position[kept] = np.arange(len(kept))
        position[right] = position[left]
        is_new = np.zeros(len(kept), dtype=np.bool_)
        is_new[position[left]] = True
        centroids, masses, groups = centroids[kept], masses[kept], position[groups]
        lower, higher, costs = _contract(position[lower], position[higher], costs, len(kept))
        stale = np.flatnonzero(is_new[lower] | is_new[higher])
        costs[stale] = _pair_costs(centroids, masses, lower[stale], higher[stale])
    return groups


def _pairs_of(graph: csr_array) -> tuple[Indices, Indices]:
    rows, columns = (own.astype(np.int64) for own in graph.tocoo().coords)
    once = rows < columns
    return rows[once], columns[once]


def _pair_costs(centroids: Points, masses: Sums, lower: Indices, higher: Indices) -> Sums:
    costs = np.empty(len(lower))
    for start in range(0, len(lower), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        apart = centroids[lower[part]] - centroids[higher[part]]
        costs[part] = np.einsum("ij,ij->i", apart, apart)
    costs *= masses[lower] * masses[higher] / (masses[lower] + masses[higher])
    return costs


def _nearest_along(lower: Indices, higher: Indices, costs: Sums, n_groups: int) -> tuple[Indices, Sums]:
    """Find for each group the neighbour that costs least to join, the lowest index on a tie."""
    least = np.full(n_groups, np.inf)
    np.minimum.at(least, lower, costs)
    np.minimum.at(least, higher, costs)
    nearest = np.full(n_groups, n_groups, dtype=np.int64)
    for own, other in ((lower, higher), (higher, lower)):
        best = costs == least[own]
        np.minimum.at(nearest, own[best], other[best])
    return np.where(nearest < n_groups, nearest, np.arange(n_groups)), least


def _contract(lower: Indices, higher: Indices, costs: Sums, n_groups: int) -> tuple[Indices, Indices, Sums]:
    """Drop the pairs that were joined and keep of those that became the same only one."""
    apart = lower != higher
    lower, higher, costs = lower[apart], higher[apart], costs[apart]
    pairs = np.minimum(lower, higher) * n_groups + np.maximum(lower, higher)
    pairs, firsts = np.unique(pairs, return_index=True)
    return pairs // n_groups, pairs % n_groups, costs[firsts]
