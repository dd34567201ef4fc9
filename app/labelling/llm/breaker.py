"""Leaves a server alone for a while when it failed several times in a row."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from app.labelling.llm.asking import LlmAnswerInvalid, LlmBreakerOpen
from app.labelling.llm.exchange import CallFailed


class Breaker:
    """Opens after failures in a row; after a while it lets one question through, to see.

    A failure is a question the server left without an answer, after all repetitions; an answer that
    was not acceptable is none.

    Parameters
    ----------
    failures : int
        So many in a row open it.
    rest_s : float
        How long it then stays open.
    clock : callable
        Seconds that never go back.
    """

    def __init__(
        self, failures: int = 5, rest_s: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = failures
        self._rest_s = rest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0
        self._trying = False

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """Let a question through, and learn from how it ends.

        Raises
        ------
        LlmBreakerOpen
            If the server is to be left alone.
        """
        trial = self._enter()
        try:
            yield
        except CallFailed as failed:
            if failed.server_at_fault:
                self._fail()
            raise
        except LlmAnswerInvalid:
            self._succeed()
            raise
        else:
            self._succeed()
        finally:
            if trial:
                self._trying = False

    def _enter(self) -> bool:
        with self._lock:
            if self._failures < self._most:
                return False
            left_s = self._open_until - self._clock()
            if left_s > 0 or self._trying:
                raise LlmBreakerOpen(
                    f"{self._failures} questions in a row were not answered; the server is tried again "
                    f"in {max(1, round(left_s))} seconds."
                )
            self._trying = True
            return True

    def _fail(self) -> None:
        with self._lock:
            self._failures += 1
            self._open_until = self._clock() + self._rest_s

    def _succeed(self) -> None:
        with self._lock:
            self._failures = 0


@cache
def breaker_of(base_url: str) -> Breaker:
    """Give the breaker that all askers of this process share for a server."""
    return Breaker()
