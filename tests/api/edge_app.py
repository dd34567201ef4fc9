"""A small application inside the real edge: the routes of the API in their shapes, without what is behind."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID, uuid4

import psycopg
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Query, UploadFile
from pydantic import Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.api import edge, problems
from app.api.authentication import Identity, IdentityDep, authenticate
from app.api.body_limits import FORM_LIMITS, Limits
from app.api.texts import (
    Abstract,
    Body,
    KCount,
    Limit,
    Name,
    PersonName,
    QueryText,
    SourceId,
    Title,
    Url,
    Year,
)
from app.errors import ConflictError, InvalidError, NotFoundError, Problem, UnavailableError
from app.services.keys import digest, new_secret
from tests.api.wire import Target


class PaperMissing(NotFoundError):
    slug = "test-paper-missing"
    title = "There is no such paper"


class Taken(ConflictError):
    slug = "test-taken"
    title = "Taken"


class Unsound(InvalidError):
    slug = "test-unsound"
    title = "Unsound"


class Away(UnavailableError):
    slug = "test-away"
    title = "Away"


class Unkind(Problem):
    slug = "test-unkind"
    title = "Of none of the four kinds"


class CorpusIn(Body):
    name: Name


class PaperIn(Body):
    id: SourceId
    title: Title
    abstract: Abstract = ""
    year: Year | None = None
    authors: Annotated[list[PersonName], Field(max_length=2000)] = Field(default_factory=list)
    keywords: Annotated[list[PersonName], Field(max_length=200)] = Field(default_factory=list)
    url: Url | None = None


class PapersIn(Body):
    papers: Annotated[list[PaperIn], Field(max_length=2000)]


class HierarchyIn(Body):
    facet: str = "topic"
    parameters: dict[str, Any] = Field(default_factory=dict)


class SearchIn(Body):
    query: QueryText
    k: KCount = 10


FAILURES: dict[str, Exception] = {
    "not-found": PaperMissing("No paper of that id.", paper="x\ud800y", distance=float("nan")),
    "conflict": Taken("Choose another name."),
    "invalid": Unsound("Give it in order."),
    "unavailable": Away("Wait.", retry_after_s=7),
    "unkind": Unkind("What now?"),
    "bug": RuntimeError("the password is hunter2"),
    "nul": psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),
    "surrogate": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    "range": psycopg.errors.NumericValueOutOfRange("integer out of range"),
    "gone": OperationalError("select 1", {}, psycopg.OperationalError("connection refused")),
    "cut": InterfaceError("select 1", {}, psycopg.InterfaceError("the connection is closed")),
    "stopping": OperationalError("select 1", {}, psycopg.errors.AdminShutdown("terminating connection")),
    "pool": PoolTimeout("QueuePool limit reached"),
    "timeout": psycopg.errors.QueryCanceled("canceling statement due to statement timeout"),
    "locked": psycopg.errors.LockNotAvailable("lock timeout"),
    "deadlock": psycopg.errors.DeadlockDetected("deadlock detected"),
    "serialization": psycopg.errors.SerializationFailure("could not serialize"),
    "unique": psycopg.errors.UniqueViolation("duplicate key"),
    "disk": OperationalError("insert", {}, psycopg.errors.DiskFull("could not extend file")),
    "own-disk": OSError(28, "No space left on device"),
    "wrong-sql": psycopg.errors.UndefinedColumn("column hunter2 does not exist"),
}

KEY = new_secret()
READ_ONLY_KEY = new_secret()
WORKSPACE = uuid4()
_IDENTITIES = {
    digest(KEY): Identity(WORKSPACE, uuid4(), "tests", False),
    digest(READ_ONLY_KEY): Identity(WORKSPACE, uuid4(), "reader", True),
}


PAGE = "ps_" + "p" * 43
READ_ONLY_PAGE = "ps_" + "r" * 43
_PAGES = {
    digest(PAGE): Identity(WORKSPACE, uuid4(), "page", False, session_id=uuid4()),
    digest(READ_ONLY_PAGE): Identity(WORKSPACE, uuid4(), "page", True, session_id=uuid4()),
}


def make_edge_app(
    *, allowed_hosts: tuple[str, ...] = ("testserver",), limits: Limits | None = None
) -> FastAPI:
    app = FastAPI(
        dependencies=[Depends(authenticate)],
        responses=problems.PROBLEM_RESPONSES,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        form_limits=FORM_LIMITS,
    )
    app.state.find_workspace = _IDENTITIES.get
    app.state.find_page = _PAGES.get
    app.include_router(_routes(), prefix="/api/v1")

    @app.get("/healthz")
    async def get_health() -> dict[str, str]:
        return {"status": "ok"}

    edge.install(app, allowed_hosts=allowed_hosts, limits=limits)
    return app


def _routes() -> APIRouter:
    router = APIRouter()

    @router.post("/corpora", status_code=201)
    def post_corpus(body: CorpusIn) -> dict[str, object]:
        return {"id": uuid4(), "name": body.name}

    @router.get("/corpora")
    def get_corpora(limit: Limit = 50, name: Annotated[Name | None, Query()] = None) -> dict[str, object]:
        return {"limit": limit, "name": name}

    @router.post("/corpora/{corpus_id}/papers", status_code=201)
    def post_papers(corpus_id: UUID, body: PapersIn) -> dict[str, object]:
        rows = [{"paper_id": uuid4(), "title": paper.title} for paper in body.papers]
        return {"rows": rows}

    @router.post("/corpora/{corpus_id}/imports", status_code=202)
    def post_import(corpus_id: UUID, file: UploadFile) -> dict[str, object]:
        return {"size": len(file.file.read())}

    @router.post("/corpora/{corpus_id}/hierarchies", status_code=202)
    def post_hierarchy(corpus_id: UUID, body: HierarchyIn) -> dict[str, object]:
        return {"parameters": body.parameters}

    @router.post("/corpora/{corpus_id}/search")
    def post_search(corpus_id: UUID, body: SearchIn, identity: IdentityDep) -> dict[str, object]:
        return {"query": body.query, "for": identity.name}

    @router.get("/papers/{paper_id}")
    def get_paper(paper_id: UUID, identity: IdentityDep) -> dict[str, object]:
        return {"id": paper_id, "workspace_id": identity.workspace_id}

    @router.get("/failures/{name}")
    def get_failure(name: str) -> None:
        raise FAILURES[name]

    return router


@contextmanager
def serving(app: FastAPI, key: str = KEY) -> Iterator[Target]:
    """Serve an application on loopback by uvicorn, in a thread, for as long as the block lasts."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", lifespan="on", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield Target("127.0.0.1", listening.getsockname()[1], key)
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()
