"""Keeps the parts of a stack running: starts again what dies, and gives up on what keeps dying."""

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from app.embedded.log_file import shorten_log
from app.embedded.process import Child, Command, Pause, never
from app.errors import Problem, UnavailableError

DEATHS_LIMIT = 5
DEATHS_WINDOW_S = 60.0
FIRST_BACKOFF_S = 0.1

logger = logging.getLogger(__name__)


class KeepsDying(UnavailableError):
    """A part of the stack died too often in too short a time."""

    slug = "keeps-dying"
    title = "A part of papertree keeps dying"


class Part(Protocol):
    """Something that runs as a child."""

    name: str
    child: Child

    def start(self, pause: Pause = time.sleep) -> None:
        """Start it; servers return when they answer."""

    def stop(self, in_a_hurry: Callable[[], bool] = never) -> None:
        """Stop it within a bounded time."""


class Program:
    """A part that is nothing but its command, such as the worker."""

    def __init__(self, command: Command) -> None:
        self.name = command.name
        self.child = Child(command)

    def start(self, pause: Pause = time.sleep) -> None:
        """Start it, and wait for nothing."""
        self.child.start(pause)

    def stop(self, in_a_hurry: Callable[[], bool] = never) -> None:
        """Ask it to stop; kill it past its time limit or when in a hurry."""
        self.child.stop(in_a_hurry)


class Watch:
    """Watches one part that has been started."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self._deaths: deque[float] = deque(maxlen=DEATHS_LIMIT)
        self._start_at: float | None = None

    def look(self, pause: Pause) -> None:
        """Start the part again if it has died and has been left alone for long enough.

        The pause doubles with each death of the last minute, from a tenth of a second on.

        Raises
        ------
        KeepsDying
            At the fifth death in a minute.
        """
        if self.part.child.running:
            return
        if self._start_at is None:
            self._note_death(self._last_words())
        elif time.monotonic() >= self._start_at:
            self._start_at = None
            self._start(pause)

    def shorten_log(self) -> None:
        """Keep its log small."""
        shorten_log(self.part.child.command.log)

    def _start(self, pause: Pause) -> None:
        try:
            self.part.start(pause)
        except (Problem, OSError) as problem:
            self.part.stop()
            self._note_death(str(problem))

    def _note_death(self, words: str) -> None:
        now = time.monotonic()
        self._deaths.append(now)
        recent = sum(now - death < DEATHS_WINDOW_S for death in self._deaths)
        if recent >= DEATHS_LIMIT:
            raise KeepsDying(
                f"{self.part.name} died {recent} times within {DEATHS_WINDOW_S:.0f} seconds. {words} "
                f"Its log is {self.part.child.command.log}."
            )
        self._start_at = now + FIRST_BACKOFF_S * 2 ** (recent - 1)
        logger.warning("%s died and is started again. %s", self.part.name, words.partition("\n")[0])

    def _last_words(self) -> str:
        said = self.part.child.said()
        return f"It ended with status {self.part.child.exit_status}." + (
            f"\nIt said: {said}\n" if said else ""
        )
