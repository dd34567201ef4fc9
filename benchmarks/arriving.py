"""Whether papers that come later are filed where they belong, and how sure that is told to be: a table.

    .venv/bin/python -m benchmarks.arriving [--corpora dev,20k,emnlp] [--cache FOLDER] [--write FILE.md]

A hierarchy is built over all papers. Then a random tenth is taken out of its topics and filed as if it had
just come; it is right if that gives the place it was taken from. How far to trust it is learnt from the other
papers alone. That is done with five tenths, of a small corpus with all ten, and errors are of all cases
together; the last column is the error that perfectly calibrated chances would show on so many. What papers
are filed under is used for nothing.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.corrector.answers import Answers
from app.corrector.arrivals import file_arrivals
from app.corrector.ground import MOST_NEIGHBOURS, lay_ground
from app.corrector.scorer import fit_scorer
from app.corrector.trust import Stand, file_trusted, learn_trust
from app.hierarchy.build import build_hierarchy
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import Hierarchy, Indices, Similarities
from app.index.embedder import Vectors
from app.index.exact import nearest_neighbours, nearest_to
from benchmarks.calibration import measure_calibration
from benchmarks.corpora import FOLDERS, load_vectors, read_corpus
from benchmarks.machine import describe_machine
from benchmarks.peer_process import ROOT

SHARE = 0.1
SMALL = 2000
N_SIMULATED = 500
HEAD = (
    "| corpus | filed at a time | cases | right (span) | mean confidence | ECE "
    "| ECE of the chances as scored | ECE by chance |",
    "|---|---|---|---|---|---|---|---|",
)

Cases = tuple[Similarities, Similarities, NDArray[np.bool_]]


def main() -> None:
    arguments = _read_arguments()
    lines = [describe_machine(), "", *HEAD]
    print("\n".join(lines), flush=True)
    for name in arguments.corpora:
        vectors = load_vectors(read_corpus(name), arguments.cache)
        parameters = BuildParameters()
        neighbours = nearest_neighbours(vectors, parameters.neighbours)
        tree = build_hierarchy(vectors, neighbours=neighbours, parameters=parameters, seed=0)
        tenths = np.array_split(np.random.default_rng(100).permutation(len(vectors)), round(1 / SHARE))
        some = tenths if len(vectors) < SMALL else tenths[: len(tenths) // 2]
        lines.append(_row(name, [_file_some(vectors, tree, np.sort(tenth)) for tenth in some]))
        print(lines[-1], flush=True)
    if arguments.write:
        arguments.write.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", type=lambda text: text.split(","), default=list(FOLDERS))
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench-cache", help="where vectors are kept")
    parser.add_argument("--write", type=Path, help="file for the table")
    return parser.parse_args()


def _row(name: str, cases: list[Cases]) -> str:
    rights = [float(right.mean()) for *_, right in cases]
    trusted, scored, right = (np.concatenate(part) for part in zip(*cases, strict=True))
    measured, before = measure_calibration(trusted, right), measure_calibration(scored, right)
    random = np.random.default_rng(0)
    by_chance = [
        measure_calibration(trusted, random.random(len(trusted)) < trusted).error for _ in range(N_SIMULATED)
    ]
    return (
        f"| {FOLDERS[name]} | {len(cases[0][2]):,} | {len(right):,} "
        f"| {right.mean():.1%} ({min(rights):.1%} to {max(rights):.1%}) | {measured.mean:.3f} "
        f"| {measured.error:.3f} | {before.error:.3f} | {np.mean(by_chance):.3f} |"
    )


def _file_some(vectors: Vectors, tree: Hierarchy, new: Indices) -> Cases:
    """Give the confidences, the chances as scored, and whether the likeliest topics are right."""
    old = np.setdiff1d(np.arange(len(vectors)), new)
    near, _ = nearest_neighbours(vectors[old], BuildParameters().neighbours)
    stand = Stand(vectors[old], near, tree.parents, tree.assignments[old], tree.confidences[old])
    nothing = np.empty(0, dtype=np.int64)
    answers = Answers(nothing, nothing, np.empty(0, dtype=np.bool_))
    trust = learn_trust(stand, answers, seed=0)
    ground = lay_ground(stand.vectors, stand.neighbours, stand.parents, stand.assignments, stand.confidences)
    nearest, _ = nearest_to(vectors[new], vectors[old], MOST_NEIGHBOURS)
    scored = file_arrivals(fit_scorer(ground, answers), ground, answers, vectors[new], nearest)
    right = scored.chances.topics[:, 0] == tree.assignments[new]
    return file_trusted(trust, scored).confidences, scored.confidences, right


if __name__ == "__main__":
    main()
