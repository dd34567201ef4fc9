"""A job's events as they happen: server-sent events, resumable, with polling as the way round them.

No stream holds a database connection: it sleeps until the one listening connection of the process hears
of its job, then reads what is new.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import Annotated
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.api.authentication import IdentityDep
from app.api.dependencies import SessionDep, SessionsDep
from app.db.session import Sessions
from app.errors import UnavailableError
from app.services import jobs

router = APIRouter(prefix="/jobs", tags=["jobs"])

MAX_STREAMS = 500
_MAX_AGE_S = 15 * 60
_LOOK_AGAIN_S = 5.0
_FINISHED = ("succeeded", "failed", "cancelled")


class TooManyStreams(UnavailableError):
    """Every stream this process serves is taken."""

    slug = "too-many-streams"
    title = "Too many event streams are open"


class Wakings:
    """Wakes the streams of a job when the listening thread hears of it."""

    def __init__(self) -> None:
        self.open_streams = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say which event loop the streams run in."""
        self._loop = loop

    def heard(self, job_id: str) -> None:
        """Wake the streams of a job; called from the listening thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, job_id)

    async def wait(self, job_id: UUID, *, at_most_s: float) -> None:
        """Sleep until the job is heard of, or the time is over."""
        event = asyncio.Event()
        self._waiting[str(job_id)].add(event)
        try:
            await asyncio.wait_for(event.wait(), at_most_s)
        except TimeoutError:
            return
        finally:
            self._waiting[str(job_id)].discard(event)
            if not self._waiting[str(job_id)]:
                del self._waiting[str(job_id)]

    def _wake(self, job_id: str) -> None:
        for event in self._waiting.get(job_id, ()):
            event.set()


def _wakings(request: Request) -> Wakings:
    wakings: Wakings = request.app.state.wakings
    return wakings


def _stream_slot(wakings: Annotated[Wakings, Depends(_wakings)]) -> Iterator[Wakings]:
    """Take a place among the open streams; given back however the stream ends."""
    if wakings.open_streams >= MAX_STREAMS:
        raise TooManyStreams("Poll GET /api/v1/jobs/{id} instead, or try again later.")
    wakings.open_streams += 1
    try:
        yield wakings
    finally:
        wakings.open_streams -= 1


def _existing_job(job_id: UUID, session: SessionDep, identity: IdentityDep) -> UUID:
    return jobs.get_job(session, job_id, workspace_id=identity.workspace_id).id


@router.get("/{job_id}/events", response_class=EventSourceResponse)
async def get_events(
    sessions: SessionsDep,
    wakings: Annotated[Wakings, Depends(_stream_slot)],
    job_id: Annotated[UUID, Depends(_existing_job)],
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Stream a job's events from the first, or from after `Last-Event-ID`, until it has ended."""
    seq = int(last_event_id) if last_event_id and last_event_id.isascii() and last_event_id.isdecimal() else 0
    seq = min(seq, 2**62)
    loop = asyncio.get_running_loop()
    until = loop.time() + _MAX_AGE_S
    while loop.time() < until:
        events = await to_thread.run_sync(_read, sessions, job_id, seq)
        for seq, kind, data in events:
            yield ServerSentEvent(id=str(seq), event=kind, data=data)
            if data["state"] in _FINISHED:
                return
        if not events:
            await wakings.wait(job_id, at_most_s=_LOOK_AGAIN_S)


def _read(sessions: Sessions, job_id: UUID, seq: int) -> list[tuple[int, str, dict[str, object]]]:
    with sessions() as session:
        return [(event.seq, event.kind, event.data) for event in jobs.events_after(session, job_id, seq)]
