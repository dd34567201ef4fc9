"""Starts a worker: ``python -m app.workers``."""

import logging

from celery.signals import worker_ready, worker_shutting_down

from app.db.session import open_engine, open_sessions
from app.workers.sweep import Sweep
from app.workers.tasks import queue, settings, stopping


def main() -> None:
    """Run a Celery worker with a sweep beside it, until it is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    sessions = open_sessions(open_engine(settings.database_url or "", pool_size=1))
    sweep = Sweep(sessions, queue, every_s=settings.sweep_s)
    worker_ready.connect(lambda **_: sweep.start(), weak=False)
    worker_shutting_down.connect(lambda **_: stopping.set(), weak=False)
    worker_shutting_down.connect(lambda **_: sweep.stop(), weak=False)
    queue.worker_main(
        ["worker", "--loglevel=INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    )


if __name__ == "__main__":
    main()
