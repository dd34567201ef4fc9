import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import app.index.approximate
from app.index.approximate import approximate_neighbours
from app.index.best import Indices
from app.index.exact import nearest_neighbours
from app.index.processors import on_all_processors
from tests.unit.index.subjects import subject_vectors

OWN_DIGEST = (
    "import sys; sys.path.insert(0, {root!r}); "
    "from tests.unit.index.test_approximate import digest; print(digest({threads}))"
)


def recall(found: Indices, expected: Indices) -> float:
    shared = [len(np.intersect1d(*pair)) for pair in zip(found, expected, strict=True)]
    return float(np.sum(shared)) / expected.size


def digest(n_threads: int) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.index.approximate, "on_all_processors", lambda: on_all_processors(n_threads))
        neighbours, similarities = approximate_neighbours(subject_vectors(6000, seed=5), 12, seed=3)
    return sha256(neighbours.tobytes() + similarities.tobytes()).hexdigest()


class TestApproximateNeighbours:
    @pytest.mark.parametrize("k", [5, 30])
    def test_finds_nearly_all_in_overlapping_subjects(self, k: int) -> None:
        vectors = subject_vectors(8000, seed=0)
        found, similarities = approximate_neighbours(vectors, k, seed=0)
        expected, expected_similarities = nearest_neighbours(vectors, k)
        assert recall(found, expected) >= 0.97
        assert (expected_similarities - similarities).mean() < 0.005

    def test_finds_more_the_more_blocks_it_looks_at(self) -> None:
        vectors = subject_vectors(4000, seed=1)
        expected, _ = nearest_neighbours(vectors, 10)
        recalls = [
            recall(approximate_neighbours(vectors, 10, seed=0, n_nearby=n)[0], expected) for n in (1, 6, 200)
        ]
        assert recalls[0] < recalls[1] < recalls[2] == 1

    @settings(max_examples=40, deadline=None)
    @given(n=st.integers(0, 600), k=st.integers(0, 700), kinds=st.integers(1, 50), seed=st.integers(0, 99))
    def test_gives_each_its_neighbours_once_and_never_itself(
        self, n: int, k: int, kinds: int, seed: int
    ) -> None:
        vectors = subject_vectors(kinds, seed=seed)[np.random.default_rng(seed).integers(0, kinds, n)]
        neighbours, similarities = approximate_neighbours(vectors, k, seed=seed, n_nearby=2)
        assert neighbours.shape == similarities.shape == (n, max(0, min(k, n - 1)))
        with_self = np.sort(np.column_stack([np.arange(n), neighbours]), axis=1)
        assert (np.diff(with_self, axis=1) > 0).all()
        assert (np.diff(similarities, axis=1) <= 0).all()
        products = np.einsum("ij,ikj->ik", vectors, vectors[neighbours])
        np.testing.assert_allclose(similarities, products, atol=1e-5)

    @pytest.mark.parametrize("n", [2, 3, 10, 390])
    def test_is_exact_where_all_blocks_are_nearby(self, n: int) -> None:
        vectors = subject_vectors(n, seed=n)
        neighbours, similarities = approximate_neighbours(vectors, 7, seed=0)
        expected, expected_similarities = nearest_neighbours(vectors, 7)
        np.testing.assert_array_equal(neighbours, expected)
        np.testing.assert_allclose(similarities, expected_similarities, atol=1e-6)

    def test_finds_equal_vectors_among_20_000(self) -> None:
        vectors = np.repeat(subject_vectors(1, seed=0), 20_000, axis=0)
        neighbours, similarities = approximate_neighbours(vectors, 15, seed=0)
        np.testing.assert_allclose(similarities, 1, atol=1e-5)
        assert (neighbours != np.arange(20_000)[:, None]).all()

    def test_looks_everywhere_where_the_blocks_nearby_hold_too_few(self) -> None:
        vectors = subject_vectors(400, seed=2)
        neighbours, _ = approximate_neighbours(vectors, 150, seed=0, n_nearby=1)
        np.testing.assert_array_equal(neighbours, nearest_neighbours(vectors, 150)[0])

    def test_gives_int64_and_float32(self) -> None:
        neighbours, similarities = approximate_neighbours(subject_vectors(900, seed=0), 3, seed=0)
        assert (neighbours.dtype, similarities.dtype) == (np.int64, np.float32)

    def test_tells_how_far_it_is_until_all_are_done(self) -> None:
        told: list[tuple[int, int]] = []
        vectors = subject_vectors(3000, seed=0)
        approximate_neighbours(vectors, 3, seed=0, progress=lambda done, total: told.append((done, total)))
        assert told == sorted(told)
        assert len(told) > 1
        assert told[-1] == (3000, 3000)


class TestRepeatingASearch:
    def test_gives_the_same_bytes_with_any_number_of_threads(self) -> None:
        assert digest(1) == digest(2) == digest(5)

    def test_gives_the_same_bytes_in_another_process(self) -> None:
        look = OWN_DIGEST.format(root=str(Path(__file__).parents[3]), threads=2)
        found = subprocess.run(
            [sys.executable, "-c", look],
            capture_output=True,
            text=True,
            check=True,
            env={"OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"},
        )
        assert found.stdout.strip() == digest(2)

    def test_gives_others_with_another_seed(self) -> None:
        vectors = subject_vectors(6000, seed=4)
        first, second = (approximate_neighbours(vectors, 10, seed=seed, n_nearby=2)[0] for seed in (0, 1))
        assert (first != second).any()
