"""Speaks HTTP the way hostile and clumsy clients do: one connection a request, bodies of any form."""

import http.client
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Target:
    """A server to talk to, and a key it knows."""

    host: str
    port: int
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        return json.loads(self.body)


def exchange(
    target: Target,
    method: str,
    path: str,
    *,
    body: bytes | Iterable[bytes] | None = None,
    headers: Mapping[str, str] | None = None,
    time_limit_s: float = 20.0,
) -> Reply:
    """Send a request on a connection of its own; a body that is no bytes goes out in chunks.

    A server may answer before it has read everything: what it says is read even so.
    """
    started = time.monotonic()
    sent = dict(headers or {})
    if target.key is not None:
        sent.setdefault("Authorization", f"Bearer {target.key}")
    chunked = body is not None and not isinstance(body, bytes)
    if chunked:
        sent["Transfer-Encoding"] = "chunked"
    connection = http.client.HTTPConnection(target.host, target.port, timeout=time_limit_s)
    try:
        try:
            connection.request(method, path, body=body, headers=sent, encode_chunked=chunked)
        except (BrokenPipeError, ConnectionResetError):
            connection._HTTPConnection__state = "Request-sent"  # type: ignore[attr-defined]
        response = connection.getresponse()
        content = response.read()
        given = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, given, content, time.monotonic() - started)
    finally:
        connection.close()


def send_json(target: Target, method: str, path: str, document: object) -> Reply:
    body = json.dumps(document).encode()
    return exchange(target, method, path, body=body, headers={"Content-Type": "application/json"})
