"""The one way to a language model, for all who ask."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace

from app.labelling.llm.asking import (
    Answer,
    LlmBreakerOpen,
    LlmBudgetSpent,
    LlmFailed,
    LlmTimedOut,
    Question,
    Reply,
)
from app.labelling.llm.configuration import LlmConfiguration
from app.labelling.llm.exchange import CallFailed
from app.labelling.llm.turn import LOOK_S, Means, Turn


class _Stopped(Exception):
    """Another question met something none of them can go on after."""


class Gateway:
    """Asks a language model, as ``Asker`` says. May be shared between threads."""

    def __init__(self, configuration: LlmConfiguration, means: Means) -> None:
        self._configuration = configuration
        self._means = means
        self._now = means.timing.clock
        self._slots = threading.BoundedSemaphore(configuration.concurrency)

    def ask(self, question: Question[Answer]) -> Reply[Answer]:
        """Answer one question, from the cache or from the model, within its deadline.

        Raises
        ------
        LlmFailed
            If there is no acceptable answer.
        """
        return self._ask(question, self._means, self._now() + self._configuration.deadline_s)

    def ask_all(self, questions: Sequence[Question[Answer]]) -> list[Reply[Answer] | LlmFailed]:
        """Answer questions side by side, in their order; a failure stands in the place of its answer.

        What is no failure of one question, such as a database that went away, is raised at once.
        """
        until = self._now() + self._configuration.all_deadline_s
        stopped = threading.Event()
        means = replace(self._means, still_wanted=self._until_stopped(stopped))
        pool = ThreadPoolExecutor(self._configuration.concurrency, thread_name_prefix="asking")
        try:
            asked = [pool.submit(self._ask_or_fail, one, means, until) for one in questions]
            done, _ = wait(asked, return_when=FIRST_EXCEPTION)
            for one in done:
                one.result()
            return [one.result() for one in asked]
        finally:
            stopped.set()
            pool.shutdown(cancel_futures=True)

    def _until_stopped(self, stopped: threading.Event) -> Callable[[], None]:
        def still_wanted() -> None:
            if stopped.is_set():
                raise _Stopped
            self._means.still_wanted()

        return still_wanted

    def _ask_or_fail(
        self, question: Question[Answer], means: Means, until: float
    ) -> Reply[Answer] | LlmFailed:
        try:
            return self._ask(question, means, min(until, self._now() + self._configuration.deadline_s))
        except LlmFailed as failure:
            return failure

    def _ask(self, question: Question[Answer], means: Means, until: float) -> Reply[Answer]:
        turn = Turn(self._configuration, means, question, until)
        reply = turn.from_cache()
        if reply is not None:
            return reply
        try:
            with self._slot(means, until), means.breaker.guarding():
                return turn.from_model()
        except CallFailed as failed:
            raise failed.failure from failed
        except (LlmBreakerOpen, LlmBudgetSpent, LlmTimedOut) as failure:
            turn.note_unasked(failure)
            raise

    @contextmanager
    def _slot(self, means: Means, until: float) -> Iterator[None]:
        while not self._slots.acquire(timeout=LOOK_S):
            means.still_wanted()
            if self._now() >= until:
                raise LlmTimedOut("Other questions took all the time there was.")
        try:
            yield
        finally:
            self._slots.release()
