import json

from fastapi.testclient import TestClient


class TestGetSample:
    def test_gives_papers_that_can_be_imported(self, client: TestClient, corpus_id: str) -> None:
        sample = client.get("/api/v1/sample")
        papers = [json.loads(line) for line in sample.text.splitlines()]
        assert all(paper["title"] and paper["abstract"] for paper in papers)
        file = {"file": ("sample.jsonl", sample.content)}
        assert client.post(f"/api/v1/corpora/{corpus_id}/imports", files=file).status_code == 202

    def test_needs_a_key(self, anybody: TestClient) -> None:
        assert anybody.get("/api/v1/sample").status_code == 401
