"""What routes ask for: a session that commits before the response leaves, the queue's bell, settings."""

from collections.abc import Callable, Iterator
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.db.session import Sessions, transaction
from app.index.embedder import Embedder
from app.labelling.llm.asking import Asker
from app.labelling.llm.configuration import LlmConfiguration
from app.services.parts import FindParts
from app.settings import Settings

SendJob = Callable[[UUID], None]


class OpenAsker(Protocol):
    """Opens the configured language model for a workspace; gives None when none is configured."""

    def __call__(
        self, *, workspace_id: UUID, job_id: UUID | None, still_wanted: Callable[[], None]
    ) -> Asker | None:
        """Open it; ``still_wanted`` is called while it is asked, and ends that by what it raises."""
        ...


def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


def _open_session(request: Request) -> Iterator[Session]:
    with transaction(_sessions(request)) as session:
        yield session


def _send_job(request: Request) -> SendJob:
    send: SendJob = request.app.state.send_job
    return send


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _llm(request: Request) -> LlmConfiguration | None:
    return _settings(request).llm


def _open_asker(request: Request) -> OpenAsker:
    opens: OpenAsker = request.app.state.open_asker
    return opens


def _open_embedder(request: Request) -> Callable[[], Embedder]:
    open_embedder: Callable[[], Embedder] = request.app.state.open_embedder
    return open_embedder


def _find_parts(request: Request) -> FindParts:
    find: FindParts = request.app.state.find_parts
    return find


# Scope "function": the commit happens before the answer is sent, so a 2xx is never a lie.
SessionDep = Annotated[Session, Depends(_open_session, scope="function")]
SessionsDep = Annotated[Sessions, Depends(_sessions)]
SendJobDep = Annotated[SendJob, Depends(_send_job)]
SettingsDep = Annotated[Settings, Depends(_settings)]
LlmDep = Annotated[LlmConfiguration | None, Depends(_llm)]
OpenAskerDep = Annotated[OpenAsker, Depends(_open_asker)]
FindPartsDep = Annotated[FindParts, Depends(_find_parts)]
OpenEmbedderDep = Annotated[Callable[[], Embedder], Depends(_open_embedder)]
