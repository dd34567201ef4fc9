"""The review queue, learnt by a worker from corrections made through the API."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.corrector.scorer import read_scorer
from app.db.score_tables import ScorerRow
from app.db.session import Sessions, transaction
from app.db.tables import HierarchyRow
from app.services.jobs import claim_job
from app.services.review import ask_for_scores
from app.services.scoring import load_standing
from app.services.vectors import save_vectors, texts_to_embed
from tests.api.correcting import Corrected, make_corrected
from tests.fakes import HashEmbedder


@pytest.fixture
def tree(client: TestClient, corpus_id: str, hierarchy_id: str) -> Corrected:
    """A built hierarchy over 40 papers on four subjects."""
    topics = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()["topics"]
    papers = client.get(f"/api/v1/corpora/{corpus_id}/papers?limit=50").json()["items"]
    return Corrected(
        client,
        hierarchy_id,
        {number: topic["id"] for number, topic in enumerate(topics)},
        {paper["source_id"]: paper["id"] for paper in papers},
    )


@pytest.fixture
def review(client: TestClient, tree: Corrected, run: Callable[[str], None]) -> Callable[..., dict[str, Any]]:
    def review(limit: int = 50) -> dict[str, Any]:
        job = client.post(f"{tree.address}/review").json()
        run(job["id"])
        done = client.get(f"/api/v1/jobs/{job['id']}").json()
        assert done["state"] == "succeeded", done
        return dict(client.get(f"{tree.address}/review?limit={limit}").json())

    return review


def first_home(client: TestClient, paper: str) -> str | None:
    homes = client.get(f"/api/v1/papers/{paper}").json()["homes"]
    return str(homes[0]["topic_id"]) if homes else None


def move_some(tree: Corrected, n_papers: int) -> list[str]:
    """Move papers of the first leaf there is to the last one, as a person would who knows better."""
    leaves = [topic for topic in tree.tree()["topics"] if topic["n_papers_direct"]]
    filed = tree.client.get(f"/api/v1/topics/{leaves[0]['id']}/papers?direct=true&limit=50").json()["items"]
    moved = [one["paper"]["id"] for one in filed if one["home"] == "first"][:n_papers]
    assert len(moved) == n_papers
    tree.did(*({"op": "assign_paper", "paper": one, "topic": leaves[-1]["id"]} for one in moved))
    return moved


def give_vectors(session: Session, workspace_id: UUID, corpus_id: str) -> None:
    texts, _ = texts_to_embed(session, corpus_id=UUID(corpus_id), model="hash", after=-1, limit=50)
    vectors = HashEmbedder().embed([text.text for text in texts])
    hashes = [text.hash for text in texts]
    save_vectors(session, workspace_id=workspace_id, model="hash", hashes=hashes, vectors=vectors)


class TestPostReview:
    def test_sends_one_job_for_a_version(self, client: TestClient, tree: Corrected, sent: list[UUID]) -> None:
        answers = [client.post(f"{tree.address}/review") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [202, 202]
        assert answers[0].json()["kind"] == "score_assignments"
        assert set(sent) == {UUID(answers[0].json()["id"])}
        assert tree.rename(1, "x").status_code == 201
        assert client.post(f"{tree.address}/review").json()["id"] != answers[0].json()["id"]

    def test_refuses_a_hierarchy_under_an_aspect(
        self, client: TestClient, tree: Corrected, sessions: Sessions
    ) -> None:
        with transaction(sessions) as session:
            own = HierarchyRow.id == UUID(tree.hierarchy_id)
            session.execute(update(HierarchyRow).where(own).values(facet="method"))
        answer = client.post(f"{tree.address}/review")
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:papertree:aspect-not-scored")

    def test_is_not_for_keys_that_only_read(self, reader: TestClient, tree: Corrected) -> None:
        assert reader.post(f"{tree.address}/review").status_code == 403
        assert reader.get(f"{tree.address}/review").status_code == 404


class TestGetReview:
    def test_says_that_nothing_was_scored_yet(self, client: TestClient, tree: Corrected) -> None:
        answer = client.get(f"{tree.address}/review")
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:papertree:review-not-found")

    @pytest.mark.parametrize("limit", ["0", "201", "x"])
    def test_refuses_limits_out_of_range(self, client: TestClient, tree: Corrected, limit: str) -> None:
        assert client.get(f"{tree.address}/review?limit={limit}").status_code == 422

    def test_orders_all_papers_and_proposes_nothing_before_there_are_answers(
        self, tree: Corrected, review: Callable[..., dict[str, Any]]
    ) -> None:
        found = review()
        assert (found["n_answered"], len(found["items"])) == (0, 40)
        assert [one for one in found["items"] if one["likely"] or one["stays"] is not None] == []
        gains = [one["gain"] for one in found["items"]]
        assert gains == sorted(gains, reverse=True)
        assert gains[0] > gains[-1]
        assert len(review(limit=3)["items"]) == 3

    def test_learns_from_moves_and_proposes_others(
        self, client: TestClient, tree: Corrected, review: Callable[..., dict[str, Any]], sessions: Sessions
    ) -> None:
        moved = move_some(tree, 3)
        found = review()
        assert (found["n_answered"], found["version"]) == (3, found["scored_version"])
        assert not set(moved) & {one["paper"]["id"] for one in found["items"]}
        proposed = [likely for one in found["items"] for likely in one["likely"]]
        assert all(0 <= likely["chance"] <= 1 for likely in proposed)
        assert first_home(client, moved[0]) in {likely["topic"]["topic_id"] for likely in proposed}
        with sessions() as session:
            row = session.scalars(select(ScorerRow).where(ScorerRow.training == found["training"])).one()
            stored = read_scorer(json.dumps(row.scorer))
        assert (stored.training, stored.n_answered) == (found["training"], 3)

    def test_lets_a_paper_be_explained_by_chances(
        self, client: TestClient, tree: Corrected, review: Callable[..., dict[str, Any]]
    ) -> None:
        unlearnt = client.get(f"{tree.address}/papers/{next(iter(tree.papers.values()))}/why").json()
        assert {level["chance"] for level in unlearnt["path"]} == {None}
        move_some(tree, 3)
        one = next(one for one in review()["items"] if one["topic"] is not None and one["likely"])
        why = client.get(f"{tree.address}/papers/{one['paper']['id']}/why").json()
        chances = [level["chance"] for level in why["path"]]
        assert chances == sorted(chances, reverse=True)
        assert chances[-1] == pytest.approx(one["stays"])
        others = {level["topic"]["topic_id"]: level["chance"] for level in why["runners_up"]}
        likely = max(one["likely"], key=lambda likely: likely["chance"])
        assert others[likely["topic"]["topic_id"]] == pytest.approx(likely["chance"])
        assert list(others.values()) == sorted(others.values(), reverse=True)

    def test_gives_operations_that_answer_it(
        self, client: TestClient, tree: Corrected, review: Callable[..., dict[str, Any]]
    ) -> None:
        move_some(tree, 3)
        kept, rejected, placed, *_ = [
            one for one in review()["items"] if one["topic"] is not None and one["likely"]
        ]
        likely = placed["likely"][0]
        tree.did(kept["keep"], rejected["reject"], likely["operation"])
        assert first_home(client, placed["paper"]["id"]) == likely["topic"]["topic_id"]
        answered = {one["paper"]["id"] for one in (kept, rejected, placed)}
        since = client.get(f"{tree.address}/review?limit=50").json()
        assert since["version"] == since["scored_version"] + 1
        assert not answered & {one["paper"]["id"] for one in since["items"]}
        anew = review()
        assert anew["n_answered"] == 6
        assert not answered & {one["paper"]["id"] for one in anew["items"]}
        tree.check()

    def test_forgets_what_was_undone(self, tree: Corrected, review: Callable[..., dict[str, Any]]) -> None:
        before = review()
        moved = move_some(tree, 3)
        assert review()["training"] != before["training"]
        assert tree.send("undo", {}).status_code == 201
        after = review()
        assert (after["n_answered"], after["training"]) == (0, before["training"])
        assert set(moved) <= {one["paper"]["id"] for one in after["items"]}

    def test_does_not_ask_about_what_is_locked_nor_propose_it(
        self, client: TestClient, tree: Corrected, review: Callable[..., dict[str, Any]]
    ) -> None:
        moved = move_some(tree, 3)
        target = first_home(client, moved[0])
        review()
        tree.did({"op": "lock", "topic": target})
        found = client.get(f"{tree.address}/review?limit=50").json()
        assert found["items"]
        assert target not in {one["topic"] and one["topic"]["topic_id"] for one in found["items"]}
        assert target not in {
            likely["topic"]["topic_id"] for one in found["items"] for likely in one["likely"]
        }

    def test_is_gone_with_the_build_it_is_of(
        self,
        client: TestClient,
        corpus_id: str,
        tree: Corrected,
        review: Callable[..., dict[str, Any]],
        run: Callable[[str], None],
    ) -> None:
        review()
        run(client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={"seed": 1}).json()["id"])
        assert client.get(f"{tree.address}/review").status_code == 404


class TestWhatPeopleSaid:
    def test_is_read_off_locks_homes_and_what_was_taken_out(
        self, client: TestClient, sessions: Sessions, workspace_id: UUID, corpus_id: str
    ) -> None:
        tree = make_corrected(client, sessions, workspace_id, corpus_id)
        tree.did(tree.assign("p0", 5))
        tree.did(tree.assign("p0", 6), {"op": "lock", "paper": tree.papers["p8"]})
        tree.did({"op": "remove_paper", "paper": tree.papers["p1"], "topic": tree.topics[1]})
        tree.did({"op": "reject_assignment", "paper": tree.papers["p3"], "topic": tree.topics[4]})
        tree.did({"op": "add_home", "paper": tree.papers["p9"], "topic": tree.topics[5]})
        tree.did(tree.assign("p2", 6))
        tree.send("undo", {})
        tree.did({"op": "lock", "topic": tree.topics[5]})
        with transaction(sessions) as session:
            give_vectors(session, workspace_id, corpus_id)
            job = ask_for_scores(session, UUID(tree.hierarchy_id), workspace_id=workspace_id)
            claim = claim_job(session, job.id, lease_s=60)
            assert claim is not None
            standing = load_standing(session, UUID(claim.arguments["build_id"]))
        names = {UUID(one): name for name, one in tree.papers.items()}
        numbers = {UUID(one): number for number, one in tree.topics.items()}
        answers = standing.answers
        said = [
            (names[standing.papers[paper]], numbers[standing.topics[topic]], bool(right))
            for paper, topic, right in zip(answers.papers, answers.topics, answers.right, strict=True)
        ]
        assert [one for one in said if one[0] == "p0"] == [
            ("p0", 5, False),
            ("p0", 3, False),
            ("p0", 6, True),
        ]
        assert {one for one in said if one[0] != "p0"} == {
            ("p1", 3, False),
            ("p3", 4, False),
            ("p8", 6, True),
            ("p9", 5, True),
        }
        settled = {names[standing.papers[row]] for row in standing.settled}
        assert settled == {"p0", "p1", "p3", "p5", "p6", "p7", "p8", "p9"}
        before = [numbers[standing.topics[topic]] for topic in standing.asked]
        assert sorted(before) == [3, 3, 4, 6, 6]
        row = standing.papers.index(UUID(tree.papers["p0"]))
        assert standing.confidences[row] < 1
        assert standing.n_left_out == 0
