"""What may be set about a build, told to programs and people, and held to on both ways in."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from app.cli.application import application
from app.db.session import Sessions, transaction
from app.hierarchy.parameters import BuildParameters, list_parameters
from app.main import create_app
from app.services.keys import add_key
from app.settings import Settings
from tests.api.edge_app import serving

ALL = list_parameters()


def wrong_values() -> Iterator[tuple[str, object]]:
    """One below, one above and one of another type for each parameter."""
    for one in ALL:
        step = 1 if one.is_whole else 0.001
        yield one.name, one.lowest - step
        yield one.name, one.highest + step
        yield one.name, one.default + 0.5 if one.is_whole else "much"


@pytest.fixture
def command(
    client: TestClient,
    corpus_id: str,
    settings: Settings,
    sessions: Sessions,
    workspace_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Result]]:
    """`papertree` with the real application behind it, on the corpus named corpus."""
    with transaction(sessions) as session:
        key = add_key(session, workspace_id=workspace_id, name="command line")
    with serving(create_app(settings)) as target:
        monkeypatch.setenv("PAPERTREE_URL", f"http://{target.host}:{target.port}")
        monkeypatch.setenv("PAPERTREE_KEY", key)
        yield lambda *words: CliRunner().invoke(application, words, prog_name="papertree")


class TestGetBuildParameters:
    def test_tells_what_the_class_says(self, client: TestClient) -> None:
        items = client.get("/api/v1/build-parameters").json()["items"]
        assert {item["name"]: item["default"] for item in items} == BuildParameters().to_json()
        for item in items:
            assert (item["minimum"], item["maximum"]) == BuildParameters.ranges[item["name"]]
            assert item["minimum"] <= item["default"] <= item["maximum"]
            assert item["description"].endswith(".")
            whole = isinstance(getattr(BuildParameters(), item["name"]), int)
            assert item["type"] == ("integer" if whole else "number")


class TestPostHierarchy:
    @pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
    def test_takes_both_ends_of_a_range(self, client: TestClient, corpus_id: str, one) -> None:
        for value in (one.lowest, one.highest):
            # Bounds that belong together move with each other.
            others = {
                "min_children": {"max_children": 50},
                "max_children": {"min_children": 2},
                "smallest_leaf": {"largest_leaf": 10_000},
                "largest_leaf": {"smallest_leaf": 1},
            }
            parameters = {**others.get(one.name, {}), one.name: value}
            answer = client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={"parameters": parameters})
            assert answer.status_code == 202, answer.text

    def test_refuses_every_value_out_of_its_range_and_says_the_range(
        self, client: TestClient, corpus_id: str
    ) -> None:
        for name, value in wrong_values():
            body = {"parameters": {name: value}}
            answer = client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json=body)
            document = answer.json()
            assert (answer.status_code, document["type"]) == (422, "urn:papertree:parameter-out-of-range")
            assert document["parameter"] == name
            assert document["allowed"] == list(BuildParameters.ranges[name])
            assert name in document["detail"]
        assert client.get("/api/v1/jobs").json()["items"] == []


class TestTheBuildCommand:
    def test_refuses_every_value_out_of_its_range_and_says_the_range(
        self, command: Callable[..., Result]
    ) -> None:
        for name, value in wrong_values():
            result = command("build", "corpus", "--parameter", f"{name}={value}")
            assert result.exit_code == 2
            lowest, highest = BuildParameters.ranges[name]
            assert f"{name} must be a" in result.stderr
            assert f"from {lowest:g} to {highest:g}." in result.stderr

    def test_lists_every_parameter_in_its_help(self) -> None:
        shown = CliRunner().invoke(application, ["build", "--help"]).stdout
        for one in ALL:
            assert f"{one.name}={one.default:g}, from {one.lowest:g} to {one.highest:g}" in shown
            assert one.text[:40] in shown
