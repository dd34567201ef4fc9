"""A supervisor in a process of its own: signals, kill -9, full disks, other users."""

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from app.embedded.running_server import running_server

from .conftest import eventually, is_alive

REPOSITORY = Path(__file__).resolve().parents[2]
SUPERVISOR = ("-m", "tests.embedded.stand_ins.supervisor")


class Supervisor:
    """The process, and what it told when it was ready."""

    def __init__(self, data_path, *arguments, python=sys.executable, **options):
        self.process = subprocess.Popen(
            (python, *SUPERVISOR, str(data_path), *arguments),
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.told = json.loads(line)
        self.pids = self.told["pids"].values()

    def end(self):
        """Wait for it; give its exit status and what it said in the end."""
        said, complaints = self.process.communicate(timeout=60)
        assert complaints == ""
        return self.process.returncode, said.strip()


@pytest.fixture
def supervisors():
    """Start supervisors; none is left behind."""
    started = []

    def start(*arguments, **options):
        started.append(Supervisor(*arguments, **options))
        return started[-1]

    yield start
    for supervisor in started:
        supervisor.process.kill()
        supervisor.process.communicate()
        # Its servers end after it; PostgreSQL still writes into the folder that is deleted next.
        assert eventually(lambda: not any(map(is_alive, supervisor.pids))), supervisor.told  # noqa: B023


class TestSupervisor:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_stops_cleanly_on_a_signal(self, data_path, supervisors, number):
        supervisor = supervisors(data_path)
        supervisor.process.send_signal(number)
        assert supervisor.end() == (0, "stopped")
        assert not any(is_alive(pid) for pid in supervisor.pids)
        log = (data_path / "logs" / "postgres.log").read_text()
        assert "database system is shut down" in log.splitlines()[-1]
        assert "bye" in (data_path / "logs" / "worker.log").read_text()

    def test_takes_everything_with_it_when_it_is_killed(self, data_path, supervisors):
        supervisor = supervisors(data_path)
        with psycopg.connect(supervisor.told["database_url"], autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS i")
            supervisor.process.kill()
            supervisor.process.wait()
            began = time.monotonic()
            assert eventually(lambda: not any(is_alive(pid) for pid in supervisor.pids))
            assert time.monotonic() - began < 5
        assert running_server(data_path) is None
        again = supervisors(data_path, "briefly")
        assert again.end() == (0, "stopped")

    def test_starts_at_once_after_one_that_was_killed(self, data_path, supervisors):
        supervisors(data_path).process.kill()
        again = supervisors(data_path)
        with psycopg.connect(again.told["database_url"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

    def test_stops_when_it_is_interrupted_while_it_starts(self, quick_directory):
        path = quick_directory / "data"
        process = subprocess.Popen(
            (sys.executable, *SUPERVISOR, str(path)),
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert eventually(lambda: list(path.glob("postgres/new-*")), 20)
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=30) == ("stopped\n", "")
        assert not [
            p for p in psutil.process_iter(["cmdline"]) if str(path) in " ".join(p.info["cmdline"] or ())
        ]
        assert not (path / "postgres" / "cluster").exists()

    def test_does_not_mind_a_strange_environment(self, quick_directory, supervisors):
        environment = os.environ | {
            "HOME": "/nonexistent",
            "LC_ALL": "xx_NOWHERE.KOI8-R",
            "LANGUAGE": "tr",
            "TZ": "Mars/Olympus",
            "PGDATA": "/nonexistent",
            "PGPORT": "1",
            "PGUSER": "nobody",
            "PGOPTIONS": "-c search_path=nowhere",
        }
        supervisor = supervisors(quick_directory / "data", "briefly", env=environment)
        assert supervisor.end() == (0, "stopped")

    def test_says_what_to_do_when_a_second_one_is_started(self, data_path, supervisors):
        first = supervisors(data_path)
        second = subprocess.run(
            (sys.executable, *SUPERVISOR, str(data_path)),
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode != 0
        assert (
            f"Another papertree (process {first.process.pid}) already works on {data_path}" in second.stderr
        )


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a file system and to become another user")
class TestAsRoot:
    @pytest.fixture
    def small_disk(self, quick_directory):
        path = quick_directory / "disk"
        path.mkdir(mode=0o755)
        if subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=320m,mode=755", "tmpfs", path], check=False
        ).returncode:
            pytest.skip("no file system can be mounted here")
        yield path
        subprocess.run(["umount", "--lazy", path], check=True)

    def test_loses_nothing_acknowledged_on_a_full_disk(self, small_disk, seed, supervisors):
        data_path = small_disk / "data"
        subprocess.run(["cp", "-a", seed, data_path], check=True)
        supervisor = supervisors(data_path)
        n_kept = 0
        insert = "INSERT INTO kept SELECT %s, repeat(random()::text, 2000) FROM generate_series(1, 40)"
        with psycopg.connect(supervisor.told["database_url"], autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (i integer, filler text)")
            connection.execute("ALTER TABLE kept ALTER filler SET STORAGE EXTERNAL")
            filler = small_disk / "filler"
            filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - (12 << 20)))
            with suppress(psycopg.OperationalError):
                while n_kept < 1000:
                    connection.execute(insert, (n_kept,))
                    n_kept += 1
        filler.unlink()
        supervisor.process.send_signal(signal.SIGTERM)
        supervisor.process.communicate(timeout=60)
        assert 0 < n_kept < 1000
        again = supervisors(data_path)
        with psycopg.connect(again.told["database_url"]) as connection:
            query = "SELECT count(*) FROM (SELECT i FROM kept GROUP BY i HAVING count(*) = 40) AS whole"
            assert connection.execute(query).fetchone() >= (n_kept,)

    def test_runs_as_a_user_without_a_name(self, quick_directory, supervisors):
        python = self.find_python(23456)
        path = quick_directory / "theirs"
        path.mkdir()
        os.chown(path, 23456, 23456)
        options = {
            "python": python,
            "env": self.environment(),
            "user": 23456,
            "group": 23456,
            "extra_groups": [],
        }
        supervisor = supervisors(path / "data", **options)
        owners = {psutil.Process(pid).uids().effective for pid in supervisor.pids}
        supervisor.process.send_signal(signal.SIGTERM)
        assert supervisor.end() == (0, "stopped")
        assert owners == {23456}
        assert supervisors(path / "data", "briefly", **options).end() == (0, "stopped")
        # Root takes over, and keeps to the owner of the cluster.
        as_root = supervisors(path / "data")
        assert psutil.Process(as_root.told["pids"]["PostgreSQL"]).uids().effective == 23456

    @staticmethod
    def environment():
        packages = sysconfig.get_path("purelib")
        return {"PATH": "/usr/bin:/bin", "PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"}

    def find_python(self, uid):
        """Find an interpreter of our version that the user can run with our packages."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
            try:
                command = (python, "-c", "import app.embedded.stack")
                options = {"cwd": REPOSITORY, "env": self.environment(), "capture_output": True}
                subprocess.run(command, user=uid, group=uid, check=True, **options)
            except (OSError, subprocess.CalledProcessError):
                continue
            return python
        pytest.skip("no interpreter that another user can run with these packages")
