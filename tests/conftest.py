"""One real PostgreSQL and one real Valkey for the whole run; a workspace of its own for each test."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.db.migrate import upgrade
from app.db.session import Sessions, open_engine, open_sessions, transaction
from app.embedded.data_directory import open_data_directory
from app.embedded.postgres import Postgres
from app.embedded.valkey import Valkey
from app.services.keys import add_workspace

# A run in the background starts with SIGINT ignored, and its children would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
# `papertree serve` is started many times; `make test` has built the pages beforehand.
os.environ["PAPERTREE_BUILD_PAGES"] = "0"

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED_DATA = REPOSITORY.parent / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def constants_are_collected() -> None:
    """Let Hypothesis read the constants of all modules before a test draws.

    In a fresh clone that takes seconds, which it would count against the first test's own draws.
    """

    @settings(max_examples=1, database=None)
    @given(st.integers() | st.text())
    def draw(value: object) -> None: ...

    draw()


@dataclass(frozen=True)
class Servers:
    database_url: str
    redis_url: str


@contextmanager
def making_open_directory() -> Iterator[Path]:
    """A directory that PostgreSQL's own user can enter when the tests run as root; pytest's cannot be.

    In memory where there is room: the tests are about what is written, not about the disk's speed.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30
    path = Path(tempfile.mkdtemp(prefix="papertree-", dir=memory if roomy else None))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def open_directory() -> Iterator[Path]:
    with making_open_directory() as path:
        yield path


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with making_open_directory() as path, open_data_directory(path / "data") as data:
        postgres, valkey = Postgres(data), Valkey(data)
        postgres.start()
        valkey.start()
        upgrade(postgres.database_url)
        try:
            yield Servers(postgres.database_url, valkey.redis_url)
        finally:
            valkey.stop()
            postgres.stop()


@pytest.fixture(scope="session")
def engine(servers: Servers) -> Iterator[Engine]:
    engine = open_engine(servers.database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sessions(engine: Engine) -> Sessions:
    return open_sessions(engine)


@pytest.fixture
def workspace_id(sessions: Sessions) -> UUID:
    with transaction(sessions) as session:
        return add_workspace(session, name="test")


@pytest.fixture
def other_workspace_id(sessions: Sessions) -> UUID:
    with transaction(sessions) as session:
        return add_workspace(session, name="other")


@pytest.fixture(scope="session")
def demo_800() -> Path:
    path = SHARED_DATA / "arxiv_demo_800" / "papers.jsonl.gz"
    if not path.is_file():
        pytest.skip("the folder of real corpora is not beside the repository")
    return path
