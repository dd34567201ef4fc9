import os
import pty
import select
import signal
import subprocess
import sys
import time

import pytest

from app.cli.progress import stage_text, time_text
from tests.unit.cli.stand_in import KEY

COMMAND = (sys.executable, "-m", "app.cli", "jobs", "--watch")


class TestStageText:
    @pytest.mark.parametrize(
        ("job", "text"),
        [
            ({"state": "queued"}, "Waiting for a worker"),
            ({"state": "running", "stage": None}, "Starting"),
            ({"state": "running", "stage": "label"}, "Labelling the topics"),
            ({"state": "running", "stage": "one of the future"}, "Starting"),
            ({"state": "running", "stage": "label", "cancel_requested": True}, "Cancelling"),
        ],
    )
    def test_is_for_people(self, job, text):
        assert stage_text(job) == text


class TestTimeText:
    @pytest.mark.parametrize(
        ("seconds", "text"),
        [(None, ""), (0.2, "1 s"), (89.4, "89 s"), (90, "2 min"), (3600, "60 min"), (7500, "2 h 5 min")],
    )
    def test_is_no_more_exact_than_it_is_of_use(self, seconds, text):
        assert time_text(seconds) == text


@pytest.fixture
def environment(server):
    return {**os.environ, "PAPERTREE_URL": server.address, "PAPERTREE_KEY": KEY, "TERM": "xterm"}


class TestInterrupting:
    def test_stops_watching_and_tells_how_to_cancel(self, server, environment):
        server.looks = 10_000
        job = server.add_job("build_hierarchy", server.add_corpus("mine"))
        process = subprocess.Popen(
            [*COMMAND, job["id"]], env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        while server.asked("GET", job["id"]) < 3:
            time.sleep(0.02)

        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)

        assert process.returncode == 130
        assert output == ""
        assert f"papertree jobs cancel {job['id']}" in errors
        assert "Traceback" not in errors
        assert job["state"] == "running"


class TestTheBarOnATerminal:
    def test_shows_stage_counts_and_time_left_and_goes_away(self, server, environment):
        server.looks = 5
        job = server.add_job("build_hierarchy", server.add_corpus("mine"))
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [*COMMAND, job["id"]],
            env={**environment, "COLUMNS": "100"},
            stderr=theirs,
            stdout=subprocess.PIPE,
        )
        os.close(theirs)
        shown = _read_all(ours).decode()
        output, _ = process.communicate(timeout=20)

        assert "Embedding the papers" in shown
        assert "5 of 10" in shown
        assert "about 3 s left" in shown
        assert output.decode() == f"Job {job['id']} (build hierarchy): succeeded\n"


def _read_all(descriptor: int) -> bytes:
    read = b""
    while select.select([descriptor], [], [], 20)[0]:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # How Linux tells that the other side is closed.
            break
        if not part:
            break
        read += part
    os.close(descriptor)
    return read
