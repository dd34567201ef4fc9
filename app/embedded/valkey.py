"""The embedded Valkey: the queue's doorbell, on a unix socket, with an append-only file."""

import logging
import shutil
import socket
import time
from collections.abc import Callable
from urllib.parse import quote

from app.embedded.data_directory import DataDirectory
from app.embedded.process import Child, Command, Pause, never, plain_environment
from app.embedded.programs import valkey_program
from app.embedded.sockets import socket_directory
from app.errors import UnavailableError

START_LIMIT_S = 60.0
STOP_LIMIT_S = 10.0
STEP_S = 0.02
CONFIGURATION = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "aof-load-truncated": "yes",
    "save": "",
    # Job ids are all it holds; a full queue is refused, and never thinned out.
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
    "daemonize": "no",
    # Old arm64 kernels may damage the file when it is rewritten; what is true stands in the job rows.
    "ignore-warnings": "ARM64-COW-BUG",
}

logger = logging.getLogger(__name__)


class ValkeyFailed(UnavailableError):
    """Valkey ended, or answered nobody, while it was started."""

    slug = "valkey-failed"
    title = "The embedded Valkey did not start"


class Valkey:
    """A Valkey server of our own on the data directory; see :class:`app.embedded.supervise.Part`.

    Raises
    ------
    Problem
        If its program is missing, or no place for its data or its socket can be made.
    """

    name = "Valkey"

    def __init__(self, data: DataDirectory) -> None:
        program = valkey_program(data)
        home = data.server_directory("valkey")
        self._append_only = home / "appendonlydir"
        self._socket = socket_directory(data) / "valkey.sock"
        configuration = {**CONFIGURATION, "unixsocket": str(self._socket), "dir": str(home)}
        options = [word for key, value in configuration.items() for word in (f"--{key}", value)]
        self.child = Child(
            Command(
                name=self.name,
                arguments=(str(program), *options),
                environment=plain_environment(home),
                log=data.logs / "valkey.log",
                directory=home,
                user=data.user,
                lock=data.locks / "valkey.lock",
                stop_limit_s=STOP_LIMIT_S,
            )
        )

    @property
    def redis_url(self) -> str:
        """Where it is, as Celery and kombu take it.

        The one form in ``REDIS_URL``. redis-py calls the same ``unix://`` instead of ``redis+socket://``.
        """
        return f"redis+socket://{quote(str(self._socket))}"

    def start(self, pause: Pause = time.sleep) -> None:
        """Start it and return when it answers; a damaged append-only file is put aside.

        Raises
        ------
        ValkeyFailed
            If it ends during the start, or does not answer in time.
        """
        if self._try_start(pause):
            return
        said = self.child.said()
        if not self._append_only.exists():
            raise ValkeyFailed(f"Valkey ended during its start. It said: {said}")
        aside = self._append_only.with_name("appendonlydir.damaged")
        shutil.rmtree(aside, ignore_errors=True)
        self._append_only.rename(aside)
        if not self._try_start(pause):
            shutil.rmtree(self._append_only, ignore_errors=True)
            aside.rename(self._append_only)
            raise ValkeyFailed(f"Valkey ended during its start. It said: {self.child.said()}")
        logger.warning("Valkey could not read its queue and starts with an empty one: %s", said)

    def stop(self, in_a_hurry: Callable[[], bool] = never) -> None:
        """Write what is queued to disk and shut down."""
        self.child.stop()

    def _try_start(self, pause: Pause) -> bool:
        self.child.start(pause)
        deadline = time.monotonic() + START_LIMIT_S
        while not self._answers():
            if not self.child.running:
                return False
            if time.monotonic() > deadline:
                raise ValkeyFailed(f"Valkey does not answer. It said: {self.child.said()}")
            pause(STEP_S)
        return True

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5.0)
            try:
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
            except OSError:
                return False
