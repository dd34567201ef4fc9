"""Holding a job: a thread renews the lease while the work goes on."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.db.session import Sessions, transaction
from app.errors import ConflictError
from app.services.jobs import Claim, JobCancelled, LeaseLost, renew_lease, save_checkpoint, save_progress

_REPORT_EVERY_S = 0.3
_log = logging.getLogger(__name__)


class WorkerStopping(ConflictError):
    """The worker was told to stop; the job goes back to the queue."""

    slug = "worker-stopping"
    title = "The worker is stopping"


class Lease:
    """A job held by this process.

    Between checkpoints, ``check`` tells a long computation to stop when the job was cancelled or lost.
    """

    def __init__(
        self, sessions: Sessions, claim: Claim, *, lease_s: float, stopping: Callable[[], bool]
    ) -> None:
        self.claim = claim
        self._stopping = stopping
        self._sessions = sessions
        self._lease_s = lease_s
        self._done = threading.Event()
        self._lost = False
        self._cancelled = False
        self._reported = -_REPORT_EVERY_S

    def check(self) -> None:
        """Stop here if there is no use in going on.

        Raises
        ------
        LeaseLost
            If another worker holds the job, or the lease ran out unrenewed.
        JobCancelled
            If somebody asked for the job to be cancelled.
        WorkerStopping
            If this worker was told to stop.
        """
        if self._lost:
            raise LeaseLost("The lease could not be kept.")
        if self._cancelled:
            raise JobCancelled("Somebody asked for this job to be cancelled.")
        if self._stopping():
            raise WorkerStopping("Another worker will go on from the last checkpoint.")

    def save(
        self, session: Session, stage: str, checkpoint: Mapping[str, object], done: int, total: int | None
    ) -> None:
        """Record how far a stage is, in the transaction that stores its output."""
        self.check()
        save_checkpoint(session, self.claim, stage=stage, checkpoint=checkpoint, done=done, total=total)

    def report(self, done: int, total: int) -> None:
        """Tell people how far a stage is between two checkpoints, at most a few times a second.

        Stops here as `check` does, and sooner: a report sees at once that the job was cancelled.
        """
        self.check()
        if time.monotonic() < self._reported + _REPORT_EVERY_S:
            return
        self._reported = time.monotonic()
        try:
            with transaction(self._sessions) as session:
                save_progress(session, self.claim, done=done, total=total)
        except SQLAlchemyError as error:  # Whether the database is away for too long is the lease's to say.
            _log.warning("no progress of job %s was kept: %s", self.claim.job_id, type(error).__name__)

    def _renew(self) -> None:
        renewed = time.monotonic()
        while not self._done.wait(self._lease_s / 5):
            try:
                with transaction(self._sessions) as session:
                    self._cancelled |= renew_lease(session, self.claim, lease_s=self._lease_s)
                renewed = time.monotonic()
            except LeaseLost:
                self._lost = True
            except SQLAlchemyError as error:
                _log.warning(
                    "the lease of job %s was not renewed: %s", self.claim.job_id, type(error).__name__
                )
                self._lost |= time.monotonic() - renewed > self._lease_s
            if self._lost:
                return


@contextmanager
def holding(
    sessions: Sessions, claim: Claim, *, lease_s: float, stopping: Callable[[], bool]
) -> Iterator[Lease]:
    """Hold a job while the block runs."""
    lease = Lease(sessions, claim, lease_s=lease_s, stopping=stopping)
    thread = threading.Thread(target=lease._renew, name=f"lease {claim.job_id}", daemon=True)
    thread.start()
    try:
        yield lease
    finally:
        lease._done.set()
        thread.join()
