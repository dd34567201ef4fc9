import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import linkage as scipy_linkage
from scipy.sparse import csr_array

from app.hierarchy.linkage import join_nearest, ward_linkage
from app.hierarchy.smooth import neighbour_graph
from tests.unit.hierarchy.trees import grouped_vectors, neighbours_of, random_vectors


def leaves_of(dendrogram):
    """The points under each merge."""
    under = [frozenset([point]) for point in range(dendrogram.n_points)]
    for left, right in dendrogram.merges:
        under.append(under[left] | under[right])
    return under[dendrogram.n_points :]


def joined_one_by_one(points, edges, *, at_most):
    """The groups that joining gives when every cost is computed anew in each round."""
    groups = {point: [point] for point in range(len(points))}
    centroids = dict(enumerate(points))
    while len(groups) > at_most and edges:
        costs = {}
        for one, other in edges:
            apart = centroids[one] - centroids[other]
            masses = len(groups[one]), len(groups[other])
            costs[one, other] = np.einsum("i,i->", apart, apart) * np.prod(masses) / sum(masses)
        nearest = {
            group: min((cost, *(set(pair) - {group})) for pair, cost in costs.items() if group in pair)[1]
            for group in {group for pair in edges for group in pair}
        }
        mutual = [
            (costs[pair], pair)
            for pair in edges
            if nearest[pair[0]] == pair[1] and nearest[pair[1]] == pair[0]
        ]
        at = {group: group for group in groups}
        for _, (left, right) in sorted(mutual)[: len(groups) - at_most]:
            weighted = [centroids[own].astype(np.float64) * len(groups[own]) for own in (left, right)]
            groups[left] += groups.pop(right)
            centroids[left] = (sum(weighted) / len(groups[left])).astype(np.float32)
            at[right] = left
        edges = {tuple(sorted((at[one], at[other]))) for one, other in edges if at[one] != at[other]}
    return sorted(sorted(group) for group in groups.values())


class TestWardLinkage:
    @given(n_points=st.integers(2, 60), n_dimensions=st.integers(1, 6), seed=st.integers(0, 500))
    @settings(max_examples=40, deadline=None)
    def test_agrees_with_scipy(self, n_points, n_dimensions, seed):
        points = np.random.default_rng(seed).normal(size=(n_points, n_dimensions)).astype(np.float32)
        ours = ward_linkage(points, np.ones(n_points))
        theirs = scipy_linkage(points.astype(np.float64), "ward")
        # SciPy's height is the root of twice the growth of the sum of squares.
        assert np.allclose(np.sqrt(2 * ours.heights), theirs[:, 2], rtol=1e-4, atol=1e-5)

    def test_counts_a_point_as_often_as_its_weight(self):
        points = np.array([[0.0], [1.0], [2.2]], dtype=np.float32)
        assert ward_linkage(points, np.ones(3)).merges[0].tolist() == [0, 1]
        assert ward_linkage(points, np.array([9.0, 9.0, 1.0])).merges[0].tolist() == [1, 2]

    def test_equals_the_linkage_of_repeated_points(self):
        points = random_vectors(20)
        weights = np.random.default_rng(0).integers(1, 4, 20)
        heavy = ward_linkage(points, weights.astype(float))
        repeated = ward_linkage(np.repeat(points, weights, axis=0), np.ones(weights.sum()))
        assert np.allclose(heavy.heights, repeated.heights[-19:], atol=1e-5)

    @given(n_points=st.integers(1, 80), seed=st.integers(0, 200))
    @settings(max_examples=40, deadline=None)
    def test_has_no_inversions_and_holds_every_point_once(self, n_points, seed):
        points = np.round(np.random.default_rng(seed).normal(size=(n_points, 2)), 1).astype(np.float32)
        dendrogram = ward_linkage(points, np.ones(n_points))
        assert (np.diff(dendrogram.heights) >= 0).all()
        assert sorted(dendrogram.merges.ravel()) == list(range(2 * n_points - 2))
        for place, (left, right) in enumerate(dendrogram.merges):
            assert left < right < n_points + place

    def test_joins_many_equal_points(self):
        dendrogram = ward_linkage(np.ones((200, 4), dtype=np.float32), np.ones(200))
        assert leaves_of(dendrogram)[-1] == frozenset(range(200))
        assert np.allclose(dendrogram.heights, 0.0, atol=1e-9)


class TestJoinNearest:
    @pytest.mark.parametrize("at_most", [10, 50, 199])
    def test_stops_at_the_bound(self, at_most):
        vectors = grouped_vectors([20] * 10)
        graph = neighbour_graph(*neighbours_of(vectors), np.arange(200))
        groups = join_nearest(vectors, np.ones(200), graph, at_most=at_most)
        assert len(np.unique(groups)) == at_most
        assert groups.max() == at_most - 1

    def test_joins_within_groups_first(self):
        vectors = grouped_vectors([20] * 10, spread=0.2)
        graph = neighbour_graph(*neighbours_of(vectors), np.arange(200))
        groups = join_nearest(vectors, np.ones(200), graph, at_most=40)
        home = np.repeat(np.arange(10), 20)
        assert all(len(set(home[groups == group])) == 1 for group in range(40))

    @pytest.mark.parametrize("at_most", [7, 60, 111])
    def test_remembers_only_costs_that_still_hold(self, at_most):
        vectors = random_vectors(150)
        graph = neighbour_graph(*neighbours_of(vectors), np.arange(150))
        found = join_nearest(vectors, np.ones(150), graph, at_most=at_most)
        edges = {(one, other) for one, other in zip(*graph.nonzero(), strict=True) if one < other}
        expected = joined_one_by_one(vectors, edges, at_most=at_most)
        assert [np.flatnonzero(found == group).tolist() for group in range(at_most)] == expected

    def test_changes_nothing_when_there_are_few(self):
        vectors = random_vectors(30)
        graph = neighbour_graph(*neighbours_of(vectors), np.arange(30))
        assert join_nearest(vectors, np.ones(30), graph, at_most=30).tolist() == list(range(30))

    def test_stops_where_no_edge_is_left(self):
        vectors = random_vectors(6)
        edges = csr_array(np.kron(np.eye(3), [[0, 1], [1, 0]]).astype(np.float32))
        assert join_nearest(vectors, np.ones(6), edges, at_most=1).tolist() == [0, 0, 1, 1, 2, 2]
