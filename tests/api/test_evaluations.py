import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from app.db.session import Sessions, transaction
from app.db.tables import HierarchyRow
from tests.factories import make_papers_about_subjects


@pytest.fixture
def labelled(
    client: TestClient,
    corpus_id: str,
    upload: Callable[..., dict[str, object]],
    run: Callable[[str], None],
) -> str:
    """A hierarchy over 40 papers of a file that names the subject of most."""
    kinds: list[Any] = [["life", "bees"], ["things", "batteries"], ["things", "buses"], [["life", "nurses"]]]
    lines = [
        {"id": paper.source_id, "title": paper.title, "abstract": paper.abstract, "subject": kinds[n % 4]}
        for n, paper in enumerate(make_papers_about_subjects(10))
    ]
    lines[0]["subject"] = None
    del lines[1]["subject"]
    lines[2]["subject"] = 5
    job = upload("".join(json.dumps(line) + "\n" for line in lines).encode(), name="papers.jsonl")
    run(str(job["id"]))
    built = client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={}).json()
    run(built["id"])
    return str(client.get(f"/api/v1/jobs/{built['id']}").json()["result"]["hierarchy_id"])


@pytest.fixture
def evaluate(client: TestClient, run: Callable[[str], None]) -> Callable[..., dict[str, Any]]:
    def evaluate(hierarchy_id: str, **body: object) -> dict[str, Any]:
        job = client.post(f"/api/v1/hierarchies/{hierarchy_id}/evaluations", json=body).json()
        run(job["id"])
        done = client.get(f"/api/v1/jobs/{job['id']}").json()
        assert done["state"] == "succeeded", done
        assert done["result"]["hierarchy_id"] == hierarchy_id
        return dict(client.get(f"/api/v1/hierarchies/{hierarchy_id}/evaluation").json())

    return evaluate


class TestPostEvaluation:
    def test_sends_one_job_however_often_it_is_asked(
        self, client: TestClient, hierarchy_id: str, sent: list[UUID]
    ) -> None:
        address = f"/api/v1/hierarchies/{hierarchy_id}/evaluations"
        answers = [client.post(address, json={}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [202, 202]
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert answers[0].json()["kind"] == "evaluate_hierarchy"
        assert set(sent) == {UUID(answers[0].json()["id"])}
        other = client.post(address, json={"stability": False})
        assert other.json()["id"] != answers[0].json()["id"]

    def test_refuses_a_hierarchy_under_an_aspect(
        self, client: TestClient, hierarchy_id: str, sessions: Sessions, sent: list[UUID]
    ) -> None:
        with transaction(sessions) as session:
            session.execute(
                update(HierarchyRow).where(HierarchyRow.id == UUID(hierarchy_id)).values(facet="method")
            )
        answer = client.post(f"/api/v1/hierarchies/{hierarchy_id}/evaluations", json={})
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:papertree:aspect-not-evaluated")
        assert sent == []

    def test_names_the_fields_there_are_where_no_paper_has_the_one_asked_for(
        self, client: TestClient, labelled: str
    ) -> None:
        address = f"/api/v1/hierarchies/{labelled}/evaluations"
        answer = client.post(address, json={"labels": "subjects"})
        assert answer.status_code == 422
        problem = answer.json()
        assert problem["type"] == "urn:papertree:unknown-label-field"
        assert problem["fields"] == ["abstract", "id", "subject", "title"]
        assert "subject, title" in problem["detail"]

    @pytest.mark.parametrize("body", [{"labels": ""}, {"labels": 5}, {"labels": "x" * 301}, {"depth": 1}])
    def test_refuses_what_it_does_not_know(
        self, client: TestClient, hierarchy_id: str, body: dict[str, object]
    ) -> None:
        answer = client.post(f"/api/v1/hierarchies/{hierarchy_id}/evaluations", json=body)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:papertree:invalid-request")

    @pytest.mark.parametrize("field", ["a'b", "%(x)s", "{a}", "$.x", "?", "a\u0000b", "'; DROP TABLE paper"])
    def test_takes_a_field_for_what_it_is(self, client: TestClient, hierarchy_id: str, field: str) -> None:
        answer = client.post(f"/api/v1/hierarchies/{hierarchy_id}/evaluations", json={"labels": field})
        assert answer.status_code == 422


class TestGetEvaluation:
    def test_says_that_there_is_none_yet(self, client: TestClient, hierarchy_id: str) -> None:
        answer = client.get(f"/api/v1/hierarchies/{hierarchy_id}/evaluation")
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:papertree:evaluation-not-found")
        assert client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()["evaluation"] is None

    def test_gives_every_figure_beside_its_control(
        self, client: TestClient, labelled: str, evaluate: Callable[..., dict[str, Any]]
    ) -> None:
        figures = evaluate(labelled, labels="subject")
        tree = client.get(f"/api/v1/hierarchies/{labelled}").json()
        structure = figures["structure"]
        assert (figures["hierarchy_id"], figures["version"]) == (labelled, tree["version"])
        assert (structure["n_papers"], structure["accounted_for"]) == (40, 1.0)
        assert structure["n_topics"] == len(tree["topics"])
        assert structure["n_unassigned"] == tree["n_unassigned"]
        assert figures["homes"]["n_violations"] == 0
        assert figures["label_shape"]["n_repeated_siblings"] == 0
        categories = figures["categories"]
        counts = {name: categories[name] for name in ("field", "n_with", "n_without", "n_unreadable")}
        assert counts == {"field": "subject", "n_with": 37, "n_without": 2, "n_unreadable": 1}
        assert [level["n_categories"] for level in categories["levels"]] == [2, 4]
        for level in categories["levels"]:
            assert level["n_papers"] == 37
            for name, figure in level["found"].items():
                assert figure > level["shuffled"][name], name
        assert figures["stability"]["found"] > figures["stability"]["shuffled"]
        assert figures["grounding"]["found"] > figures["grounding"]["shuffled"]
        walks = {(walk["by"], walk["query"], walk["beam"]): walk for walk in figures["walks"]}
        assert len(walks) == len(figures["walks"]) == 8
        for walk in walks.values():
            assert walk["n_queries"] == 40
            assert walk["found"]["exact_in_beam"] >= walk["found"]["exact"]
        best = walks["centroids", "sentences", 1]
        assert best["found"]["exact"] > 2 * best["random"]["exact"]

    def test_leaves_out_what_was_not_asked_for(
        self, hierarchy_id: str, evaluate: Callable[..., dict[str, Any]]
    ) -> None:
        figures = evaluate(hierarchy_id, stability=False)
        assert (figures["categories"], figures["stability"]) == (None, None)

    def test_gives_the_last_one_of_the_present_build(
        self,
        client: TestClient,
        corpus_id: str,
        labelled: str,
        evaluate: Callable[..., dict[str, Any]],
        run: Callable[[str], None],
    ) -> None:
        first = evaluate(labelled, stability=False)
        second = evaluate(labelled, stability=False, labels="subject")
        assert second["evaluated_at"] > first["evaluated_at"]
        assert second["categories"]["field"] == "subject"
        assert first["structure"] == second["structure"]
        run(client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={"seed": 1}).json()["id"])
        assert client.get(f"/api/v1/hierarchies/{labelled}/evaluation").status_code == 404

    def test_is_null_where_a_root_alone_left_nothing_to_measure(
        self,
        client: TestClient,
        corpus_id: str,
        run: Callable[[str], None],
        evaluate: Callable[..., dict[str, Any]],
    ) -> None:
        papers = [{"id": f"p{n}", "title": f"A study of matter number {n}"} for n in range(3)]
        client.post(f"/api/v1/corpora/{corpus_id}/papers", json={"papers": papers})
        built = client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={}).json()
        run(built["id"])
        root = client.get(f"/api/v1/jobs/{built['id']}").json()["result"]["hierarchy_id"]
        figures = evaluate(root)
        assert (figures["structure"]["accounted_for"], figures["structure"]["largest_share"]) == (1.0, None)
        assert (figures["stability"]["found"], figures["grounding"]["found"]) == (None, None)
        assert {walk[kind] for walk in figures["walks"] for kind in ("found", "random", "shuffled")} == {None}
        summary = client.get(f"/api/v1/hierarchies/{root}").json()["evaluation"]
        assert (summary["stability"]["found"], summary["grounding"]["found"]) == (None, None)

    def test_counts_papers_that_came_after_the_build(
        self, client: TestClient, corpus_id: str, hierarchy_id: str, evaluate: Callable[..., dict[str, Any]]
    ) -> None:
        late = {"papers": [{"id": "late", "title": "A paper that came after the build"}]}
        client.post(f"/api/v1/corpora/{corpus_id}/papers", json=late)
        figures = evaluate(hierarchy_id, stability=False)
        assert (figures["n_papers_since"], figures["structure"]["n_papers"]) == (1, 40)


class TestGetHierarchy:
    def test_sums_up_the_evaluation_and_is_sent_again_for_it(
        self, client: TestClient, hierarchy_id: str, evaluate: Callable[..., dict[str, Any]]
    ) -> None:
        address = f"/api/v1/hierarchies/{hierarchy_id}"
        before = client.get(address).headers["ETag"]
        figures = evaluate(hierarchy_id)
        answer = client.get(address, headers={"If-None-Match": before})
        assert answer.status_code == 200
        assert answer.json()["evaluation"] == {
            "evaluated_at": figures["evaluated_at"],
            "stability": figures["stability"],
            "grounding": figures["grounding"],
        }
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
