"""How long corrections take on a large hierarchy: one at a time, and a thousand in a batch.

    .venv/bin/python -m benchmarks.corrections [--papers 22000] [--rounds 60] [--vectors FILE.npy]

Brings its own PostgreSQL. Without vectors the tree is grown over random points around random centres, which
gives as many topics as a corpus of that size has. Times are of whole requests to the application, in process:
from the body sent to the answer read, with the commit in between.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.corpus.paper import Paper
from app.db.migrate import upgrade
from app.db.session import Sessions, open_engine, open_sessions, transaction
from app.embedded.data_directory import ENTERABLE, open_data_directory
from app.embedded.postgres import Postgres
from app.hierarchy.build import build_hierarchy
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import Hierarchy
from app.index.embedder import Vectors
from app.index.neighbours import find_neighbours
from app.labelling.label import TopicLabel
from app.main import create_app
from app.services.corpora import add_corpus
from app.services.hierarchies import BUILD_HIERARCHY
from app.services.jobs import add_job, claim_job, finish_job
from app.services.keys import add_key, add_workspace
from app.services.publishing import publish, save_tree
from app.services.taking import take_papers
from app.settings import Settings
from benchmarks.machine import describe_machine

SEED = 0
BATCH = 1_000
_TAKEN_AT_ONCE = 2_000

Operation = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=int, default=22_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--data", type=Path, help="Folder for the database; a temporary one if not given.")
    given = parser.parse_args()
    vectors = np.load(given.vectors)[: given.papers] if given.vectors else random_vectors(given.papers)
    print(describe_machine())
    with serving(given.data) as (client, sessions, workspace_id):
        hierarchy_id = store(sessions, workspace_id, grow(vectors))
        with sessions() as session:
            papers = [str(one) for one in session.scalars(text("SELECT id FROM paper ORDER BY position"))]
        bench = Bench(client, hierarchy_id, papers, np.random.default_rng(SEED))
        print(
            f"{len(papers):,} papers, {len(bench.topics):,} topics, {count_seconds(sessions):,} second homes"
        )
        report(bench, given.rounds)
        started = perf_counter()
        checked = client.get(f"{bench.address}/check").json()
        print(
            f"check: {perf_counter() - started:.1f} s, {checked['n_steps']} steps, holds: {checked['holds']}"
        )


class Bench:
    """Makes corrections of one hierarchy and times them."""

    def __init__(
        self, client: TestClient, hierarchy_id: UUID, papers: list[str], random: np.random.Generator
    ) -> None:
        self.client, self.random = client, random
        self.address = f"/api/v1/hierarchies/{hierarchy_id}"
        tree = client.get(self.address).json()
        self.version = tree["version"]
        with_children = {topic["parent_id"] for topic in tree["topics"]}
        self.topics = [topic["id"] for topic in tree["topics"]]
        self.leaves = [topic["id"] for topic in tree["topics"] if topic["id"] not in with_children]
        self.inner = [topic["id"] for topic in tree["topics"] if topic["depth"] == 1]
        self.papers = papers

    def time(self, path: str, body: object) -> float:
        """Send a request and give the seconds until its answer is read."""
        headers = {"If-Match": f'"{self.version}"', "Idempotency-Key": uuid4().hex}
        started = perf_counter()
        answer = self.client.post(f"{self.address}/{path}", json=body, headers=headers)
        seconds = perf_counter() - started
        assert answer.status_code == 201, answer.text
        self.version = answer.json()["version"]
        return seconds

    def pick(self, names: list[str]) -> str:
        """Draw one of some ids."""
        return names[int(self.random.integers(len(names)))]

    def single(self, make: Callable[[], Operation], rounds: int) -> list[float]:
        """Time corrections of one operation."""
        return [self.time("corrections", {"operations": [make()]}) for _ in range(rounds)]

    def assignment(self) -> Operation:
        """Draw an assignment."""
        return {"op": "assign_paper", "paper": self.pick(self.papers), "topic": self.pick(self.leaves)}

    def batch(self) -> list[Operation]:
        """Draw the assignments of a thousand papers to one topic."""
        papers = self.random.permutation(len(self.papers))[:BATCH]
        topic = self.pick(self.leaves)
        return [
            {"op": "assign_paper", "paper": self.papers[paper], "topic": topic} for paper in papers.tolist()
        ]


def report(bench: Bench, rounds: int) -> None:
    kinds: dict[str, Callable[[], Operation]] = {
        "assign": bench.assignment,
        "rename": lambda: {"op": "rename_topic", "topic": bench.pick(bench.topics), "label": uuid4().hex},
        "reject": lambda: {**bench.assignment(), "op": "reject_assignment"},
        "second home": lambda: {**bench.assignment(), "op": "add_home"},
        "move topic": lambda: {
            "op": "move_topic",
            "topic": bench.pick(bench.leaves),
            "parent": bench.pick(bench.inner),
        },
        "create topic": lambda: {"op": "create_topic", "parent": bench.pick(bench.inner), "label": "new"},
    }
    bench.single(kinds["assign"], 5)
    everything: list[float] = []
    for name, make in kinds.items():
        seconds = bench.single(make, rounds)
        everything += seconds
        print(line(name, seconds))
    print(line("all of these", everything))
    print(line("undo", [bench.time("undo", {}) for _ in range(rounds // 3)]))
    batches = [bench.time("corrections", {"operations": bench.batch()}) for _ in range(max(5, rounds // 6))]
    print(line(f"{BATCH:,} assignments", batches))
    print(line("undo of those", [bench.time("undo", {}) for _ in range(len(batches))]))


def line(name: str, seconds: list[float]) -> str:
    ms = [1000 * one for one in seconds]
    high = quantiles(ms, n=20)[-1] if len(ms) > 1 else ms[0]
    return f"{name:>20}: median {median(ms):6.1f} ms, 95 % {high:6.1f} ms, n = {len(ms)}"


def random_vectors(n_papers: int) -> Vectors:
    """Make unit vectors around random centres, about forty to each."""
    random = np.random.default_rng(SEED)
    centres = random.normal(size=(max(1, n_papers // 40), 64))
    centres += 1.5 * random.normal(size=(25, 64))[random.integers(25, size=len(centres))]
    points = centres[random.integers(len(centres), size=n_papers)] + 0.7 * random.normal(size=(n_papers, 64))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def grow(vectors: Vectors) -> Hierarchy:
    parameters = BuildParameters()
    neighbours = find_neighbours(vectors, parameters.neighbours, seed=SEED)
    return build_hierarchy(vectors, neighbours=neighbours, parameters=parameters, seed=SEED)


def store(sessions: Sessions, workspace_id: UUID, tree: Hierarchy) -> UUID:
    n_papers = len(tree.assignments)
    papers = [
        Paper(source_id=f"p{n}", title=f"Paper number {n} of many", abstract=f"About matter {n}.")
        for n in range(n_papers)
    ]
    with transaction(sessions) as session:
        corpus = add_corpus(session, workspace_id=workspace_id, name="bench")
        for start in range(0, n_papers, _TAKEN_AT_ONCE):
            take_papers(session, corpus, papers[start : start + _TAKEN_AT_ONCE], update=False)
        ids = session.scalars(text("SELECT id FROM paper ORDER BY position")).all()
        job = add_job(
            session, workspace_id=workspace_id, corpus_id=corpus.id, kind=BUILD_HIERARCHY, arguments={}
        )
        claim = claim_job(session, job.id, lease_s=600)
        assert claim is not None
        parameters = BuildParameters().to_json()
        save_tree(session, claim, tree, facet="topic", model="bench", corpus_version=1, parameters=parameters)
        labels = [
            TopicLabel(f"topic {number}", ("some", "words"), f"It is about {number}.", ())
            for number in range(len(tree.parents))
        ]
        result = publish(session, claim, ids, labels)
        finish_job(session, claim, result=result)
    with transaction(sessions) as session:
        session.execute(text("ANALYZE"))
    return UUID(str(result["hierarchy_id"]))


def count_seconds(sessions: Sessions) -> int:
    with sessions() as session:
        return int(session.scalar(text("SELECT count(*) FROM second_home")) or 0)


@contextmanager
def serving(folder: Path | None) -> Iterator[tuple[TestClient, Sessions, UUID]]:
    with tempfile.TemporaryDirectory(prefix="papertree-", dir=folder) as name:
        Path(name).chmod(ENTERABLE)
        with open_data_directory(Path(name) / "data") as data:
            postgres = Postgres(data)
            postgres.start()
            try:
                upgrade(postgres.database_url)
                engine = open_engine(postgres.database_url)
                sessions = open_sessions(engine)
                with transaction(sessions) as session:
                    workspace_id = add_workspace(session, name="bench")
                    key = add_key(session, workspace_id=workspace_id, name="bench")
                settings = Settings(
                    data_directory=Path(name),
                    database_url=postgres.database_url,
                    redis_url="redis://localhost:1",
                )
                headers = {"Authorization": f"Bearer {key}"}
                with TestClient(create_app(settings), base_url="http://localhost", headers=headers) as client:
                    yield client, sessions, workspace_id
                engine.dispose()
            finally:
                postgres.stop()


if __name__ == "__main__":
    main()
