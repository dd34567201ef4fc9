"""The probes against the edge with stand-in routes, and how others fare meanwhile."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from app.api.body_limits import Limits
from tests.api.edge_app import make_edge_app, serving
from tests.api.probes import FURTHER_PROBES, JSON, MIB, PROBES, Ids, Probe, assert_sound, prepare
from tests.api.wire import Target, exchange


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with serving(make_edge_app()) as target:
        yield target


@pytest.fixture(scope="module")
def ids(target: Target) -> Ids:
    return prepare(target)


class TestProbes:
    def test_there_are_28(self):
        assert len(PROBES) == 28
        assert len({probe.name for probe in (*PROBES, *FURTHER_PROBES)}) == len(PROBES) + len(FURTHER_PROBES)

    @pytest.mark.parametrize("probe", [*PROBES, *FURTHER_PROBES], ids=lambda probe: probe.name)
    def test_is_answered_soundly(self, probe: Probe, target: Target, ids: Ids):
        assert_sound(probe, probe(target, ids))


def _latencies(target: Target, stop: threading.Event, found: list[float]) -> None:
    while not stop.is_set():
        found.append(exchange(target, "GET", "/healthz").seconds)
        time.sleep(0.01)


class TestOtherClients:
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b'{"papers": [' + b"{}," * (7 * MIB // 3) + b"{}]}", 413),
            (b'{"papers": [' + b"1," * 198_000 + b"1]}", 422),
            (
                b'{"papers": [' + b",".join([b'{"id": "p", "title": "' + b"x" * 900 + b'"}'] * 2_000) + b"]}",
                201,
            ),
        ],
        ids=["7 MiB of {}", "199,000 wrong papers", "2,000 papers"],
    )
    def test_are_not_held_up_by_one_large_body(self, body: bytes, status: int, target: Target, ids: Ids):
        stop, found = threading.Event(), []
        watch = threading.Thread(target=_latencies, args=(target, stop, found))
        watch.start()
        try:
            for _ in range(3):
                path = f"/api/v1/corpora/{ids.corpus}/papers"
                assert exchange(target, "POST", path, body=body, headers=JSON).status == status
        finally:
            stop.set()
            watch.join()
        assert len(found) > 3
        assert max(found) < 1.0


class TestSlowClients:
    def test_are_let_go(self):
        limits = Limits(body_time_s=0.3, pause_s=0.3)
        with serving(make_edge_app(limits=limits)) as target:
            for kind in ("application/json", "multipart/form-data; boundary=b"):
                reply = _send_half(target, kind)
                assert b" 408 " in reply.partition(b"\r\n")[0]
                assert b"request-too-slow" in reply
                assert b"connection: close" in reply.lower()

    def test_that_vanish_leave_the_server_alive(self, target: Target):
        for _ in range(20):
            with socket.create_connection((target.host, target.port)) as connection:
                connection.sendall(_head(target, "application/json"))
        assert exchange(target, "GET", "/healthz").status == 200


class TestEndlessBodies:
    def test_are_cut_off(self):
        limits = Limits(body_bytes=1000)
        with serving(make_edge_app(limits=limits)) as target:
            assert _send_endlessly(target, at_most=2**30) < 150 * MIB


def _head(target: Target, kind: str, length: str = "Content-Length: 1000") -> bytes:
    lines = (
        "POST /api/v1/corpora/00000000-0000-4000-8000-000000000000/imports HTTP/1.1",
        f"Host: {target.host}:{target.port}",
        f"Authorization: Bearer {target.key}",
        f"Content-Type: {kind}",
        length,
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def _send_endlessly(target: Target, *, at_most: int) -> int:
    """Send until the server cuts the connection; give the bytes that were sent."""
    sent = 0
    with socket.create_connection((target.host, target.port), timeout=20) as connection:
        connection.sendall(_head(target, "application/json", "Transfer-Encoding: chunked"))
        while sent < at_most:
            try:
                connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            except (BrokenPipeError, ConnectionResetError):
                break
            sent += 65536
    return sent


def _send_half(target: Target, kind: str) -> bytes:
    with socket.create_connection((target.host, target.port), timeout=20) as connection:
        connection.sendall(_head(target, kind) + b"--b\r\n")
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        return received
