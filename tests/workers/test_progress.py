"""What people see of a build while it goes on."""

from uuid import UUID

import pytest

from app.db.session import Sessions
from app.services import jobs
from app.settings import Settings
from app.workers import lease
from app.workers.tasks import run_job
from tests.factories import make_papers_about_subjects
from tests.fakes import HashEmbedder
from tests.workers.building import ask, fill, state


def progress_of(sessions: Sessions, job_id: UUID, stage: str) -> list[tuple[int, int]]:
    with sessions() as session:
        events = [event.data for event in jobs.events_after(session, job_id, 0, limit=1000)]
    return [(event["done"], event["total"]) for event in events if event["stage"] == stage]


class TestOrganizing:
    def test_moves_on_from_nothing_to_all_papers(
        self,
        sessions: Sessions,
        workspace_id: UUID,
        corpus_id: UUID,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(lease, "_REPORT_EVERY_S", 0.0)
        fill(sessions, workspace_id, corpus_id, make_papers_about_subjects(20))
        job_id = ask(sessions, workspace_id, corpus_id)
        run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
        assert state(sessions, workspace_id, job_id) == "succeeded"
        told = progress_of(sessions, job_id, "organize")
        assert told == sorted(told)
        assert (told[0], told[-1]) == ((0, 80), (80, 80))
        assert len({done for done, _ in told}) >= 4

    def test_is_followed_by_labelling_that_moves_on_too(
        self,
        sessions: Sessions,
        workspace_id: UUID,
        corpus_id: UUID,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(lease, "_REPORT_EVERY_S", 0.0)
        fill(sessions, workspace_id, corpus_id, make_papers_about_subjects(20))
        job_id = ask(sessions, workspace_id, corpus_id)
        run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
        told = progress_of(sessions, job_id, "label")
        assert told == sorted(told)
        assert told[0][0] == 0
        assert len({done for done, _ in told}) >= 3

    def test_is_told_a_few_times_a_second_at_most(
        self,
        sessions: Sessions,
        workspace_id: UUID,
        corpus_id: UUID,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(lease, "_REPORT_EVERY_S", 3600.0)
        fill(sessions, workspace_id, corpus_id, make_papers_about_subjects(20))
        job_id = ask(sessions, workspace_id, corpus_id)
        run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
        told = [len(progress_of(sessions, job_id, stage)) for stage in ("embed", "organize", "label")]
        # Starts and checkpoints, three of these while it embeds; and one report in all, the very first.
        assert told == [1 + 3 + 1, 2, 1]
