"""Time and chance, as they are given to the gateway."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import SystemRandom

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 20.0


@dataclass(frozen=True, slots=True)
class Timing:
    """A clock that never goes back, a way to wait, and random numbers from 0 to 1."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = SystemRandom().random

    def pause_s(self, n_failures: int, wait_s: float | None) -> float:
        """Say how long to wait before the next try.

        Any time up to twice what the try before could wait ("full jitter" [1]_), so that those who
        failed together do not come back together; not before the server asked for, when it did.

        References
        ----------
        .. [1] Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
        """
        most = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * float(2 ** (n_failures - 1)))
        return (wait_s or 0.0) + most * self.random()
