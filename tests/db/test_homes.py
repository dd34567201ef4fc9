"""Second homes and unassigned papers, stored and read back, against the tree's own arrays."""

from collections.abc import Iterator
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.session import Sessions
from app.db.tables import CorpusRow, SecondHomeRow, TopicRow
from app.hierarchy.members import topic_members
from app.hierarchy.tree import NO_TOPIC, Hierarchy, topic_children
from app.services.hierarchies import count_papers, get_hierarchy
from app.services.homes import guesses_of, homes_of, list_unassigned
from app.services.papers import list_papers
from app.services.taking import take_papers
from app.services.topics import FiledPaper, list_topics, papers_of_topic
from tests.factories import make_corpus, make_hierarchy, make_paper, publish_tree

# Two broad topics with two narrow ones each; papers 10 and 11 are unassigned.
PARENTS = [-1, 0, 0, 1, 1, 2, 2]
ASSIGNMENTS = [3, 3, 3, 4, 4, 5, 5, 5, 6, 6, -1, -1]
GUESSES = [*ASSIGNMENTS[:10], 3, 6]
RUNNERS_UP = [5] * 5 + [3] * 5 + [5, -1]
SECOND_HOMES = [(0, 4, 0.3), (0, 5, 0.2), (3, 6, 0.4), (3, 5, 0.3), (5, 3, 0.25)]


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture
def corpus(session: Session, workspace_id: UUID) -> CorpusRow:
    corpus = make_corpus(session, workspace_id)
    take_papers(session, corpus, [make_paper() for _ in ASSIGNMENTS], update=False)
    return corpus


@pytest.fixture
def hierarchy_id(session: Session, corpus: CorpusRow) -> UUID:
    tree = make_hierarchy(
        PARENTS, ASSIGNMENTS, second_homes=SECOND_HOMES, best_guesses=GUESSES, runners_up=RUNNERS_UP
    )
    return publish_tree(session, corpus, tree)


@pytest.fixture
def topics(session: Session, workspace_id: UUID, hierarchy_id: UUID) -> list[TopicRow]:
    _, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    return list(list_topics(session, build))


def all_papers_of(
    session: Session, topic: TopicRow, *, limit: int = 200, direct: bool = False
) -> list[FiledPaper]:
    """Go through the pages."""
    rows: list[FiledPaper] = []
    while True:
        after = rows[-1].position if rows else -1
        page = papers_of_topic(session, topic, after=after, limit=limit, direct=direct)
        rows += page
        if len(page) < limit:
            return rows


def random_tree(seed: int) -> Hierarchy:
    """A tree of odd shape, with as many second homes as the rules for them allow."""
    random = np.random.default_rng(seed)
    parents = [NO_TOPIC, *(int(random.integers(0, topic)) for topic in range(1, 15))]
    leaves = [topic for topic, own in enumerate(topic_children(np.array(parents))) if not own]
    assignments = random.choice([*leaves, NO_TOPIC], size=len(ASSIGNMENTS)).tolist()
    homes = [
        (paper, leaf, round(float(random.uniform(0, 0.5)), 3))
        for paper, topic in enumerate(assignments)
        for leaf in leaves
        if topic not in (NO_TOPIC, leaf) and random.random() < 0.4
    ]
    return make_hierarchy(
        parents, assignments, second_homes=homes, best_guesses=[leaves[0]] * len(assignments)
    )


class TestPapersOfTopic:
    @pytest.mark.parametrize("seed", range(4))
    def test_are_those_the_tree_says_for_any_tree(
        self, session: Session, workspace_id: UUID, corpus: CorpusRow, seed: int
    ) -> None:
        tree = random_tree(seed)
        hierarchy_id = publish_tree(session, corpus, tree)
        _, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
        assigned = tree.assignments != NO_TOPIC
        firsts = topic_members(tree).toarray()[:, assigned]
        either = topic_members(tree, homes=True).toarray()[:, assigned]
        assert (either - firsts).any()
        for topic in list_topics(session, build):
            rows = all_papers_of(session, topic)
            inside = np.flatnonzero(assigned)[either[topic.number] == 1].tolist()
            assert [row.position for row in rows] == inside
            assert topic.n_papers == sum(row.home == "first" for row in rows)
            assert topic.n_second_papers == sum(row.home == "second" for row in rows)

    def test_tell_by_which_home_and_how_sure_it_is(self, session: Session, topics: list[TopicRow]) -> None:
        rows = all_papers_of(session, topics[2])
        seconds = {row.position: row for row in rows if row.home == "second"}
        assert [row.position for row in rows] == [0, 3, 5, 6, 7, 8, 9]
        assert sorted(seconds) == [0, 3]
        assert seconds[0].topic_id == topics[5].id
        assert (seconds[3].topic_id, seconds[3].runner_up_id) == (topics[6].id, None)
        assert seconds[3].confidence == pytest.approx(0.4)
        first = next(row for row in rows if row.position == 5)
        assert (first.home, first.runner_up_id) == ("first", topics[3].id)

    def test_are_listed_by_their_first_home_where_both_are_below(
        self, session: Session, topics: list[TopicRow]
    ) -> None:
        rows = all_papers_of(session, topics[1])
        assert [(row.position, row.home) for row in rows if row.position in (0, 5)] == [
            (0, "first"),
            (5, "second"),
        ]

    @pytest.mark.parametrize("limit", [1, 2, 3, 7])
    def test_come_in_pages_of_any_size(self, session: Session, topics: list[TopicRow], limit: int) -> None:
        for topic in topics:
            whole = [(row.position, row.home, row.topic_id) for row in all_papers_of(session, topic)]
            pages = all_papers_of(session, topic, limit=limit)
            assert [(row.position, row.home, row.topic_id) for row in pages] == whole

    def test_are_only_those_with_a_home_right_there_when_asked_for(
        self, session: Session, topics: list[TopicRow]
    ) -> None:
        assert all_papers_of(session, topics[2], direct=True) == []
        direct = all_papers_of(session, topics[5], direct=True)
        assert [(row.position, row.home) for row in direct] == [
            (0, "second"),
            (3, "second"),
            (5, "first"),
            (6, "first"),
            (7, "first"),
        ]

    def test_are_the_same_when_the_papers_of_the_corpus_are_filtered(
        self, session: Session, workspace_id: UUID, corpus: CorpusRow, topics: list[TopicRow]
    ) -> None:
        for topic in topics:
            found = list_papers(
                session, workspace_id=workspace_id, corpus_id=corpus.id, limit=200, topic_id=topic.id
            )
            assert [row.id for row in found] == [row.paper.id for row in all_papers_of(session, topic)]


class TestHomesOf:
    def test_names_the_first_and_then_the_surest(
        self, session: Session, workspace_id: UUID, corpus: CorpusRow, topics: list[TopicRow]
    ) -> None:
        ids = [
            row.id for row in list_papers(session, workspace_id=workspace_id, corpus_id=corpus.id, limit=20)
        ]
        homes = homes_of(session, ids)
        assert [(home.home, home.topic.label) for home in homes[ids[0]]] == [
            ("first", "topic 3"),
            ("second", "topic 4"),
            ("second", "topic 5"),
        ]
        assert homes[ids[0]][2].topic.path == ("topic 2", "topic 5")
        assert homes[ids[0]][2].topic.topic_id == topics[5].id
        assert [home.home for home in homes[ids[1]]] == ["first"]
        assert homes[ids[10]] == []

    def test_forgets_those_of_an_older_build(
        self, session: Session, workspace_id: UUID, corpus: CorpusRow, topics: list[TopicRow]
    ) -> None:
        publish_tree(session, corpus, make_hierarchy([-1], [0] * len(ASSIGNMENTS)))
        ids = [
            row.id for row in list_papers(session, workspace_id=workspace_id, corpus_id=corpus.id, limit=20)
        ]
        homes = homes_of(session, ids)
        assert all([home.topic.path for home in homes[paper_id]] == [()] for paper_id in ids)


class TestUnassigned:
    def test_are_listed_with_where_they_would_stand(
        self, session: Session, workspace_id: UUID, hierarchy_id: UUID
    ) -> None:
        found = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
        rows = list_unassigned(session, *found, after=-1, limit=10)
        assert [row.position for row in rows] == [10, 11]
        assert [row.best_guess and row.best_guess.path for row in rows] == [
            ("topic 1", "topic 3"),
            ("topic 2", "topic 6"),
        ]
        assert [row.runner_up and row.runner_up.label for row in rows] == ["topic 5", None]
        assert [row.position for row in list_unassigned(session, *found, after=10, limit=10)] == [11]
        assert [guess.best_guess for guess in guesses_of(session, rows[0].paper.id)] == [rows[0].best_guess]

    def test_are_told_apart_from_papers_that_came_since(
        self, session: Session, workspace_id: UUID, corpus: CorpusRow, hierarchy_id: UUID
    ) -> None:
        take_papers(session, corpus, [make_paper() for _ in range(3)], update=False)
        _, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
        counts = count_papers(session, build, corpus)
        assert (counts.n_papers, counts.n_unassigned, counts.n_papers_since) == (12, 2, 3)


class TestDeletingACorpus:
    def test_takes_the_second_homes_with_it(
        self, session: Session, workspace_id: UUID, corpus: CorpusRow, hierarchy_id: UUID
    ) -> None:
        here = (
            select(func.count()).select_from(SecondHomeRow).where(SecondHomeRow.workspace_id == workspace_id)
        )
        assert session.scalar(here) == len(SECOND_HOMES)
        session.delete(corpus)
        session.flush()
        assert session.scalar(here) == 0
