"""Building again while people correct: through the real stages of a build, on the real database."""

import itertools
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.corrections.operations import (
    AssignPaper,
    CreateTopic,
    Lock,
    Operation,
    RejectAssignment,
    RenameTopic,
    SplitTopic,
)
from app.corrections.state import State
from app.db.session import Sessions, transaction
from app.db.tables import HierarchyRow
from app.services import builds, jobs, orphans
from app.services.checking import check_hierarchy
from app.services.correction_log import Actor, Request, list_steps
from app.services.correction_states import load_whole
from app.services.corrections import Asked, StaleVersion, apply_corrections
from app.services.splitting import find_parts
from app.settings import Settings
from app.workers.tasks import run_job
from tests.factories import make_papers_about_subjects
from tests.fakes import HashEmbedder
from tests.workers.building import ask, fill


class Watched(HashEmbedder):
    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def embed(self, texts: Any) -> Any:
        self.meanwhile()
        return super().embed(texts)


class Rebuilt:
    """A corpus whose hierarchy is corrected and built again."""

    def __init__(self, sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings) -> None:
        self.sessions, self.workspace_id, self.corpus_id = sessions, workspace_id, corpus_id
        self.settings = settings
        self.coming = make_papers_about_subjects(30)

    def add_papers(self, n_each: int) -> None:
        coming, self.coming = self.coming[: 4 * n_each], self.coming[4 * n_each :]
        fill(self.sessions, self.workspace_id, self.corpus_id, coming)

    def build(self, meanwhile: Callable[[], object] = lambda: None) -> dict[str, Any]:
        job_id = ask(self.sessions, self.workspace_id, self.corpus_id)
        run_job(self.sessions, job_id, settings=self.settings, open_embedder=lambda: Watched(meanwhile))
        with self.sessions() as session:
            job = jobs.get_job(session, job_id, workspace_id=self.workspace_id)
        assert job.state == "succeeded", job.problem
        return dict(job.result or {})

    def hierarchy(self) -> HierarchyRow:
        with self.sessions() as session:
            return session.scalars(select(HierarchyRow).where(HierarchyRow.corpus_id == self.corpus_id)).one()

    def state(self) -> State:
        live = self.hierarchy().live_build_id
        assert live is not None
        with self.sessions() as session:
            return load_whole(session, live).state

    def asked(self) -> Asked:
        key = uuid4().hex
        return Asked(
            Actor(None, "test"), self.hierarchy().version, Request(key, sha256(key.encode()).digest())
        )

    def correct(self, *operations: Operation) -> int:
        """Carry operations out, and give the version that was made."""
        asked = self.asked()
        with transaction(self.sessions) as session:
            own = {"workspace_id": self.workspace_id, "find": find_parts}
            apply_corrections(session, self.hierarchy().id, operations, asked, **own)
        return asked.version + 1

    def orphans(self) -> list[dict[str, Any]]:
        with self.sessions() as session:
            return orphans.list_orphans(session, self.hierarchy().id, workspace_id=self.workspace_id)

    def check(self) -> None:
        with self.sessions() as session:
            found = check_hierarchy(session, self.hierarchy().id, workspace_id=self.workspace_id)
        assert all(one.holds for one in found.findings), found


@pytest.fixture
def rebuilt(sessions: Sessions, workspace_id: UUID, corpus_id: UUID, settings: Settings) -> Rebuilt:
    rebuilt = Rebuilt(sessions, workspace_id, corpus_id, settings)
    rebuilt.add_papers(8)
    rebuilt.build()
    return rebuilt


def leaves(state: State) -> list[UUID]:
    return [topic for topic in state.in_order() if not state.children.get(topic)]


def build_while_people_edit(rebuilt: Rebuilt, *, n_builds: int, n_people: int, pause_s: float) -> str:
    """Build again and again while people rename topics; every rename that was taken must be there, or listed.

    Returns
    -------
    str
        How many renames a second were tried and taken.
    """
    taken: dict[UUID, tuple[int, str]] = {}
    n_tried, n_taken = itertools.count(), itertools.count()
    stop = threading.Event()

    def edit() -> None:
        while not stop.wait(pause_s):
            topics = leaves(rebuilt.state())
            number = next(n_tried)
            topic, label = topics[number % len(topics)], f"edit {number}"
            try:
                version = rebuilt.correct(RenameTopic(topic, label))
            except StaleVersion:
                continue
            next(n_taken)
            taken[topic] = max(taken.get(topic, (0, "")), (version, label))

    started = time.monotonic()
    people = [threading.Thread(target=edit) for _ in range(n_people)]
    for person in people:
        person.start()
    try:
        for _ in range(n_builds):
            rebuilt.add_papers(1)
            rebuilt.build()
    finally:
        stop.set()
        for person in people:
            person.join()
    seconds = time.monotonic() - started
    assert taken
    state = rebuilt.state()
    orphaned = {one["operation"]["label"] for one in rebuilt.orphans()}
    for topic, (_, label) in taken.items():
        assert label in orphaned or state.topics[topic].label == label
    with rebuilt.sessions() as session:
        steps = list_steps(session, rebuilt.hierarchy().id)
    tried, done = next(n_tried), next(n_taken)
    assert sum(step.kind == "build" for step in steps) == 1 + n_builds
    assert sum(step.kind == "correct" for step in steps) == done
    rebuilt.check()
    return (
        f"{n_builds} builds, {tried / seconds:.1f} edits/s tried, {done / seconds:.1f}/s taken, {done} in all"
    )


class TestBuildingAgain:
    def test_leaves_all_as_it_was_when_nothing_else_changed(self, rebuilt: Rebuilt) -> None:
        before = rebuilt.state()
        one, other, *_ = leaves(before)
        paper = min(before.residents[other])
        root = next(topic for topic in before.topics if before.topics[topic].parent is None)
        rebuilt.correct(
            RenameTopic(one, "mine"),
            AssignPaper(paper, one),
            CreateTopic(root, "new", papers=(min(before.residents[one]),)),
            Lock(topic=one),
        )
        corrected = rebuilt.state()
        result = rebuilt.build()
        assert result["corrections"] == {"obeyed": 4, "orphaned": 0}
        again = rebuilt.state()
        assert (again.topics, again.papers, again.rejected) == (
            corrected.topics,
            corrected.papers,
            corrected.rejected,
        )
        rebuilt.check()

    def test_keeps_the_parts_that_a_topic_was_split_into_by_number(self, rebuilt: Rebuilt) -> None:
        before = rebuilt.state()
        topic = max(leaves(before), key=lambda leaf: (len(before.residents[leaf]), leaf))
        rebuilt.correct(SplitTopic(topic, k=2))
        parts = rebuilt.state().children_of(topic)
        held = {part: rebuilt.state().residents[part] for part in parts}
        rebuilt.add_papers(3)
        assert rebuilt.build()["corrections"]["orphaned"] == 0
        now = rebuilt.state()
        assert [now.topics[part].parent for part in parts] == [topic, topic]
        assert all(held[part] <= now.residents[part] for part in parts)
        rebuilt.check()

    def test_obeys_what_people_do_before_and_meanwhile(self, rebuilt: Rebuilt) -> None:
        before = rebuilt.state()
        one, other, *_ = leaves(before)
        paper, wrong = min(before.residents[other]), max(before.residents[other])
        rebuilt.correct(RenameTopic(one, "mine"), RejectAssignment(wrong, other))
        rebuilt.add_papers(3)

        def meanwhile() -> None:
            rebuilt.correct(RenameTopic(other, f"meanwhile {uuid4()}"), AssignPaper(paper, one))

        result = rebuilt.build(meanwhile)
        now = rebuilt.state()
        assert result["corrections"]["orphaned"] == 0
        assert len(now.papers) == 44
        assert now.topics[one].label == "mine"
        assert now.topics[other].label.startswith("meanwhile")
        assert now.papers[paper].topic == one
        assert other not in now.up_from(now.papers[wrong].topic or one)
        rebuilt.check()

    def test_keeps_every_edit_or_lists_it_while_people_never_stop(self, rebuilt: Rebuilt) -> None:
        build_while_people_edit(rebuilt, n_builds=4, n_people=1, pause_s=0.02)

    @pytest.mark.slow
    @pytest.mark.timeout(3600)
    def test_keeps_every_edit_through_twenty_builds(self, rebuilt: Rebuilt) -> None:
        print(build_while_people_edit(rebuilt, n_builds=20, n_people=6, pause_s=0.05))  # noqa: T201 - a figure

    def test_lets_readers_go_back_to_any_build_with_the_corrections(self, rebuilt: Rebuilt) -> None:
        first = rebuilt.hierarchy().live_build_id
        rebuilt.add_papers(4)
        rebuilt.build()
        topic = leaves(rebuilt.state())[0]
        rebuilt.correct(RenameTopic(topic, "mine"))
        corrected = rebuilt.state()
        second = rebuilt.hierarchy().live_build_id
        for build, n_papers in ((first, 32), (second, 48)):
            assert build is not None
            with transaction(rebuilt.sessions) as session:
                hierarchy_id = rebuilt.hierarchy().id
                answer = builds.switch_build(
                    session, hierarchy_id, build, rebuilt.asked(), workspace_id=rebuilt.workspace_id
                )
            assert answer["n_obeyed"] + len(answer["orphans"]) == 1
            assert len(rebuilt.state().papers) == n_papers
            rebuilt.check()
        now = rebuilt.state()
        assert (now.topics, now.papers) == (corrected.topics, corrected.papers)
