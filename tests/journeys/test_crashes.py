"""Every process is killed in every stage; then nothing is lost, doubled or stuck.

The lease is 3 s here, so each recovery may take 3 + 15 s at most.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.running import Running, papers_file, patiently, wait_for, wait_for_job

LEASE_S, PROMISED_S = 3.0, 15.0
N_PAPERS = 1200
IN_IMPORT = ("read.start", "read.before_checkpoint", "read.after_checkpoint", "read.before_finish")
IN_BUILD = (
    "embed.start",
    "embed.before_checkpoint",
    "embed.after_checkpoint",
    "organize.start",
    "organize.before_checkpoint",
    "organize.after_checkpoint",
    "label.start",
    "publish.start",
    "publish.before_finish",
    "publish.after_finish",
)
IN_FILING = ("embed.start", "file.start", "file.publish", "file.before_finish", "file.after_finish")


@pytest.fixture
def running(open_directory: Path) -> Iterator[Running]:
    running = Running(open_directory / "data")
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(running: Running) -> Iterator[httpx.Client]:
    with running.client() as client:
        yield client


def make_corpus(client: httpx.Client, name: str = "crash") -> str:
    return str(patiently(lambda: client.post("/corpora", json={"name": name})).json()["id"])


def send_file(client: httpx.Client, corpus_id: str, n_papers: int = N_PAPERS) -> str:
    files = {"file": ("papers.jsonl", papers_file(n_papers))}
    answer = patiently(lambda: client.post(f"/corpora/{corpus_id}/imports", files=files))
    assert answer.status_code == 202
    return str(answer.json()["id"])


def ask_for_build(client: httpx.Client, corpus_id: str) -> str:
    return str(patiently(lambda: client.post(f"/corpora/{corpus_id}/hierarchies", json={})).json()["id"])


def client_can_reach(client: httpx.Client) -> bool:
    """Tell whether the web server answers."""
    try:
        return client.get("/jobs").status_code == 200
    except httpx.TransportError:
        return False


def check_invariants(
    running: Running, client: httpx.Client, corpus_id: str, jobs: list[dict[str, Any]]
) -> None:
    """I5 to I8 of the checker: counts add up, one place a paper, one vector a text, legal job ends."""
    assert [job["state"] for job in jobs] == ["succeeded", "succeeded"], jobs
    assert jobs[0]["result"] == {"taken": N_PAPERS, "merged": 0, "rejected": 0, "total": N_PAPERS}
    assert running.query("SELECT count(*), count(DISTINCT record) FROM imported_record") == [(N_PAPERS,) * 2]
    assert running.query("SELECT count(*), count(DISTINCT text_hash) FROM paper") == [(N_PAPERS,) * 2]
    assert running.query("SELECT count(*) FROM embedding") == [(N_PAPERS,)]
    assert running.query("SELECT count(*) FROM upload_chunk") == [(0,)]
    tree = client.get(f"/hierarchies/{jobs[1]['result']['hierarchy_id']}/export").json()
    filed = [paper for topic in tree["topics"] for paper in topic["papers"]]
    assert sorted([*filed, *tree["unassigned"]]) == sorted(f"p{n}" for n in range(N_PAPERS))
    assert tree["hierarchy"]["version"] == 1
    ends = "SELECT count(*) FROM job_event WHERE data->>'state' = 'succeeded' GROUP BY job_id"
    assert running.query(ends) == [(1,), (1,)]


def check_filing(running: Running, client: httpx.Client, corpus_id: str, hierarchy_id: str) -> None:
    """Have papers join, with the worker killed in every stage: each is filed once, as one step."""
    for failpoint in IN_FILING:
        (running.data / "failpoints" / f"{failpoint}.fired").unlink(missing_ok=True)
    running.arm(*IN_FILING)
    wait_for_job(client, send_file(client, corpus_id, N_PAPERS + 60), 60)
    wait_for(lambda: client.get(f"/hierarchies/{hierarchy_id}").json()["n_papers_since"] == 0, "papers filed")
    assert set(IN_FILING) <= running.fired()
    filed = "SELECT count(*), count(DISTINCT paper_id) FROM assignment WHERE arrived"
    assert running.query(filed) == [(60, 60)]
    assert running.query("SELECT kind, actor FROM correction_step ORDER BY version") == [
        ("build", "machine"),
        ("file", "machine"),
    ]
    found = client.get(f"/hierarchies/{hierarchy_id}/check").json()["findings"]
    assert all(one["holds"] for one in found), found


def longest_standstill(running: Running) -> float:
    """Give the longest time between two events of a job, in seconds."""
    gaps = """SELECT extract(epoch FROM max(gap)) FROM (
        SELECT at - lag(at) OVER (PARTITION BY job_id ORDER BY seq) AS gap FROM job_event) AS gaps"""
    return float(running.query(gaps)[0][0])


class TestKilledWorker:
    def test_goes_on_from_its_checkpoint_at_every_stage(self, running: Running, client: httpx.Client) -> None:
        running.arm(*IN_IMPORT, *IN_BUILD)
        corpus_id = make_corpus(client)
        imported = wait_for_job(client, send_file(client, corpus_id), 120)
        built = wait_for_job(client, ask_for_build(client, corpus_id), 240)
        assert running.fired() == {*IN_IMPORT, *IN_BUILD}
        check_invariants(running, client, corpus_id, [imported, built])
        check_filing(running, client, corpus_id, built["result"]["hierarchy_id"])
        assert longest_standstill(running) < LEASE_S + PROMISED_S


class TestKilledWebServer:
    def test_keeps_every_upload_it_acknowledged(self, running: Running, client: httpx.Client) -> None:
        corpus_id = make_corpus(client)
        files = {"file": ("papers.jsonl", papers_file(20))}
        running.arm("upload.before_commit")
        with pytest.raises(httpx.TransportError):
            client.post(f"/corpora/{corpus_id}/imports", files=files)
        assert running.query("SELECT count(*) FROM upload") == [(0,)]
        running.arm("upload.after_commit")
        wait_for(lambda: client_can_reach(client), "web server")
        with pytest.raises(httpx.TransportError):
            client.post(f"/corpora/{corpus_id}/imports", files=files)
        jobs = wait_for(
            lambda: patiently(lambda: client.get("/jobs?state=succeeded")).json()["items"], "import"
        )
        assert [job["result"]["taken"] for job in jobs] == [20]


class TestKilledServers:
    def test_come_back_and_the_work_goes_on(self, running: Running, client: httpx.Client) -> None:
        for n, part in enumerate(("postgres", "valkey", "worker", "web")):
            corpus_id = make_corpus(client, f"killed {part}")
            first = send_file(client, corpus_id, 300 + n)
            running.kill(part)
            imported = wait_for_job(client, first)
            assert imported["result"] == {"taken": 300 + n, "merged": 0, "rejected": 0, "total": 300 + n}
            second = ask_for_build(client, corpus_id)
            time.sleep(0.3)
            running.kill(part)
            built = wait_for_job(client, second)
            assert built["state"] == "succeeded", (part, built)
        assert running.query("SELECT count(*) FROM assignment") == [(4 * 300 + 6,)]
        assert running.query("SELECT count(*) FROM embedding") == [(303,)]
        assert longest_standstill(running) < LEASE_S + PROMISED_S


class TestEmptiedQueue:
    def test_costs_some_seconds_and_no_job(self, running: Running, client: httpx.Client) -> None:
        corpus_id = make_corpus(client)
        running.kill("valkey")
        job_id = send_file(client, corpus_id, 50)
        started = time.monotonic()
        assert wait_for_job(client, job_id)["result"]["taken"] == 50
        assert time.monotonic() - started < PROMISED_S
