"""Bounds what a request may be: its address, headers, and the bytes, time and structure of its body."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

import anyio
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import Refusal, answer
from app.api.strict_json import MAX_DEPTH, MAX_ITEMS, check_json

BODY_LIMIT_BYTES = 8 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 512 * 1024 * 1024

_UPLOAD_PATH = re.compile(r"/api/v1/corpora/[^/]+/imports(?:/preview)?/?")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_FORM = "multipart/form-data"
_BOUNDARY = re.compile(r";\s*boundary=(?:\"[^\"]{1,70}\"|[^\s;\"]{1,70})", re.IGNORECASE)


class FormLimits(TypedDict, total=False):
    """What a form may be, in the words of ``FastAPI(form_limits=...)``."""

    max_fields: int
    max_files: int
    max_part_size: int


FORM_LIMITS: FormLimits = {"max_fields": 20, "max_files": 1, "max_part_size": 64 * 1024}


class RequestTooLarge(Refusal):
    """A body of more bytes than its address takes."""

    slug = "request-too-large"
    title = "The request body is too large"
    status = 413


class RequestTooSlow(Refusal):
    """A body that did not arrive in time."""

    slug = "request-too-slow"
    title = "The request body did not arrive in time"
    status = 408


class AddressTooLong(Refusal):
    """A path or query string beyond any of ours."""

    slug = "address-too-long"
    title = "The address is too long"
    status = 414


class HeadersTooLarge(Refusal):
    """Headers of more bytes than any client of ours sends."""

    slug = "headers-too-large"
    title = "The headers are too large"
    status = 431


class UnsupportedBody(Refusal):
    """A body of a kind that no address takes."""

    slug = "unsupported-body"
    title = "The body is of a kind that is not taken"
    status = 415


class MalformedRequest(Refusal):
    """A request that contradicts itself."""

    slug = "malformed-request"
    title = "The request cannot be read"
    status = 400


def is_upload(scope: Scope) -> bool:
    """Tell whether a request is the upload of a file."""
    return scope["method"] == "POST" and _UPLOAD_PATH.fullmatch(scope["path"]) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a request may be. Sizes in bytes, times in seconds.

    ``body_time_s`` bounds the arrival of a whole JSON body, ``pause_s`` each wait for more of a file.
    """

    body_bytes: int = BODY_LIMIT_BYTES
    upload_bytes: int = UPLOAD_LIMIT_BYTES
    depth: int = MAX_DEPTH
    items: int = MAX_ITEMS
    path_bytes: int = 2_048
    query_bytes: int = 8_192
    headers_bytes: int = 32_768
    body_time_s: float = 60.0
    pause_s: float = 30.0
    is_upload: Callable[[Scope], bool] = field(default=is_upload)


class BodyLimits:
    """ASGI middleware that refuses what is beyond the limits before anything is built from it.

    A JSON body is read whole, checked and passed on; any other body passes through while it is counted.

    Parameters
    ----------
    app : ASGIApp
        What stands behind.
    limits : Limits
        What a request may be.
    """

    def __init__(self, app: ASGIApp, limits: Limits | None = None) -> None:
        self.app = app
        self.limits = limits or Limits()
        # Two large bodies are checked at a time: more would only take the cores from everybody else.
        self._checking = CapacityLimiter(2)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request, then let it through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        _check_address(scope, headers, self.limits)
        kind = _media_type(headers)
        file = kind == _FORM and self.limits.is_upload(scope)
        most = self.limits.upload_bytes if file else self.limits.body_bytes
        length = declared_length(headers)
        if length is not None and length > most:
            raise _too_large(most)
        if scope["method"] in _SAFE_METHODS:
            kind = ""
        elif length or "transfer-encoding" in headers:
            _check_kind(kind, headers)
        if _is_json(kind):
            body = await self._read(receive, most)
            await self._check(body)
            await self.app(scope, _replay(body, receive), send)
        else:
            counted = _Counted(scope, receive, send, most=most, pause_s=self.limits.pause_s)
            await self.app(scope, counted.receive, counted.send)

    async def _read(self, receive: Receive, most: int) -> bytes:
        body = bytearray()
        more = True
        try:
            with anyio.fail_after(self.limits.body_time_s):
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientDisconnect
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > most:
                        raise _too_large(most)
        except TimeoutError:
            raise RequestTooSlow(f"Send the whole body within {self.limits.body_time_s:g} s.") from None
        return bytes(body)

    async def _check(self, body: bytes) -> None:
        if not body:
            return
        limits = self.limits
        if len(body) < 64 * 1024:
            check_json(body, max_depth=limits.depth, max_items=limits.items)
        else:
            await to_thread.run_sync(
                lambda: check_json(body, max_depth=limits.depth, max_items=limits.items),
                limiter=self._checking,
            )


class _Counted:
    """A body passing by: counted, and broken off when it is too large or too slow."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, *, most: int, pause_s: float) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._most, self._pause_s = most, pause_s
        self._n_bytes = 0
        self._ended = not announces_body(Headers(scope=scope))
        self._refusal: Refusal | None = None
        self._answered = False

    async def receive(self) -> Message:
        if self._ended:
            return await self._receive()
        try:
            with anyio.fail_after(self._pause_s):
                message = await self._receive()
        except TimeoutError:
            self._refuse(RequestTooSlow(f"Send more of the body at least every {self._pause_s:g} s."))
        self._ended = message["type"] != "http.request" or not message.get("more_body", False)
        self._n_bytes += len(message.get("body", b""))
        if self._n_bytes > self._most:
            self._refuse(_too_large(self._most))
        return message

    async def send(self, message: Message) -> None:
        # Parsers of forms turn what is raised while they read into answers of their own: ours goes first.
        if self._refusal is None:
            await self._send(message)
        elif not self._answered:
            self._answered = True
            response = answer(Request(self._scope), self._refusal)
            await response(self._scope, self._receive, self._send)

    def _refuse(self, refusal: Refusal) -> None:
        self._refusal = refusal
        raise refusal


def _check_address(scope: Scope, headers: Headers, limits: Limits) -> None:
    query: bytes = scope["query_string"]
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    if len(raw_path) > limits.path_bytes:
        raise AddressTooLong(f"Keep the path within {limits.path_bytes} bytes.")
    if len(query) > limits.query_bytes:
        raise AddressTooLong(
            f"Keep the query within {limits.query_bytes} bytes; search takes long texts by POST."
        )
    if sum(len(name) + len(value) for name, value in headers.raw) > limits.headers_bytes:
        raise HeadersTooLarge(f"Keep all headers within {limits.headers_bytes} bytes.")
    if "\x00" in scope["path"] or b"%00" in query or b"\x00" in query:
        raise MalformedRequest("Leave NUL characters out of the address.")
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise UnsupportedBody("Send the body as it is, without a Content-Encoding; files may be .gz or .xz.")


def _check_kind(kind: str, headers: Headers) -> None:
    if kind == _FORM:
        if not _BOUNDARY.search(headers.get("content-type", "")):
            raise MalformedRequest("Name the boundary of the parts in Content-Type, as HTTP libraries do.")
    elif not _is_json(kind):
        raise UnsupportedBody("Send JSON as application/json, or a file as multipart/form-data.")


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _is_json(kind: str) -> bool:
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def announces_body(headers: Mapping[str, str]) -> bool:
    """Tell whether a request says that a body follows."""
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def declared_length(headers: Mapping[str, str]) -> int | None:
    """Read how many bytes the body is said to have; None when nothing is said."""
    declared = headers.get("content-length", "")
    return int(declared[:19]) if declared.isascii() and declared.isdecimal() else None


def _too_large(most: int) -> RequestTooLarge:
    return RequestTooLarge(f"Send at most {most} bytes in one request; split the batch.", limit_bytes=most)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read once more, then whatever the connection says next."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
