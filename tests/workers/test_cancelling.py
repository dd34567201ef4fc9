"""A build that is cancelled or overtaken while it runs: readers keep what they had, whole."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from app.db.session import Sessions, transaction
from app.db.tables import AssignmentRow, HierarchyRow, SecondHomeRow, TopicRow
from app.services import jobs
from app.services.corpora import get_corpus
from app.services.hierarchies import PaperCounts, count_papers, get_hierarchy
from app.settings import Settings
from app.workers import build_hierarchy, embed_papers, label_build, lease
from app.workers.tasks import run_job
from tests.factories import make_paper, make_papers_about_subjects
from tests.fakes import CountingEmbedder, HashEmbedder
from tests.workers.building import ask, fill, state

Meanwhile = Callable[[str, Callable[[], None]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Have something done when a build comes to one of its named places, once."""

    def arm(place: str, action: Callable[[], None]) -> None:
        waiting = [action]

        def reach(name: str) -> None:
            if name == place and waiting:
                waiting.pop()()

        monkeypatch.setattr(build_hierarchy, "failpoint", reach)
        monkeypatch.setattr(embed_papers, "failpoint", reach)
        monkeypatch.setattr(label_build, "failpoint", reach)

    return arm


@pytest.fixture
def live(sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings) -> UUID:
    """A corpus of 40 papers with its hierarchy, by the id of the hierarchy."""
    fill(sessions, workspace_id, corpus_id, make_papers_about_subjects(10))
    job_id = ask(sessions, workspace_id, corpus_id)
    run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
    with sessions() as session:
        return session.scalars(select(HierarchyRow.id).where(HierarchyRow.corpus_id == corpus_id)).one()


def seen(sessions: Sessions, workspace_id: UUID, hierarchy_id: UUID) -> tuple[UUID, int, PaperCounts]:
    """What readers have before them: the build, its version, its papers."""
    with sessions() as session:
        hierarchy, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
        corpus = get_corpus(session, hierarchy.corpus_id, workspace_id=workspace_id)
        return build.id, hierarchy.version, count_papers(session, build, corpus)


def n_published(sessions: Sessions, workspace_id: UUID) -> int:
    """Count the builds of a workspace that left anything for readers."""
    with sessions() as session:
        builds: set[UUID] = set()
        for table in (TopicRow, AssignmentRow, SecondHomeRow):
            builds.update(session.scalars(select(table.build_id).where(table.workspace_id == workspace_id)))
        return len(builds)


class TestCancelling:
    @pytest.mark.parametrize(
        "place",
        [
            "embed.start",
            "embed.before_checkpoint",
            "organize.start",
            "organize.before_checkpoint",
            "label.start",
        ],
    )
    def test_leaves_the_old_build_and_nothing_of_the_new_one(
        self,
        sessions: Sessions,
        workspace_id: UUID,
        corpus_id: UUID,
        settings: Settings,
        live: UUID,
        meanwhile: Meanwhile,
        place: str,
    ) -> None:
        fill(sessions, workspace_id, corpus_id, [make_paper() for _ in range(12)])
        before = seen(sessions, workspace_id, live)
        job_id = ask(sessions, workspace_id, corpus_id)

        def cancel() -> None:
            with transaction(sessions) as session:
                jobs.request_cancel(session, job_id, workspace_id=workspace_id)

        meanwhile(place, cancel)
        run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
        assert state(sessions, workspace_id, job_id) == "cancelled"
        assert seen(sessions, workspace_id, live) == before
        assert n_published(sessions, workspace_id) == 1

    def test_stops_within_a_few_texts_while_it_embeds(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings
    ) -> None:
        fill(sessions, workspace_id, corpus_id, [make_paper() for _ in range(300)])
        job_id = ask(sessions, workspace_id, corpus_id)

        def cancel() -> None:
            with transaction(sessions) as session:
                jobs.request_cancel(session, job_id, workspace_id=workspace_id)

        embedder = CountingEmbedder(before=cancel)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(embed_papers, "_SMALLEST_CHUNK", 300)
            patch.setattr(lease, "_REPORT_EVERY_S", 0.0)
            run_job(sessions, job_id, settings=settings, open_embedder=lambda: embedder)
        assert state(sessions, workspace_id, job_id) == "cancelled"
        assert 0 < len(embedder.texts) <= 64

    def test_does_not_stand_in_the_way_of_the_next_build(
        self,
        sessions: Sessions,
        workspace_id: UUID,
        corpus_id: UUID,
        settings: Settings,
        live: UUID,
        meanwhile: Meanwhile,
    ) -> None:
        fill(sessions, workspace_id, corpus_id, [make_paper() for _ in range(12)])
        job_id = ask(sessions, workspace_id, corpus_id)

        def cancel() -> None:
            with transaction(sessions) as session:
                jobs.request_cancel(session, job_id, workspace_id=workspace_id)

        meanwhile("label.start", cancel)
        run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
        embedder = CountingEmbedder()
        next_id = ask(sessions, workspace_id, corpus_id)
        run_job(sessions, next_id, settings=settings, open_embedder=lambda: embedder)
        assert state(sessions, workspace_id, next_id) == "succeeded"
        assert embedder.texts == []
        _, version, counts = seen(sessions, workspace_id, live)
        assert (version, counts.n_papers, counts.n_papers_since) == (2, 52, 0)


class TestPapersThatArriveMeanwhile:
    @pytest.mark.parametrize("place", ["organize.start", "label.start", "publish.start"])
    def test_are_left_to_the_next_build_and_reported(
        self,
        sessions: Sessions,
        workspace_id: UUID,
        corpus_id: UUID,
        settings: Settings,
        live: UUID,
        meanwhile: Meanwhile,
        place: str,
    ) -> None:
        job_id = ask(sessions, workspace_id, corpus_id)
        late = [make_paper() for _ in range(7)]
        meanwhile(place, lambda: fill(sessions, workspace_id, corpus_id, late))
        run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
        with sessions() as session:
            result = jobs.get_job(session, job_id, workspace_id=workspace_id).result
        assert result is not None
        assert (result["n_papers"], result["n_papers_since"]) == (40, 7)
        _, version, counts = seen(sessions, workspace_id, live)
        assert (version, counts.n_papers, counts.n_papers_since) == (2, 40, 7)

        next_id = ask(sessions, workspace_id, corpus_id)
        run_job(sessions, next_id, settings=settings, open_embedder=HashEmbedder)
        _, version, counts = seen(sessions, workspace_id, live)
        assert (version, counts.n_papers, counts.n_papers_since) == (3, 47, 0)

    def test_are_taken_in_when_they_come_while_it_embeds(
        self,
        sessions: Sessions,
        workspace_id: UUID,
        corpus_id: UUID,
        settings: Settings,
        live: UUID,
        meanwhile: Meanwhile,
    ) -> None:
        job_id = ask(sessions, workspace_id, corpus_id)
        meanwhile("embed.start", lambda: fill(sessions, workspace_id, corpus_id, [make_paper()]))
        run_job(sessions, job_id, settings=settings, open_embedder=HashEmbedder)
        _, _, counts = seen(sessions, workspace_id, live)
        assert (counts.n_papers, counts.n_papers_since) == (41, 0)
