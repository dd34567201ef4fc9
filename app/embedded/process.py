"""Starts, watches and stops one child process that never outlives the supervisor."""

import fcntl
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.embedded.log_file import last_lines, log_size, open_log
from app.embedded.server_user import User
from app.errors import UnavailableError

LAUNCH = Path(__file__).with_name("launch.py")
PREDECESSOR_LIMIT_S = 30.0
KILL_LIMIT_S = 10.0
STEP_S = 0.02

Pause = Callable[[float], None]
"""Sleeps that many seconds, or raises when the start is no longer wanted."""

logger = logging.getLogger(__name__)


def never() -> bool:
    """Say no: nobody is in a hurry."""
    return False


class PredecessorStillRuns(UnavailableError):
    """A process of an earlier run still works on the same files."""

    slug = "predecessor-still-runs"
    title = "A process of an earlier run has not ended yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a child runs, as whom, and how it is asked to stop.

    ``orphan_signal`` reaches the child when the supervisor is gone. ``lock`` is a file that the child and
    everything it starts keep locked; no successor starts before the last of them has ended.
    """

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    directory: Path | None = None
    user: User | None = None
    lock: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    stop_limit_s: float = 10.0


class Child:
    """One child process: a direct child, in a session of its own, writing to its log.

    Its own session keeps a Ctrl-C on the terminal from reaching it before its turn. On Linux it is tied to
    the *thread* that starts it, which must therefore live as long as the child is to live.
    """

    def __init__(self, command: Command, *, has_death_signal: bool = sys.platform == "linux") -> None:
        self.command = command
        self._has_death_signal = has_death_signal
        self._popen: subprocess.Popen[bytes] | None = None
        self._lifeline: int | None = None
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        """Process id of the present child, or of the last one; None before the first start."""
        return self._popen.pid if self._popen else None

    @property
    def running(self) -> bool:
        """Whether it runs now."""
        return self._popen is not None and self._popen.poll() is None

    @property
    def exit_status(self) -> int | None:
        """As :attr:`subprocess.Popen.returncode`; None while it runs and before the first start."""
        return self._popen.poll() if self._popen else None

    def start(self, pause: Pause = time.sleep, prepare: Callable[[], None] | None = None) -> None:
        """Start it, once whatever is left of its predecessor has ended.

        Parameters
        ----------
        pause : callable
            How to wait; may raise to abandon the start.
        prepare : callable, optional
            Called just before, when it is certain that no predecessor runs.

        Raises
        ------
        PredecessorStillRuns
            If one has not ended within half a minute.
        """
        self._close_lifeline()
        lock = self._wait_for_lock(pause)
        try:
            if prepare:
                prepare()
            self._spawn(lock)
        finally:
            if lock is not None:
                os.close(lock)

    def stop(self, in_a_hurry: Callable[[], bool] = never) -> None:
        """Ask it to stop; kill it, and what it started, past the time limit or when in a hurry."""
        if self._popen is None:
            return
        if self.running:
            self._popen.send_signal(self.command.stop_signal)
            if not self._ends_within(self.command.stop_limit_s, in_a_hurry):
                logger.warning("%s did not stop when asked; killing it.", self.command.name)
                os.killpg(self._popen.pid, signal.SIGKILL)
                self._popen.wait(KILL_LIMIT_S)
        self._close_lifeline()

    def said(self) -> str:
        """Quote the last lines it logged since it was started."""
        return last_lines(self.command.log, self._log_start)

    def _spawn(self, lock: int | None) -> None:
        log = open_log(self.command.log)
        pipe = None if self._has_death_signal else self._open_lifeline()
        self._log_start = log_size(self.command.log)
        user = self.command.user
        owner = ("-1", "-1") if user is None else (str(user.uid), str(user.gid))
        tie = (
            str(os.getpid()),
            str(int(self.command.orphan_signal)),
            *owner,
            str(-1 if pipe is None else pipe),
        )
        try:
            self._popen = subprocess.Popen(
                (sys.executable, "-I", "-S", str(LAUNCH), *tie, *self.command.arguments),
                cwd=self.command.directory,
                env=dict(self.command.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[descriptor for descriptor in (lock, pipe) if descriptor is not None],
                start_new_session=True,
            )
        finally:
            os.close(log)
            if pipe is not None:
                os.close(pipe)
        if lock is not None:
            os.pwrite(lock, f"{self._popen.pid:<20}".encode(), 0)

    def _wait_for_lock(self, pause: Pause) -> int | None:
        if self.command.lock is None:
            return None
        lock = os.open(self.command.lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + PREDECESSOR_LIMIT_S
        try:
            while not try_lock(lock):
                if time.monotonic() > deadline:
                    raise PredecessorStillRuns(
                        f"{self.command.name} of an earlier run (process {read_pid(lock)}) has not ended. "
                        "Wait until it has, or end it, and start again."
                    )
                pause(STEP_S)
        except BaseException:
            os.close(lock)
            raise
        return lock

    def _ends_within(self, limit_s: float, in_a_hurry: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + limit_s
        while self.running and time.monotonic() < deadline and not in_a_hurry():
            time.sleep(STEP_S)
        return not self.running

    def _open_lifeline(self) -> int:
        read_end, self._lifeline = os.pipe()
        return read_end

    def _close_lifeline(self) -> None:
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None


def try_lock(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    """Lock an open file unless somebody else has it."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_pid(descriptor: int) -> str:
    """Read the process id that a lock file holds, or "unknown"."""
    return os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"


def plain_environment(home: Path) -> dict[str, str]:
    """Give a server the same environment on every machine: no locale, time zone or PG* of the user's."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C", "LANG": "C", "TZ": "UTC"}
    if "LD_LIBRARY_PATH" in os.environ:  # Some interpreters do not start without theirs.
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    return environment
