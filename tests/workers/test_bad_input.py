"""Corpora nobody would wish for: a build of each completes and accounts for every paper, or says why not."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import func, select

from app.corpus.paper import Paper
from app.db.session import Sessions
from app.db.tables import AssignmentRow, EmbeddingRow, HierarchyRow, PaperRow, TopicRow
from app.index.embedder import Embedder
from app.services import jobs
from app.services.hierarchies import get_hierarchy
from app.services.topics import list_topics
from app.settings import Settings
from app.workers.tasks import run_job
from tests.factories import make_paper, make_papers_about_subjects
from tests.fakes import GroupEmbedder, HashEmbedder, NaNEmbedder
from tests.workers.building import ask, fill

ABROAD = (
    ("Дикие пчёлы в живых изгородях", "Мы наблюдали за пчёлами в поле рапса"),
    ("钠离子电池的硬碳负极", "硬碳负极在多次充放电循环后仍保持容量"),
    ("نوم الممرضات بعد المناوبات الليلية", "تقصر المناوبات الليلية نوم الممرضات"),
    ("Fahrpläne und Wartezeiten an Haltestellen", "Fahrgäste warten kürzer bei passenden Fahrplänen"),
)


@dataclass(frozen=True)
class Built:
    """A live hierarchy: its topics, and the topic of each paper by source id, None for an unassigned one."""

    topics: Sequence[TopicRow]
    places: dict[str, UUID | None]

    def assert_sound(self, papers: Sequence[Paper]) -> None:
        """Every paper is accounted for, counts add up, and every topic has a name its siblings have not."""
        assert set(self.places) == {paper.source_id for paper in papers}
        filed = Counter(topic_id for topic_id in self.places.values() if topic_id is not None)
        children = Counter(topic.parent_id for topic in self.topics)
        assert set(filed) <= {topic.id for topic in self.topics}
        assert self.topics[0].n_papers == filed.total()
        for topic in self.topics:
            assert topic.n_papers_direct == filed[topic.id]
            assert children[topic.id] != 1
            assert topic.label.strip()
        assert len({(topic.parent_id, topic.label) for topic in self.topics}) == len(self.topics)


@pytest.fixture
def build(
    sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings
) -> Callable[..., Built]:
    """Build a hierarchy over papers and read it back, when it has been found sound."""

    def build(papers: Sequence[Paper], embedder: type[Embedder] = HashEmbedder) -> Built:
        fill(sessions, workspace_id, corpus_id, papers)
        job_id = ask(sessions, workspace_id, corpus_id)
        run_job(sessions, job_id, settings=settings, open_embedder=embedder)
        with sessions() as session:
            job = jobs.get_job(session, job_id, workspace_id=workspace_id)
            assert job.state == "succeeded", job.problem
            hierarchy_id = UUID(job.result["hierarchy_id"])
            _, row = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
            query = select(PaperRow.source_id, AssignmentRow.topic_id).join(
                AssignmentRow, AssignmentRow.paper_id == PaperRow.id
            )
            places = session.execute(query.where(AssignmentRow.build_id == row.id))
            built = Built(list_topics(session, row), dict(places.all()))
        built.assert_sound(papers)
        return built

    return build


class TestCorporaOfAFewPapers:
    @pytest.mark.parametrize("n_papers", [0, 1, 2, 3, 10])
    def test_have_a_tree(self, build: Callable[..., Built], n_papers: int) -> None:
        built = build([make_paper() for _ in range(n_papers)])
        assert built.topics[0].parent_id is None
        assert None not in built.places.values()


class TestPapersThatAreTheSame:
    def test_are_together_in_one_topic(self, build: Callable[..., Built]) -> None:
        built = build([make_paper(title="Same", abstract="The same words.", year=None) for _ in range(30)])
        assert len(built.topics) == 1

    def test_are_together_when_a_corpus_holds_everything_twice(self, build: Callable[..., Built]) -> None:
        once = make_papers_about_subjects(25)
        # Without a year and under another id nothing tells that it is the same work, but for the text.
        copies = [
            make_paper(
                source_id=f"{paper.source_id} again", title=paper.title, abstract=paper.abstract, year=None
            )
            for paper in once
        ]
        built = build([*once, *copies])
        assert len(built.topics) > 1
        for paper in once:
            assert built.places[paper.source_id] == built.places[f"{paper.source_id} again"]


class TestTextsThatSayLittle:
    def test_may_be_in_other_languages(self, build: Callable[..., Built]) -> None:
        foreign = [
            make_paper(title=f"{title} {n}", abstract=f"{abstract} {n}.")
            for n, (title, abstract) in product(range(11), ABROAD)
        ]
        papers = [*make_papers_about_subjects(25), *foreign]
        assert len(foreign) / len(papers) > 0.3
        built = build(papers)
        assert len(built.topics) > 4

    def test_may_be_titles_alone(self, build: Callable[..., Built]) -> None:
        papers = [make_paper(title=p.title, abstract="") for p in make_papers_about_subjects(15)]
        assert len(build(papers).topics) > 1

    def test_may_be_abstracts_of_five_words(self, build: Callable[..., Built]) -> None:
        words = ("bees", "carbon", "buses", "nurses")
        papers = [
            make_paper(title=f"Note {n} on {word}", abstract=f"We looked at {word} again.")
            for n, word in product(range(15), words)
        ]
        assert len(build(papers).topics) > 1


class TestGroupsOfVeryDifferentSizes:
    def test_are_one_huge_topic_and_five_hundred_tiny_ones(self, build: Callable[..., Built]) -> None:
        huge = [make_paper(title=f"Part {n} of group 0", abstract="") for n in range(400)]
        tiny = [
            make_paper(title=f"Part {part} of group {group}", abstract="", source_id=f"{group}/{part}")
            for group in range(1, 501)
            for part in range(2)
        ]
        built = build([*huge, *tiny], GroupEmbedder)
        pairs = [(built.places[f"{group}/0"], built.places[f"{group}/1"]) for group in range(1, 501)]
        assert np.mean([one == other for one, other in pairs]) > 0.9
        of_huge = {built.places[paper.source_id] for paper in huge} - {None}
        strangers = sum(place in of_huge for pair in pairs for place in pair)
        assert strangers < 0.05 * len(huge)


class TestVectorsWithNaN:
    def test_are_refused_with_the_paper_named_and_nothing_is_published(
        self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings
    ) -> None:
        papers = [*make_papers_about_subjects(5), make_paper(source_id="odd one", title="A zweihänder")]
        fill(sessions, workspace_id, corpus_id, papers)
        job_id = ask(sessions, workspace_id, corpus_id)
        run_job(sessions, job_id, settings=settings, open_embedder=lambda: NaNEmbedder("zweihänder"))
        with sessions() as session:
            job = jobs.get_job(session, job_id, workspace_id=workspace_id)
            here = TopicRow.workspace_id == workspace_id
            n_topics = session.scalar(select(func.count()).select_from(TopicRow).where(here))
            mine = HierarchyRow.corpus_id == corpus_id
            n_live = session.scalar(select(func.count(HierarchyRow.live_build_id)).where(mine))
        assert job.state == "failed"
        assert job.problem is not None
        assert job.problem["type"] == "urn:papertree:vectors-unfit"
        assert "'odd one'" in job.problem["detail"]
        assert (n_topics, n_live) == (0, 0)

    def test_do_no_harm_to_the_next_build(
        self,
        sessions: Sessions,
        workspace_id: UUID,
        corpus_id: UUID,
        settings: Settings,
        build: Callable[..., Built],
    ) -> None:
        papers = [*make_papers_about_subjects(5), make_paper(title="A zweihänder")]
        fill(sessions, workspace_id, corpus_id, papers)
        job_id = ask(sessions, workspace_id, corpus_id)
        run_job(sessions, job_id, settings=settings, open_embedder=lambda: NaNEmbedder("zweihänder"))
        build(papers)
        with sessions() as session:
            here = EmbeddingRow.workspace_id == workspace_id
            assert session.scalar(select(func.count()).select_from(EmbeddingRow).where(here)) == len(papers)
