"""Papers that come after a build: filed by a worker's job as one step, on the real database."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.corrections.operations import AssignPaper, Lock, RenameTopic
from app.corrections.state import Placement
from app.db.correction_tables import CorrectionStepRow
from app.db.score_tables import ScorerRow
from app.db.session import Sessions, transaction
from app.db.tables import BuildRow, JobRow, PaperRow
from app.services import jobs, undoing
from app.services.arrivals import FILE_ARRIVALS, ask_for_arrivals
from app.services.corpora import get_corpus
from app.services.correction_log import list_steps
from app.services.hierarchies import count_papers, get_hierarchy
from app.services.kept_trees import load_neighbours
from app.services.review import SCORE_ASSIGNMENTS, read_review
from app.services.undoing import CannotUndo, Which, why_not_undone
from app.settings import Settings
from app.workers import file_arrivals
from app.workers.tasks import run_job
from tests.fakes import HashEmbedder
from tests.workers.building import ask
from tests.workers.test_rebuilding import Rebuilt


class Killed(BaseException):
    """The worker's process is gone at this place; nothing is caught."""


class Filed(Rebuilt):
    """A corpus with a hierarchy, which more papers come to."""

    def come(self, n_each: int = 1) -> list[UUID]:
        """Bring papers, as an import does; gives their ids."""
        before = set(self.paper_ids())
        self.add_papers(n_each)
        with transaction(self.sessions) as session:
            ask_for_arrivals(session, self.corpus_id)
        return [paper for paper in self.paper_ids() if paper not in before]

    def paper_ids(self) -> list[UUID]:
        with self.sessions() as session:
            own = PaperRow.corpus_id == self.corpus_id
            return list(session.scalars(select(PaperRow.id).where(own).order_by(PaperRow.position)))

    def open_jobs(self, kind: str = FILE_ARRIVALS) -> list[JobRow]:
        with self.sessions() as session:
            own = (JobRow.corpus_id == self.corpus_id, JobRow.kind == kind)
            query = select(JobRow).where(*own, JobRow.state.in_(("queued", "running")))
            return list(session.scalars(query))

    def run(self, job_id: UUID, embedder: Callable[[], Any] = HashEmbedder) -> JobRow:
        run_job(self.sessions, job_id, settings=self.settings, open_embedder=embedder)
        with self.sessions() as session:
            return jobs.get_job(session, job_id, workspace_id=self.workspace_id)

    def file(self) -> dict[str, Any]:
        (job,) = self.open_jobs()
        done = self.run(job.id)
        assert done.state == "succeeded", done.problem
        return dict(done.result or {})

    def n_papers_since(self) -> int:
        with self.sessions() as session:
            _, build = get_hierarchy(session, self.hierarchy().id, workspace_id=self.workspace_id)
            corpus = get_corpus(session, self.corpus_id, workspace_id=self.workspace_id)
            return count_papers(session, build, corpus).n_papers_since

    def places(self) -> dict[UUID, Placement]:
        return self.state().papers

    def steps(self) -> list[CorrectionStepRow]:
        with self.sessions() as session:
            return list(list_steps(session, self.hierarchy().id))

    def undo(self, step_id: UUID, verb: Callable[..., Any] = undoing.undo) -> None:
        with transaction(self.sessions) as session:
            verb(
                session,
                self.hierarchy().id,
                Which(step_id),
                self.asked(),
                workspace_id=self.workspace_id,
            )

    def leaf(self) -> UUID:
        state = self.state()
        return sorted(topic for topic in state.topics if state.residents.get(topic))[0]


@pytest.fixture
def filed(sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings) -> Filed:
    filed = Filed(sessions, workspace_id, corpus_id, settings)
    filed.add_papers(8)
    filed.build()
    return filed


class TestFilingArrivals:
    def test_is_one_step_that_moves_nothing_and_passes_the_check(self, filed: Filed) -> None:
        before = filed.places()
        coming = filed.come()
        result = filed.file()
        assert (result["n_filed"] + result["n_unassigned"], result["n_papers_since"]) == (4, 0)
        after = filed.places()
        assert {paper: after[paper] for paper in before} == before
        assert after.keys() - before.keys() == set(coming)
        assert {after[paper].placed_by for paper in coming} == {"machine"}
        assert all(0 <= after[paper].confidence <= 1 for paper in coming)
        step = filed.steps()[0]
        assert (step.kind, step.actor, step.version, set(step.touched)) == ("file", "machine", 2, set(coming))
        filed.check()

    def test_is_undone_done_again_and_asked_for_anew(self, filed: Filed) -> None:
        filed.come()
        filed.file()
        places, step = filed.places(), filed.steps()[0]
        filed.undo(step.id)
        assert filed.n_papers_since() == 4
        filed.check()
        filed.undo(step.id, undoing.redo)
        assert filed.places() == places
        filed.check()

    def test_has_the_doubtful_ones_put_into_the_review_queue(self, filed: Filed) -> None:
        coming = filed.come()
        filed.file()
        (scoring,) = filed.open_jobs(SCORE_ASSIGNMENTS)
        assert filed.run(scoring.id).state == "succeeded"
        with filed.sessions() as session:
            found = read_review(
                session, filed.hierarchy().id, workspace_id=filed.workspace_id, limit=50, arrived=True
            )
        assert {one.paper.id for one in found.items} == set(coming)

    def test_binds_no_later_build(self, filed: Filed) -> None:
        filed.come()
        filed.file()
        step = filed.steps()[0]
        assert filed.build()["corrections"] == {"obeyed": 0, "orphaned": 0}
        assert filed.n_papers_since() == 0
        filed.check()
        with pytest.raises(CannotUndo):
            filed.undo(step.id)
        with filed.sessions() as session:
            assert step.id in why_not_undone(session, filed.hierarchy(), filed.steps())

    def test_leaves_papers_to_people_who_were_faster(
        self, filed: Filed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        coming, leaf = filed.come(), filed.leaf()

        def correct(place: str) -> None:
            if place == "file.publish":
                filed.correct(AssignPaper(coming[0], leaf), RenameTopic(leaf, "Mine"), Lock(topic=leaf))

        monkeypatch.setattr(file_arrivals, "failpoint", correct)
        assert filed.file()["n_papers_since"] == 0
        after = filed.places()
        assert (after[coming[0]].topic, after[coming[0]].placed_by) == (leaf, "person")
        assert all(after[paper].topic != leaf for paper in coming[1:])
        assert filed.state().topics[leaf].label == "Mine"
        filed.check()

    @pytest.mark.parametrize("place", ["file.start", "file.publish", "file.before_finish"])
    def test_files_each_paper_once_when_the_worker_is_killed(
        self, filed: Filed, monkeypatch: pytest.MonkeyPatch, place: str
    ) -> None:
        def die(name: str) -> None:
            if name == place:
                raise Killed

        filed.come()
        (job,) = filed.open_jobs()
        with monkeypatch.context() as patched:
            patched.setattr(file_arrivals, "failpoint", die)
            with pytest.raises(Killed):
                filed.run(job.id)
        assert filed.n_papers_since() == 4
        with transaction(filed.sessions) as session:
            session.execute(
                text("UPDATE job SET lease_until = now() - interval '1 s' WHERE id = :id"), {"id": job.id}
            )
        assert filed.run(job.id).state == "succeeded"
        filed.run(job.id)  # A message that comes once more.
        assert [step.kind for step in filed.steps()] == ["file", "build"]
        assert filed.n_papers_since() == 0
        filed.check()

    def test_files_anew_when_another_build_goes_live_meanwhile(
        self, filed: Filed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        builds = [filed.build]

        def build(place: str) -> None:
            if place == "file.publish" and builds:
                builds.pop()()

        filed.come()
        monkeypatch.setattr(file_arrivals, "failpoint", build)
        assert filed.file()["n_papers_since"] == 0
        assert [step.kind for step in filed.steps()] == ["build", "build"]
        filed.check()

    def test_leaves_papers_to_a_build_that_is_asked_for(self, filed: Filed) -> None:
        filed.come()
        ask(filed.sessions, filed.workspace_id, filed.corpus_id)
        assert filed.file()["n_papers_since"] == 4

    def test_refuses_to_compare_vectors_of_another_encoder(self, filed: Filed) -> None:
        class Other(HashEmbedder):
            model = "other"

        filed.come()
        (job,) = filed.open_jobs()
        failed = filed.run(job.id, Other)
        assert (failed.state, (failed.problem or {})["type"]) == ("failed", "urn:papertree:other-encoder")
        assert filed.n_papers_since() == 4


class TestAskingByItself:
    def test_waits_as_one_job_and_sees_what_came_after_it_began(
        self, filed: Filed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        filed.come()
        filed.come()
        (first,) = filed.open_jobs()
        monkeypatch.setattr(
            file_arrivals, "failpoint", lambda place: filed.come() if place == "file.publish" else None
        )
        filed.run(first.id)
        (second,) = filed.open_jobs()
        assert (second.id != first.id, filed.n_papers_since()) == (True, 4)

    def test_is_not_done_where_nothing_came(self, filed: Filed) -> None:
        with transaction(filed.sessions) as session:
            ask_for_arrivals(session, filed.corpus_id)
        assert filed.open_jobs() == []

    def test_has_corrections_learnt_some_seconds_after_the_last(self, filed: Filed) -> None:
        filed.correct(RenameTopic(filed.leaf(), "a"))
        filed.correct(RenameTopic(filed.leaf(), "b"))
        (job,) = filed.open_jobs(SCORE_ASSIGNMENTS)
        with filed.sessions() as session:
            due = session.scalars(
                text("SELECT extract(epoch FROM due_at - clock_timestamp()) FROM job WHERE id = :id"),
                {"id": job.id},
            ).one()
            assert 0 < due <= 5
            assert job.id not in jobs.jobs_to_ring(session, quiet_s=0, limit=1000)
        filed.run(job.id)
        with filed.sessions() as session:
            scorer = session.get_one(ScorerRow, filed.hierarchy().live_build_id)
            assert (scorer.version, scorer.training != "") == (3, True)


class TestKeptNeighbours:
    def test_are_those_of_the_papers_of_the_build(self, filed: Filed) -> None:
        build_id = filed.hierarchy().live_build_id
        assert build_id is not None
        with filed.sessions() as session:
            kept = load_neighbours(session, build_id, filed.paper_ids())
            size = len(session.get_one(BuildRow, build_id).neighbours or b"")
        assert kept is not None
        assert (len(kept), size) == (32, 4 * kept.size)
        assert (kept != [[row] for row in range(32)]).all()

    def test_are_found_anew_where_papers_of_the_build_are_missing(self, filed: Filed) -> None:
        build_id = filed.hierarchy().live_build_id
        assert build_id is not None
        with filed.sessions() as session:
            assert load_neighbours(session, build_id, filed.paper_ids()[1:]) is None
