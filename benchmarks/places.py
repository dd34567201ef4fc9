"""Whether confidences are calibrated and second homes lead somewhere: two tables.

    .venv/bin/python -m benchmarks.places [--fit] [--corpora demo,dev,20k,emnlp] [--cache FOLDER]
        [--write FILE.md]

A confidence is right if papers that have it come out in the same leaf that often: each corpus is built on
several random samples of 90 % of its papers, their leaves are matched, and each paper in two of them is a
case. ``--fit`` first fits the weights, on other samples of dev and leaves of three sizes, and writes them
into app/hierarchy/confidence.py: to be run whenever leaves are found in another way. What papers are filed
under is used for nothing but the second table.
"""

import argparse
import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.hierarchy import confidence
from app.hierarchy.build import build_hierarchy
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import Hierarchy, Indices
from app.index.embedder import Vectors
from app.index.exact import nearest_neighbours
from benchmarks.calibration import (
    Calibration,
    describe_weights,
    fit_weights,
    gather_cases,
    measure_calibration,
    write_weights,
)
from benchmarks.corpora import FOLDERS, load_vectors, read_categories, read_corpus
from benchmarks.further_categories import Precision, measure_precision
from benchmarks.machine import describe_machine
from benchmarks.peer_process import ROOT
from benchmarks.samples import Neighbours, SampleBuild, at_home_again, build_sample, pair_builds

FIT_SEEDS = range(6)
FIT_BOUNDS = (
    BuildParameters(),
    BuildParameters(largest_leaf=40),
    BuildParameters(smallest_leaf=100, largest_leaf=400),
)
"""Leaves as they come, small ones and large ones, so that confidences hold for whatever bounds are set."""

SEEDS = range(100, 104)

SEVERAL_CATEGORIES = {"emnlp": False, "20k": True}
"""Corpora whose papers have several categories, and whether the first is the main one."""

LONGER = 2
"""Lists over the whole corpus are so many times longer than those of a build on a sample."""

CALIBRATION_HEAD = (
    "| corpus | what | cases | came true | mean confidence | ECE | Brier | Brier of the rate |",
    "|---|---|---|---|---|---|---|---|",
)
PRECISION_HEAD = (
    "| corpus | homes | judged | one of the paper's further categories | one of its categories "
    "| the same, where the first home's is another |",
    "|---|---|---|---|---|---|",
)


def main() -> None:
    arguments = _read_arguments()
    if arguments.fit:
        _fit(arguments.cache)
        # A process of its own takes the new weights as the product does.
        others = [argument for argument in sys.argv[1:] if argument != "--fit"]
        raise SystemExit(subprocess.call([sys.executable, "-m", "benchmarks.places", *others]))
    lines = [describe_machine(), "", f"Weights: {describe_weights(confidence.WEIGHTS)}.", ""]
    print("\n".join(lines), flush=True)
    calibrated, judged = list(CALIBRATION_HEAD), list(PRECISION_HEAD)
    for name in arguments.corpora:
        vectors, neighbours = _load(name, arguments.cache)
        samples = _build_samples(vectors, neighbours, SEEDS, BuildParameters())
        calibrated += _show(_calibrate(name, samples))
        if name in SEVERAL_CATEGORIES:
            judged += _show(_judge(name, vectors, neighbours))
    lines += [*calibrated, "", *judged, ""]
    print("\n".join(["", *calibrated, "", *judged]))
    if arguments.write:
        arguments.write.write_text("\n".join(lines), encoding="utf-8")


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fit", action="store_true", help="fit the weights anew and write them")
    parser.add_argument("--corpora", type=lambda text: text.split(","), default=list(FOLDERS))
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench-cache", help="where vectors are kept")
    parser.add_argument("--write", type=Path, help="file for the tables")
    return parser.parse_args()


def _load(name: str, cache: Path) -> tuple[Vectors, Neighbours]:
    vectors = load_vectors(read_corpus(name), cache)
    return vectors, nearest_neighbours(vectors, LONGER * BuildParameters().neighbours)


def _build_samples(
    vectors: Vectors, neighbours: Neighbours, seeds: Sequence[int], parameters: BuildParameters
) -> list[SampleBuild]:
    return [build_sample(vectors, neighbours, parameters, seed=seed) for seed in seeds]


def _fit(cache: Path) -> None:
    vectors, neighbours = _load("dev", cache)
    cases = [
        gather_cases(_build_samples(vectors, neighbours, FIT_SEEDS, parameters)) for parameters in FIT_BOUNDS
    ]
    write_weights(fit_weights(cases), Path(confidence.__file__))


def _calibrate(name: str, samples: Sequence[SampleBuild]) -> list[str]:
    """Give the rows of first homes, with the margin alone and with all evidence, and of second ones."""
    evidence, truths = gather_cases(samples)
    homes = [at_home_again(pair) for pair in pair_builds(samples)]
    second = np.concatenate([truth for truth, _ in homes])
    sure = np.concatenate([own for _, own in homes])
    return [
        _calibration_row(name, "margin alone", measure_calibration(evidence.nearness, truths)),
        _calibration_row(name, "first homes", measure_calibration(confidence.weigh(evidence), truths)),
        _calibration_row(name, "second homes", measure_calibration(sure, second)),
    ]


def _judge(name: str, vectors: Vectors, neighbours: Neighbours) -> list[str]:
    """Give the rows of the build's second homes and of what they might have been."""
    parameters, categories = BuildParameters(), read_categories(name)
    indices, similarities = (array[:, : parameters.neighbours] for array in neighbours)
    tree = build_hierarchy(vectors, neighbours=(indices, similarities), parameters=parameters, seed=0)
    names, firsts = np.unique(tree.best_guesses, return_inverse=True)
    random = np.random.default_rng(0).integers(1, len(names), len(firsts))
    everybody, seconds = np.arange(len(firsts), dtype=np.int64), tree.second_homes

    def row(kind: str, papers: Indices, leaves: Indices) -> str:
        by_first = SEVERAL_CATEGORIES[name]
        found = measure_precision(papers, leaves, firsts=firsts, categories=categories, by_first=by_first)
        return _precision_row(name, kind, found)

    return [
        row("a random other leaf, all papers", everybody, (firsts + random) % len(names)),
        row("the runner-up, all papers", everybody, np.searchsorted(names, tree.runners_up)),
        row("the first homes of papers with a second", seconds.papers, firsts[seconds.papers]),
        row(
            f"second homes, {_share_with_second(tree):.1%} of papers",
            seconds.papers,
            np.searchsorted(names, seconds.topics),
        ),
    ]


def _share_with_second(tree: Hierarchy) -> float:
    return len(np.unique(tree.second_homes.papers)) / len(tree.assignments)


def _calibration_row(name: str, what: str, found: Calibration) -> str:
    figures = (found.rate, found.mean, found.error, found.brier, found.brier_of_rate)
    cells = [FOLDERS[name], what, f"{found.n_cases:,}", *(f"{figure:.3f}" for figure in figures)]
    return f"| {' | '.join(cells)} |"


def _precision_row(name: str, kind: str, found: Precision) -> str:
    figures = (
        "" if math.isnan(figure) else f"{figure:.1%}" for figure in (found.further, found.any, found.new)
    )
    return f"| {FOLDERS[name]} | {kind} | {found.n_homes:,} | {' | '.join(figures)} |"


def _show(rows: list[str]) -> list[str]:
    print("\n".join(rows), flush=True)
    return rows


if __name__ == "__main__":
    main()
