"""``server.json`` in the data directory: how a command finds the server that already runs."""

import fcntl
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from app.embedded.data_directory import LOCK_NAME
from app.embedded.process import read_pid, try_lock

FILE_NAME = "server.json"


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that answers: ``address`` as in ``http://127.0.0.1:8000``, ``pid`` of its supervisor."""

    address: str
    pid: int


def running_server(data_directory: Path) -> RunningServer | None:
    """Find the server that works on a data directory.

    Returns
    -------
    RunningServer or None
        None when there is none, it is not ready yet, or it is gone without a farewell.
    """
    try:
        members = json.loads((data_directory / FILE_NAME).read_bytes())
        server = RunningServer(str(members["address"]), int(members["pid"]))
        return server if _holds(server.pid, data_directory / LOCK_NAME) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def announce(data_directory: Path, server: RunningServer) -> None:
    """Write the file, readable by us only, in one step."""
    descriptor, name = tempfile.mkstemp(prefix=f"{FILE_NAME}-", dir=data_directory)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(server), file)
    Path(name).replace(data_directory / FILE_NAME)


def withdraw(data_directory: Path) -> None:
    """Remove the file, and what an announcement that was cut off has left."""
    with suppress(OSError):
        for path in data_directory.glob(f"{FILE_NAME}*"):
            path.unlink(missing_ok=True)


def _holds(pid: int, lock: Path) -> bool:
    descriptor = os.open(lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return not try_lock(descriptor, fcntl.LOCK_SH) and read_pid(descriptor) == str(pid)
    finally:
        os.close(descriptor)
