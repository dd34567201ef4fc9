import numpy as np
import pytest

import app.index.neighbours
from app.index.approximate import approximate_neighbours
from app.index.exact import nearest_neighbours
from app.index.neighbours import find_neighbours
from tests.unit.index.subjects import subject_vectors


class TestFindNeighbours:
    @pytest.fixture(autouse=True)
    def _set_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(app.index.neighbours, "EXACT_LIMIT", 2000)

    def test_misses_none_up_to_the_limit(self) -> None:
        vectors = subject_vectors(2000, seed=0)
        for found, expected in zip(
            find_neighbours(vectors, 9, seed=0), nearest_neighbours(vectors, 9), strict=True
        ):
            np.testing.assert_array_equal(found, expected)

    def test_looks_only_nearby_above_it(self) -> None:
        vectors = subject_vectors(2001, seed=0)
        found, expected = find_neighbours(vectors, 9, seed=6), approximate_neighbours(vectors, 9, seed=6)
        np.testing.assert_array_equal(found[0], expected[0])
        assert (found[0] != nearest_neighbours(vectors, 9)[0]).any()

    @pytest.mark.parametrize("n", [30, 2001])
    def test_leaves_vectors_that_are_no_numbers_to_whoever_builds_on_them(self, n: int) -> None:
        vectors = subject_vectors(n, seed=0)
        vectors[[3, 20]] = [[np.nan], [np.inf]]
        assert find_neighbours(vectors, 9, seed=0)[0].shape == (n, 9)  # Warnings are errors in tests.

    @pytest.mark.parametrize("n", [2000, 2001])
    def test_tells_how_far_it_is(self, n: int) -> None:
        told: list[int] = []
        find_neighbours(subject_vectors(n, seed=0), 3, seed=0, progress=lambda done, _: told.append(done))
        assert told[-1] == n
