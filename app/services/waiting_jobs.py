"""Jobs that ask for themselves: one waits at a time, and sees all that was asked for until it begins."""

import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.db.tables import JobRow
from app.services.jobs import Claim, add_job

LONGEST_WAIT_S = 60.0
"""However often it is asked for meanwhile, a job waits no longer."""


def ask_soon(
    session: Session,
    *,
    workspace_id: UUID,
    corpus_id: UUID,
    kind: str,
    arguments: Mapping[str, object],
    wait_s: float = 0.0,
) -> UUID:
    """Have a job of a kind waiting, to be rung for when nobody has asked for it for a while.

    Parameters
    ----------
    session : Session
        The transaction that gives the job something to see; whoever it is asked by, the sweep rings.
    workspace_id, corpus_id : UUID
        Whose work, on what.
    kind : str
        Which work.
    arguments : mapping
        JSON values the work needs; jobs with the same ones are the same.
    wait_s : float
        How long after it was last asked for it is due.

    Returns
    -------
    UUID
        The job that will see what this transaction writes, if its work starts with `begin`: that waits for
        the transaction to end, or has done so before it began, and then this is another job.
    """
    same_work = f"{kind}:{json.dumps(dict(arguments), sort_keys=True)}"
    values = {"corpus": corpus_id, "same_work": same_work, "wait": wait_s, "longest": LONGEST_WAIT_S}
    put_off = text(
        """UPDATE job SET due_at = least(clock_timestamp() + make_interval(secs => :wait),
                created_at + make_interval(secs => :longest))
            WHERE corpus_id = :corpus AND same_work = :same_work AND state IN ('queued', 'running')
            RETURNING id"""
    )
    while True:
        waiting: UUID | None = session.scalar(put_off, values)
        if waiting is not None:
            return waiting
        add_job(
            session,
            workspace_id=workspace_id,
            corpus_id=corpus_id,
            kind=kind,
            arguments=arguments,
            same_work=same_work,
        )


def begin(session: Session, claim: Claim) -> None:
    """Let whoever asks from now on have another job; in a transaction of its own, before anything is read."""
    session.execute(update(JobRow).where(JobRow.id == claim.job_id).values(same_work=None))
