"""Answers everything that goes wrong as a problem document (RFC 9457); nothing else makes one."""

import http.client
import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.database_failures import find_failure
from app.api.invalid_requests import describe_errors
from app.errors import ConflictError, InvalidError, NotFoundError, Problem, UnavailableError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:papertree:"
RETRY_AFTER_S = 5
_MAX_TEXT = 2_000
_MAX_MEMBERS = 200
_MAX_NESTING = 8

_KINDS: tuple[tuple[type[Problem], int], ...] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (InvalidError, 422),
    (UnavailableError, 503),
)

_HTTP_SLUGS = {
    400: ("malformed-request", "The request cannot be read"),
    404: ("no-such-route", "There is nothing at this address"),
    405: ("method-not-allowed", "The address does not take this method"),
}

_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "What went wrong (RFC 9457). Switch on `type`; more members may follow.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "examples": [f"{TYPE_PREFIX}corpus-not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What happened this time and what puts it right."},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "errors": {
            "type": "array",
            "description": "Of an invalid request: what is wrong, and where.",
            "items": {
                "type": "object",
                "required": ["detail", "pointer", "in"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "JSON Pointer, as a fragment."},
                    "in": {"type": "string", "enum": ["body", "query", "path", "header", "cookie"]},
                },
            },
        },
    },
}

PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, description in (("4XX", "The request is at fault"), ("5XX", "The server is at fault"))
}

_log = logging.getLogger(__name__)


class Refusal(Problem):
    """A request turned away at the edge, for a reason that only HTTP knows.

    Parameters
    ----------
    detail : str
        What happened this time and what puts it right.
    headers : mapping of str to str, optional
        Headers of the answer.
    **members : object
        Further members of the problem document.
    """

    status: ClassVar[int]

    def __init__(self, detail: str, *, headers: Mapping[str, str] | None = None, **members: object) -> None:
        super().__init__(detail, **members)
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    slug: str
    title: str
    detail: str
    members: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class Problems:
    """ASGI middleware that answers whatever is raised further in, other middleware included.

    What is raised after an answer has begun is raised on: the server then cuts the connection, so
    that nobody takes half an answer for a whole one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application; answer for it if it fails."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except ClientDisconnect:
            return
        except Exception as error:
            if started:
                raise
            await answer(Request(scope), error)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Have an application answer with problem documents, and say so in its OpenAPI document.

    Errors from inside a route or a dependency go through here, the rest through `Problems`, which
    the application must have as a middleware.
    """

    async def handle(request: Request, error: Exception) -> Response:
        return answer(request, error)

    for kind in (Problem, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, handle)
    original = app.openapi

    def openapi() -> dict[str, Any]:
        document = original()
        document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _SCHEMA
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def answer(request: Request, error: Exception) -> Response:
    """Turn an error into the answer a client gets; what is unexpected is logged under an id."""
    found = _find_answer(error) or _answer_unexpected(error)
    document = {
        **{name: value for name, value in found.members.items() if name not in ("type", "status")},
        "type": f"{TYPE_PREFIX}{found.slug}",
        "title": found.title,
        "status": found.status,
        "detail": found.detail,
        "instance": request.scope["path"],
    }
    headers = dict(found.headers)
    if found.status in (429, 503):
        headers.setdefault("Retry-After", str(found.members.get("retry_after_s", RETRY_AFTER_S)))
    # ASCII only: a lone surrogate that came in can always go out again, escaped.
    content = json.dumps(_plain(document), ensure_ascii=True, allow_nan=False).encode("ascii")
    return Response(content, status_code=found.status, headers=headers, media_type=MEDIA_TYPE)


def _find_answer(error: Exception) -> _Answer | None:
    if isinstance(error, Problem):
        return _answer_problem(error)
    failure = find_failure(error) or find_failure(error.__cause__)
    if failure is not None:
        if failure.status >= 500:
            _log.warning("answered %d: %s: %s", failure.status, type(error).__name__, _first_line(error))
        return _Answer(failure.status, failure.slug, failure.title, failure.detail)
    if isinstance(error, HTTPException):
        return _answer_http(error)
    if isinstance(error, RequestValidationError):
        errors = describe_errors(error)
        detail = "The request does not have the form this address takes; `errors` says where."
        members = {"errors": errors, "n_errors": len(error.errors())}
        return _Answer(422, "invalid-request", "The request is not valid", detail, members)
    return None


def _answer_problem(problem: Problem) -> _Answer | None:
    if isinstance(problem, Refusal):
        status, headers = problem.status, problem.headers
    else:
        status, headers = next((s for kind, s in _KINDS if isinstance(problem, kind)), 0), {}
    if not status:
        return None
    return _Answer(status, problem.slug, problem.title, problem.detail, problem.members, headers)


def _answer_http(error: HTTPException) -> _Answer:
    phrase = http.client.responses.get(error.status_code, "Error")
    fallback = phrase.lower().replace(" ", "-").replace("'", ""), phrase
    slug, title = _HTTP_SLUGS.get(error.status_code, fallback)
    said = str(error.detail)
    detail = title if said in (phrase, "") else said
    return _Answer(error.status_code, slug, title, f"{detail.rstrip('.')}.", {}, error.headers or {})


def _answer_unexpected(error: Exception) -> _Answer:
    incident = uuid4().hex
    _log.error("unexpected failure, incident %s", incident, exc_info=error)
    detail = "Something went wrong inside; the server's log says what, under the id of this incident."
    return _Answer(500, "unexpected", "An unexpected failure", detail, {"incident": incident})


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).partition("\n")[0][:300]


def _plain(value: object, nesting: int = 0) -> object:
    """Give a bounded copy of a value that JSON can always hold."""
    if isinstance(value, str):
        return value[:_MAX_TEXT].encode("utf-8", "replace").decode("utf-8")
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if nesting >= _MAX_NESTING:
        return None
    if isinstance(value, Mapping):
        pairs = list(value.items())[:_MAX_MEMBERS]
        return {str(_plain(str(name))): _plain(member, nesting + 1) for name, member in pairs}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(member, nesting + 1) for member in list(value)[:_MAX_MEMBERS]]
    return _plain(str(value))
