"""Topics split into as many parts as somebody asks for."""

from typing import Any
from uuid import UUID

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.db.session import Sessions, transaction
from app.db.tables import PaperRow
from app.services import splitting
from app.services.corpora import get_corpus
from app.services.vectors import save_vectors
from tests.api.correcting import Corrected
from tests.factories import SUBJECTS, make_hierarchy, publish_tree

# Leaves 3 to 6 below topic 1, one subject each, the first two alike and the last two; topic 2 has two.
PARENTS = [-1, 0, 0, 1, 1, 1, 1]
N_EACH = 4
SUBJECT_OF = [n for n in range(4) for _ in range(N_EACH)] + [0, 3] * N_EACH
ASSIGNMENTS = [3 + n // N_EACH for n in range(4 * N_EACH)] + [2] * (2 * N_EACH)


@pytest.fixture
def tree(client: TestClient, sessions: Sessions, workspace_id: UUID, corpus_id: str) -> Corrected:
    papers = [
        {
            "id": f"p{n}",
            "title": f"{SUBJECTS[subject][0].capitalize()} and {SUBJECTS[subject][1]} in region {n}",
            "abstract": f"In region {n} we found that {SUBJECTS[subject][2]}.",
        }
        for n, subject in enumerate(SUBJECT_OF)
    ]
    assert client.post(f"/api/v1/corpora/{corpus_id}/papers", json={"papers": papers}).status_code == 201
    with transaction(sessions) as session:
        corpus = get_corpus(session, UUID(corpus_id), workspace_id=workspace_id)
        rows = session.execute(
            select(PaperRow.source_id, PaperRow.text_hash).where(PaperRow.corpus_id == corpus.id)
        )
        hashes = dict(rows.all())
        vectors = subject_vectors()
        hashed = [hashes[f"p{n}"] for n in range(len(papers))]
        save_vectors(session, workspace_id=workspace_id, model="hash", hashes=hashed, vectors=vectors)
        hierarchy_id = str(publish_tree(session, corpus, make_hierarchy(PARENTS, ASSIGNMENTS)))
    topics = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()["topics"]
    listed = client.get(f"/api/v1/corpora/{corpus_id}/papers?limit=50").json()["items"]
    return Corrected(
        client,
        hierarchy_id,
        {number: topic["id"] for number, topic in enumerate(topics)},
        {paper["source_id"]: paper["id"] for paper in listed},
    )


def subject_vectors() -> np.ndarray[Any, np.dtype[np.float32]]:
    centres = np.eye(16)[[0, 0, 1, 1]] + 0.6 * np.eye(16)[2:6]
    noise = 0.05 * np.random.default_rng(0).normal(size=(len(SUBJECT_OF), 16))
    vectors = centres[SUBJECT_OF] + noise
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def asking(tree: Corrected, number: int, k: int) -> dict[str, Any]:
    return {"op": "split_topic", "topic": tree.topics[number], "k": k}


def preview(tree: Corrected, *operations: dict[str, Any]) -> Any:
    return tree.client.post(
        f"{tree.address}/corrections/preview", json={"operations": list(operations)}
    ).json()


def groups_of(tree: Corrected, number: int, k: int) -> list[dict[str, Any]]:
    found = preview(tree, asking(tree, number, k))
    assert found["conflicts"] == []
    return list(found["splits"][0]["groups"])


def children_of(tree: Corrected, topic_id: str) -> list[dict[str, Any]]:
    return [topic for topic in tree.tree()["topics"] if topic["parent_id"] == topic_id]


class TestPreview:
    def test_tells_the_groups_with_labels_and_exemplars_and_changes_nothing(self, tree: Corrected) -> None:
        before = tree.tree()
        groups = groups_of(tree, 2, 2)
        assert tree.tree() == before
        bees = {tree.papers[f"p{n}"] for n in range(16, 24, 2)}
        assert {frozenset(group["papers"]) for group in groups} == {
            frozenset(bees),
            frozenset(tree.papers[f"p{n}"] for n in range(17, 24, 2)),
        }
        own = next(group for group in groups if set(group["papers"]) == bees)
        assert {"bees", "hedgerows", "flower", "oilseed"} & set(own["label"].casefold().split())
        assert {paper["id"] for paper in own["exemplars"]} <= bees
        assert own["exemplars"]
        assert own["keyphrases"]

    def test_puts_children_together_where_there_are_some(self, tree: Corrected) -> None:
        for number, label in enumerate(("Bees & hedges", "Hard carbon", "Buses", "Night & day"), start=3):
            tree.rename(number, label)
        groups = groups_of(tree, 1, 2)
        assert {frozenset(group["children"]) for group in groups} == {
            frozenset({tree.topics[3], tree.topics[4]}),
            frozenset({tree.topics[5], tree.topics[6]}),
        }
        assert all(group["papers"] == [] for group in groups)
        assert {group["label"] for group in groups} == {"Bees & Hard carbon", "Buses & Night"}

    def test_leaves_a_child_that_is_like_no_other_where_it_is(self, tree: Corrected) -> None:
        assert len(groups_of(tree, 1, 3)) == 1


class TestSplitting:
    @pytest.mark.parametrize("number", [1, 2])
    def test_makes_the_groups_that_the_preview_told(self, tree: Corrected, number: int) -> None:
        told = {group["label"] for group in groups_of(tree, number, 2)}
        tree.did(asking(tree, number, 2))
        made = children_of(tree, tree.topics[number])
        assert {topic["label"] for topic in made} == told
        assert {topic["named_by"] for topic in made} == {"keyphrases"}
        assert sum(topic["n_papers"] for topic in made) == tree.topic(number)["n_papers"]
        tree.check()

    def test_is_kept_as_the_groups_that_were_made(
        self, tree: Corrected, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tree.did(asking(tree, 2, 2))
        monkeypatch.setattr(splitting, "find_parts", None)  # Nothing below may find them anew.
        step = tree.client.get(f"{tree.address}/history").json()["items"][0]
        logged = step["operations"][0]
        assert (logged["k"], sum(len(group["papers"]) for group in logged["groups"])) == (2, 2 * N_EACH)
        before = tree.tree()
        assert tree.send("undo", {}).status_code == 201
        assert children_of(tree, tree.topics[2]) == []
        assert tree.topic(2)["n_papers_direct"] == 2 * N_EACH
        assert tree.send("redo", {}).status_code == 201
        assert tree.tree()["topics"] == before["topics"]
        tree.check()

    def test_leaves_papers_as_sure_as_they_were_and_locked_ones_where_they_are(self, tree: Corrected) -> None:
        tree.did({"op": "lock", "paper": tree.papers["p16"]})
        tree.did(asking(tree, 2, 2))
        homes = {
            name: tree.client.get(f"/api/v1/papers/{tree.papers[name]}").json()["homes"][0]
            for name in ("p16", "p18")
        }
        assert homes["p16"]["topic_id"] == tree.topics[2]
        assert (homes["p18"]["placed_by"], homes["p18"]["path"][0]) == ("machine", "topic 2")
        assert homes["p18"]["confidence"] < 1.0

    def test_takes_groups_as_a_person_changed_them(self, tree: Corrected) -> None:
        groups = groups_of(tree, 1, 2)
        sent = [{name: group[name] for name in ("label", "papers", "children")} for group in groups]
        sent[0]["label"] = "Of field and battery"
        tree.did({"op": "split_topic", "topic": tree.topics[1], "groups": sent})
        made = {topic["label"]: topic for topic in children_of(tree, tree.topics[1])}
        assert made["Of field and battery"]["named_by"] == "person"
        tree.check()

    @pytest.mark.parametrize(
        ("number", "k", "told"),
        [(3, 8, "Too few"), (1, 4, "4 topics"), (0, 2, "2 topics")],
    )
    def test_is_refused_where_so_many_parts_cannot_be_found(
        self, tree: Corrected, number: int, k: int, told: str
    ) -> None:
        answer = tree.correct(asking(tree, number, k))
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:papertree:split-needs-groups")
        assert told in answer.json()["detail"]

    def test_is_refused_for_more_papers_than_are_looked_at_in_a_request(
        self, tree: Corrected, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(splitting, "MOST_PAPERS", 2 * N_EACH - 1)
        assert "among at most" in tree.correct(asking(tree, 2, 2)).json()["detail"]

    def test_of_a_locked_topic_is_a_conflict(self, tree: Corrected) -> None:
        tree.did({"op": "lock", "topic": tree.topics[2]})
        assert tree.correct(asking(tree, 2, 2)).json()["reason"] == "locked"
        assert preview(tree, asking(tree, 2, 2))["conflicts"][0]["reason"] == "locked"

    def test_takes_groups_or_their_number(self, tree: Corrected) -> None:
        both = {**asking(tree, 2, 2), "groups": [{"label": "x", "papers": [tree.papers["p16"]]}]}
        assert tree.correct(both).status_code == 422


class TestLiftRejection:
    def test_lets_a_paper_come_back(self, tree: Corrected) -> None:
        mark = {"op": "reject_assignment", "paper": tree.papers["p0"], "topic": tree.topics[1]}
        tree.did(mark)
        refused = tree.correct(tree.assign("p0", 4))
        assert refused.json()["topics"] == [tree.topics[4], tree.topics[1]]
        tree.did({**mark, "op": "lift_rejection"})
        tree.did(tree.assign("p0", 4))
        assert tree.correct({**mark, "op": "lift_rejection"}).json()["reason"] == "missing"
        tree.check()
