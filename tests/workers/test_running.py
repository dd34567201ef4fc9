"""Jobs run in this process: what becomes of them when a run is repeated, stopped or goes wrong."""

import errno
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select

from app.db.session import Sessions, transaction
from app.db.tables import AssignmentRow, BuildRow, EmbeddingRow
from app.index.embedder import Embedder
from app.services import jobs
from app.settings import Settings
from app.workers.tasks import run_job, stopping
from tests.factories import make_paper, make_papers_about_subjects
from tests.fakes import CountingEmbedder, HashEmbedder
from tests.workers.building import ask, fill, state


class TestBuild:
    @pytest.mark.parametrize("n_papers", [0, 1, 2, 3, 10])
    def test_completes_for_any_number_of_papers(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings, n_papers: int
    ) -> None:
        fill(sessions, workspace_id, corpus_id, [make_paper() for _ in range(n_papers)])
        job_id = ask(sessions, workspace_id, corpus_id)
        run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
        with sessions() as session:
            job = jobs.get_job(session, job_id, workspace_id=workspace_id)
            n_placed = session.scalar(
                select(func.count())
                .select_from(AssignmentRow)
                .join(BuildRow, BuildRow.id == AssignmentRow.build_id)
                .where(BuildRow.job_id == job_id)
            )
        assert job.state == "succeeded", job.problem
        assert n_placed == n_papers

    def test_embeds_no_text_twice(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings
    ) -> None:
        embedder = CountingEmbedder()
        fill(sessions, workspace_id, corpus_id, make_papers_about_subjects(5))
        for _ in range(2):
            job_id = ask(sessions, workspace_id, corpus_id)
            run_job(sessions, job_id, settings=settings, open_embedder=lambda: embedder)
            assert state(sessions, workspace_id, job_id) == "succeeded"
        assert len(embedder.texts) == len(set(embedder.texts)) == 20
        with sessions() as session:
            owned = EmbeddingRow.workspace_id == workspace_id
            assert session.scalar(select(func.count()).select_from(EmbeddingRow).where(owned)) == 20


def fail_with(error: Exception) -> Callable[[], Embedder]:
    def broken() -> Embedder:
        raise error

    return broken


class TestRunJob:
    def test_tells_plainly_that_the_disk_is_full(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings
    ) -> None:
        for error in (OSError(errno.ENOSPC, "full"), psycopg.errors.DiskFull("full")):
            job_id = ask(sessions, workspace_id, corpus_id)
            run_job(sessions, job_id, settings=settings, open_embedder=fail_with(error))
            with sessions() as session:
                job = jobs.get_job(session, job_id, workspace_id=workspace_id)
            assert job.state == "failed"
            assert job.problem is not None
            assert job.problem["type"].endswith("no-space")

    def test_leaves_a_job_to_its_lease_when_the_database_is_away(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings
    ) -> None:
        away = (psycopg.OperationalError("gone"), psycopg.errors.AdminShutdown("restarting"))
        for error in away:
            job_id = ask(sessions, workspace_id, corpus_id)
            run_job(sessions, job_id, settings=settings, open_embedder=fail_with(error))
            assert state(sessions, workspace_id, job_id) == "running"

    def test_does_nothing_the_second_time(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings
    ) -> None:
        job_id = ask(sessions, workspace_id, corpus_id)
        for _ in range(2):
            run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
        with sessions() as session:
            last = jobs.events_after(session, job_id, 0)[-1]
        assert (state(sessions, workspace_id, job_id), last.data["state"]) == ("succeeded", "succeeded")

    def test_keeps_an_unexpected_failure_with_the_job_and_says_nothing_of_its_insides(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings
    ) -> None:
        job_id = ask(sessions, workspace_id, corpus_id)
        broken = fail_with(RuntimeError("the secret is 1234"))
        run_job(sessions, job_id, settings=settings, open_embedder=broken)
        with sessions() as session:
            job = jobs.get_job(session, job_id, workspace_id=workspace_id)
        assert job.state == "failed"
        assert job.problem is not None
        assert job.problem["type"].endswith("work-failed")
        assert "1234" not in str(job.problem)

    def test_refuses_work_of_a_kind_it_does_not_know(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings
    ) -> None:
        job_id = ask(sessions, workspace_id, corpus_id, kind="dance")
        run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
        assert state(sessions, workspace_id, job_id) == "failed"

    def test_stops_when_it_is_cancelled_meanwhile(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings
    ) -> None:
        fill(sessions, workspace_id, corpus_id, make_papers_about_subjects(2))
        job_id = ask(sessions, workspace_id, corpus_id)

        def cancel() -> None:
            with transaction(sessions) as session:
                jobs.request_cancel(session, job_id, workspace_id=workspace_id)

        run_job(sessions, job_id, settings=settings, open_embedder=lambda: CountingEmbedder(cancel))
        assert state(sessions, workspace_id, job_id) == "cancelled"

    def test_gives_the_job_back_when_the_worker_is_told_to_stop(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings
    ) -> None:
        fill(sessions, workspace_id, corpus_id, make_papers_about_subjects(2))
        job_id = ask(sessions, workspace_id, corpus_id)
        try:
            run_job(sessions, job_id, settings=settings, open_embedder=lambda: CountingEmbedder(stopping.set))
        finally:
            stopping.clear()
        assert state(sessions, workspace_id, job_id) == "queued"
        run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
        assert state(sessions, workspace_id, job_id) == "succeeded"

    def test_leaves_the_job_to_another_worker_when_its_lease_was_taken(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, tmp_path: Path
    ) -> None:
        settings = Settings(data_directory=tmp_path, lease_s=1)
        fill(sessions, workspace_id, corpus_id, make_papers_about_subjects(2))
        job_id = ask(sessions, workspace_id, corpus_id)
        late = threading.Event()

        def taken_over() -> None:
            with transaction(sessions) as session:
                jobs.release_job(session, jobs.Claim(job_id, workspace_id, corpus_id, "", {}, None, {}, 1))
            run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
            late.set()

        zombie = CountingEmbedder(taken_over)
        run_job(sessions, job_id, settings=settings, open_embedder=lambda: zombie)
        assert late.is_set()
        assert state(sessions, workspace_id, job_id) == "succeeded"
        with sessions() as session:
            ends = [
                event for event in jobs.events_after(session, job_id, 0) if event.data["state"] == "succeeded"
            ]
        assert len(ends) == 1
