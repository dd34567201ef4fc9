"""Evaluations run in this process: what reaches the encoder, and what becomes of those that are stopped."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.corpus.paper import Paper
from app.db.session import Sessions, transaction
from app.db.tables import EvaluationRow, HierarchyRow
from app.hierarchy.parameters import BuildParameters
from app.index.embedder import Vectors
from app.services import jobs
from app.services.corpora import get_corpus
from app.services.evaluations import ask_for_evaluation
from app.services.hierarchies import BUILD_HIERARCHY
from app.services.taking import take_papers
from app.settings import Settings
from app.workers import evaluate_hierarchy
from app.workers.evaluate_hierarchy import first_sentences
from app.workers.tasks import run_job, stopping
from tests.factories import make_corpus, make_paper, make_papers_about_subjects
from tests.fakes import HashEmbedder


class WatchedEmbedder(HashEmbedder):
    """Remembers what it embedded, and does something the first time."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        self.texts: list[str] = []
        self.before: Callable[[], None] | None = before

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self.before is not None:
            self.before()
        self.before = None
        self.texts += texts
        return super().embed(texts)


class Bench:
    """A corpus with a built hierarchy, to be evaluated."""

    def __init__(self, sessions: Sessions, workspace_id: UUID, settings: Settings) -> None:
        self.sessions = sessions
        self.workspace_id = workspace_id
        self.settings = settings
        self.source_ids: list[str] = []
        with transaction(sessions) as session:
            self.corpus_id = make_corpus(session, workspace_id).id

    def take(self, papers: Sequence[Paper]) -> None:
        self.source_ids += [paper.source_id for paper in papers]
        with transaction(self.sessions) as session:
            corpus = get_corpus(session, self.corpus_id, workspace_id=self.workspace_id, lock=True)
            take_papers(session, corpus, papers, update=True)

    def build(self) -> None:
        arguments = {"facet": "topic", "parameters": BuildParameters().to_json(), "seed": 0}
        owned = {"workspace_id": self.workspace_id, "corpus_id": self.corpus_id}
        with transaction(self.sessions) as session:
            job = jobs.add_job(session, **owned, kind=BUILD_HIERARCHY, arguments=arguments)
        self.run(job.id)
        assert self.job(job.id).state == "succeeded"

    def ask(self, *, labels: str | None = None, stability: bool = True) -> UUID:
        with transaction(self.sessions) as session:
            query = select(HierarchyRow.id).where(HierarchyRow.corpus_id == self.corpus_id)
            hierarchy_id = session.scalars(query).one()
            owned = {"workspace_id": self.workspace_id}
            return ask_for_evaluation(session, hierarchy_id, **owned, labels=labels, stability=stability).id

    def run(self, job_id: UUID, open_embedder: Callable[[], HashEmbedder] = HashEmbedder) -> None:
        run_job(self.sessions, job_id, settings=self.settings, open_embedder=open_embedder)

    def job(self, job_id: UUID) -> Any:
        with self.sessions() as session:
            return jobs.get_job(session, job_id, workspace_id=self.workspace_id)

    def stages(self, job_id: UUID) -> list[str]:
        with self.sessions() as session:
            seen = [event.data["stage"] for event in jobs.events_after(session, job_id, 0)]
        return list(dict.fromkeys(stage for stage in seen if stage))

    def figures(self) -> list[dict[str, Any]]:
        with self.sessions() as session:
            owned = EvaluationRow.workspace_id == self.workspace_id
            return list(session.scalars(select(EvaluationRow.figures).where(owned)))


@pytest.fixture
def bench(sessions: Sessions, workspace_id: UUID, tmp_path: Path) -> Bench:
    return Bench(sessions, workspace_id, Settings(data_directory=tmp_path, lease_s=10))


@pytest.fixture
def built(bench: Bench) -> Bench:
    kinds = ["zoological", "electrochemical", "vehicular", "medical"]
    papers = [
        replace(paper, original={"kind": [f"{kinds[n % 4]}-category"]})
        for n, paper in enumerate(make_papers_about_subjects(10))
    ]
    bench.take(papers)
    bench.build()
    return bench


class TestEvaluateHierarchy:
    def test_goes_through_its_stages_and_stores_the_figures(self, built: Bench) -> None:
        job_id = built.ask(labels="kind")
        built.run(job_id)
        job = built.job(job_id)
        assert job.state == "succeeded", job.problem
        assert built.stages(job_id) == ["shape", "categories", "find_again", "stability"]
        (figures,) = built.figures()
        assert figures["categories"]["levels"][0]["n_categories"] == 4

    def test_shows_the_encoder_no_category(self, built: Bench) -> None:
        embedder = WatchedEmbedder()
        built.run(built.ask(labels="kind"), lambda: embedder)
        assert embedder.texts
        assert not [text for text in embedder.texts if "category" in text]

    @pytest.mark.parametrize("n_papers", [0, 1, 3])
    def test_completes_for_any_number_of_papers(self, bench: Bench, n_papers: int) -> None:
        bench.take([make_paper() for _ in range(n_papers)])
        bench.build()
        job_id = bench.ask()
        bench.run(job_id)
        assert bench.job(job_id).state == "succeeded", bench.job(job_id).problem
        assert bench.figures()[0]["structure"]["n_papers"] == n_papers

    def test_gives_the_same_figures_again(self, built: Bench) -> None:
        both = []
        for _ in range(2):
            built.run(built.ask(labels="kind"))
            both += built.figures()
        assert len(both) == 2
        assert both[0] == both[1]

    def test_looks_for_no_more_papers_than_it_should(
        self, built: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(evaluate_hierarchy, "N_QUERIES", 7)
        built.run(built.ask(stability=False))
        assert {walk["n_queries"] for walk in built.figures()[0]["walks"]} == {7}

    def test_stores_nothing_when_it_is_cancelled_meanwhile(self, built: Bench) -> None:
        job_id = built.ask()

        def cancel() -> None:
            with transaction(built.sessions) as session:
                jobs.request_cancel(session, job_id, workspace_id=built.workspace_id)

        built.run(job_id, lambda: WatchedEmbedder(cancel))
        assert built.job(job_id).state == "cancelled"
        assert built.figures() == []

    def test_goes_on_after_the_last_stage_that_was_kept(self, built: Bench) -> None:
        whole = built.ask(labels="kind")
        built.run(whole)
        expected = built.figures()
        job_id = built.ask(labels="kind")
        try:
            built.run(job_id, lambda: WatchedEmbedder(stopping.set))
        finally:
            stopping.clear()
        assert built.job(job_id).state == "queued"
        assert set(built.job(job_id).checkpoint) == {"shape", "categories"}
        built.run(job_id)
        assert built.job(job_id).state == "succeeded"
        assert built.figures() == expected

    def test_refuses_a_build_whose_papers_were_changed(self, built: Bench) -> None:
        built.take([make_paper(source_id=built.source_ids[3], abstract="It says something else now.")])
        job_id = built.ask()
        built.run(job_id)
        job = built.job(job_id)
        assert (job.state, job.problem["type"]) == ("failed", "urn:papertree:build-outdated")
        built.build()
        again = built.ask()
        built.run(again)
        assert built.job(again).state == "succeeded"

    def test_leaves_papers_that_came_since_out(self, built: Bench) -> None:
        built.take([make_paper(source_id="late")])
        built.run(built.ask(stability=False))
        (figures,) = built.figures()
        assert (figures["n_papers_since"], figures["structure"]["n_papers"]) == (1, 40)

    def test_refuses_a_build_with_vectors_of_another_encoder(self, built: Bench) -> None:
        class OtherEmbedder(HashEmbedder):
            model = "other"

        job_id = built.ask()
        built.run(job_id, OtherEmbedder)
        job = built.job(job_id)
        assert (job.state, job.problem["type"]) == ("failed", "urn:papertree:build-outdated")


class TestFirstSentences:
    def test_takes_two_of_the_abstract(self) -> None:
        abstract = "Bees were seen, e.g. in May. Then none. Later some came back."
        assert first_sentences("Bees", abstract) == "Bees were seen, e.g. in May. Then none."

    def test_takes_the_title_where_there_is_no_abstract(self) -> None:
        assert first_sentences("Bees", "") == "Bees"
