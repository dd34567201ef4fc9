"""The Celery application: a doorbell. A message carries a job's id and nothing else."""

import logging
from uuid import UUID

from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from app.settings import Settings

RUN_JOB = "papertree.run_job"
_MESSAGE_LIFE_S = 60
_log = logging.getLogger(__name__)


def make_queue(settings: Settings) -> Celery:
    """Configure Celery: JSON, early acknowledgement (the job's lease brings it back), no results."""
    queue = Celery("papertree", broker=broker_url(settings.redis_url or ""))
    queue.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=False,
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        worker_concurrency=settings.worker_processes,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=2,
        broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 2},
        task_default_queue="papertree",
    )
    return queue


def broker_url(redis_url: str) -> str:
    """Give a Redis URL as Celery writes it; the two differ for unix sockets."""
    if redis_url.startswith("unix://"):
        return "redis+socket://" + redis_url.removeprefix("unix://")
    return redis_url


def send_job(queue: Celery, job_id: UUID) -> None:
    """Ring for a job; a ring that gets lost is made up for by the sweep."""
    try:
        queue.send_task(RUN_JOB, kwargs={"job_id": str(job_id)}, expires=_MESSAGE_LIFE_S)
    except (OperationalError, RedisError, OSError) as error:
        _log.warning("no ring for job %s, the sweep will: %s", job_id, error)
