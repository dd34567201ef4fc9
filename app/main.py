"""The ASGI application: parts put together. ``python -m app.main`` serves it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.middleware.gzip import GZipMiddleware

from app import __version__
from app.api import (
    arrivals,
    aspects,
    authentication,
    body_limits,
    builds,
    claims,
    corpora,
    corrections,
    edge,
    estimates,
    evaluations,
    events,
    exports,
    filed_papers,
    health,
    hierarchies,
    history,
    import_previews,
    imports,
    jobs,
    language_model,
    maps,
    page_sessions,
    pages,
    papers,
    problems,
    review,
    sample,
    search,
    topics,
    tree,
    why,
)
from app.corrections.state import State
from app.db.listening import Listener
from app.db.session import Sessions, open_engine, open_sessions
from app.db.tables import BuildRow
from app.index.embedder import Embedder
from app.index.open import open_embedder
from app.services.jobs import JOB_CHANNEL, count_jobs
from app.services.keys import find_key
from app.services.page_sessions import find_session
from app.services.parts import Part
from app.settings import Settings
from app.workers.llm import open_asker
from app.workers.queue import make_queue, send_job

_STATEMENT_LIMIT_S = 10.0
_ROUTES = (
    *(corpora, papers, imports, search, hierarchies, evaluations, topics, jobs, events),
    *(estimates, language_model, claims, aspects, corrections, history, builds, why, review),
    *(page_sessions, tree, filed_papers, exports, maps, import_previews, arrivals, sample),
)


def create_app(settings: Settings) -> FastAPI:
    """Put the application together; nothing is connected to until it is used.

    Parameters
    ----------
    settings : Settings
        ``database_url`` and ``redis_url`` must be set.
    """
    engine = open_engine(settings.database_url or "", statement_timeout_s=_STATEMENT_LIMIT_S)
    app = FastAPI(
        title="papertree",
        version=__version__,
        description="Hierarchies of labelled topics over scientific papers.",
        dependencies=[Depends(authentication.authenticate)],
        responses=problems.PROBLEM_RESPONSES,
        lifespan=partial(_lifespan, engine),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        form_limits=body_limits.FORM_LIMITS,
    )
    sessions = open_sessions(engine)
    app.state.settings = settings
    app.state.sessions = sessions
    app.state.wakings = events.Wakings()
    app.state.send_job = partial(send_job, make_queue(settings))
    app.state.find_workspace = partial(_find_workspace, sessions)
    app.state.find_page = partial(_find_page, sessions)
    app.state.collect_job_counts = partial(_count_jobs, sessions)
    app.state.open_embedder = cache(partial(_open_embedder, settings))
    app.state.find_parts = _find_parts
    app.state.open_asker = partial(open_asker, settings.llm, sessions)
    for routes in _ROUTES:
        app.include_router(routes.router, prefix="/api/v1")
    app.include_router(health.router)
    pages.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=2000, compresslevel=5)
    limits = body_limits.Limits(
        body_bytes=settings.body_limit_bytes, upload_bytes=settings.upload_limit_bytes
    )
    edge.install(app, host=settings.host, allowed_hosts=settings.allowed_hosts, limits=limits)
    return app


def serve() -> None:
    """Serve the application configured by the environment."""
    settings = Settings.from_environment()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


@asynccontextmanager
async def _lifespan(engine: Engine, app: FastAPI) -> AsyncIterator[None]:
    wakings: events.Wakings = app.state.wakings
    wakings.attach(asyncio.get_running_loop())
    listener = Listener(engine, JOB_CHANNEL, wakings.heard)
    listener.start()
    yield
    listener.stop()
    engine.dispose()


def _find_workspace(sessions: Sessions, secret_sha256: bytes) -> authentication.Identity | None:
    with sessions() as session:
        key = find_key(session, secret_sha256)
    if key is None:
        return None
    return authentication.Identity(key.workspace_id, key.id, key.name, key.read_only)


def _find_page(sessions: Sessions, token_sha256: bytes) -> authentication.Identity | None:
    with sessions() as session:
        found = find_session(session, token_sha256)
    if found is None:
        return None
    page, key = found
    return authentication.Identity(
        key.workspace_id, key.id, key.name, key.read_only, session_id=page.id, expires_at=page.expires_at
    )


def _count_jobs(sessions: Sessions) -> dict[str, int]:
    with sessions() as session:
        return count_jobs(session)


def _open_embedder(settings: Settings) -> Embedder:
    return open_embedder(settings.encoder)


def _find_parts(session: Session, build: BuildRow, state: State, topic: UUID, k: int) -> list[Part]:
    from app.services.splitting import find_parts  # noqa: PLC0415 - Loads what a web server seldom needs.

    return find_parts(session, build, state, topic, k)


if __name__ == "__main__":
    serve()
