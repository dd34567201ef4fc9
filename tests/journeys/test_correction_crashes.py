"""Web server, worker and PostgreSQL are killed under corrections; a ledger outside tells what must be there.

Each request is written down before it is sent and after it is answered. What was answered must be in the log
exactly once; what was cut off, once at most, and repeating it settles which: the same key has one effect.
"""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.journeys.running import Running, papers_file, patiently, wait_for_job

N_PAPERS = 60
DEATHS = 4
"""Of one part within a minute; at the next one the supervisor gives up, as it should."""
N_EFFECTIVE = int(os.environ.get("PAPERTREE_CRASHES", "200"))
"""Requests that a death must have cut off, in the long form."""
FAILPOINTS = ("correction.before_commit", "correction.after_commit")


@dataclass
class Ledger:
    """What was asked for and what was answered, flushed to disk line by line."""

    path: Path
    asked: dict[str, str] = field(default_factory=dict)
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    cut_off: int = 0

    def note(self, kind: str, key: str, content: object) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps([kind, key, content]) + "\n")
            file.flush()
            os.fsync(file.fileno())


@pytest.fixture
def running(open_directory: Path) -> Iterator[Running]:
    running = Running(open_directory / "data")
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(running: Running) -> Iterator[httpx.Client]:
    with running.client() as client:
        yield client


@pytest.fixture
def hierarchy_id(client: httpx.Client) -> str:
    corpus_id = patiently(lambda: client.post("/corpora", json={"name": "crash"})).json()["id"]
    files = {"file": ("papers.jsonl", papers_file(N_PAPERS))}
    imported = patiently(lambda: client.post(f"/corpora/{corpus_id}/imports", files=files)).json()
    wait_for_job(client, imported["id"])
    built = patiently(lambda: client.post(f"/corpora/{corpus_id}/hierarchies", json={})).json()
    return str(wait_for_job(client, built["id"], 120)["result"]["hierarchy_id"])


class Person:
    """Renames the root again and again, each time by what it last saw, until every request is answered."""

    def __init__(self, client: httpx.Client, hierarchy_id: str, ledger: Ledger) -> None:
        self.client, self.ledger = client, ledger
        self.address = f"/hierarchies/{hierarchy_id}"
        tree = patiently(lambda: client.get(self.address)).json()
        self.topic, self.version = tree["topics"][0]["id"], tree["version"]

    def correct(self) -> None:
        key = uuid4().hex
        self.ledger.asked[key] = f"label {key}"
        self.ledger.note("invoke", key, self.ledger.asked[key])
        answer = self._send(key)
        if answer is None:
            self.ledger.cut_off += 1
            self.ledger.note("info", key, None)
        answer = answer or patiently(lambda: self._send(key) or httpx.Response(503))
        assert answer.status_code == 201, answer.text
        self.ledger.answered[key] = answer.json()
        self.ledger.note("ok", key, answer.json())
        self.version = answer.json()["version"]

    def _send(self, key: str) -> httpx.Response | None:
        operation = {"op": "rename_topic", "topic": self.topic, "label": self.ledger.asked[key]}
        headers = {"If-Match": f'"{self.version}"', "Idempotency-Key": key}
        try:
            answer = self.client.post(
                f"{self.address}/corrections", json={"operations": [operation]}, headers=headers
            )
        except httpx.TransportError:
            return None
        return None if answer.status_code in (409, 503) else answer


def check_ledger(running: Running, client: httpx.Client, hierarchy_id: str, ledger: Ledger) -> None:
    """I1 to I3 and I6: answered once in the log, versions without gaps, readers see what the log gives."""
    logged = running.query(
        "SELECT s.request_key, s.version, s.id::text, c.operation->>'label' FROM correction_step s"
        " JOIN correction c ON c.step_id = s.id WHERE s.kind = 'correct' ORDER BY s.version"
    )
    assert len({key for key, *_ in logged}) == len(logged)
    assert {key: label for key, _, _, label in logged} == ledger.asked
    answers = {key: (answer["version"], answer["operation_id"]) for key, answer in ledger.answered.items()}
    assert {key: (version, step_id) for key, version, step_id, _ in logged} == answers
    assert [version for _, version, _, _ in logged] == list(range(2, len(logged) + 2))
    found = patiently(lambda: client.get(f"/hierarchies/{hierarchy_id}/check")).json()
    assert found["holds"], found
    tree = client.get(f"/hierarchies/{hierarchy_id}").json()
    assert tree["topics"][0]["label"] == logged[-1][3]


def die_at_failpoints(running: Running, person: Person) -> None:
    """Have the web server die as often as it may, right before and right after a commit in turn."""
    for n in range(DEATHS):
        failpoint = FAILPOINTS[n % 2]
        (running.data / "failpoints" / f"{failpoint}.fired").unlink(missing_ok=True)
        running.arm(failpoint)
        person.correct()
        assert failpoint in running.fired()
        person.correct()


def die_at_any_moment(running: Running, person: Person, parts: Sequence[str]) -> None:
    """Kill parts under a person who corrects without a pause."""
    over = threading.Event()

    def correct() -> None:
        while not over.is_set():
            person.correct()

    thread = threading.Thread(target=correct)
    thread.start()
    for part in parts:
        before = len(person.ledger.answered)
        while len(person.ledger.answered) < before + 5 and thread.is_alive():
            over.wait(0.01)
        running.kill(part)
    over.wait(2)
    over.set()
    thread.join(120)
    assert not thread.is_alive()


class TestKilledUnderCorrections:
    def test_lose_none_that_was_answered_and_make_none_twice(
        self, running: Running, client: httpx.Client, hierarchy_id: str, tmp_path: Path
    ) -> None:
        ledger = Ledger(tmp_path / "ledger.jsonl")
        die_at_failpoints(running, Person(client, hierarchy_id, ledger))
        assert ledger.cut_off >= DEATHS
        check_ledger(running, client, hierarchy_id, ledger)

    def test_are_the_same_when_any_server_dies_at_any_moment(
        self, running: Running, client: httpx.Client, hierarchy_id: str, tmp_path: Path
    ) -> None:
        ledger = Ledger(tmp_path / "ledger.jsonl")
        person = Person(client, hierarchy_id, ledger)
        die_at_any_moment(running, person, ("web", "postgres", "worker", "postgres", "web"))
        assert len(ledger.answered) >= 25
        check_ledger(running, client, hierarchy_id, ledger)

    @pytest.mark.slow
    @pytest.mark.timeout(7200)
    def test_two_hundred_times_lose_none(
        self, running: Running, client: httpx.Client, hierarchy_id: str, tmp_path: Path
    ) -> None:
        ledger = Ledger(tmp_path / "ledger.jsonl")
        assert running.stop() == 0
        while ledger.cut_off < N_EFFECTIVE:
            # Started anew, the supervisor has forgotten how often its parts died.
            again = Running(running.data)
            with again.client() as own:
                person = Person(own, hierarchy_id, ledger)
                die_at_failpoints(again, person)
                die_at_any_moment(again, person, ("postgres", "worker") * (DEATHS - 1))
                check_ledger(again, own, hierarchy_id, ledger)
            assert again.stop() == 0
        print(f"{ledger.cut_off} cut off, {len(ledger.answered)} answered")  # noqa: T201
