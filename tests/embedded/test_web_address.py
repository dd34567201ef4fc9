"""A busy port is found before anything starts, and a web server is ready when it says so."""

import sys
from pathlib import Path

import pytest

from app.embedded import web_address
from app.embedded.process import Child, Command
from app.embedded.web_address import (
    AddressInUse,
    AddressUnusable,
    WebServerFailed,
    address_of,
    free_port,
    wait_until_healthy,
)

WEB = Path(__file__).parent / "stand_ins" / "web.py"


def make_web(directory, port, *arguments):
    environment = {"PAPERTREE_HOST": "127.0.0.1", "PAPERTREE_PORT": str(port)}
    command = Command(name="web", arguments=arguments, environment=environment, log=directory / "web.log")
    return Child(command)


class TestFreePort:
    def test_takes_a_free_one_and_chooses_one_for_0(self):
        port = free_port("127.0.0.1", 0)
        assert port > 1023
        assert free_port("127.0.0.1", port) == port

    def test_refuses_a_busy_one(self, listener, monkeypatch):
        monkeypatch.setattr(web_address, "FREE_PATIENCE_S", 0.1)
        port = listener.getsockname()[1]
        with pytest.raises(AddressInUse, match=rf"port {port}.*PAPERTREE_PORT"):
            free_port("127.0.0.1", port)

    def test_waits_for_one_that_is_about_to_be_free(self, listener):
        port = listener.getsockname()[1]
        assert free_port("127.0.0.1", port, lambda seconds: listener.close()) == port

    @pytest.mark.parametrize(
        ("host", "port"), [("192.0.2.1", 8000), ("127.0.0.1", 70000), ("not a host", 80), ("x" * 70, 80)]
    )
    def test_refuses_what_is_no_address_of_ours(self, host, port):
        with pytest.raises(AddressUnusable, match="PAPERTREE_HOST"):
            free_port(host, port)


class TestAddressOf:
    def test_is_one_that_can_be_connected_to(self):
        assert address_of("127.0.0.1", 8000) == "http://127.0.0.1:8000"
        assert address_of("0.0.0.0", 8000) == "http://127.0.0.1:8000"
        assert address_of("::", 8000) == "http://[::1]:8000"


class TestWaitUntilHealthy:
    def test_returns_when_it_answers(self, tmp_path):
        port = free_port("127.0.0.1", 0)
        web = make_web(tmp_path, port, sys.executable, str(WEB))
        web.start()
        wait_until_healthy(web, "127.0.0.1", port)
        web.stop()

    def test_tells_what_it_said_when_it_ends(self, tmp_path):
        web = make_web(tmp_path, 1, "/bin/sh", "-c", "echo no such table; exit 3")
        web.start()
        with pytest.raises(WebServerFailed, match="no such table"):
            wait_until_healthy(web, "127.0.0.1", 1)

    def test_gives_up_on_one_that_hangs(self, tmp_path, listener, monkeypatch):
        monkeypatch.setattr(web_address, "HEALTHY_LIMIT_S", 0.1)
        monkeypatch.setattr(web_address, "ANSWER_LIMIT_S", 0.1)
        web = make_web(tmp_path, 1, "/bin/sleep", "600")
        web.start()
        with pytest.raises(WebServerFailed, match="does not answer"):
            wait_until_healthy(web, "127.0.0.1", listener.getsockname()[1])
        web.stop()
