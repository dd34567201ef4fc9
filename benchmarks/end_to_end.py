"""How long it takes from texts to a tree, embedding included: ours with labels, BERTopic, and EVoC.

    python -m benchmarks.end_to_end [--corpus demo] [--rounds N] [--write FILE.md] [--python FILE]

Needs what `benchmarks.trees` needs. Each run is a process of its own that opens its libraries and encoder
and runs once on a few papers; then the clock starts. All embed the same texts with all-MiniLM-L6-v2: ours
as the product does, the peers with sentence-transformers, at its defaults and in bf16. Rounds alternate, the
order reversed every other one, and a ratio is taken within its round. EVoC makes no labels.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from app.index.embedder import Vectors
from benchmarks.peers.peer_tree import Papers

N_WARM = 150
"""Papers of the first run, so that what is compiled or loaded once is not counted."""

WAYS = {
    "ours": ("ours", "minilm"),
    "BERTopic": ("bertopic_tree", "float32"),
    "BERTopic, bf16": ("bertopic_tree", "bfloat16"),
    "EVoC (no labels)": ("evoc_layers", "float32"),
    "EVoC (no labels), bf16": ("evoc_layers", "bfloat16"),
}
"""The module that makes the tree, and what embeds: our encoder, or sentence-transformers in a precision."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", default="demo")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python", type=Path, help="interpreter that has the peers")
    parser.add_argument("--write", type=Path, help="also write the table to this file")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--texts", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.way:
        print(json.dumps(run_here(arguments.way, arguments.texts)))
        return
    # Only here: an interpreter that has the peers lacks what reading corpora needs.
    from benchmarks.corpora import read_corpus
    from benchmarks.machine import describe_machine
    from benchmarks.peer_process import PEERS_PYTHON

    texts = read_corpus(arguments.corpus).texts
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    python = arguments.python or PEERS_PYTHON
    with TemporaryDirectory() as name:
        file = Path(name) / "texts.json"
        file.write_text(json.dumps(list(texts)), encoding="utf-8")
        for number in range(arguments.rounds):
            for way in WAYS if number % 2 == 0 else reversed(WAYS):
                found[way].append(run_apart(way, file, python))
                print(f"round {number + 1}: {way}: {found[way][-1]}", flush=True)
    report = [describe_machine(), "", f"{len(texts):,} papers, {arguments.rounds} rounds", "", *table(found)]
    print("\n".join(report))
    if arguments.write:
        arguments.write.write_text("\n".join(report) + "\n", encoding="utf-8")


def run_apart(way: str, texts: Path, python: Path) -> dict[str, float]:
    """Run one way in a process of its own."""
    from benchmarks.peer_process import ROOT, SETTINGS

    interpreter = sys.executable if way == "ours" else str(python)
    command = [interpreter, "-m", "benchmarks.end_to_end", "--way", way, "--texts", str(texts)]
    environment = {**os.environ, **SETTINGS}
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise SystemExit(f"{way}: {answer.stderr[-2000:]}")
    seconds: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return seconds


def run_here(way: str, file: Path) -> dict[str, float]:
    """Open everything, make a tree of a few papers, then time one of all."""
    warnings.simplefilter("ignore")
    np.random.seed(0)  # noqa: NPY002 - UMAP runs on one core when it is given a seed of its own.
    module_name, encoder = WAYS[way]
    module = __import__(f"benchmarks.peers.{module_name}", fromlist=["make_tree"])
    embed = open_encoder(encoder)
    texts = [(title, abstract) for title, abstract in json.loads(file.read_text(encoding="utf-8"))]

    def make(some: list[tuple[str, str]]) -> dict[str, float]:
        clock, processors = time.perf_counter(), time.process_time()
        papers = Papers(some, np.empty((0, 0), np.float32))
        vectors = embed(papers.whole_texts())
        embedded = time.perf_counter() - clock, time.process_time() - processors
        module.make_tree(Papers(some, vectors))
        return {
            "embed": embedded[0],
            "embed_cpu": embedded[1],
            "all": time.perf_counter() - clock,
            "all_cpu": time.process_time() - processors,
        }

    make(texts[:N_WARM])
    return make(texts)


def open_encoder(name: str) -> Callable[[list[str]], Vectors]:
    """Open the product's encoder, or sentence-transformers with the same weights and its own batch size."""
    if name == "minilm":
        from app.index.open import open_embedder

        return open_embedder("minilm").embed
    import torch
    from sentence_transformers import SentenceTransformer

    from app.index.weights import find_minilm

    folder = str(find_minilm().weights.parent)
    model = SentenceTransformer(folder, device="cpu", model_kwargs={"dtype": getattr(torch, name)})

    def embed(texts: list[str]) -> Vectors:
        found = model.encode(texts, convert_to_tensor=True, show_progress_bar=False).float().numpy()
        vectors: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
        return vectors

    return embed


def table(found: dict[str, list[dict[str, float]]]) -> list[str]:
    """Lay medians out as Markdown; ratios to ours are of the processors' time, round by round."""
    lines = [
        "| way | embedding, s (processors') | all, s (processors') | times ours, processors |",
        "|---|---|---|---|",
    ]
    for way, rounds in found.items():
        ratios = [own["all_cpu"] / our["all_cpu"] for own, our in zip(rounds, found["ours"], strict=True)]
        times = [
            f"{median(one[kind] for one in rounds):.1f} ({median(one[f'{kind}_cpu'] for one in rounds):.1f})"
            for kind in ("embed", "all")
        ]
        spread = f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        lines.append(f"| {way} | {times[0]} | {times[1]} | {spread} |")
    return lines


if __name__ == "__main__":
    main()
