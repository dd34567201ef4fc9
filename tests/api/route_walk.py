"""Walks every route of an application and checks that none but the listed ones is open without a key."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import anyio
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount
from starlette.testclient import TestClient
from starlette.types import Message

# Kept here on its own: an address that becomes public must be written down twice.
PAGES = frozenset({"/", "/help", "/corpora/{screen:path}", "/jobs/{screen:path}"})
PUBLIC = PAGES | {"/healthz", "/readyz", "/docs", "/docs/{name}", "/openapi.json"}
PUBLIC_MOUNTS = frozenset({"/assets"})

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE")
_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
_NOWHERE = (
    "/no/such/address",
    "/api/v1/no-such-resource",
    "/assets/../api/v1/corpora",
    "/assets/%2e%2e/api/v1/corpora",
    "/assets/..%2fapi/v1/corpora",
    "/docs/..%2fapi/v1/corpora",
    "//healthz",
    "/healthz/",
    "/healthz/../api/v1/corpora",
    "/HEALTHZ",
    "/healthz%00",
    "/openapi.json/x",
    "/metrics",
)


def walk_routes(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Give the path template of every route, those of mounted applications too, and whether it is a mount."""
    for context in iter_route_contexts(routes):
        route = context.original_route if hasattr(context, "original_route") else context.route
        path = prefix + (context.path or getattr(route, "path", "") or "")
        if isinstance(route, Mount):
            yield path, True
            yield from walk_routes(list(route.routes or []), path)
        else:
            yield path, False


def assert_default_deny(app: FastAPI, client: TestClient) -> int:
    """Check that every route and every spelling of it answers 401 without a key, the listed ones excepted.

    Parameters
    ----------
    app : FastAPI
        The application whose routes are walked.
    client : TestClient
        Sends no key, and its host is one the application knows.

    Returns
    -------
    int
        How many requests were sent.
    """
    templates = set(walk_routes(app.routes))
    assert templates
    n_requests = 0
    denied = list(_NOWHERE)
    for template, is_mount in sorted(templates):
        is_listed = template in (PUBLIC_MOUNTS if is_mount else PUBLIC)
        is_listed = is_listed or any(template.startswith(f"{mount}/") for mount in PUBLIC_MOUNTS)
        path = re.sub(r"{[^}]*}", _ID, template) + (f"/{_ID}" if is_mount else "")
        for method in _METHODS:
            reply = client.request(method, path, follow_redirects=False)
            n_requests += 1
            opens = is_listed and method in ("GET", "HEAD")
            assert (reply.status_code != 401) == opens, (method, path, reply.status_code)
        denied += () if is_listed else _spellings(path)
    for path in denied:
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            n_requests += 1
            status = anyio.run(_ask, app, method, path, client.base_url.host)
            assert status == 401, (method, path, status)
    return n_requests


def _spellings(path: str) -> tuple[str, ...]:
    return (
        f"{path}/",
        f"/{path}",
        f"{path};a=b",
        path.upper() if path.upper() != path else f"{path}/x",
        path.replace("/", "%2F"),
        path.replace("/", "/./"),
        f"/assets/..{path}",
        f"/docs/..{path}",
        f"{path}%00",
        f"http://localhost{path}",
    )


async def _ask(app: FastAPI, method: str, target: str, host: str) -> int:
    """Send a request as a server would pass it on: no client tidies the address up on the way."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(target),
        "raw_path": target.encode("ascii"),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", host.encode("ascii"))],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[0]
