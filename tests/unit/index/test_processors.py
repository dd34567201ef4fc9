import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from app.index.exact import nearest_neighbours
from app.index.processors import on_all_processors
from tests.unit.index.subjects import subject_vectors


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


class TestOnAllProcessors:
    @pytest.fixture(autouse=True)
    def _two_blas_threads(self) -> Iterator[None]:
        with threadpool_limits(2, user_api="blas"):
            yield

    def test_gives_results_in_order_whoever_is_first(self) -> None:
        def wait(seconds: float) -> float:
            time.sleep(seconds)
            return seconds

        with on_all_processors(3) as in_threads:
            assert list(in_threads(wait, [0.05, 0.0, 0.02])) == [0.05, 0.0, 0.02]

    def test_keeps_blas_to_one_thread_only_inside(self) -> None:
        with on_all_processors(2) as in_threads:
            assert list(in_threads(lambda _: blas_threads(), [0])) == [{1}]
        assert blas_threads() == {2}

    def test_passes_an_exception_on_and_drops_what_nobody_waits_for(self) -> None:
        begun: list[int] = []
        may_end = threading.Event()

        def work(item: int) -> int:
            begun.append(item)
            if item == 0:
                may_end.set()
                raise KeyError(item)
            may_end.wait()
            time.sleep(0.01)
            return item

        with pytest.raises(KeyError), on_all_processors(2) as in_threads:
            list(in_threads(work, range(1000)))
        assert len(begun) < 1000
        assert blas_threads() == {2}


class TestExactNeighbours:
    def test_have_the_same_bytes_whatever_blas_was_allowed(self) -> None:
        vectors = subject_vectors(3000, seed=0)
        with threadpool_limits(1, user_api="blas"):
            alone = nearest_neighbours(vectors, 10)
        with threadpool_limits(2, user_api="blas"):
            together = nearest_neighbours(vectors, 10)
        for one, two in zip(alone, together, strict=True):
            np.testing.assert_array_equal(one, two)
