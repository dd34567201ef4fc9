import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from app.hierarchy.smooth import merge_duplicates, neighbour_graph, reduce_dimensions, smooth, to_unit
from tests.unit.hierarchy.trees import grouped_vectors, neighbours_of, random_vectors


class TestMergeDuplicates:
    @given(rows=st.lists(st.integers(0, 5), min_size=1, max_size=40))
    def test_numbers_distinct_vectors_by_first_paper(self, rows):
        vectors = random_vectors(6)[rows]
        firsts, distinct = merge_duplicates(vectors)
        assert [rows.index(row) for row in dict.fromkeys(rows)] == firsts.tolist()
        assert (vectors[firsts][distinct] == vectors).all()


class TestNeighbourGraph:
    def test_is_symmetric_and_joins_no_paper_to_itself(self):
        vectors = np.concatenate([random_vectors(20), random_vectors(20)[:5]])
        _, distinct = merge_duplicates(vectors)
        graph = neighbour_graph(*neighbours_of(vectors, 4), distinct).toarray()
        assert graph.shape == (20, 20)
        assert np.allclose(graph, graph.T)
        assert (np.diag(graph) == 0).all()
        assert (graph.sum(axis=1) > 0).all()


class TestReduceDimensions:
    def test_keeps_similarities_when_nothing_is_lost(self):
        vectors = random_vectors(50, 6)
        centred = to_unit(vectors - vectors.mean(axis=0))
        weights = np.ones(50)
        assert np.allclose(reduce_dimensions(vectors, weights, 6), centred, atol=1e-6)
        reduced = reduce_dimensions(np.pad(vectors, ((0, 0), (0, 10))), weights, 6)
        assert np.allclose(reduced @ reduced.T, centred @ centred.T, atol=1e-4)


class TestSmooth:
    def test_brings_neighbours_together(self):
        vectors = grouped_vectors([20] * 4, spread=0.8)
        graph = neighbour_graph(*neighbours_of(vectors, 10), np.arange(80))
        smoothed = smooth(vectors, graph, steps=3, share=0.9)
        home = np.repeat(np.arange(4), 20)
        same = home[:, None] == home[None, :]
        assert (smoothed @ smoothed.T)[same].mean() > (vectors @ vectors.T)[same].mean() + 0.1
        assert np.allclose(np.linalg.norm(smoothed, axis=1), 1.0, atol=1e-5)

    def test_leaves_a_paper_without_neighbours_where_it_is(self):
        vectors = random_vectors(3)
        graph = csr_array(np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=np.float32))
        smoothed = smooth(vectors, graph, steps=5, share=0.9)
        assert np.allclose(smoothed[2], vectors[2], atol=1e-6)
        assert not np.allclose(smoothed[0], vectors[0], atol=1e-2)

    @given(steps=st.integers(0, 3))
    @settings(max_examples=4, deadline=None)
    def test_does_nothing_when_neighbours_have_no_share(self, steps):
        vectors = random_vectors(10)
        graph = neighbour_graph(*neighbours_of(vectors, 3), np.arange(10))
        assert np.allclose(smooth(vectors, graph, steps=steps, share=0.0), vectors, atol=1e-6)
