"""A command finds the server that runs, and never one that is gone."""

import os
import stat

import pytest

from app.embedded.data_directory import LOCK_NAME, open_data_directory
from app.embedded.running_server import RunningServer, announce, running_server, withdraw

SERVER = RunningServer("http://127.0.0.1:8000", os.getpid())


class TestRunningServer:
    def test_is_found_while_the_data_directory_is_held(self, tmp_path):
        with open_data_directory(tmp_path):
            announce(tmp_path, SERVER)
            assert running_server(tmp_path) == SERVER
            assert stat.S_IMODE((tmp_path / "server.json").stat().st_mode) == 0o600
        assert running_server(tmp_path) is None

    def test_is_not_found_when_another_process_holds_it(self, tmp_path):
        with open_data_directory(tmp_path):
            announce(tmp_path, RunningServer(SERVER.address, os.getpid() + 1))
            assert running_server(tmp_path) is None

    def test_is_not_found_after_a_farewell(self, tmp_path):
        with open_data_directory(tmp_path):
            announce(tmp_path, SERVER)
            withdraw(tmp_path)
            assert running_server(tmp_path) is None
            assert os.listdir(tmp_path).count("server.json") == 0

    @pytest.mark.parametrize(
        "content", ["", "{", "[]", "null", '{"address": "x"}', '{"address": "x", "pid": []}']
    )
    def test_is_not_found_in_a_damaged_file(self, tmp_path, content):
        with open_data_directory(tmp_path):
            (tmp_path / "server.json").write_text(content)
            assert running_server(tmp_path) is None

    def test_is_not_found_where_nothing_is(self, tmp_path):
        assert running_server(tmp_path / "missing") is None
        assert running_server(tmp_path) is None
        assert not (tmp_path / LOCK_NAME).exists()

    def test_looking_does_not_keep_a_supervisor_out(self, tmp_path):
        with open_data_directory(tmp_path):
            announce(tmp_path, SERVER)
        assert running_server(tmp_path) is None
        with open_data_directory(tmp_path):
            pass
