from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from app.corpus.paper import Paper
from app.db.session import Sessions, transaction
from app.services.corpora import get_corpus
from app.services.papers import list_papers
from app.services.taking import Taken, take_papers
from tests.factories import make_corpus, make_paper

Take = Callable[..., list[Taken]]


@pytest.fixture
def corpus_id(sessions: Sessions, workspace_id: UUID) -> UUID:
    with transaction(sessions) as session:
        return make_corpus(session, workspace_id).id


@pytest.fixture
def take(sessions: Sessions, workspace_id: UUID, corpus_id: UUID) -> Take:
    def take(*papers: Paper, update: bool = False) -> list[Taken]:
        with transaction(sessions) as session:
            corpus = get_corpus(session, corpus_id, workspace_id=workspace_id, lock=True)
            return take_papers(session, corpus, papers, update=update)

    return take


@pytest.fixture
def stored(sessions: Sessions, workspace_id: UUID, corpus_id: UUID) -> Callable[[], list[tuple[str, str]]]:
    def stored() -> list[tuple[str, str]]:
        with sessions() as session:
            rows = list_papers(session, workspace_id=workspace_id, corpus_id=corpus_id, limit=200)
            corpus = get_corpus(session, corpus_id, workspace_id=workspace_id)
        assert corpus.n_papers == len(rows)
        return [(row.source_id, row.title) for row in rows]

    return stored


class TestTakePapers:
    def test_keeps_the_order_of_a_batch(self, take: Take, stored: Callable[..., object]) -> None:
        papers = [make_paper() for _ in range(5)]
        assert [one.outcome for one in take(*papers)] == ["taken"] * 5
        assert stored() == [(paper.source_id, paper.title) for paper in papers]

    def test_takes_nothing_twice(self, take: Take, stored: Callable[..., list[object]]) -> None:
        papers = [make_paper() for _ in range(3)]
        take(*papers)
        assert [one.outcome for one in take(*papers, *papers)] == ["merged"] * 6
        assert len(stored()) == 3

    def test_merges_by_doi_within_one_batch_and_says_with_what(self, take: Take) -> None:
        first, second = take(
            make_paper(source_id="a", doi="10.5555/x"), make_paper(source_id="b", doi="10.5555/x")
        )
        assert (second.outcome, second.duplicate_of, second.duplicate_by) == ("merged", "a", "doi")
        assert second.paper_id == first.paper_id

    def test_merges_by_title_and_year(self, take: Take) -> None:
        title = "The temperature of ponds in the second winter"
        _, second = take(
            make_paper(title=title, year=2001),
            make_paper(title=title.upper() + ".", year=2001, abstract="Other"),
        )
        assert (second.outcome, second.duplicate_by) == ("merged", "title")

    def test_recognises_a_paper_by_every_id_it_was_seen_under(self, take: Take) -> None:
        take(make_paper(source_id="a", doi="10.5555/y"))
        take(make_paper(source_id="b", doi="10.5555/y", pmid="77"))
        third = take(make_paper(source_id="c", pmid="77"))[0]
        assert (third.outcome, third.duplicate_of, third.duplicate_by) == ("merged", "a", "pmid")

    def test_fills_gaps_and_overwrites_nothing(
        self, take: Take, sessions: Sessions, workspace_id: UUID, corpus_id: UUID
    ) -> None:
        take(make_paper(source_id="a", doi="10.5555/z", title="First title stays", abstract="", year=1999))
        take(
            make_paper(
                source_id="b", doi="10.5555/z", title="Second title", abstract="An abstract.", year=2000
            )
        )
        with sessions() as session:
            row = list_papers(session, workspace_id=workspace_id, corpus_id=corpus_id, limit=1)[0]
        assert (row.title, row.abstract, row.year) == ("First title stays", "An abstract.", 1999)

    def test_keeps_two_works_that_a_source_names_alike(
        self, take: Take, stored: Callable[..., list[tuple[str, str]]]
    ) -> None:
        first = make_paper(source_id="smith2020")
        second = make_paper(source_id="smith2020")
        assert [one.outcome for one in take(first, second)] == ["taken", "taken"]
        assert [one.outcome for one in take(first, second)] == ["merged", "merged"]
        assert [source_id for source_id, _ in stored()] == ["smith2020", "smith2020~2"]

    def test_replaces_a_paper_that_a_program_sends_again(
        self, take: Take, stored: Callable[..., list[tuple[str, str]]]
    ) -> None:
        take(make_paper(source_id="a", title="Old title of this paper"), update=True)
        again = take(make_paper(source_id="a", title="New title of this paper", abstract="New"), update=True)[
            0
        ]
        assert again.outcome == "updated"
        assert stored() == [("a", "New title of this paper")]

    def test_loses_nothing_when_batches_arrive_together(
        self, take: Take, stored: Callable[..., list[tuple[str, str]]]
    ) -> None:
        papers = [make_paper() for _ in range(20)]
        with ThreadPoolExecutor(4) as pool:
            outcomes = [one for batch in pool.map(lambda _: take(*papers), range(4)) for one in batch]
        assert sorted(one.outcome for one in outcomes) == ["merged"] * 60 + ["taken"] * 20
        assert len(stored()) == 20
