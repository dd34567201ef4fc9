"""What becomes of corrections, and of papers nobody touched, when a corpus is built again.

    .venv/bin/python -m benchmarks.rebuild --vectors FILE.npy [--corrections 300] [--seeds 3]

Brings its own PostgreSQL; builds are stored, corrected and published as the product does it. A tenth of the
papers is held back. The rest is built and corrected at random, then built again: from the same papers; with
a tenth of them replaced by those held back; with those added; with other parameters. Whether a correction is
obeyed is judged by looking at the new tree, not by what the rebuild says of itself; one that a later one took
the place of is not counted.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import text

from app.corpus.paper import Paper
from app.corrections.conflicts import Conflict
from app.corrections.operations import (
    AddHome,
    AssignPaper,
    CreateTopic,
    DeleteTopic,
    DescribeTopic,
    Group,
    Lock,
    MergeTopics,
    MoveTopic,
    Operation,
    RejectAssignment,
    RemovePaper,
    RenameTopic,
    SplitTopic,
)
from app.corrections.state import State
from app.db.migrate import upgrade
from app.db.session import Sessions, open_engine, open_sessions, transaction
from app.embedded.data_directory import ENTERABLE, open_data_directory
from app.embedded.postgres import Postgres
from app.hierarchy.build import build_hierarchy
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import Hierarchy, Indices
from app.index.embedder import Vectors
from app.index.neighbours import find_neighbours
from app.labelling.label import TopicLabel
from app.services.checking import check_hierarchy
from app.services.corpora import add_corpus
from app.services.correction_log import Actor, Request
from app.services.correction_states import load_whole
from app.services.corrections import Asked, apply_corrections
from app.services.hierarchies import BUILD_HIERARCHY, get_hierarchy
from app.services.jobs import add_job, claim_job, finish_job
from app.services.keys import add_workspace
from app.services.orphans import list_orphans
from app.services.publishing import publish, save_tree
from app.services.settling import find_live_build, settle
from app.services.splitting import find_parts
from app.services.taking import take_papers
from benchmarks.machine import describe_machine

_TAKEN_AT_ONCE = 2_000
_SHARES = {
    "assign": 60,
    "rename": 40,
    "reject": 30,
    "second home": 20,
    "move": 15,
    "describe": 15,
    "remove": 10,
    "merge": 10,
    "create": 10,
    "lock topic": 8,
    "lock paper": 7,
    "delete": 5,
    "split": 5,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--corrections", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    vectors = np.load(given.vectors)
    print(describe_machine())
    with serving() as (sessions, workspace_id):
        for seed in range(given.seeds):
            print(f"\nseed {seed}: {len(vectors):,} papers, {given.corrections} corrections")
            report(sessions, workspace_id, vectors, n_corrections=given.corrections, seed=seed)


def report(
    sessions: Sessions, workspace_id: UUID, vectors: Vectors, *, n_corrections: int, seed: int
) -> None:
    order = np.random.default_rng(seed).permutation(len(vectors))
    tenth = len(vectors) // 10
    first, changed = np.sort(order[tenth:]), np.sort(order[: len(vectors) - tenth])
    every = np.arange(len(vectors))
    usual = BuildParameters()
    other = replace(usual, neighbours=usual.neighbours * 2)
    trees = {
        "first": Grown(first, grow(vectors[first], usual), usual),
        "the same papers": Grown(first, grow(vectors[first], usual), usual),
        "a tenth replaced": Grown(changed, grow(vectors[changed], usual), usual),
        "a tenth added": Grown(every, grow(vectors, usual), usual),
        "other parameters": Grown(first, grow(vectors[first], other), other),
    }
    for name, grown in trees.items():
        if name != "first":
            bench = Bench(sessions, workspace_id, len(vectors), seed)
            bench.publish(trees["first"])
            bench.correct(n_corrections)
            bench.rebuild(name, grown)
    for name, made_with in (("as it grows", other), ("built the same way", usual)):
        bench = Bench(sessions, workspace_id, len(vectors), seed)
        bench.publish(trees["first"])
        before = bench.state()
        # The tree is the same: said to be made otherwise, it is not settled.
        bench.publish(replace(trees["a tenth added"], parameters=made_with))
        tell_moved(name, before, bench.state())


@dataclass(frozen=True)
class Grown:
    """A tree over the papers of some rows, and how it was made."""

    rows: Indices
    tree: Hierarchy
    parameters: BuildParameters


class Bench:
    """One corpus, its hierarchy built, corrected and built again."""

    def __init__(self, sessions: Sessions, workspace_id: UUID, n_papers: int, seed: int) -> None:
        self.sessions, self.workspace_id = sessions, workspace_id
        self.random = np.random.default_rng(seed)
        self.made: list[Operation] = []
        papers = [
            Paper(source_id=f"p{n}", title=f"Paper number {n} of many", abstract=f"About matter {n}.")
            for n in range(n_papers)
        ]
        with transaction(sessions) as session:
            corpus = add_corpus(session, workspace_id=workspace_id, name=uuid4().hex)
            for start in range(0, n_papers, _TAKEN_AT_ONCE):
                take_papers(session, corpus, papers[start : start + _TAKEN_AT_ONCE], update=False)
            self.corpus_id = corpus.id
            query = text("SELECT id FROM paper WHERE corpus_id = :corpus ORDER BY position")
            self.papers: list[UUID] = list(session.scalars(query, {"corpus": corpus.id}))
        self.hierarchy_id: UUID | None = None

    def publish(self, grown: Grown) -> dict[str, Any]:
        """Store a build and make it live; gives what its job tells."""
        ids = [self.papers[row] for row in grown.rows.tolist()]
        parameters = grown.parameters.to_json()
        with transaction(self.sessions) as session:
            job = add_job(
                session,
                workspace_id=self.workspace_id,
                corpus_id=self.corpus_id,
                kind=BUILD_HIERARCHY,
                arguments={},
            )
            claim = claim_job(session, job.id, lease_s=600)
            assert claim is not None
            live = find_live_build(session, corpus_id=self.corpus_id, facet="topic")
            tree = settle(session, live, grown.tree, ids, model="bench", parameters=parameters)
            save_tree(
                session, claim, tree, facet="topic", model="bench", corpus_version=1, parameters=parameters
            )
            labels = [
                TopicLabel(f"topic {uuid4().hex}", ("some", "words"), f"It is number {number}.", ())
                for number in range(len(tree.parents))
            ]
            started = perf_counter()
            result = publish(session, claim, ids, labels)
            self.seconds = perf_counter() - started
            finish_job(session, claim, result=result)
        self.hierarchy_id = UUID(str(result["hierarchy_id"]))
        return dict(result)

    def state(self) -> State:
        """Read what readers see."""
        assert self.hierarchy_id is not None
        with self.sessions() as session:
            _, build = get_hierarchy(session, self.hierarchy_id, workspace_id=self.workspace_id)
            return load_whole(session, build.id).state

    def correct(self, n_corrections: int) -> None:
        """Make corrections at random, one after the other; those that are not possible are drawn anew."""
        assert self.hierarchy_id is not None
        shares = np.array(list(_SHARES.values())) / sum(_SHARES.values())
        while len(self.made) < n_corrections:
            kind = list(_SHARES)[int(self.random.choice(len(shares), p=shares))]
            if len(self.made) % 10 == 0:
                state = self.state()
            operation = self._draw(kind, state)
            key = uuid4().hex
            try:
                with transaction(self.sessions) as session:
                    hierarchy, _ = get_hierarchy(session, self.hierarchy_id, workspace_id=self.workspace_id)
                    asked = Asked(
                        Actor(None, "bench"), hierarchy.version, Request(key, sha256(key.encode()).digest())
                    )
                    own = {"workspace_id": self.workspace_id, "find": find_parts}
                    apply_corrections(session, self.hierarchy_id, [operation], asked, **own)
            except Conflict:
                continue
            self.made.append(operation)

    def rebuild(self, name: str, grown: Grown) -> None:
        """Build again, and tell how many corrections the new tree shows."""
        assert self.hierarchy_id is not None
        before = self.state()
        built = set(grown.rows.tolist())
        gone = [paper for row, paper in enumerate(self.papers) if row not in built]
        if name == "a tenth replaced":
            with transaction(self.sessions) as session:
                session.execute(text("DELETE FROM paper WHERE id = ANY(:gone)"), {"gone": gone})
        told = self.publish(grown)
        after = self.state()
        own = {"workspace_id": self.workspace_id}
        with self.sessions() as session:
            orphans = list_orphans(session, self.hierarchy_id, **own)
            checked = check_hierarchy(session, self.hierarchy_id, **own)
        standing = [one for one in self.made if shows(one, before, before)]
        left = [one for one in standing if getattr(one, "paper", None) in {None, *after.papers}]
        judged = [(one, shows(one, before, after)) for one in left]
        kept = sum(obeyed for _, obeyed in judged)
        lost = Counter(one.op for one, obeyed in judged if not obeyed)
        same = set(before.topics) & set(after.topics)
        holds = all(one.holds for one in checked.findings)
        listed = Counter(one["operation"]["op"] for one in orphans)
        print(
            f"{name:>18}: {kept} of {len(judged)} hold ({kept / len(judged):.1%}), not held: {dict(lost)}; "
            f"{len(standing) - len(left)} more are about papers that are gone\n"
            f"{'':>18}  told {told['corrections']}, listed: {dict(listed)}\n"
            f"{'':>18}  {len(same)} of {len(before.topics)} topics kept, published in {self.seconds:.1f} s, "
            f"check holds: {holds}",
            flush=True,
        )

    def _draw(self, kind: str, state: State) -> Operation:
        topics = [topic for topic in sorted(state.topics) if state.topics[topic].parent is not None]
        topic, other = (topics[int(one)] for one in self.random.integers(len(topics), size=2))
        papers = sorted(state.papers)
        few = [papers[int(one)] for one in self.random.choice(len(papers), size=3, replace=False)]
        paper = few[0]
        siblings = [one for one in state.children_of(state.topics[topic].parent or topic) if one != topic]
        near = siblings[int(self.random.integers(len(siblings)))] if siblings else other
        home = state.papers[paper].topic or topic
        residents = tuple(sorted(state.residents.get(topic, ())))
        makers: dict[str, Callable[[], Operation]] = {
            "assign": lambda: AssignPaper(paper, topic),
            "rename": lambda: RenameTopic(topic, uuid4().hex),
            "reject": lambda: RejectAssignment(paper, home),
            "second home": lambda: AddHome(paper, topic),
            "move": lambda: MoveTopic(topic, state.topics[other].parent or other),
            "describe": lambda: DescribeTopic(topic, uuid4().hex),
            "remove": lambda: RemovePaper(paper, home),
            "merge": lambda: MergeTopics((topic,), near),
            "create": lambda: CreateTopic(
                state.topics[topic].parent or topic, "new", "", tuple(few), uuid4()
            ),
            "lock topic": lambda: Lock(topic=topic),
            "lock paper": lambda: Lock(paper=paper),
            "delete": lambda: DeleteTopic(topic, "parent"),
            "split": lambda: SplitTopic(topic, (Group("part", residents[::2], topic=uuid4()),)),
        }
        return makers[kind]()


def shows(operation: Operation, before: State, after: State) -> bool:
    """Tell whether a tree is as an operation wants it; ``before`` is how it was when all had been made."""
    topics, papers = after.topics, after.papers
    match operation:
        case RenameTopic(topic, label):
            return topic in topics and topics[topic].label == label
        case DescribeTopic(topic, description):
            return topic in topics and topics[topic].description == description
        case MoveTopic(topic, parent):
            return topic in topics and topics[topic].parent == parent
        case MergeTopics(sources):
            return not set(sources) & set(topics)
        case DeleteTopic(topic):
            return topic not in topics
        case CreateTopic(parent, topic=UUID() as topic):
            return topic in topics and topics[topic].parent == parent
        case SplitTopic(topic, groups):
            return all(group.topic in topics and topics[group.topic].parent == topic for group in groups)
        case AssignPaper(paper, topic):
            return paper in papers and papers[paper].topic == topic
        case AddHome(paper, topic):
            return paper in papers and topic in papers[paper].homes()
        case RejectAssignment(paper, topic) | RemovePaper(paper, topic):
            homes = papers[paper].homes() if paper in papers else ()
            return not any(after.is_within(home, topic) for home in homes)
        case Lock(topic=UUID() as topic):
            same = topic in topics and replace(before.topics[topic], rank=0) == replace(topics[topic], rank=0)
            inside = before.residents.get(topic, set()) & set(papers)
            return same and inside == after.residents.get(topic, set())
        case Lock(paper=UUID() as paper):
            return paper in papers and papers[paper] == before.papers[paper]
        case _:
            return False


def tell_moved(name: str, before: State, after: State) -> None:
    both = sorted(before.papers.keys() & after.papers.keys())
    first = [before.papers[paper].topic != after.papers[paper].topic for paper in both]
    tops = [_top(before, paper) != _top(after, paper) for paper in both]
    gone = [before.papers[paper].topic not in {*after.topics, None} for paper in both]
    print(
        f"{name:>18}: of {len(both):,} papers nobody touched {np.mean(first):.1%} change their topic when a "
        f"tenth come ({np.mean(gone):.1%} because it is gone), {np.mean(tops):.1%} that of the first level",
        flush=True,
    )


def _top(state: State, paper: UUID) -> UUID | None:
    path = state.up_from(topic) if (topic := state.papers[paper].topic) is not None else []
    return path[-2] if len(path) > 1 else None


def grow(vectors: Vectors, parameters: BuildParameters) -> Hierarchy:
    neighbours = find_neighbours(vectors, parameters.neighbours, seed=0)
    return build_hierarchy(vectors, neighbours=neighbours, parameters=parameters, seed=0)


@contextmanager
def serving() -> Iterator[tuple[Sessions, UUID]]:
    with tempfile.TemporaryDirectory(prefix="papertree-") as name:
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
                yield sessions, workspace_id
                engine.dispose()
            finally:
                postgres.stop()


if __name__ == "__main__":
    main()
