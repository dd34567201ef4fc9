import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hierarchy.parts import divide_papers, join_children
from app.index.neighbours import find_neighbours


def make_papers(sizes, *, spread=0.05, seed=0):
    """Papers around as many centres as there are sizes, centre by centre."""
    random = np.random.default_rng(seed)
    centres = np.repeat(np.eye(len(sizes), 12), sizes, axis=0)
    points = centres + spread * random.normal(size=centres.shape)
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def divide(vectors, k):
    return divide_papers(vectors, find_neighbours(vectors, 8, seed=0), k)


class TestDividePapers:
    def test_finds_groups_that_stand_apart_the_largest_first(self):
        parts = divide(make_papers([8, 20, 12]), 3)
        assert parts.tolist() == [2] * 8 + [0] * 20 + [1] * 12

    @given(
        st.lists(st.integers(1, 12), min_size=1, max_size=5),
        st.integers(2, 8),
        st.sampled_from([0.02, 0.3, 1.0]),
        st.integers(0, 50),
    )
    def test_puts_every_paper_into_one_of_k_parts_and_always_the_same(self, sizes, k, spread, seed):
        vectors = make_papers(sizes, spread=spread, seed=seed)
        parts = divide(vectors, k)
        assert np.array_equal(parts, divide(vectors, k))
        assert parts.shape == (len(vectors),)
        found = np.bincount(parts)
        assert len(found) == min(k, len(vectors))
        assert found.min() > 0
        assert (np.diff(found) <= 0).all()

    def test_makes_no_part_of_an_outlier(self):
        vectors = make_papers([15, 15, 1])
        assert np.bincount(divide(vectors, 2)).tolist() == [16, 15]

    def test_keeps_papers_with_the_same_vector_together(self):
        vectors = np.repeat(make_papers([2, 2]), 5, axis=0)
        parts = divide(vectors, 2).reshape(4, 5)
        assert (parts == parts[:, :1]).all()
        assert len(np.unique(divide(np.repeat(vectors[:1], 9, axis=0), 3))) == 1


class TestJoinChildren:
    def test_puts_those_that_are_alike_together(self):
        vectors = make_papers([6, 6])
        child_of = np.array([0, 0, 2, 2, 4, 4, 1, 1, 1, 3, 3, 3])
        assert join_children(vectors, np.ones(12), child_of, 2).tolist() == [0, 1, 0, 1, 0]

    @pytest.mark.parametrize("k", [1, 3, 6])
    def test_makes_as_many_groups_as_are_asked_for(self, k):
        vectors = make_papers([3] * 6, spread=0.4)
        groups = join_children(vectors, np.ones(18), np.repeat(np.arange(6), 3), k)
        assert sorted(set(groups.tolist())) == list(range(k))
