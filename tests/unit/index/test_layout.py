import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from app.index.layout import lay_out
from app.index.neighbours import find_neighbours


def _groups(n_papers: int, n_groups: int = 6) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    centres = random.normal(size=(n_groups, 32))
    groups = random.integers(0, n_groups, n_papers)
    vectors = centres[groups] + 0.5 * random.normal(size=(n_papers, 32))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), groups


def _lay_out(vectors: np.ndarray, seed: int = 0) -> np.ndarray:
    return lay_out(vectors, find_neighbours(vectors, 15, seed=0), seed=seed)


class TestLayOut:
    def test_puts_like_papers_together(self):
        vectors, groups = _groups(400)
        places = _lay_out(vectors)
        _, nearest = cKDTree(places).query(places, 11)
        assert (groups[nearest[:, 1:]] == groups[:, None]).mean() > 0.95

    def test_fills_the_square(self):
        places = _lay_out(_groups(200)[0])
        assert places.dtype == np.float32
        assert np.abs(places).max() == pytest.approx(1.0)
        assert np.allclose(places.min(axis=0), -places.max(axis=0), atol=1e-5)

    def test_is_the_same_for_the_same_seed(self):
        vectors, _ = _groups(150)
        assert _lay_out(vectors).tobytes() == _lay_out(vectors).tobytes()
        assert _lay_out(vectors).tobytes() != _lay_out(vectors, seed=1).tobytes()

    def test_tells_how_far_it_is(self):
        vectors, _ = _groups(30)
        told: list[tuple[int, int]] = []
        neighbours = find_neighbours(vectors, 15, seed=0)
        lay_out(vectors, neighbours, seed=0, progress=lambda done, total: told.append((done, total)))
        assert [done for done, _ in told] == list(range(1, told[0][1] + 1))

    @settings(max_examples=15, deadline=None)
    @given(n_papers=st.integers(0, 8), n_dimensions=st.integers(1, 4), n_distinct=st.integers(1, 3))
    def test_gives_every_paper_a_place(self, n_papers: int, n_dimensions: int, n_distinct: int):
        kinds = np.random.default_rng(1).normal(size=(n_distinct, n_dimensions))
        kinds /= np.linalg.norm(kinds, axis=1, keepdims=True)
        vectors = kinds[np.arange(n_papers) % n_distinct].astype(np.float32)
        places = _lay_out(vectors)
        assert places.shape == (n_papers, 2)
        assert np.isfinite(places).all()
        assert np.abs(places).max(initial=0) <= 1

    @pytest.mark.slow
    def test_lays_out_20_000_papers_within_a_minute(self):
        vectors, groups = _groups(20_000, 100)
        places = _lay_out(vectors)
        _, nearest = cKDTree(places).query(places[:2000], 11)
        assert (groups[nearest[:, 1:]] == groups[:2000, None]).mean() > 0.9
