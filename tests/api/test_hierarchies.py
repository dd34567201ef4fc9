from collections.abc import Callable
from uuid import UUID

from fastapi.testclient import TestClient


class TestPostHierarchy:
    def test_sends_one_job_however_often_it_is_asked(
        self, client: TestClient, corpus_id: str, sent: list[UUID]
    ) -> None:
        answers = [client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [202, 202]
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert set(sent) == {UUID(answers[0].json()["id"])}

    def test_refuses_what_cannot_be_built(self, client: TestClient, corpus_id: str) -> None:
        address = f"/api/v1/corpora/{corpus_id}/hierarchies"
        for body in ({"facet": "colour"}, {"parameters": {"nonsense": 1}}, {"parameters": {"max_depth": 99}}):
            answer = client.post(address, json=body)
            assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


class TestGetHierarchy:
    def test_gives_one_tree_that_adds_up(self, client: TestClient, hierarchy_id: str) -> None:
        tree = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()
        topics = {topic["id"]: topic for topic in tree["topics"]}
        roots = [topic for topic in tree["topics"] if topic["parent_id"] is None]
        assert len(roots) == 1
        assert roots[0]["n_papers"] + tree["n_unassigned"] == tree["n_papers"] == 40
        for topic in tree["topics"]:
            below = [child["n_papers"] for child in tree["topics"] if child["parent_id"] == topic["id"]]
            assert topic["n_papers"] == topic["n_papers_direct"] + sum(below)
            if topic["parent_id"]:
                assert topic["depth"] == topics[topic["parent_id"]]["depth"] + 1

    def test_is_not_sent_again_unchanged(self, client: TestClient, hierarchy_id: str) -> None:
        etag = client.get(f"/api/v1/hierarchies/{hierarchy_id}").headers["ETag"]
        again = client.get(f"/api/v1/hierarchies/{hierarchy_id}", headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")

    def test_keeps_the_ids_of_topics_that_are_found_again(
        self, client: TestClient, corpus_id: str, hierarchy_id: str, run: Callable[[str], None]
    ) -> None:
        before = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()
        run(client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={}).json()["id"])
        after = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()
        assert after["version"] == before["version"] + 1
        assert after["topics"] == before["topics"]


class TestExport:
    def test_holds_every_paper_once(self, client: TestClient, corpus_id: str, hierarchy_id: str) -> None:
        document = client.get(f"/api/v1/hierarchies/{hierarchy_id}/export?format=json").json()
        filed = [source_id for topic in document["topics"] for source_id in topic["papers"]]
        papers = client.get(f"/api/v1/corpora/{corpus_id}/papers?limit=200").json()["items"]
        assert sorted([*filed, *document["unassigned"]]) == sorted(paper["source_id"] for paper in papers)
        assert [topic["parent_id"] for topic in document["topics"]].count(None) == 1
        assert set(document["hierarchy"]) >= {"id", "facet", "version", "built_at", "parameters"}

    def test_lists_papers_that_came_after_the_build_as_unassigned(
        self, client: TestClient, corpus_id: str, hierarchy_id: str
    ) -> None:
        late = {"papers": [{"id": "late", "title": "A paper that came after the build"}]}
        client.post(f"/api/v1/corpora/{corpus_id}/papers", json=late)
        document = client.get(f"/api/v1/hierarchies/{hierarchy_id}/export").json()
        assert "late" in document["unassigned"]
        filed = [source_id for topic in document["topics"] for source_id in topic["papers"]]
        assert len(filed) + len(document["unassigned"]) == document["corpus"]["n_papers"] == 41


class TestTopics:
    def test_tell_their_place_their_evidence_and_their_papers(
        self, client: TestClient, hierarchy_id: str
    ) -> None:
        tree = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()
        for topic in tree["topics"]:
            detail = client.get(f"/api/v1/topics/{topic['id']}").json()
            assert len(detail["path"]) == topic["depth"]
            assert detail["exemplars"]
            papers = client.get(f"/api/v1/topics/{topic['id']}/papers?limit=200").json()["items"]
            assert len(papers) == topic["n_papers"]
            direct = client.get(f"/api/v1/topics/{topic['id']}/papers?direct=true&limit=200").json()["items"]
            assert len(direct) == topic["n_papers_direct"]

    def test_filter_the_papers_of_a_corpus(
        self, client: TestClient, corpus_id: str, hierarchy_id: str
    ) -> None:
        topic = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()["topics"][1]
        address = f"/api/v1/corpora/{corpus_id}/papers"
        found = client.get(address, params={"topic": topic["id"], "limit": 200}).json()["items"]
        assert len(found) == topic["n_papers"]
