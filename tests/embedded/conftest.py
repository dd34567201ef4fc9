"""Data directories that hold a fresh cluster already, so that only the tests about initdb wait for it."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from app.embedded.data_directory import open_data_directory
from app.embedded.postgres import Postgres


@contextmanager
def make_directory() -> Iterator[Path]:
    """Make a directory that the servers' user can enter, in memory where there is room: disks sync slowly."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30
    path = Path(tempfile.mkdtemp(prefix="papertree-", dir=memory if has_room else None))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def quick_directory() -> Iterator[Path]:
    """As ``open_directory``, and quick; programs may not run from there."""
    with make_directory() as path:
        yield path


@pytest.fixture(scope="session")
def seed() -> Iterator[Path]:
    with make_directory() as path:
        with open_data_directory(path / "data") as data:
            postgres = Postgres(data)
            postgres.start()
            postgres.stop()
        yield path / "data"


@pytest.fixture
def data_path(seed: Path, quick_directory: Path) -> Path:
    """A data directory that was used and is free."""
    subprocess.run(["cp", "-a", seed, quick_directory / "data"], check=True)
    return quick_directory / "data"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def eventually(happened: Callable[[], object], limit_s: float = 10.0) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.02)
    return bool(happened())


def is_alive(pid: int) -> bool:
    """Whether a process runs; what has ended and waits to be collected does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
