"""Jobs as rows: asked for, claimed under a fence, checkpointed, finished.

The lease, the fence and every comparison of times are PostgreSQL's own clock's.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from app.db.ids import new_id
from app.db.tables import JobEventRow, JobRow
from app.errors import ConflictError, NotFoundError, Problem

MAX_ATTEMPTS = 3
JOB_CHANNEL = "papertree_job"
_OPEN = "state IN ('queued', 'running')"


class JobNotFound(NotFoundError):
    """No such job in this workspace."""

    slug = "job-not-found"
    title = "There is no such job"


class LeaseLost(ConflictError):
    """Another worker holds the job now, or it was cancelled or deleted."""

    slug = "lease-lost"
    title = "This worker no longer holds the job"


class JobCancelled(ConflictError):
    """Somebody asked for the job to be cancelled."""

    slug = "job-cancelled"
    title = "The job was cancelled"


class JobKeepsCrashing(ConflictError):
    """The worker died each time it tried, without getting any further."""

    slug = "job-keeps-crashing"
    title = "The job failed too often"


@dataclass(frozen=True, slots=True)
class Claim:
    """A job this process may work on, as long as its fence stands."""

    job_id: UUID
    workspace_id: UUID
    corpus_id: UUID
    kind: str
    arguments: Mapping[str, Any]
    stage: str | None
    checkpoint: Mapping[str, Any]
    fence: int


def add_job(
    session: Session,
    *,
    workspace_id: UUID,
    corpus_id: UUID,
    kind: str,
    arguments: Mapping[str, object],
    same_work: str | None = None,
) -> JobRow:
    """Ask for work; the same work asked for twice while it is open is one job.

    Parameters
    ----------
    session : Session
        The transaction that asks.
    workspace_id, corpus_id : UUID
        Whose work, on what.
    kind : str
        Which work.
    arguments : mapping
        JSON values the work needs.
    same_work : str, optional
        Two open jobs of a corpus may not share it.
    """
    statement = text(
        f"""INSERT INTO job (id, workspace_id, corpus_id, kind, arguments, same_work, state, checkpoint,
                done, done_at_start, fence, attempts, cancel_requested, last_event)
            VALUES (:id, :workspace, :corpus, :kind, CAST(:arguments AS jsonb), :same_work, 'queued', '{{}}',
                0, 0, 0, 0, false, 0)
            ON CONFLICT (corpus_id, same_work) WHERE {_OPEN} DO NOTHING RETURNING id"""  # noqa: S608 - constant.
    )
    job_id = new_id()
    values = {"id": job_id, "workspace": workspace_id, "corpus": corpus_id, "kind": kind}
    added = session.scalar(
        statement, {**values, "arguments": json.dumps(dict(arguments)), "same_work": same_work}
    )
    if added is None:
        query = select(JobRow).where(
            JobRow.corpus_id == corpus_id, JobRow.same_work == same_work, text(_OPEN)
        )
        open_job = session.scalar(query)
        if open_job is not None:
            return open_job
        return add_job(
            session,
            workspace_id=workspace_id,
            corpus_id=corpus_id,
            kind=kind,
            arguments=arguments,
            same_work=same_work,
        )
    _add_event(session, job_id)
    return get_job(session, job_id, workspace_id=workspace_id)


def get_job(session: Session, job_id: UUID, *, workspace_id: UUID) -> JobRow:
    """Find a job.

    Raises
    ------
    JobNotFound
        If the workspace has no such job.
    """
    query = select(JobRow).where(JobRow.workspace_id == workspace_id, JobRow.id == job_id)
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise JobNotFound("No job of this id is in your workspace; its corpus may have been deleted.")
    return row


def list_jobs(
    session: Session,
    *,
    workspace_id: UUID,
    limit: int,
    before: UUID | None = None,
    state: str | None = None,
    corpus_id: UUID | None = None,
) -> Sequence[JobRow]:
    """List jobs, the newest first."""
    query = select(JobRow).where(JobRow.workspace_id == workspace_id).order_by(JobRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(JobRow.id < before)
    if state is not None:
        query = query.where(JobRow.state == state)
    if corpus_id is not None:
        query = query.where(JobRow.corpus_id == corpus_id)
    return session.scalars(query).all()


def request_cancel(session: Session, job_id: UUID, *, workspace_id: UUID) -> JobRow:
    """Cancel a job: at once when nobody has taken it or its worker is gone, else at its next checkpoint."""
    get_job(session, job_id, workspace_id=workspace_id)
    changed = session.scalar(
        text(
            f"""UPDATE job SET cancel_requested = true,
                state = CASE WHEN state = 'queued' OR lease_until < clock_timestamp()
                        THEN 'cancelled' ELSE state END,
                finished_at = CASE WHEN state = 'queued' OR lease_until < clock_timestamp()
                        THEN clock_timestamp() END
            WHERE id = :id AND {_OPEN} AND NOT cancel_requested RETURNING id"""  # noqa: S608 - constant.
        ),
        {"id": job_id},
    )
    if changed is not None:
        _add_event(session, job_id)
    return get_job(session, job_id, workspace_id=workspace_id)


def claim_job(session: Session, job_id: UUID, *, lease_s: float) -> Claim | None:
    """Take a job that is queued, or whose worker let its lease run out.

    Returns None when there is nothing to take, so that late and repeated messages do nothing. A job that
    was claimed ``MAX_ATTEMPTS`` times since its last checkpoint fails instead.
    """
    row = session.execute(
        text(
            """UPDATE job SET state = 'running', fence = fence + 1, attempts = attempts + 1,
                lease_until = clock_timestamp() + make_interval(secs => :lease),
                started_at = coalesce(started_at, clock_timestamp()),
                stage_started_at = clock_timestamp(), done_at_start = done
            WHERE id = (SELECT id FROM job WHERE id = :id AND (state = 'queued'
                    OR state = 'running' AND lease_until < clock_timestamp()) FOR UPDATE SKIP LOCKED)
            RETURNING id, workspace_id, corpus_id, kind, arguments, stage, checkpoint, fence, attempts"""
        ),
        {"id": job_id, "lease": lease_s},
    ).one_or_none()
    if row is None:
        return None
    claim = Claim(*row[:8])
    if row.attempts > MAX_ATTEMPTS:
        where = row.stage or "start"
        detail = f"The worker died {MAX_ATTEMPTS} times in stage {where}, each time at the same place."
        fail_job(session, claim, JobKeepsCrashing(detail))
        return None
    _add_event(session, job_id)
    return claim


def renew_lease(session: Session, claim: Claim, *, lease_s: float) -> bool:
    """Keep a job for a further lease; tells whether somebody asked to cancel it.

    Raises
    ------
    LeaseLost
        If the job is no longer this worker's.
    """
    row = session.execute(
        text(
            """UPDATE job SET lease_until = clock_timestamp() + make_interval(secs => :lease)
            WHERE id = :id AND fence = :fence AND state = 'running' RETURNING cancel_requested"""
        ),
        {"id": claim.job_id, "fence": claim.fence, "lease": lease_s},
    ).one_or_none()
    return bool(_held(row).cancel_requested)


def save_checkpoint(
    session: Session,
    claim: Claim,
    *,
    stage: str,
    checkpoint: Mapping[str, object],
    done: int,
    total: int | None,
) -> None:
    """Record how far a stage is, in the transaction that stores what it made.

    Raises
    ------
    LeaseLost
        If the job is no longer this worker's; the transaction must then be rolled back.
    JobCancelled
        If somebody asked for the job to be cancelled.
    """
    row = session.execute(
        text(
            """UPDATE job SET attempts = 1, checkpoint = CAST(:checkpoint AS jsonb),
                total = now.total, done = now.done, stage = now.stage,
                stage_started_at = CASE WHEN job.stage = now.stage AND now.done >= job.done
                    THEN stage_started_at ELSE clock_timestamp() END,
                done_at_start = CASE WHEN job.stage = now.stage AND now.done >= job.done
                    THEN done_at_start ELSE now.done END,
                seconds_left = CASE WHEN job.stage = now.stage AND now.done > done_at_start
                        AND now.total >= now.done
                    THEN extract(epoch FROM clock_timestamp() - stage_started_at)
                         * (now.total - now.done) / (now.done - done_at_start) END
            FROM (SELECT CAST(:total AS bigint) AS total, CAST(:done AS bigint) AS done,
                         CAST(:stage AS text) AS stage) AS now
            WHERE id = :id AND fence = :fence AND state = 'running' RETURNING cancel_requested"""
        ),
        {
            "id": claim.job_id,
            "fence": claim.fence,
            "stage": stage,
            "checkpoint": json.dumps(dict(checkpoint)),
            "done": done,
            "total": total,
        },
    ).one_or_none()
    if _held(row).cancel_requested:
        raise JobCancelled("Somebody asked for this job to be cancelled.")
    _add_event(session, claim.job_id)


def save_progress(session: Session, claim: Claim, *, done: int, total: int) -> None:
    """Record how far the present stage is between two checkpoints; the checkpoint stays as it is.

    Raises
    ------
    LeaseLost
        If the job is no longer this worker's.
    JobCancelled
        If somebody asked for the job to be cancelled.
    """
    row = session.execute(
        text(
            """UPDATE job SET total = now.total, done = now.done,
                seconds_left = CASE WHEN now.done > done_at_start AND now.total >= now.done
                    THEN extract(epoch FROM clock_timestamp() - stage_started_at)
                         * (now.total - now.done) / (now.done - done_at_start) END
            FROM (SELECT CAST(:total AS bigint) AS total, CAST(:done AS bigint) AS done) AS now
            WHERE id = :id AND fence = :fence AND state = 'running' RETURNING cancel_requested"""
        ),
        {"id": claim.job_id, "fence": claim.fence, "done": done, "total": total},
    ).one_or_none()
    if _held(row).cancel_requested:
        raise JobCancelled("Somebody asked for this job to be cancelled.")
    _add_event(session, claim.job_id)


def finish_job(session: Session, claim: Claim, *, result: Mapping[str, object]) -> None:
    """Mark a job as succeeded, in the transaction that stores its last output.

    Raises
    ------
    LeaseLost
        If the job is no longer this worker's.
    """
    _close(session, claim, "succeeded", "result", json.dumps(dict(result)))


def fail_job(session: Session, claim: Claim, problem: Problem) -> None:
    """Mark a job as failed, with the problem its readers are shown."""
    kind = {"type": f"urn:papertree:{problem.slug}", "title": problem.title}
    document = {**problem.members, **kind, "detail": problem.detail}
    _close(session, claim, "failed", "problem", json.dumps(document))


def cancel_job(session: Session, claim: Claim) -> None:
    """Mark a running job as cancelled, by the worker that holds it."""
    _close(session, claim, "cancelled", "result", None)


def release_job(session: Session, claim: Claim) -> None:
    """Give a job back to the queue, for another worker to go on from its checkpoint."""
    session.execute(
        text(
            """UPDATE job SET state = 'queued', lease_until = NULL, rung_at = NULL, attempts = 0
            WHERE id = :id AND fence = :fence AND state = 'running'"""
        ),
        {"id": claim.job_id, "fence": claim.fence},
    )


def jobs_to_ring(session: Session, *, quiet_s: float, limit: int = 100) -> list[UUID]:
    """Give the jobs somebody should be told of, and note that they were rung for.

    These are the queued ones and the running ones whose lease ran out, unless rung for within ``quiet_s``;
    of those that wait, the ones that are due.
    """
    rows = session.scalars(
        text(
            """UPDATE job SET rung_at = clock_timestamp() WHERE id IN (
                SELECT id FROM job
                WHERE (state = 'queued' OR state = 'running' AND lease_until < clock_timestamp())
                    AND (due_at IS NULL OR due_at < clock_timestamp())
                    AND (rung_at IS NULL OR rung_at < clock_timestamp() - make_interval(secs => :quiet)
                         OR rung_at < lease_until)
                ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED) RETURNING id"""
        ),
        {"quiet": quiet_s, "limit": limit},
    )
    return list(rows)


def count_jobs(session: Session) -> dict[str, int]:
    """Count jobs by state, over all workspaces."""
    rows = session.execute(select(JobRow.state, func.count()).group_by(JobRow.state))
    return dict(rows.all())


def events_after(session: Session, job_id: UUID, seq: int, *, limit: int = 100) -> Sequence[JobEventRow]:
    """Give the events of a job after a number, in order."""
    query = select(JobEventRow).where(JobEventRow.job_id == job_id, JobEventRow.seq > seq)
    return session.scalars(query.order_by(JobEventRow.seq).limit(limit)).all()


def _held(row: Row[Any] | None) -> Row[Any]:
    if row is None:
        raise LeaseLost("Another worker took the job over, or it was cancelled or deleted.")
    return row


def _close(session: Session, claim: Claim, state: str, column: str, document: str | None) -> None:
    assert column in ("result", "problem")  # noqa: S101 - Never from outside.
    row = session.execute(
        text(
            f"""UPDATE job SET state = :state, {column} = CAST(:document AS jsonb), seconds_left = NULL,
                done = CASE WHEN :state = 'succeeded' THEN coalesce(total, done) ELSE done END,
                lease_until = NULL, finished_at = clock_timestamp()
            WHERE id = :id AND fence = :fence AND state = 'running' RETURNING id"""  # noqa: S608 - one of two names.
        ),
        {"id": claim.job_id, "fence": claim.fence, "state": state, "document": document},
    ).one_or_none()
    _held(row)
    _add_event(session, claim.job_id)


def _add_event(session: Session, job_id: UUID) -> None:
    """Keep the job's present state as its next event, and wake those who listen."""
    session.execute(
        text(
            """WITH job AS (UPDATE job SET last_event = last_event + 1 WHERE id = :id RETURNING *)
            INSERT INTO job_event (job_id, workspace_id, seq, kind, data)
            SELECT id, workspace_id, last_event, CASE WHEN state = 'running' THEN 'progress' ELSE 'state' END,
                jsonb_build_object('state', state, 'stage', stage, 'done', done, 'total', total,
                    'seconds_left', seconds_left, 'problem', problem, 'result', result)
            FROM job"""
        ),
        {"id": job_id},
    )
    session.execute(select(func.pg_notify(JOB_CHANNEL, str(job_id))))
