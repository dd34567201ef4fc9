"""Makes one peer's tree in a process of its own, so that none disturbs another.

    python -m benchmarks.peers NAME --papers FOLDER --out STEM [--seed N] [--rounds N]

A first run on a few papers compiles and loads what has to be; its seconds are kept apart.
"""

import argparse
import importlib
import importlib.metadata
import json
import time
import warnings
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.machine import peak_mib
from benchmarks.peers.peer_tree import Papers
from benchmarks.peers.registry import PEERS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=PEERS)
    parser.add_argument("--papers", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    # UMAP runs on one core when it is given a seed of its own, which would count against its users.
    np.random.seed(arguments.seed)  # noqa: NPY002
    peer, papers = PEERS[arguments.name], Papers.load(arguments.papers, arguments.seed)
    started = time.perf_counter()
    module = importlib.import_module(f"benchmarks.peers.{peer.module}")
    getattr(module, "warm_up", lambda all_papers: module.make_tree(all_papers.few()))(papers)
    warm_up_s = time.perf_counter() - started
    rounds = []
    for _ in range(arguments.rounds):
        tree = module.make_tree(papers)
        rounds.append(tree.seconds)
    seconds = {step: median(own[step] for own in rounds) for step in rounds[0]}
    replace(tree, seconds=seconds).save(arguments.out)
    facts = {
        "warm_up_s": warm_up_s,
        "rounds": rounds,
        "peak_mib": peak_mib(),
        "versions": {name: importlib.metadata.version(name) for name in peer.packages},
    }
    arguments.out.with_suffix(".facts.json").write_text(json.dumps(facts), encoding="utf-8")


if __name__ == "__main__":
    main()
