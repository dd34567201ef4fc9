import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import progress
from app.cli.application import application
from tests.unit.cli.stand_in import KEY, StandIn

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def stand_in() -> Iterator[StandIn]:
    server = StandIn()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """A server with nothing in it, which the commands talk to because the environment names it."""
    stand_in.clear()
    monkeypatch.setenv("PAPERTREE_URL", stand_in.address)
    monkeypatch.setenv("PAPERTREE_KEY", KEY)
    monkeypatch.setattr(progress, "_PAUSE_S", 0.01)
    return stand_in


@pytest.fixture
def run() -> Run:
    """Run a command in this process; its streams are no terminal."""

    def run_command(*arguments: object, given: str | None = None) -> Result:
        words: Sequence[str] = [str(argument) for argument in arguments]
        result = CliRunner().invoke(application, words, input=given, prog_name="papertree")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run_command


@pytest.fixture
def run_json(run: Run) -> Callable[..., Any]:
    """Run a command with ``--json`` and read the whole of its stdout as one JSON value."""

    def run_command(*arguments: object, status: int = 0) -> Any:
        result = run(*arguments, "--json")
        assert result.exit_code == status, result.stderr
        return json.loads(result.stdout)

    return run_command
