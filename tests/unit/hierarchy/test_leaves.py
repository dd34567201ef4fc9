import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hierarchy import leaves
from app.hierarchy.leaves import find_leaves, group_means, merge_until
from app.hierarchy.linkage import ward_linkage
from app.hierarchy.smooth import neighbour_graph
from tests.unit.hierarchy.trees import grouped_vectors, neighbours_of, random_vectors


class TestMergeUntil:
    @given(n_points=st.integers(1, 40), n_groups=st.integers(1, 50), seed=st.integers(0, 100))
    @settings(max_examples=50, deadline=None)
    def test_gives_the_number_asked_for(self, n_points, n_groups, seed):
        dendrogram = ward_linkage(random_vectors(n_points, seed=seed), np.ones(n_points))
        groups = merge_until(dendrogram, n_groups)
        assert len(set(groups.tolist())) == groups.max() + 1 == min(n_points, n_groups)
        assert groups[0] == 0


class TestGroupMeans:
    def test_weighs_points_by_their_papers(self):
        points = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]], dtype=np.float32)
        means, masses = group_means(points, np.array([3.0, 1.0, 2.0]), np.array([0, 0, 1]))
        assert np.allclose(means, [[0.25, 0.75], [0.5, 0.5]])
        assert masses.tolist() == [4.0, 2.0]


class TestFindLeaves:
    def leaves_of(self, vectors, weights=None, **changes):
        settings = {"n_leaves": 10, "smallest": 5, "largest": 40} | changes
        weights = np.ones(len(vectors)) if weights is None else weights
        graph = neighbour_graph(*neighbours_of(vectors), np.arange(len(vectors)))
        return find_leaves(vectors, weights, graph, **settings)

    def test_divides_what_is_too_large_and_dissolves_what_is_too_small(self):
        vectors = grouped_vectors([150, 2, 30, 18], spread=0.5)
        sizes = np.bincount(self.leaves_of(vectors, n_leaves=4))
        assert sizes.min() >= 5
        assert sizes.max() <= 45
        assert sizes.sum() == 200

    def test_counts_papers_not_points(self):
        vectors = grouped_vectors([10] * 6)
        weights = np.full(60, 10.0)
        sizes = np.bincount(self.leaves_of(vectors, weights, n_leaves=6, largest=60), weights=weights)
        assert sizes.max() <= 80

    def test_keeps_one_group_when_all_are_too_small(self):
        assert self.leaves_of(random_vectors(9), n_leaves=4, smallest=20).tolist() == [0] * 9

    def test_finds_the_same_groups_when_it_must_join_along_the_graph_first(self, monkeypatch):
        vectors = grouped_vectors([25] * 8, spread=0.3)
        exact = self.leaves_of(vectors, n_leaves=8)
        monkeypatch.setattr(leaves, "EXACT_LIMIT", 40)
        assert (self.leaves_of(vectors, n_leaves=8) == exact).all()
