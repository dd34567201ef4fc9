"""A child is tied to its supervisor, to its predecessor and to its user."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.embedded import process
from app.embedded.process import Child, Command, PredecessorStillRuns, plain_environment
from app.embedded.server_user import User

from .conftest import eventually, is_alive

PYTHON = (sys.executable, "-I", "-S", "-c")
SLEEP = "import time; print('up', flush=True); time.sleep(600)"
IGNORE_TERM = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
# A supervisor that starts one child from its main thread, prints its process id, and hangs.
SUPERVISOR = """
import sys, time
from pathlib import Path
from app.embedded.process import Child, Command
command = Command(name="test", arguments=tuple(sys.argv[3:]), environment={}, log=Path(sys.argv[1]))
child = Child(command, has_death_signal=sys.argv[2] == "signal")
child.start()
while "up" not in child.said():
    time.sleep(0.01)
print(child.pid, flush=True)
time.sleep(600)
"""


def make_command(directory: Path, *arguments: str, **changes: object) -> Command:
    settings = {"name": "test", "environment": plain_environment(directory), "log": directory / "test.log"}
    return Command(arguments=arguments, **settings | changes)


def start(directory: Path, code: str = SLEEP, **changes: object) -> Child:
    child = Child(make_command(directory, *PYTHON, code, **changes))
    child.start()
    assert eventually(lambda: child.said() or not child.running)
    return child


class TestChild:
    def test_is_a_direct_child_in_a_session_of_its_own(self, tmp_path):
        child = start(
            tmp_path, f"import os; print(os.getppid(), os.getsid(0) == os.getpid(), flush=True); {SLEEP}"
        )
        child.stop()
        assert child.said().splitlines()[0] == f"{os.getpid()} True"

    def test_gets_only_the_environment_of_its_command(self, tmp_path, monkeypatch):
        monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
        monkeypatch.setenv("PGHOST", "elsewhere.example")
        child = start(tmp_path, f"import os; print(dict(os.environ), flush=True); {SLEEP}")
        child.stop()
        assert "'LC_ALL': 'C'" in child.said()
        assert "PGHOST" not in child.said()

    def test_stops_when_asked(self, tmp_path):
        child = start(tmp_path)
        child.stop()
        assert child.exit_status == -signal.SIGTERM

    def test_is_killed_when_it_does_not_stop_in_time(self, tmp_path):
        child = start(tmp_path, IGNORE_TERM, stop_limit_s=0.2)
        child.stop()
        assert child.exit_status == -signal.SIGKILL

    def test_is_killed_at_once_in_a_hurry(self, tmp_path):
        child = start(tmp_path, IGNORE_TERM, stop_limit_s=60.0)
        began = time.monotonic()
        child.stop(in_a_hurry=lambda: True)
        assert time.monotonic() - began < 5
        assert child.exit_status == -signal.SIGKILL

    def test_takes_what_it_started_with_it_when_killed(self, tmp_path):
        code = f"import os, signal; {IGNORE_TERM.split(';')[1]}; print(os.fork(), flush=True); {SLEEP}"
        child = start(tmp_path, code, stop_limit_s=0.1)
        grandchild = max(int(line) for line in child.said().splitlines() if line.isdigit())
        child.stop()
        assert eventually(lambda: not is_alive(grandchild))

    def test_stops_when_it_was_paused(self, tmp_path):
        child = start(tmp_path, stop_limit_s=0.2)
        os.kill(child.pid, signal.SIGSTOP)
        child.stop()
        assert not child.running

    def test_may_be_stopped_before_it_is_started_and_twice(self, tmp_path):
        child = Child(make_command(tmp_path, *PYTHON, SLEEP))
        child.stop()
        child.start()
        child.stop()
        child.stop()
        assert not child.running

    def test_says_why_its_program_cannot_be_executed(self, tmp_path):
        child = Child(make_command(tmp_path, str(tmp_path / "missing"), "argument"))
        child.start()
        assert eventually(lambda: not child.running)
        assert child.exit_status == 126
        assert "No such file" in child.said()

    def test_quotes_only_what_was_said_since_its_start(self, tmp_path):
        (tmp_path / "test.log").write_text("an older line\n")
        child = start(tmp_path)
        child.stop()
        assert child.said() == "up"

    def test_takes_an_interrupt_although_we_ignore_them(self, tmp_path):
        previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            child = start(tmp_path, stop_signal=signal.SIGINT)
            child.stop()
        finally:
            signal.signal(signal.SIGINT, previous)
        assert child.exit_status != -signal.SIGKILL

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
    def test_becomes_another_user_for_good(self, tmp_path):
        command = make_command(
            tmp_path, "/bin/sh", "-c", "id -u; id -g; id -G", user=User("any", 23456, 23457)
        )
        child = Child(command)
        child.start()
        assert eventually(lambda: not child.running)
        assert child.said().split() == ["23456", "23457", "23457"]


class TestOrphan:
    @pytest.mark.parametrize("tie", ["signal", "watcher"])
    def test_ends_with_a_killed_supervisor(self, tmp_path, tie):
        if tie == "signal" and sys.platform != "linux":
            pytest.skip("only Linux has parent-death signals")
        arguments = (tmp_path / "test.log", tie, *PYTHON, IGNORE_TERM)
        supervisor = subprocess.Popen(
            (sys.executable, "-c", SUPERVISOR, *arguments), stdout=subprocess.PIPE, text=True
        )
        with supervisor:
            child = int(supervisor.stdout.readline())
            assert is_alive(child)
            supervisor.kill()
        assert eventually(lambda: not is_alive(child))

    def test_is_not_signalled_while_its_supervisor_lives(self, tmp_path):
        child = Child(make_command(tmp_path, *PYTHON, SLEEP), has_death_signal=False)
        child.start()
        time.sleep(0.7)
        assert child.running
        child.stop()

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux has parent-death signals")
    def test_is_tied_to_the_thread_that_started_it(self, tmp_path):
        child = Child(make_command(tmp_path, *PYTHON, SLEEP))

        def start_and_end():
            child.start()
            assert eventually(child.said)

        thread = threading.Thread(target=start_and_end)
        thread.start()
        thread.join()
        assert eventually(lambda: not child.running)


class TestLock:
    def test_keeps_a_successor_waiting_until_the_last_descendant_has_ended(self, tmp_path, monkeypatch):
        monkeypatch.setattr(process, "PREDECESSOR_LIMIT_S", 0.2)
        first = start(tmp_path, f"import os; print(os.fork(), flush=True); {SLEEP}", lock=tmp_path / "lock")
        descendant = max(int(line) for line in first.said().splitlines() if line.isdigit())
        os.kill(first.pid, signal.SIGKILL)
        assert eventually(lambda: not first.running)
        second = Child(first.command)
        with pytest.raises(PredecessorStillRuns, match=str(first.pid)):
            second.start()
        os.kill(descendant, signal.SIGKILL)
        second.start()
        second.stop()

    def test_lets_a_successor_prepare_before_it_starts(self, tmp_path):
        child = Child(make_command(tmp_path, *PYTHON, SLEEP, lock=tmp_path / "lock"))
        running = []
        child.start(prepare=lambda: running.append(child.running))
        child.stop()
        assert running == [False]
