"""Finds the server a command talks to: one that was named, one that runs, or one started for the command.

The HTTP client and the servers take half a second to import, so they are imported when they are needed.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.terminal import Terminal
from app.errors import ConflictError, InvalidError, UnavailableError
from app.settings import Settings

if TYPE_CHECKING:
    from app.cli.client import Client, Server
    from app.embedded.stack import Stack

KEY_FILE = "local.key"
BUSY_PATIENCE_S = 30.0
_PAUSE_S = 0.3


class BadSetting(InvalidError):
    """An environment variable has a value that makes no sense."""

    slug = "bad-setting"
    title = "A setting is wrong"


class NoKey(UnavailableError):
    """There is a server, and no key to it."""

    slug = "no-key"
    title = "There is no key to the server"


def read_settings() -> Settings:
    """Read the environment.

    Raises
    ------
    BadSetting
        If a number is not one, or an address.
    """
    try:
        return Settings.from_environment()
    except ValueError as error:
        raise BadSetting(f"An environment variable of papertree cannot be used: {error}") from error


@contextmanager
def connect(terminal: Terminal) -> Iterator["Client"]:
    """Open a client to the server this command is to talk to; a server started for it ends with it."""
    with _Servers(read_settings(), terminal) as servers, _client(servers.find, terminal) as client:
        yield client


def connect_to(stack: "Stack", terminal: Terminal) -> AbstractContextManager["Client"]:
    """Open a client to the server of a stack that this process has started."""
    return _client(lambda: own_server(stack), terminal)


@contextmanager
def _client(find_server: Callable[[], "Server"], terminal: Terminal) -> Iterator["Client"]:
    from app.cli.client import Client  # noqa: PLC0415 - Loaded by the commands that talk, not by --help.

    client = Client(find_server, terminal.note)
    try:
        yield client
    finally:
        client.close()


def start_stack(settings: Settings) -> "Stack":
    """Give the embedded servers, not started yet."""
    from app.cli.prepare import prepare_database  # noqa: PLC0415 - Loaded when servers are started.
    from app.embedded.stack import Stack  # noqa: PLC0415 - The same.

    def migrate(database_url: str) -> None:
        prepare_database(database_url, settings.data_directory)

    return Stack(settings, migrate=migrate)


def own_server(stack: "Stack") -> "Server":
    """Give the server of a stack that this process has started.

    Raises
    ------
    Problem
        If the stack has ended by itself.
    """
    from app.cli.client import Server  # noqa: PLC0415 - Loaded by the commands that talk, not by --help.

    stack.check()
    return Server(stack.address, read_local_key(stack.settings.data_directory), is_own=True)


def local_server(settings: Settings) -> "Server | None":
    """Find the server that runs on this data directory."""
    from app.cli.client import Server  # noqa: PLC0415 - Loaded by the commands that talk, not by --help.
    from app.embedded.stack import running_server  # noqa: PLC0415 - The same.

    running = running_server(settings.data_directory)
    return None if running is None else Server(running.address, read_local_key(settings.data_directory))


def read_local_key(data_directory: Path) -> str:
    """Read the key that the embedded server made for this machine's user.

    Raises
    ------
    NoKey
        If it cannot be read.
    """
    path = data_directory / KEY_FILE
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        detail = (
            f"The key cannot be read from {path} ({error}). Only the user who runs the server can read it."
        )
        raise NoKey(detail) from error


class _Servers:
    """Finds the server, again and again if need be, and keeps the one it had to start."""

    def __init__(self, settings: Settings, terminal: Terminal) -> None:
        self._settings = settings
        self._terminal = terminal
        self._exit = ExitStack()
        self._stack: Stack | None = None

    def __enter__(self) -> "_Servers":
        return self

    def __exit__(self, *reason: object) -> None:
        self._exit.close()

    def find(self) -> "Server":
        if address := os.environ.get("PAPERTREE_URL"):
            return _named_server(address)
        give_up = time.monotonic() + BUSY_PATIENCE_S
        while self._stack is None:
            if (server := local_server(self._settings)) is not None:
                return server
            try:
                self._stack = self._start()
            except ConflictError:  # Another command is about to start or stop its servers.
                if time.monotonic() > give_up:
                    raise
                time.sleep(_PAUSE_S)
        return own_server(self._stack)

    def _start(self) -> "Stack":
        if self._terminal.err.is_terminal:
            self._terminal.note(
                "Starting papertree's servers for this command; `papertree serve` keeps them running."
            )
        settings = replace(self._settings, host="127.0.0.1", port=0)
        return self._exit.enter_context(start_stack(settings))


def _named_server(address: str) -> "Server":
    from app.cli.client import Server  # noqa: PLC0415 - Loaded by the commands that talk, not by --help.

    if not address.startswith(("http://", "https://")):
        raise BadSetting(f"PAPERTREE_URL is {address!r}; it has to begin with http:// or https://.")
    key = os.environ.get("PAPERTREE_KEY")
    if not key:
        raise NoKey("PAPERTREE_URL names a server; set PAPERTREE_KEY to a key of it, or unset PAPERTREE_URL.")
    return Server(address.rstrip("/"), key)
