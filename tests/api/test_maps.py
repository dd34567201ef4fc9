from collections.abc import Callable
from uuid import UUID

import numpy as np
from fastapi.testclient import TestClient

from tests.api.conftest import SENT


def _make(client: TestClient, hierarchy_id: str, run: Callable[[str], None]) -> None:
    SENT.clear()
    answer = client.post(f"/api/v1/hierarchies/{hierarchy_id}/map")
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert [str(one) for one in SENT] == [job["id"]]
    run(job["id"])
    done = client.get(f"/api/v1/jobs/{job['id']}").json()
    assert (done["state"], done["result"]["n_papers"]) == ("succeeded", 40), done


def _points(content: bytes) -> np.ndarray:
    return np.frombuffer(content, dtype="<f4").reshape(-1, 3)


class TestMap:
    def test_is_not_there_until_it_is_asked_for(self, client: TestClient, hierarchy_id: str) -> None:
        for path in ("map", "map/papers"):
            answer = client.get(f"/api/v1/hierarchies/{hierarchy_id}/{path}")
            assert (answer.status_code, answer.json()["type"]) == (404, "urn:papertree:map-not-found")

    def test_asked_for_twice_is_one_job(self, client: TestClient, hierarchy_id: str) -> None:
        jobs = [client.post(f"/api/v1/hierarchies/{hierarchy_id}/map").json()["id"] for _ in range(2)]
        assert jobs[0] == jobs[1]

    def test_gives_each_paper_a_place_and_its_topic(
        self, client: TestClient, hierarchy_id: str, corpus_id: str, run: Callable[[str], None]
    ) -> None:
        _make(client, hierarchy_id, run)
        address = f"/api/v1/hierarchies/{hierarchy_id}"
        answer = client.get(f"{address}/map")
        assert answer.headers["content-type"] == "application/octet-stream"
        points = _points(answer.content)
        assert points.shape == (40, 3)
        assert np.abs(points[:, :2]).max() <= 1
        ids = client.get(f"{address}/map/papers").content
        papers = [str(UUID(bytes=ids[start : start + 16])) for start in range(0, len(ids), 16)]
        topics = [one["id"] for one in client.get(f"{address}/tree").json()["topics"]]
        listed = client.get(f"{address}/papers?limit=200").json()["items"]
        homes = {one["paper"]["id"]: one["topic_id"] for one in listed}
        assert sorted(papers) == sorted(homes)
        for paper, number in zip(papers, points[:, 2].astype(int), strict=True):
            assert homes[paper] == (topics[number] if number >= 0 else None)

    def test_follows_corrections_and_is_not_sent_again_without(
        self, client: TestClient, hierarchy_id: str, run: Callable[[str], None]
    ) -> None:
        _make(client, hierarchy_id, run)
        address = f"/api/v1/hierarchies/{hierarchy_id}"
        first = client.get(f"{address}/map")
        papers = client.get(f"{address}/map/papers")
        for seen in (first, papers):
            headers = {"If-None-Match": seen.headers["etag"]}
            assert client.get(str(seen.request.url), headers=headers).status_code == 304
        tree = client.get(f"{address}/tree").json()
        paper = str(UUID(bytes=papers.content[:16]))
        before = int(_points(first.content)[0, 2])
        other = next(n for n in range(1, len(tree["topics"])) if n != before)
        operation = {"op": "assign_paper", "paper": paper, "topic": tree["topics"][other]["id"]}
        headers = {"If-Match": f'"{tree["version"]}"', "Idempotency-Key": "move"}
        body = {"operations": [operation]}
        assert client.post(f"{address}/corrections", json=body, headers=headers).status_code == 201
        headers = {"If-None-Match": first.headers["etag"]}
        after = client.get(f"{address}/map", headers=headers)
        assert after.status_code == 200
        assert _points(after.content)[0, 2] == other
        assert (_points(after.content)[:, :2] == _points(first.content)[:, :2]).all()
        headers = {"If-None-Match": papers.headers["etag"]}
        assert client.get(f"{address}/map/papers", headers=headers).status_code == 304
