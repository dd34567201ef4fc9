import os

import pytest

from app.embedded.data_directory import open_data_directory
from app.embedded.running_server import RunningServer, announce
from tests.unit.cli.stand_in import KEY


class TestANamedServer:
    def test_needs_a_key(self, server, run, monkeypatch):
        monkeypatch.delenv("PAPERTREE_KEY")

        result = run("corpora")

        assert result.exit_code == 1
        assert "PAPERTREE_KEY" in result.stderr
        assert server.requests == []

    def test_needs_an_address_of_the_web(self, run_json, monkeypatch):
        monkeypatch.setenv("PAPERTREE_URL", "localhost:8000")

        assert run_json("corpora", status=1)["type"] == "bad-setting"

    def test_may_end_in_a_slash(self, server, run, monkeypatch):
        monkeypatch.setenv("PAPERTREE_URL", f"{server.address}/")

        assert run("corpora").exit_code == 0

    def test_refuses_a_wrong_key(self, server, run_json, monkeypatch):
        monkeypatch.setenv("PAPERTREE_KEY", "pt_of-another")

        assert run_json("corpora", status=1)["type"] == "not-authenticated"


class TestTheServerOfADataDirectory:
    @pytest.fixture
    def running(self, server, open_directory, monkeypatch):
        monkeypatch.delenv("PAPERTREE_URL")
        monkeypatch.delenv("PAPERTREE_KEY")
        monkeypatch.setenv("PAPERTREE_DATA", str(open_directory / "data"))
        with open_data_directory(open_directory / "data") as data:
            announce(data.root, RunningServer(server.address, os.getpid()))
            yield data.root

    def test_is_found_with_its_key(self, server, running, run):
        (running / "local.key").write_text(f"{KEY}\n")
        server.add_corpus("mine")

        assert "mine" in run("corpora").stdout

    def test_is_of_no_use_without_its_key(self, server, running, run_json):
        document = run_json("corpora", status=1)

        assert document["type"] == "no-key"
        assert str(running / "local.key") in document["detail"]


class TestSettings:
    def test_that_are_no_numbers_are_told(self, run_json, monkeypatch):
        monkeypatch.setenv("PAPERTREE_PORT", "eighty")

        document = run_json("corpora", status=1)

        assert document["type"] == "bad-setting"
        assert "'eighty'" in document["detail"]
