"""How the time and the memory of a build grow with the number of papers.

    .venv/bin/python -m benchmarks.scale [--sizes 5000,10000,20000,50000,100000] [--rounds N]
        [--vectors FILE.npy] [--labels] [--cache FOLDER]

Needs vectors: a file of them, or ``../shared/data/arxiv_scale_100k``, which is embedded once (half an hour).
Each size is built in a process of its own from as many papers drawn at random. The tree of all papers is not
labelled unless asked for, since that reads the texts as well.
"""

import argparse
import json
import lzma
import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from app.hierarchy.build import build_hierarchy
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import Indices, topic_depths
from app.index.neighbours import find_neighbours
from app.index.open import open_embedder
from app.labelling.keyphrases import label_topics
from benchmarks.machine import describe_machine, peak_mib
from benchmarks.peers.peer_tree import Stopwatch

ROOT = Path(__file__).resolve().parents[1]
PAPERS = ROOT.parent / "shared" / "data" / "arxiv_scale_100k" / "papers.jsonl.xz"
SEED = 0
STEPS = ("neighbours", "build", "label")


@dataclass(frozen=True)
class Measured:
    """What one build took: seconds by step, as a `Stopwatch` counts them, the peak and the tree's shape."""

    n_papers: int
    seconds: dict[str, float]
    peak_mib: float
    topics_by_depth: list[int]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="5000,10000,20000,50000,100000")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--labels", action="store_true", help="label the trees, too")
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench-cache", help="where vectors are kept")
    arguments = parser.parse_args()
    file = arguments.vectors or arguments.cache / "100k.npy"
    if not file.is_file():
        embed_papers(file)
    print(describe_machine())
    found = []
    for size in map(int, arguments.sizes.split(",")):
        rounds = [in_own_process(file, size, labels=arguments.labels) for _ in range(arguments.rounds)]
        found.append(middle(rounds))
        print(f"{size}: {found[-1]}", flush=True)
    print("\n".join(table(found)))


def embed_papers(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    texts = [f"{title}\n\n{abstract}".strip() for title, abstract in read_texts()]
    np.save(file, open_embedder("minilm").embed(texts))


def read_texts() -> list[tuple[str, str]]:
    with lzma.open(PAPERS, "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in lines]
    return [(paper.get("title") or "", paper.get("abstract") or "") for paper in papers]


def in_own_process(file: Path, size: int, *, labels: bool) -> Measured:
    """Build once in a fresh process, so that the peak is that of this size."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(build_once, (file, size), {"labels": labels})


def build_once(file: Path, size: int, *, labels: bool) -> Measured:
    everything = np.load(file, mmap_mode="r")
    chosen = np.sort(np.random.default_rng(SEED).permutation(len(everything))[:size])
    vectors = np.ascontiguousarray(everything[chosen])
    parameters, clock = BuildParameters(), Stopwatch()
    with clock.timing("neighbours"):
        neighbours = find_neighbours(vectors, parameters.neighbours, seed=SEED)
    with clock.timing("build"):
        tree = build_hierarchy(vectors, neighbours=neighbours, parameters=parameters, seed=SEED)
    if labels:
        texts, embedder = chosen_texts(chosen), open_embedder("minilm")
        with clock.timing("label"):
            label_topics(texts, tree, vectors, embed=embedder.embed)
    depths = np.bincount(topic_depths(tree.parents)).tolist()
    return Measured(len(vectors), clock.seconds, peak_mib(), depths)


def chosen_texts(chosen: Indices) -> list[tuple[str, str]]:
    texts = read_texts()
    return [texts[paper] for paper in chosen]


def middle(rounds: Sequence[Measured]) -> Measured:
    """Take the medians of the times and the highest peak."""
    first = rounds[0]
    seconds = {step: median(own.seconds[step] for own in rounds) for step in first.seconds}
    return Measured(first.n_papers, seconds, max(own.peak_mib for own in rounds), first.topics_by_depth)


def table(found: Sequence[Measured]) -> list[str]:
    """Lay the figures out as Markdown; the exponent is that of the growth since the size before."""
    steps = [step for step in STEPS if step in found[0].seconds]
    lines = [f"| papers | {' | '.join(steps)} | all | grows as n to the | peak | topics by depth |"]
    lines.append("|" + "---|" * (len(steps) + 5))
    before = None
    for own in found:
        total = whole(own)
        cells = [f"{own.seconds[step]:.1f} s ({own.seconds[f'{step}_cpu']:.1f})" for step in steps]
        grows = growth(before, own) if before else ""
        lines.append(
            f"| {own.n_papers:,} | {' | '.join(cells)} | {total[0]:.1f} s ({total[1]:.1f}) | {grows} "
            f"| {own.peak_mib:.0f} MiB | {', '.join(map(str, own.topics_by_depth))} |"
        )
        before = own
    return [
        *lines,
        "",
        "Seconds by the clock; in brackets those of the processors, of which the exponent is.",
    ]


def whole(own: Measured) -> tuple[float, float]:
    clock = sum(spent for step, spent in own.seconds.items() if not step.endswith("_cpu"))
    return clock, sum(own.seconds.values()) - clock


def growth(before: Measured, own: Measured) -> str:
    ratio = np.log(whole(own)[1] / whole(before)[1])
    return f"{ratio / np.log(own.n_papers / before.n_papers):.2f}"


if __name__ == "__main__":
    main()
