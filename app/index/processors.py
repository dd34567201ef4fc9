"""Runs array work on all processors, to the same bytes however many there are."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

from threadpoolctl import threadpool_limits

Item = TypeVar("Item")
Result = TypeVar("Result")


class MapInOrder(Protocol):
    """`map`, but several at a time."""

    def __call__(self, work: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """Give what ``work`` makes of each item, in their order."""


@contextmanager
def on_all_processors(n_threads: int | None = None) -> Iterator[MapInOrder]:
    """Give a ``map`` whose calls run in threads; results come in order.

    A matrix product that BLAS divides among threads differs in its last bits from one computed by a single
    thread. So BLAS keeps to one inside, and no product depends on the number of processors.

    Parameters
    ----------
    n_threads : int, optional
        One for each usable processor unless given.

    Examples
    --------
    >>> with on_all_processors() as in_threads:
    ...     list(in_threads(abs, [-1, 2, -3]))
    [1, 2, 3]
    """
    pool = ThreadPoolExecutor(n_threads or usable_processors(), thread_name_prefix="arrays")
    with threadpool_limits(limits=1, user_api="blas"):
        try:
            yield pool.map
        finally:
            # A job that is cancelled between two results must not wait for those nobody wants.
            pool.shutdown(cancel_futures=True)


def usable_processors() -> int:
    """Count the processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
