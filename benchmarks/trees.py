"""How good our trees are beside the peers', and how fast: one run, one table a corpus.

    make bench-trees
    .venv/bin/python -m benchmarks.trees [--corpora demo,dev,20k,emnlp] [--peers NAMES] [--rounds N]
        [--write FILE.md] [--json FILE] [--cache FOLDER] [--keep FOLDER]

Needs ``../shared/data`` and, for the peers, ``.venv-peers``: ``python -m benchmarks.peers.set_up`` makes it.
All trees come from the same vectors and texts. What papers are filed under is used for scoring only and no
process that makes a tree sees it. Each peer has a process of its own and runs once on a few papers before it
is timed, so that what it compiles is not counted. Ours runs before and after the peers.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.hierarchy.found_again import find_again
from app.index.embedder import Embedder, Vectors
from app.index.open import open_embedder
from benchmarks.corpora import FOLDERS, Corpus, load_title_vectors, load_vectors, read_corpus
from benchmarks.machine import describe_machine
from benchmarks.peer_process import PEERS_PYTHON, ROOT, PeerRun, run_peer
from benchmarks.peers.peer_tree import Papers, PeerTree
from benchmarks.peers.registry import PEERS
from benchmarks.scores import coverage, score, shape, shuffle_gold, topics_by_depth
from benchmarks.tree_table import NOTES, write_shape_table, write_table

BEAMS = (1, 3)


def main() -> None:
    arguments = _read_arguments()
    embedder = open_embedder("minilm")
    found: dict[str, Any] = {"machine": describe_machine(), "corpora": {}}
    report = [found["machine"], ""]
    print(found["machine"], flush=True)
    for name in arguments.corpora:
        corpus = read_corpus(name)
        rows: list[dict[str, Any]] = []
        found["corpora"][name] = rows
        for number, peer in enumerate(["ours", *arguments.peers, "ours"]):
            rows.append(compare(corpus, peer, embedder, arguments, is_again=peer == "ours" and number > 0))
            arguments.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
        table = [*write_table(FOLDERS[name], len(corpus.texts), rows), "", *write_shape_table(rows)]
        table += ["", describe_run(rows)]
        print("\n".join(table), flush=True)
        report += [*table, ""]
    if arguments.write:
        arguments.write.write_text("\n".join([*report, NOTES]), encoding="utf-8")


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    peers = [name for name in PEERS if name != "ours"]
    parser.add_argument("--corpora", type=_names(FOLDERS), default=list(FOLDERS))
    parser.add_argument("--peers", type=_names(peers), default=peers, help="'' for ours alone")
    parser.add_argument("--rounds", type=int, default=1, help="times are medians over so many")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit-s", type=float, default=1800, help="of one peer on one corpus")
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench-cache", help="where vectors are kept")
    parser.add_argument("--python", type=Path, default=PEERS_PYTHON, help="interpreter that has the peers")
    parser.add_argument("--json", type=Path, default=ROOT / ".bench-cache" / "trees.json")
    parser.add_argument("--keep", type=Path, help="folder to keep the trees in")
    parser.add_argument("--write", type=Path, help="file for the tables")
    arguments = parser.parse_args()
    if arguments.peers and not arguments.python.exists():
        parser.error(f"{arguments.python} is not there; run: python -m benchmarks.peers.set_up")
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    return arguments


def _names(known: Iterable[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        names = [name for name in text.split(",") if name]
        unknown = [name for name in names if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: none of {', '.join(known)}")
        return names

    return read


def compare(
    corpus: Corpus, peer: str, embedder: Embedder, arguments: argparse.Namespace, *, is_again: bool
) -> dict[str, Any]:
    """Make one peer's tree of a corpus and measure it."""
    vectors = load_vectors(corpus, arguments.cache)
    again = ", again" if is_again else ""
    with tempfile.TemporaryDirectory() as name:
        papers = Path(name)
        Papers(corpus.texts, vectors).save(papers)
        kept = arguments.keep / corpus.name if arguments.keep else papers
        kept.mkdir(parents=True, exist_ok=True)
        run = run_peer(
            peer,
            papers,
            python=arguments.python,
            seed=arguments.seed,
            rounds=arguments.rounds,
            limit_s=arguments.limit_s,
            folder=kept,
        )
    row = {"peer": peer, "title": PEERS[peer].title + again}
    titles = load_title_vectors(corpus, arguments.cache)
    row |= measure(run, corpus, titles, embedder, arguments.seed)
    if peer == "ours" and run.tree is not None:
        row["shape"] = shape(run.tree, corpus.texts, vectors, seed=arguments.seed)
    print(f"{corpus.name}: {row['title']}: {row.get('failed') or row['seconds']}", flush=True)
    return row


def describe_run(rows: list[dict[str, Any]]) -> str:
    """Say what the peers were, and how busy the machine was when each had ended."""
    versions = {name: version for row in rows for name, version in row.get("versions", {}).items()}
    loads = [row["load"][0] for row in rows if "load" in row]
    peers = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    return f"Load from {min(loads, default=0.0):.1f} to {max(loads, default=0.0):.1f}. {peers}".strip()


def measure(run: PeerRun, corpus: Corpus, titles: Vectors, embedder: Embedder, seed: int) -> dict[str, Any]:
    """Put together everything the table says of a tree."""
    if run.tree is None:
        return {"failed": run.failed}
    tree = run.tree
    return {
        "seconds": tree.seconds,
        "load": os.getloadavg(),
        **run.facts,
        "scores": score(tree, corpus.gold),
        "shuffled": score(tree, shuffle_gold(corpus.gold, seed=seed)),
        "topics_by_depth": topics_by_depth(tree),
        "coverage": coverage(tree),
        "found_again": found_again(tree, titles, embedder, seed) if tree.labels else None,
    }


def found_again(tree: PeerTree, titles: Vectors, embedder: Embedder, seed: int) -> list[dict[str, Any]]:
    """Look for every paper by its title, walking down by nothing but the labels."""
    labels = embedder.embed(tree.labels or [])
    parents, own = tree.hierarchy.parents, tree.hierarchy.assignments
    return [asdict(find_again(parents, own, titles, labels, beam=beam, seed=seed)) for beam in BEAMS]


if __name__ == "__main__":
    main()
