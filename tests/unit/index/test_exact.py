import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import InvalidError
from app.index.embedder import Vectors
from app.index.exact import DimensionMismatch, nearest_neighbours, nearest_to


def grid_vectors(n: int, *, seed: int, n_dimensions: int = 16) -> Vectors:
    """Unit vectors with four equal coordinates ±1/2: their products are exact, and many tie."""
    random = np.random.default_rng(seed)
    vectors = np.zeros((n, n_dimensions), np.float32)
    for row in vectors:
        row[random.choice(n_dimensions, 4, replace=False)] = random.choice([-0.5, 0.5], 4)
    return vectors


def round_vectors(n: int, *, seed: int, n_dimensions: int = 24) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(n, n_dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def by_full_sort(
    queries: Vectors, vectors: Vectors, k: int, *, exclude_self: bool
) -> tuple[Vectors, Vectors]:
    products = queries @ vectors.T
    if exclude_self:
        np.fill_diagonal(products, -np.inf)
    order = np.argsort(-products, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(products, order, axis=1)


class TestNearestNeighbours:
    @settings(max_examples=60, deadline=None)
    @given(
        n=st.integers(0, 700), k=st.integers(0, 40), block=st.integers(1, 300), seed=st.integers(0, 2**32 - 1)
    )
    def test_equals_a_full_sort_with_the_lowest_index_first_on_a_tie(
        self, n: int, k: int, block: int, seed: int
    ) -> None:
        vectors = grid_vectors(n, seed=seed)
        neighbours, similarities = nearest_neighbours(vectors, k, block=block)
        expected, expected_similarities = by_full_sort(
            vectors, vectors, min(k, max(n - 1, 0)), exclude_self=True
        )
        np.testing.assert_array_equal(neighbours, expected)
        np.testing.assert_array_equal(similarities, expected_similarities)

    def test_passes_over_more_columns_than_it_holds_at_once(self) -> None:
        vectors = round_vectors(20_000, seed=1)
        neighbours, similarities = nearest_to(vectors[:50], vectors, 7)
        expected, expected_similarities = by_full_sort(vectors[:50], vectors, 7, exclude_self=False)
        np.testing.assert_array_equal(neighbours, expected)
        np.testing.assert_allclose(similarities, expected_similarities, atol=1e-6)

    @pytest.mark.parametrize("n", [0, 1])
    def test_finds_none_where_there_is_no_other(self, n: int) -> None:
        neighbours, similarities = nearest_neighbours(round_vectors(n, seed=0), 5)
        assert neighbours.shape == similarities.shape == (n, 0)

    def test_gives_each_of_two_the_other(self) -> None:
        neighbours, _ = nearest_neighbours(round_vectors(2, seed=0), 5)
        assert neighbours.tolist() == [[1], [0]]

    def test_never_gives_a_paper_itself_even_when_all_are_the_same(self) -> None:
        neighbours, similarities = nearest_neighbours(np.repeat(grid_vectors(1, seed=0), 5, axis=0), 3)
        assert neighbours.tolist() == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [0, 1, 2]]
        assert (similarities == 1).all()

    def test_tells_how_far_it_is_after_each_block(self) -> None:
        told: list[tuple[int, int]] = []
        nearest_neighbours(
            round_vectors(10, seed=0), 3, block=4, progress=lambda done, total: told.append((done, total))
        )
        assert told == [(4, 10), (8, 10), (10, 10)]

    def test_gives_int64_and_float32(self) -> None:
        neighbours, similarities = nearest_neighbours(round_vectors(300, seed=0), 3)
        assert (neighbours.dtype, similarities.dtype) == (np.int64, np.float32)


class TestNearestTo:
    @pytest.mark.parametrize(("n_queries", "n", "k"), [(0, 5, 3), (3, 0, 3), (3, 2, 9), (3, 400, 0)])
    def test_gives_as_many_as_there_are(self, n_queries: int, n: int, k: int) -> None:
        nearest, similarities = nearest_to(round_vectors(n_queries, seed=0), round_vectors(n, seed=1), k)
        assert nearest.shape == similarities.shape == (n_queries, min(k, n))

    def test_finds_a_vector_that_is_there(self) -> None:
        vectors = round_vectors(500, seed=2)
        nearest, similarities = nearest_to(vectors[[7, 499]], vectors, 1)
        assert nearest.ravel().tolist() == [7, 499]
        np.testing.assert_allclose(similarities, 1, atol=1e-6)

    def test_refuses_queries_of_another_model(self) -> None:
        with pytest.raises(DimensionMismatch, match="8 dimensions, vectors 24") as problem:
            nearest_to(round_vectors(2, seed=0, n_dimensions=8), round_vectors(2, seed=0), 1)
        assert isinstance(problem.value, InvalidError)
