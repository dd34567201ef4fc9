"""The embedded PostgreSQL: makes its cluster once, then runs it on a unix socket."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote

import psycopg

from app.embedded.data_directory import DataDirectory
from app.embedded.process import Child, Command, Pause, never, plain_environment
from app.embedded.programs import initdb_program, postgres_programs
from app.embedded.sockets import socket_directory
from app.errors import ConflictError, UnavailableError

MAJOR_VERSION = "18"
PORT = 5432  # Only a part of the socket's name: nothing listens on the network.
DATABASE = "papertree"
INITDB_LIMIT_S = 180.0
START_LIMIT_S = 300.0  # Replaying the log after a crash may take minutes on a slow disk.
STOP_LIMIT_S = 30.0
STEP_S = 0.05

INITDB_OPTIONS = (
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--encoding=UTF8",
    "--data-checksums",
    f"--username={DATABASE}",
    "--auth-local=trust",
    "--auth-host=reject",
    "--no-instructions",
)
# Given on the command line, where no configuration file can undo them.
CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "192MB",
    "max_connections": "60",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Parallel queries need more shared memory than the 64 MB that containers give.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "logging_collector": "off",
    "log_checkpoints": "off",
    "log_min_messages": "warning",
}


class PostgresFailed(UnavailableError):
    """PostgreSQL ended, or answered nobody, while it was started."""

    slug = "postgres-failed"
    title = "The embedded PostgreSQL did not start"


class ClusterOfOtherVersion(ConflictError):
    """The stored data were written by another major version of PostgreSQL."""

    slug = "cluster-of-other-version"
    title = "The data belong to another version of PostgreSQL"


class Postgres:
    """A PostgreSQL server of our own on the data directory; see :class:`app.embedded.supervise.Part`.

    Raises
    ------
    Problem
        If its program is missing, or no place for its data or its socket can be made.
    """

    name = "PostgreSQL"

    def __init__(self, data: DataDirectory) -> None:
        self._data = data
        self._bundle = postgres_programs(data)
        self._home = data.server_directory("postgres")
        self._cluster = self._home / "cluster"
        self._sockets = socket_directory(data)
        configuration = {**CONFIGURATION, "unix_socket_directories": f'"{self._sockets}"'}
        options = [word for key, value in configuration.items() for word in ("-c", f"{key}={value}")]
        self.child = self._child((str(self._bundle.program), "-D", str(self._cluster), *options))

    @property
    def database_url(self) -> str:
        """Where it is, for SQLAlchemy and psycopg alike; the port keeps a ``PGPORT`` from mattering."""
        return self._url(DATABASE)

    def start(self, pause: Pause = time.sleep) -> None:
        """Start it and return when it takes connections; make the cluster and the database first.

        Raises
        ------
        ClusterOfOtherVersion
            If the cluster is not of the version we have.
        PostgresFailed
            If it ends during the start, or takes no connection in time.
        """
        if not self._cluster.exists():
            self._make_cluster(pause)
        self._check_version()
        self.child.start(pause, self._clear_leftovers)
        self._wait_until_ready(pause)

    def stop(self, in_a_hurry: Callable[[], bool] = never) -> None:
        """Disconnect everybody and shut down; never hurried, so that the next start has nothing to replay."""
        self.child.stop()

    def _child(self, arguments: tuple[str, ...]) -> Child:
        return Child(
            Command(
                name=self.name,
                arguments=arguments,
                environment=plain_environment(self._home),
                log=self._data.logs / "postgres.log",
                directory=self._home,
                user=self._data.user,
                lock=self._data.locks / "postgres.lock",
                stop_signal=signal.SIGINT,
                orphan_signal=signal.SIGINT,
                stop_limit_s=STOP_LIMIT_S,
            )
        )

    def _url(self, database: str) -> str:
        return f"postgresql://{DATABASE}@/{database}?host={quote(str(self._sockets))}&port={PORT}"

    def _make_cluster(self, pause: Pause) -> None:
        """Run initdb aside and rename: a cluster that is there is whole."""
        unfinished = Path(tempfile.mkdtemp(prefix="new-", dir=self._home))
        if self._data.user is not None:
            os.chown(unfinished, self._data.user.uid, self._data.user.gid)
        with initdb_program(self._bundle, self._data) as initdb:
            child = self._child((str(initdb), "-D", str(unfinished), *INITDB_OPTIONS))
            child.start(pause, partial(self._clear_unfinished, unfinished))
            try:
                deadline = time.monotonic() + INITDB_LIMIT_S
                while child.running and time.monotonic() < deadline:
                    pause(STEP_S)
            finally:
                child.stop()
        if child.exit_status != 0:
            raise PostgresFailed(f"initdb could not make the database files. It said: {child.said()}")
        unfinished.rename(self._cluster)
        _sync(self._home)

    def _clear_unfinished(self, kept: Path) -> None:
        for path in self._home.glob("new-*"):
            if path != kept:
                shutil.rmtree(path)

    def _check_version(self) -> None:
        try:
            version = (self._cluster / "PG_VERSION").read_text().strip()
        except OSError as problem:
            raise PostgresFailed(
                f"{self._cluster} holds no readable PostgreSQL data ({problem})."
            ) from problem
        if version != MAJOR_VERSION:
            raise ClusterOfOtherVersion(
                f"{self._cluster} was written by PostgreSQL {version}; this papertree has {MAJOR_VERSION}. "
                "Dump the data with the papertree that wrote them and load them into an empty directory."
            )

    def _clear_leftovers(self) -> None:
        # No server of ours runs now (the lock says so), so these lie about some unrelated process.
        # A server started by hand is still safe: PostgreSQL looks for its shared memory too.
        socket = self._sockets / f".s.PGSQL.{PORT}"
        for path in (self._cluster / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
            path.unlink(missing_ok=True)

    def _wait_until_ready(self, pause: Pause) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while not self._takes_connections():
            if not self.child.running:
                raise PostgresFailed(f"PostgreSQL ended during its start. It said: {self.child.said()}")
            if time.monotonic() > deadline:
                raise PostgresFailed(f"PostgreSQL takes no connection. It said: {self.child.said()}")
            pause(STEP_S)

    def _takes_connections(self) -> bool:
        try:
            with psycopg.connect(
                self._url("postgres"), hostaddr="", connect_timeout=5, autocommit=True
            ) as connection:
                query = "SELECT 1 FROM pg_database WHERE datname = %s"
                if connection.execute(query, (DATABASE,)).fetchone() is None:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
