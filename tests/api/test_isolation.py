"""What belongs to one workspace does not exist for another, nor for nobody."""

from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.db.session import Sessions
from tests.api.correcting import make_corrected

NOTHING = "00000000-0000-0000-0000-000000000000"


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    paths = app.openapi()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods if "{" in path]


class TestAnotherWorkspace:
    def test_is_answered_as_if_nothing_were_there(
        self, app: FastAPI, client: TestClient, stranger: TestClient, corpus_id: str, hierarchy_id: str
    ) -> None:
        tree = client.get(f"/api/v1/hierarchies/{hierarchy_id}").json()
        paper = client.get(f"/api/v1/corpora/{corpus_id}/papers?limit=1").json()["items"][0]
        job = client.get("/api/v1/jobs").json()["items"][0]
        ids = {
            "corpus_id": corpus_id,
            "hierarchy_id": hierarchy_id,
            "topic_id": tree["topics"][0]["id"],
            "paper_id": paper["id"],
            "job_id": job["id"],
            "build_id": client.get(f"/api/v1/hierarchies/{hierarchy_id}/builds").json()["items"][0]["id"],
        }
        bodies = {
            "/api/v1/corpora/{corpus_id}/papers": {"papers": []},
            "/api/v1/corpora/{corpus_id}/search": {"query": "bees"},
            "/api/v1/corpora/{corpus_id}/hierarchies": {},
            "/api/v1/corpora/{corpus_id}/export": {"format": "ris", "papers": []},
            "/api/v1/hierarchies/{hierarchy_id}/evaluations": {},
            "/api/v1/hierarchies/{hierarchy_id}/corrections": {"operations": [{"op": "lock"}]},
            "/api/v1/hierarchies/{hierarchy_id}/corrections/preview": {"operations": [{"op": "lock"}]},
            "/api/v1/hierarchies/{hierarchy_id}/undo": {},
            "/api/v1/hierarchies/{hierarchy_id}/redo": {},
            "/api/v1/hierarchies/{hierarchy_id}/snapshots": {"name": "x"},
            "/api/v1/hierarchies/{hierarchy_id}/orphans/dismiss": {"orphans": [{"version": 1, "number": 0}]},
            "/api/v1/hierarchies/{hierarchy_id}/orphans/apply": {"orphans": [{"version": 1, "number": 0}]},
        }
        routes = routes_of(app)
        assert len(routes) >= 15
        for method, path in routes:
            answers = []
            for named in (ids, dict.fromkeys(ids, NOTHING)):
                body = bodies.get(path) if method == "POST" else None
                query = {"format": "ris"} if path == "/api/v1/corpora/{corpus_id}/export" else None
                files = {"file": ("f", b"x")} if "/imports" in path else None
                answer = stranger.request(method, path.format(**named), json=body, files=files, params=query)
                answers.append((answer.status_code, answer.json()["type"], answer.json()["detail"]))
            assert answers[0] == answers[1], path
            assert answers[0][0] == 404, path
        assert client.get(f"/api/v1/corpora/{corpus_id}").json()["n_papers"] == 40

    def test_cannot_be_corrected_with(
        self,
        client: TestClient,
        stranger: TestClient,
        sessions: Sessions,
        workspace_id: UUID,
        other_workspace_id: UUID,
        corpus_id: str,
    ) -> None:
        tree = make_corrected(client, sessions, workspace_id, corpus_id)
        own = str(stranger.post("/api/v1/corpora", json={"name": "theirs"}).json()["id"])
        other = make_corrected(stranger, sessions, other_workspace_id, own)
        for operation in (
            {"op": "assign_paper", "paper": tree.papers["late"], "topic": other.topics[3]},
            {"op": "assign_paper", "paper": tree.papers["p0"], "topic": other.topics[3]},
            {"op": "rename_topic", "topic": tree.topics[3], "label": "x"},
        ):
            answer = other.correct(operation)
            assert (answer.status_code, answer.json()["reason"]) == (409, "missing")
        mine = tree.did(tree.assign("p0", 4))
        assert other.send("undo", {"operation_id": mine["operation_id"]}).status_code == 404
        other.check()

    def test_sees_none_of_it_in_lists(self, stranger: TestClient, hierarchy_id: str) -> None:
        assert stranger.get("/api/v1/corpora").json()["items"] == []
        assert stranger.get("/api/v1/jobs").json()["items"] == []


class TestReadOnlyKey:
    def test_reads_and_searches_but_changes_nothing(
        self, reader: TestClient, corpus_id: str, hierarchy_id: str
    ) -> None:
        assert reader.get(f"/api/v1/corpora/{corpus_id}").status_code == 200
        assert reader.post(f"/api/v1/corpora/{corpus_id}/search", json={"query": "bees"}).status_code == 200
        assert reader.post("/api/v1/corpora", json={"name": "x"}).status_code == 403
        assert reader.delete(f"/api/v1/corpora/{corpus_id}").status_code == 403
