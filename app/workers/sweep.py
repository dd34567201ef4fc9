"""The sweep: rings for jobs nobody took, and for those whose worker is gone."""

import logging
import threading

from celery import Celery
from sqlalchemy.exc import SQLAlchemyError

from app.db.session import Sessions, transaction
from app.services.jobs import jobs_to_ring
from app.workers.queue import send_job

_QUIET_S = 10.0
_log = logging.getLogger(__name__)


class Sweep:
    """A thread that looks for work every few seconds, beside the worker's own."""

    def __init__(self, sessions: Sessions, queue: Celery, *, every_s: float) -> None:
        self._sessions = sessions
        self._queue = queue
        self._every_s = every_s
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the round that is going on."""
        self._done.set()

    def _run(self) -> None:
        while not self._done.wait(self._every_s):
            try:
                with transaction(self._sessions) as session:
                    jobs = jobs_to_ring(session, quiet_s=_QUIET_S)
                for job_id in jobs:
                    send_job(self._queue, job_id)
            except SQLAlchemyError as error:
                _log.warning("the sweep waits for the database: %s", type(error).__name__)
