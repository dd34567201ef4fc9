"""Journeys through the pages in a browser, on the real servers; each file of `frontend/journeys` is one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded.running_server import running_server
from tests.conftest import making_open_directory
from tests.journeys.running import Running, wait_for
from tests.pages.conftest import FRONTEND
from tools.build_pages import Node

_SLOW = {"speed"}  # Their figures mean nothing while other tests run.
JOURNEYS = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if path.stem in _SLOW else [])
    for path in sorted((FRONTEND / "journeys").glob("*.js"))
    if path.name != "browser.js"
]
TIME_LIMIT_S = 280


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("there is no chromium")
    return found


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with making_open_directory() as directory:
        started = Running(directory / "data")
        try:
            with started.client():
                yield started
        finally:
            started.stop()


@pytest.mark.parametrize("journey", JOURNEYS)
def test_journey(journey: Path, running: Running, chromium: str, node: Node, built_pages: Path):
    server = wait_for(lambda: running_server(running.data), "server")
    done = subprocess.run(
        [shutil.which("node", path=node.directory) or "node", "--test", "--test-reporter=tap", str(journey)],
        cwd=FRONTEND,
        env={
            **os.environ,
            "PAPERTREE_URL": server.address,
            "PAPERTREE_KEY": (running.data / "local.key").read_text().strip(),
            "CHROMIUM": chromium,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=TIME_LIMIT_S,
    )
    assert done.returncode == 0, done.stdout + done.stderr
