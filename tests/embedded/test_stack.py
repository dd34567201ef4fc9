"""The stack starts, looks after and stops its parts, in the process of the caller."""

import json
import os
import signal
import stat
import sys
import threading
import time
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from app.embedded import data_directory, supervise, web_address
from app.embedded.data_directory import DataDirectoryInUse
from app.embedded.stack import Programs, Stack, running_server
from app.embedded.supervise import KeepsDying
from app.embedded.web_address import AddressInUse, WebServerFailed
from app.settings import Settings

from .conftest import eventually, is_alive
from .stand_ins.supervisor import PROGRAMS, WEB, WORKER


def ignore(database_url):
    """In the place of the migrations."""


@pytest.fixture
def settings(data_path):
    """For the embedded servers."""
    return Settings(data_directory=data_path, port=0)


@pytest.fixture
def elsewhere(quick_directory):
    """For servers that are somebody else's; nothing here connects to them."""
    return Settings(
        data_directory=quick_directory / "data",
        database_url="postgresql://user@db.example/papertree",
        redis_url="redis://queue.example/0",
        port=0,
    )


def get(address, path):
    with urllib.request.urlopen(address + path, timeout=5) as answer:
        return answer.read()


def read_environment(stack):
    return json.loads(get(stack.address, "/environment"))


class TestStack:
    def test_runs_everything_and_leaves_nothing(self, settings):
        migrated = []
        with Stack(settings, migrate=migrated.append, programs=PROGRAMS) as stack:
            pids = stack.pids
            assert list(pids) == ["PostgreSQL", "Valkey", "worker", "web"]
            assert migrated == [stack.settings.database_url]
            with psycopg.connect(stack.settings.database_url) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
            assert Settings.from_environment(read_environment(stack)) == stack.settings
            assert running_server(settings.data_directory).address == stack.address
        assert not any(is_alive(pid) for pid in pids.values())
        assert running_server(settings.data_directory) is None
        assert not (settings.data_directory / "server.json").exists()

    def test_starts_nothing_for_servers_that_are_given(self, elsewhere):
        migrated = []
        with Stack(elsewhere, migrate=migrated.append, programs=PROGRAMS) as stack:
            assert list(stack.pids) == ["worker", "web"]
            environment = read_environment(stack)
        assert migrated == [elsewhere.database_url]
        assert environment["DATABASE_URL"] == elsewhere.database_url
        assert environment["REDIS_URL"] == elsewhere.redis_url
        assert not (elsewhere.data_directory / "postgres").exists()
        assert not (elsewhere.data_directory / "valkey").exists()

    def test_keeps_its_data_to_itself(self, settings):
        with Stack(settings, migrate=ignore, programs=PROGRAMS):
            for path in settings.data_directory.iterdir():
                assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path

    def test_runs_the_worker_and_the_web_server_as_the_same_user(self, elsewhere):
        with Stack(elsewhere, migrate=ignore, programs=PROGRAMS) as stack:
            assert {psutil.Process(pid).uids().real for pid in stack.pids.values()} == {os.geteuid()}

    def test_starts_every_part_again_that_is_killed(self, settings):
        with Stack(settings, migrate=ignore, programs=PROGRAMS) as stack:
            url = stack.settings.database_url
            with psycopg.connect(url) as connection:
                connection.execute("CREATE TABLE kept AS SELECT 42 AS i")
            before = stack.pids
            for pid in before.values():
                os.kill(pid, signal.SIGKILL)
            assert eventually(lambda: all(stack.pids[name] != pid for name, pid in before.items()), 20)
            assert eventually(lambda: all(is_alive(pid) for pid in stack.pids.values()))
            assert eventually(lambda: self.fetch(url) == (42,))
            assert eventually(lambda: self.answers(stack))
            assert stack.address == running_server(settings.data_directory).address

    @staticmethod
    def fetch(url):
        try:
            with psycopg.connect(url) as connection:
                return connection.execute("SELECT i FROM kept").fetchone()
        except psycopg.OperationalError:
            return None

    @staticmethod
    def answers(stack):
        try:
            return get(stack.address, "/healthz")
        except OSError:
            return None

    def test_ends_by_itself_when_a_part_keeps_dying(self, elsewhere, monkeypatch):
        monkeypatch.setattr(supervise, "FIRST_BACKOFF_S", 0.01)
        programs = Programs(worker=("/bin/sh", "-c", "echo no broker; exit 1"), web=WEB)
        with Stack(elsewhere, migrate=ignore, programs=programs) as stack:
            with pytest.raises(KeepsDying, match=r"worker died 5 times(.|\n)*no broker"):
                stack.wait()
            assert not any(is_alive(pid) for pid in stack.pids.values())
        assert running_server(elsewhere.data_directory) is None

    def test_stops_what_it_started_when_the_web_server_fails(self, elsewhere):
        web = ("/bin/sh", "-c", "echo bad setting; exit 2")
        stack = Stack(elsewhere, migrate=ignore, programs=Programs(worker=WORKER, web=web))
        with pytest.raises(WebServerFailed, match="bad setting"):
            stack.__enter__()
        assert not any(is_alive(pid) for pid in stack.pids.values())

    def test_stops_what_it_started_when_the_migration_fails(self, settings):
        def fail(database_url):
            raise RuntimeError("a migration is wrong")

        stack = Stack(settings, migrate=fail, programs=PROGRAMS)
        with pytest.raises(RuntimeError, match="a migration is wrong"):
            stack.__enter__()
        assert list(stack.pids) == ["PostgreSQL", "Valkey"]
        assert not any(is_alive(pid) for pid in stack.pids.values())

    def test_refuses_a_busy_port_before_it_starts_anything(self, quick_directory, listener, monkeypatch):
        monkeypatch.setattr(web_address, "FREE_PATIENCE_S", 0.1)
        settings = Settings(data_directory=quick_directory / "data", port=listener.getsockname()[1])
        stack = Stack(settings, migrate=ignore, programs=PROGRAMS)
        with pytest.raises(AddressInUse):
            stack.__enter__()
        assert stack.pids == {}
        assert not (quick_directory / "data" / "postgres").exists()

    def test_refuses_a_second_one_and_harms_nobody(self, elsewhere, monkeypatch):
        monkeypatch.setattr(data_directory, "LOCK_PATIENCE_S", 0.1)
        with Stack(elsewhere, migrate=ignore, programs=PROGRAMS) as stack:
            with pytest.raises(DataDirectoryInUse, match=str(os.getpid())):
                Stack(elsewhere, migrate=ignore, programs=PROGRAMS).__enter__()
            assert running_server(elsewhere.data_directory).address == stack.address
            assert all(is_alive(pid) for pid in stack.pids.values())

    def test_kills_a_stubborn_worker_in_time_and_all_it_started(self, elsewhere):
        programs = Programs(worker=(*WORKER, "stubborn"), web=WEB, worker_stop_limit_s=0.3)
        with Stack(elsewhere, migrate=ignore, programs=programs) as stack:
            log = elsewhere.data_directory / "logs" / "worker.log"
            assert eventually(lambda: "child" in log.read_text())
            child = int(log.read_text().split()[1])
            worker = stack.pids["worker"]
        assert not is_alive(worker)
        assert eventually(lambda: not is_alive(child))

    def test_stops_sooner_at_a_second_signal(self, elsewhere):
        programs = Programs(worker=(*WORKER, "stubborn"), web=WEB, worker_stop_limit_s=60.0)
        with Stack(elsewhere, migrate=ignore, programs=programs) as stack:
            log = elsewhere.data_directory / "logs" / "worker.log"
            assert eventually(lambda: "child" in log.read_text())
            threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
            began = time.monotonic()
        assert time.monotonic() - began < 20
        assert not is_alive(stack.pids["worker"])

    def test_gives_the_signals_back(self, elsewhere):
        before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
        with Stack(elsewhere, migrate=ignore, programs=PROGRAMS):
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert [
            signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        ] == before

    def test_works_outside_the_main_thread(self, elsewhere):
        answers = []

        def use():
            with Stack(elsewhere, migrate=ignore, programs=PROGRAMS) as stack:
                answers.append(get(stack.address, "/healthz"))

        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
        assert len(answers) == 1

    def test_is_loaded_without_the_application(self):
        code = (
            "import sys, app.embedded.stack;"
            "assert not {'fastapi', 'celery', 'sqlalchemy', 'openvino'} & set(sys.modules)"
        )
        assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) == 0


class TestDefaults:
    def test_run_the_application(self):
        assert Programs().worker == (sys.executable, "-m", "app.workers")
        assert Programs().web == (sys.executable, "-m", "app.main")
        assert Path(sys.executable).is_file()
