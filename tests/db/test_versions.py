"""Versions of a hierarchy across corrections and builds, made again from the log."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.corrections.compare import fingerprint
from app.corrections.conflicts import Conflict
from app.corrections.operations import AssignPaper, DeleteTopic, Operation, RenameTopic, SplitTopic
from app.db.session import Sessions
from app.db.tables import CorpusRow, TopicRow
from app.services.checking import check_hierarchy
from app.services.correction_log import Actor, Request
from app.services.correction_states import keep_output, labels_of_output, load_whole
from app.services.corrections import Asked, StaleVersion, apply_corrections
from app.services.hierarchies import get_hierarchy
from app.services.homes import list_unassigned
from app.services.papers import list_papers
from app.services.parts import Part
from app.services.splitting import find_parts
from app.services.taking import take_papers
from app.services.topics import list_topics
from app.services.undoing import Which, undo
from app.services.versions import VersionNotFound, compare_versions, state_at
from tests.factories import make_corpus, make_hierarchy, make_paper, publish_tree

PARENTS = [-1, 0, 0, 1, 1]
ASSIGNMENTS = [3, 3, 4, 2, -1, -1]


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
    tree = make_hierarchy(PARENTS, ASSIGNMENTS, best_guesses=[3, 3, 4, 2, 3, 2], runners_up=[2] * 6)
    return publish_tree(session, corpus, tree)


class Desk:
    """Makes corrections in one session, as one person."""

    def __init__(self, session: Session, corpus: CorpusRow, hierarchy_id: UUID) -> None:
        self.session, self.id, self.workspace_id = session, hierarchy_id, corpus.workspace_id
        self.topics = [topic.id for topic in list_topics(session, self.build)]
        papers = list_papers(session, workspace_id=self.workspace_id, corpus_id=corpus.id, limit=20)
        self.papers = [paper.id for paper in papers]

    @property
    def found(self) -> Any:
        return get_hierarchy(self.session, self.id, workspace_id=self.workspace_id)

    @property
    def build(self) -> Any:
        return self.found[1]

    @property
    def version(self) -> int:
        return int(self.found[0].version)

    def asked(self, version: int | None = None) -> Asked:
        seen = self.version if version is None else version
        return Asked(Actor(None, "me"), seen, Request(uuid4().hex, b""))

    def do(self, *operations: Operation, version: int | None = None, **how: Any) -> dict[str, Any]:
        own = {"workspace_id": self.workspace_id, "find": find_parts, **how}
        return apply_corrections(self.session, self.id, operations, self.asked(version), **own)

    def sha256(self, version: int) -> str:
        return fingerprint(state_at(self.session, self.found[0], version))

    def holds(self) -> bool:
        checked = check_hierarchy(self.session, self.id, workspace_id=self.workspace_id)
        return all(finding.holds for finding in checked.findings)


@pytest.fixture
def desk(session: Session, corpus: CorpusRow, hierarchy_id: UUID) -> Desk:
    return Desk(session, corpus, hierarchy_id)


class TestVersions:
    def test_are_all_there_to_be_read_again(self, session: Session, corpus: CorpusRow, desk: Desk) -> None:
        seen = [fingerprint(load_whole(session, desk.build.id).state)]
        desk.do(RenameTopic(desk.topics[3], "x"))
        seen.append(fingerprint(load_whole(session, desk.build.id).state))
        publish_tree(session, corpus, make_hierarchy([-1, 0], [1, 1, 1, 0, 0, 0]))
        seen.append(fingerprint(load_whole(session, desk.build.id).state))
        desk.do(AssignPaper(desk.papers[5], list_topics(session, desk.build)[1].id))
        seen.append(fingerprint(load_whole(session, desk.build.id).state))
        assert [desk.sha256(version) for version in range(1, 5)] == seen
        assert len(set(seen)) == 4
        assert desk.holds()
        with pytest.raises(VersionNotFound):
            desk.sha256(5)

    def test_of_different_builds_are_compared_by_the_topics_that_stayed(
        self, session: Session, corpus: CorpusRow, desk: Desk
    ) -> None:
        desk.do(RenameTopic(desk.topics[3], "x"))
        publish_tree(session, corpus, make_hierarchy(PARENTS, [3, 3, 4, 2, 2, -1]))
        own = {"workspace_id": desk.workspace_id}
        found = compare_versions(session, desk.id, old="2", new="3", **own).difference
        assert found.topics_renamed == found.topics_removed == []
        assert desk.papers[4] in [one.id for one in found.papers_moved]

    def test_before_a_new_build_are_no_ground_for_corrections(
        self, session: Session, corpus: CorpusRow, desk: Desk
    ) -> None:
        publish_tree(session, corpus, make_hierarchy(PARENTS, ASSIGNMENTS))
        with pytest.raises(StaleVersion):
            desk.do(RenameTopic(desk.topics[3], "x"), version=1)


class TestBuildsFromBeforeTheLog:
    def test_are_kept_when_they_are_first_corrected(self, session: Session, desk: Desk) -> None:
        session.execute(text("ALTER TABLE build DISABLE TRIGGER keeps_output"))
        session.execute(text("UPDATE build SET output = NULL WHERE id = :id"), {"id": desk.build.id})
        before = fingerprint(load_whole(session, desk.build.id).state)
        assert desk.sha256(1) == before
        desk.do(RenameTopic(desk.topics[3], "x"))
        assert desk.sha256(1) == before
        assert desk.holds()


class TestKeepOutput:
    def test_keeps_the_first_for_good(self, session: Session, desk: Desk) -> None:
        desk.do(RenameTopic(desk.topics[3], "x"), DeleteTopic(desk.topics[4], "unassigned"))
        keep_output(session, desk.build.id)
        assert labels_of_output(session, desk.build.id) == [f"topic {number}" for number in range(5)]


class TestUndoAcrossBuilds:
    def test_takes_back_what_the_new_build_did_to_obey(
        self, session: Session, corpus: CorpusRow, desk: Desk
    ) -> None:
        step = UUID(desk.do(RenameTopic(desk.topics[3], "x"))["operation_id"])
        publish_tree(session, corpus, make_hierarchy(PARENTS, [3, 3, 4, 2, 2, -1]))
        assert "x" in [topic.label for topic in list_topics(session, desk.build)]
        undo(session, desk.id, Which(step), desk.asked(), workspace_id=desk.workspace_id)
        assert "x" not in [topic.label for topic in list_topics(session, desk.build)]
        assert desk.holds()

    def test_is_refused_where_something_was_changed_since(
        self, session: Session, corpus: CorpusRow, desk: Desk
    ) -> None:
        step = UUID(desk.do(RenameTopic(desk.topics[3], "x"))["operation_id"])
        publish_tree(session, corpus, make_hierarchy(PARENTS, ASSIGNMENTS))
        desk.do(RenameTopic(desk.topics[3], "y"))
        with pytest.raises(Conflict):
            undo(session, desk.id, Which(step), desk.asked(), workspace_id=desk.workspace_id)
        assert desk.holds()


class TestFindParts:
    def test_finds_the_groups_which_the_log_then_keeps(self, session: Session, desk: Desk) -> None:
        def halve(session: Session, build: Any, state: Any, topic: UUID, k: int) -> list[Part]:
            papers = sorted(state.residents[topic])
            return [Part(f"part {n}", "", tuple(papers[n::k]), (), (), ()) for n in range(k)]

        desk.do(SplitTopic(desk.topics[3], k=2), find=halve)
        labels = [topic.label for topic in list_topics(session, desk.build)]
        assert labels[-2:] == ["part 0", "part 1"]
        assert desk.holds()


class TestGuesses:
    def test_point_to_no_topic_that_is_gone(self, session: Session, desk: Desk) -> None:
        desk.do(DeleteTopic(desk.topics[2], "unassigned"), DeleteTopic(desk.topics[3], "unassigned"))
        rows = list_unassigned(session, *desk.found, after=-1, limit=10)
        topics = set(session.scalars(select(TopicRow.id).where(TopicRow.build_id == desk.build.id)))
        assert len(rows) == 5
        assert {row.best_guess.topic_id for row in rows if row.best_guess} <= topics
        assert {row.runner_up.topic_id for row in rows if row.runner_up} <= topics

    def test_are_there_again_when_the_topic_comes_back(self, session: Session, desk: Desk) -> None:
        before = guesses(session, desk)
        desk.do(DeleteTopic(desk.topics[2], "unassigned"), DeleteTopic(desk.topics[3], "parent"))
        assert guesses(session, desk) != before
        undo(session, desk.id, Which(), desk.asked(), workspace_id=desk.workspace_id)
        assert guesses(session, desk) == before


def guesses(session: Session, desk: Desk) -> list[tuple[Any, Any]]:
    session.expire_all()
    rows = list_unassigned(session, *desk.found, after=-1, limit=10)
    return [(row.best_guess, row.runner_up) for row in rows]
