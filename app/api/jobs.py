"""Jobs: polled, watched as events, cancelled."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from app.api.authentication import IdentityDep
from app.api.dependencies import SendJob, SessionDep
from app.api.paging import CursorQuery, LimitQuery, Page, id_after, next_cursor
from app.db.session import after_commit
from app.db.tables import JobRow
from app.services import jobs

router = APIRouter(prefix="/jobs", tags=["jobs"])

State = Literal["queued", "running", "succeeded", "failed", "cancelled"]


class JobOut(BaseModel):
    """Work asked for, and how far it is; ``problem`` says why it failed, ``result`` what it made."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    corpus_id: UUID
    state: State
    stage: str | None
    done: int
    total: int | None
    seconds_left: float | None
    attempts: int
    cancel_requested: bool
    problem: dict[str, Any] | None
    result: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def accept(job: JobRow, session: Session, send_job: SendJob, response: Response) -> JobOut:
    """Answer that a job was taken on: it is sent once the transaction holds, and found at ``Location``."""
    after_commit(session, lambda: send_job(job.id))
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return JobOut.model_validate(job)


@router.get("")
def get_jobs(
    session: SessionDep,
    identity: IdentityDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
    state: State | None = None,
    corpus_id: UUID | None = None,
) -> Page[JobOut]:
    """List jobs, the newest first."""
    rows = jobs.list_jobs(
        session,
        workspace_id=identity.workspace_id,
        limit=limit,
        before=id_after(cursor),
        state=state,
        corpus_id=corpus_id,
    )
    items = [JobOut.model_validate(row) for row in rows]
    return Page(items=items, next_cursor=next_cursor(rows, limit, rows[-1].id if rows else None))


@router.get("/{job_id}")
def get_job(job_id: UUID, session: SessionDep, identity: IdentityDep) -> JobOut:
    """Read how far a job is."""
    return JobOut.model_validate(jobs.get_job(session, job_id, workspace_id=identity.workspace_id))


@router.delete("/{job_id}", status_code=202)
def delete_job(job_id: UUID, session: SessionDep, identity: IdentityDep) -> JobOut:
    """Cancel a job: a queued one at once, a running one at its next checkpoint; a finished one stays."""
    return JobOut.model_validate(jobs.request_cancel(session, job_id, workspace_id=identity.workspace_id))
