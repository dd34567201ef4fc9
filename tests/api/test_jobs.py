import json
from collections.abc import Callable

from fastapi.testclient import TestClient


def events(text: str) -> list[dict[str, object]]:
    blocks = [block for block in text.split("\n\n") if "data:" in block]
    fields = [dict(line.split(": ", 1) for line in block.splitlines() if ": " in line) for block in blocks]
    return [{**one, "data": json.loads(one["data"])} for one in fields]


class TestEvents:
    def test_tell_the_whole_life_of_a_job_and_resume(
        self, client: TestClient, corpus_id: str, hierarchy_id: str
    ) -> None:
        job = client.get(f"/api/v1/jobs?corpus_id={corpus_id}").json()["items"][0]
        whole = events(client.get(f"/api/v1/jobs/{job['id']}/events").text)
        assert [one["id"] for one in whole] == [str(n) for n in range(1, len(whole) + 1)]
        assert whole[0]["data"]["state"] == "queued"
        assert whole[-1]["data"]["state"] == "succeeded"
        assert {"embed", "organize", "label", "publish"} <= {one["data"]["stage"] for one in whole}
        rest = client.get(f"/api/v1/jobs/{job['id']}/events", headers={"Last-Event-ID": "3"})
        assert events(rest.text) == whole[3:]

    def test_do_not_exist_for_a_job_that_does_not(self, client: TestClient) -> None:
        address = "/api/v1/jobs/00000000-0000-0000-0000-000000000000/events"
        assert client.get(address).status_code == 404


class TestDeleteJob:
    def test_cancels_what_waits(self, client: TestClient, corpus_id: str, run: Callable[[str], None]) -> None:
        job = client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={}).json()
        assert client.delete(f"/api/v1/jobs/{job['id']}").json()["state"] == "cancelled"
        run(job["id"])
        assert client.get(f"/api/v1/jobs/{job['id']}").json()["state"] == "cancelled"


class TestGetJobs:
    def test_lists_the_newest_first_and_filters(
        self, client: TestClient, corpus_id: str, hierarchy_id: str
    ) -> None:
        client.post(f"/api/v1/corpora/{corpus_id}/hierarchies", json={"seed": 5})
        states = [job["state"] for job in client.get("/api/v1/jobs").json()["items"]]
        assert states == ["queued", "succeeded"]
        assert len(client.get("/api/v1/jobs?state=succeeded").json()["items"]) == 1
