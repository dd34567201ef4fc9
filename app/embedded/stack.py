"""Everything papertree runs, as one thing that is started, watched and stopped."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import FrameType, TracebackType
from typing import Self

from app.embedded.data_directory import DataDirectory, open_data_directory, plainly_told
from app.embedded.environment import available_cores, child_environment
from app.embedded.postgres import Postgres
from app.embedded.process import Command
from app.embedded.running_server import RunningServer, announce, running_server, withdraw
from app.embedded.sockets import remove_socket_directory
from app.embedded.supervise import Part, Program, Watch
from app.embedded.valkey import Valkey
from app.embedded.web_address import address_of, free_port, wait_until_healthy
from app.settings import Settings

__all__ = ["Programs", "RunningServer", "Stack", "running_server"]

LOOK_EVERY_S = 0.1
SHORTEN_LOGS_EVERY_S = 10.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

logger = logging.getLogger(__name__)


class StopRequested(BaseException):
    """The stack was told to stop while it started; never leaves this module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """The command lines of the children that are ours, and how long each may take to stop, in seconds."""

    worker: Sequence[str] = (sys.executable, "-m", "app.workers")
    web: Sequence[str] = (sys.executable, "-m", "app.main")
    worker_stop_limit_s: float = 15.0
    web_stop_limit_s: float = 8.0


class Stack:
    """PostgreSQL, Valkey, the worker and the web server, kept running while the context lasts.

    ``settings.database_url`` and ``redis_url`` set: those servers are used instead of ours. Inside the
    context, :attr:`settings` holds the addresses of what runs. Children are started, watched and stopped by
    one thread, because Linux ties a child to the thread that started it; so they are looked after while the
    caller works. However the process ends, and be it by ``kill -9``, nothing stays behind.

    In the main thread SIGTERM and SIGHUP raise :class:`KeyboardInterrupt` inside the context, as SIGINT does;
    while the stack stops, a second signal cuts the waiting for the worker and the web server short.

    Parameters
    ----------
    settings : Settings
        ``port`` 0 chooses a free one.
    migrate : callable
        Given the database URL before the worker and the web server start.
    programs : Programs
        What to run as the worker and the web server.

    Raises
    ------
    Problem
        On entering, when anything cannot be started; everything started by then has been stopped.
    """

    def __init__(
        self, settings: Settings, *, migrate: Callable[[str], None], programs: Programs = Programs()
    ) -> None:
        self.settings = settings
        self._migrate = migrate
        self._programs = programs
        self._has_own_database = settings.database_url is None
        self._watches: list[Watch] = []
        self._stopping = threading.Event()
        self._settled = threading.Event()
        self._ended = threading.Event()
        self._failure: BaseException | None = None
        self._hurry = False
        self._handlers: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        self._take_signals(_interrupt)
        try:
            self._thread.start()
            while not self._settled.wait(LOOK_EVERY_S):
                pass
            self.check()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """The web server's, as in ``http://127.0.0.1:8000``."""
        return address_of(self.settings.host, self.settings.port)

    @property
    def pids(self) -> dict[str, int | None]:
        """Process ids of the children, by the name of the part."""
        return {watch.part.name: watch.part.child.pid for watch in self._watches}

    def check(self) -> None:
        """Raise why the stack has ended by itself, if it has.

        Raises
        ------
        Problem
            When a part could not be started, or kept dying.
        """
        if self._failure is not None:
            raise self._failure

    def wait(self) -> None:
        """Return when a signal or Ctrl-C asks to stop.

        Raises
        ------
        Problem
            When the stack has ended by itself.
        """
        try:
            while not self._ended.wait(LOOK_EVERY_S):
                pass
        except KeyboardInterrupt:
            return
        self.check()

    def stop(self) -> None:
        """Stop the web server, the worker, Valkey and PostgreSQL, in this order, within about a minute."""
        self._take_signals(self._hurry_up)
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()

    def _take_signals(self, handler: Callable[[int, FrameType | None], object]) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number in SIGNALS:
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # Started with nohup, to live on when the terminal goes.
            previous = signal.signal(number, handler)
            self._handlers.setdefault(number, previous)

    def _hurry_up(self, _number: int, _frame: FrameType | None) -> None:
        self._hurry = True

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise StopRequested

    def _run(self) -> None:
        try:
            with ExitStack() as closing:
                self._start_all(closing)
                self._settled.set()
                self._watch()
        except StopRequested:
            pass
        except BaseException as failure:  # noqa: BLE001  Raised again in the thread that asked, by check().
            self._failure = failure
        finally:
            self._ended.set()
            self._settled.set()

    def _start_all(self, closing: ExitStack) -> None:
        data = closing.enter_context(open_data_directory(self.settings.data_directory))
        withdraw(data.root)
        port = free_port(self.settings.host, self.settings.port, self._pause)
        self.settings = replace(self.settings, port=port)
        with plainly_told(data.root):
            closing.callback(remove_socket_directory, data)
            self._start_servers(data, closing)
        if self.settings.database_url is not None:
            self._migrate(self.settings.database_url)
        self._start(self._worker(data), closing)
        web = self._web(data)
        self._start(web, closing)
        wait_until_healthy(web.child, self.settings.host, port, self._pause)
        closing.callback(withdraw, data.root)
        announce(data.root, RunningServer(self.address, os.getpid()))

    def _start_servers(self, data: DataDirectory, closing: ExitStack) -> None:
        if self.settings.database_url is None:
            postgres = Postgres(data)
            self._start(postgres, closing)
            self.settings = replace(self.settings, database_url=postgres.database_url)
        if self.settings.redis_url is None:
            valkey = Valkey(data)
            self._start(valkey, closing)
            self.settings = replace(self.settings, redis_url=valkey.redis_url)

    def _start(self, part: Part, closing: ExitStack) -> None:
        self._pause(0)
        closing.callback(part.stop, lambda: self._hurry)
        part.start(self._pause)
        self._watches.append(Watch(part))

    def _worker(self, data: DataDirectory) -> Program:
        n_threads = max(1, available_cores() // self.settings.worker_processes)
        limit_s = self._programs.worker_stop_limit_s
        return self._program("worker", self._programs.worker, data, n_threads, limit_s)

    def _web(self, data: DataDirectory) -> Program:
        return self._program("web", self._programs.web, data, 1, self._programs.web_stop_limit_s)

    def _program(
        self, name: str, arguments: Sequence[str], data: DataDirectory, n_threads: int, stop_limit_s: float
    ) -> Program:
        environment = child_environment(
            self.settings, n_threads=n_threads, embedded_database=self._has_own_database
        )
        return Program(
            Command(
                name=name,
                arguments=tuple(arguments),
                environment=environment,
                log=data.logs / f"{name}.log",
                stop_limit_s=stop_limit_s,
            )
        )

    def _watch(self) -> None:
        shorten_at = time.monotonic()
        while True:
            self._pause(LOOK_EVERY_S)
            for watch in self._watches:
                watch.look(self._pause)
            if time.monotonic() >= shorten_at:
                for watch in self._watches:
                    watch.shorten_log()
                shorten_at = time.monotonic() + SHORTEN_LOGS_EVERY_S


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
