"""What workers run: a task takes a job's id, claims the job and does the work of its kind."""

import logging
import os
from collections.abc import Callable
from functools import cache, partial
from uuid import UUID

from billiard.context import ForkContext
from celery.signals import worker_process_init

from app.db.session import Sessions, open_engine, open_sessions, transaction
from app.errors import Problem
from app.index.embedder import Embedder
from app.index.open import open_embedder
from app.services.arrivals import FILE_ARRIVALS
from app.services.aspects import PROPOSE_ASPECTS
from app.services.claims import EXTRACT_CLAIMS
from app.services.evaluations import EVALUATE_HIERARCHY
from app.services.hierarchies import BUILD_HIERARCHY, FACETS
from app.services.imports import IMPORT_FILE
from app.services.jobs import (
    Claim,
    JobCancelled,
    LeaseLost,
    cancel_job,
    claim_job,
    fail_job,
    release_job,
)
from app.services.maps import LAY_OUT_MAP
from app.services.review import SCORE_ASSIGNMENTS
from app.services.space import NoSpace
from app.settings import Settings
from app.workers.build_aspect import run_build_aspect
from app.workers.build_hierarchy import run_build_hierarchy
from app.workers.evaluate_hierarchy import run_evaluate_hierarchy
from app.workers.extract_claims import run_extract_claims
from app.workers.file_arrivals import run_file_arrivals
from app.workers.import_file import run_import_file
from app.workers.lay_out_map import run_lay_out_map
from app.workers.lease import Lease, WorkerStopping, holding
from app.workers.llm import open_asker
from app.workers.outages import is_full_disk, is_outage
from app.workers.propose_aspects import run_propose_aspects
from app.workers.queue import RUN_JOB, make_queue
from app.workers.score_assignments import run_score_assignments

_log = logging.getLogger(__name__)
settings = Settings.from_environment()
queue = make_queue(settings)
stopping = ForkContext().Event()
"""Set when the worker is told to stop; the pool's processes share it."""


class WorkFailed(Problem):
    """A defect of ours, or of a library: the log of the worker has the rest."""

    slug = "work-failed"
    title = "The job failed unexpectedly"


@queue.task(name=RUN_JOB)  # type: ignore[untyped-decorator]
def run_job_task(*, job_id: str) -> None:
    """Run a job, if it is there to be run."""
    try:
        wanted = UUID(job_id)
    except ValueError:
        _log.warning("dropped a message that names no job")
        return
    run_job(_sessions(), wanted, settings=settings, open_embedder=_embedder)


def run_job(
    sessions: Sessions, job_id: UUID, *, settings: Settings, open_embedder: Callable[[], Embedder]
) -> None:
    """Claim a job, work long in no transaction, then record how it ended.

    When the database goes away, the job is left to its lease: whoever comes after goes on from the
    last checkpoint.
    """
    try:
        with transaction(sessions) as session:
            claim = claim_job(session, job_id, lease_s=settings.lease_s)
        if claim is not None:
            with holding(sessions, claim, lease_s=settings.lease_s, stopping=stopping.is_set) as lease:
                _run(sessions, lease, settings=settings, open_embedder=open_embedder)
    except Exception as error:
        if not is_outage(error):
            raise
        _log.warning("job %s waits for the database: %s", job_id, type(error).__name__)


def _run(
    sessions: Sessions, lease: Lease, *, settings: Settings, open_embedder: Callable[[], Embedder]
) -> None:
    claim = lease.claim
    asker = partial(
        open_asker,
        settings.llm,
        sessions,
        workspace_id=claim.workspace_id,
        job_id=claim.job_id,
        still_wanted=lease.check,
    )
    try:
        if claim.kind == IMPORT_FILE:
            run_import_file(sessions, lease, folder=settings.data_directory / "reading")
        elif claim.kind == BUILD_HIERARCHY:
            is_whole = claim.arguments["facet"] in FACETS
            build = run_build_hierarchy if is_whole else run_build_aspect
            build(sessions, lease, open_embedder=open_embedder, open_asker=asker)
        elif claim.kind == EVALUATE_HIERARCHY:
            run_evaluate_hierarchy(sessions, lease, open_embedder=open_embedder)
        elif claim.kind == FILE_ARRIVALS:
            run_file_arrivals(sessions, lease, open_embedder=open_embedder)
        elif claim.kind == SCORE_ASSIGNMENTS:
            run_score_assignments(sessions, lease)
        elif claim.kind == LAY_OUT_MAP:
            run_lay_out_map(sessions, lease)
        elif claim.kind == EXTRACT_CLAIMS:
            run_extract_claims(sessions, lease, open_asker=asker)
        elif claim.kind == PROPOSE_ASPECTS:
            run_propose_aspects(sessions, lease, open_asker=asker)
        else:
            raise WorkFailed(f"No worker here knows work of the kind {claim.kind!r}.")
    except LeaseLost:
        _log.warning("job %s belongs to another worker now", claim.job_id)
    except WorkerStopping:
        _end(sessions, claim, release_job)
    except JobCancelled:
        _end(sessions, claim, cancel_job)
    except Problem as problem:
        reason = problem
        _end(sessions, claim, lambda session, held: fail_job(session, held, reason))
    except Exception as error:  # A task's edge: recorded with the job, and in the log.
        if is_full_disk(error):
            full = NoSpace("The disk filled up while the job ran. Free space, then ask for the work again.")
            _end(sessions, claim, lambda session, held: fail_job(session, held, full))
        elif is_outage(error):
            raise
        else:
            _fail_unexpectedly(sessions, claim)


def _fail_unexpectedly(sessions: Sessions, claim: Claim) -> None:
    _log.exception("job %s failed", claim.job_id)
    detail = f"Something went wrong inside; the worker's log says more under job {claim.job_id}."
    _end(sessions, claim, lambda session, held: fail_job(session, held, WorkFailed(detail)))


def _end(sessions: Sessions, claim: Claim, how: Callable[..., None]) -> None:
    try:
        with transaction(sessions) as session:
            how(session, claim)
    except LeaseLost:
        _log.warning("job %s belongs to another worker now", claim.job_id)


@cache
def _sessions() -> Sessions:
    return open_sessions(open_engine(settings.database_url or "", pool_size=2))


@cache
def _embedder() -> Embedder:
    return open_embedder(settings.encoder)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _die_with_parent(**_: object) -> None:
    """Let no pool process outlive a worker that was killed: it would hold jobs nobody can reach."""
    if hasattr(os, "register_at_fork") and os.uname().sysname == "Linux":
        import ctypes  # noqa: PLC0415 - Only where there is a Linux to ask.
        import signal  # noqa: PLC0415

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
