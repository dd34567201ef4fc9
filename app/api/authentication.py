"""Who is asking: nothing but a short list of addresses is open to those without a key."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.page_cookies import read_token, refuse_forgery
from app.api.problems import Refusal
from app.services.keys import digest

PUBLIC_PATHS = frozenset({"/", "/help", "/healthz", "/readyz", "/docs", "/openapi.json"})
# The pages themselves hold nothing: what they show they ask the API for.
PUBLIC_FOLDERS = ("/docs/", "/assets/", "/corpora/", "/jobs/")
_PUBLIC_METHODS = frozenset({"GET", "HEAD"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# POST only because a query, or what is asked about, may be long; it changes nothing. A session changes
# nothing of what the key opens.
_READING_POST = re.compile(
    r"/api/v1/(corpora/[^/]+/(search|export)|hierarchies/[^/]+/corrections/preview|session)/?"
)
_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +(pt_[A-Za-z0-9_-]{43}) *")


class Unauthenticated(Refusal):
    """No key, or none that opens anything: the answer is the same for all."""

    slug = "unauthenticated"
    title = "A valid key is needed"
    status = 401


class KeyIsReadOnly(Refusal):
    """A key that may only read, used to write."""

    slug = "key-is-read-only"
    title = "The key may only read"
    status = 403


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose request it is: the workspace comes from the key alone, never from the request.

    ``session_id`` and ``expires_at`` are those of the page's session, where the request came with a cookie.
    """

    workspace_id: UUID
    key_id: UUID
    name: str
    read_only: bool
    session_id: UUID | None = None
    expires_at: datetime | None = None


FindWorkspace = Callable[[bytes], Identity | None]


class DefaultDeny:
    """ASGI middleware that answers 401 to whoever has no key, whatever the address.

    It covers what a dependency of the application does not see: mounts, addresses that do not exist,
    methods no route has. The lookups are ``app.state.find_workspace`` and ``app.state.find_page``, each a
    `FindWorkspace` given the SHA-256 of a key, or of the token in a page's cookie; they may block, and what
    they raise is answered as anything else is. A key that is sent counts alone, and needs no cookie's care.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out who is asking, and let them through or not."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http" and not is_public(scope["method"], scope["path"]):
            identity = await _identify(scope)
            if identity is None:
                raise _unauthenticated()
            writes = scope["method"] not in _SAFE_METHODS and not _READING_POST.fullmatch(scope["path"])
            if identity.read_only and writes:
                raise KeyIsReadOnly("Use a key that may write.")
            scope.setdefault("state", {})["identity"] = identity
        await self.app(scope, receive, send)


def is_public(method: str, path: str) -> bool:
    """Tell whether an address is open to anybody; only to read, and only as it is spelled here."""
    if method not in _PUBLIC_METHODS:
        return False
    return path in PUBLIC_PATHS or (path.startswith(PUBLIC_FOLDERS) and ".." not in path)


def authenticate(
    request: Request,
    _credentials: Annotated[
        HTTPAuthorizationCredentials | None,
        Depends(HTTPBearer(auto_error=False, bearerFormat="pt_...", description="A key to a workspace.")),
    ],
) -> Identity | None:
    """Refuse a request that `DefaultDeny` has not let through; meant for ``FastAPI(dependencies=...)``.

    Returns
    -------
    Identity or None
        None on a public address.
    """
    identity: Identity | None = getattr(request.state, "identity", None)
    if identity is None and not is_public(request.method, request.scope["path"]):
        raise _unauthenticated()
    return identity


def _known(request: Request) -> Identity:
    identity: Identity | None = getattr(request.state, "identity", None)
    if identity is None:
        raise _unauthenticated()
    return identity


IdentityDep = Annotated[Identity, Depends(_known)]


async def _identify(scope: Scope) -> Identity | None:
    state: Any = scope["app"].state
    given = Headers(scope=scope).getlist("authorization")
    if given:
        bearer = _BEARER.fullmatch(given[0]) if len(given) == 1 else None
        find_workspace: FindWorkspace = state.find_workspace
        return None if bearer is None else await run_in_threadpool(find_workspace, digest(bearer[1]))
    token = read_token(scope)
    if token is None:
        return None
    find_page: FindWorkspace = state.find_page
    identity = await run_in_threadpool(find_page, digest(token))
    if identity is not None:
        refuse_forgery(scope)
    return identity


def _unauthenticated() -> Unauthenticated:
    detail = "Send the header `Authorization: Bearer pt_...` with a key that has not been revoked."
    return Unauthenticated(detail, headers={"WWW-Authenticate": "Bearer"})
