"""What is learnt from corrections, with a made-up person who knows the gold categories: four tables.

    .venv/bin/python -m benchmarks.learning [--corpora dev,20k] [--cache FOLDER] [--write FILE.md]

The first: a truthful person answers the review queue, or random papers. The second: pairs of papers and
topics before and after 200 answers on the machine's tree. The third: the same on a tree that was given by its
labels alone, where filing starts with the labels. The fourth: a tenth of the papers comes later and is filed
without a rebuild. What papers are filed under reaches the system only as the person's answers.
"""

import argparse
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict

from app.corrector.afresh import file_by_chance
from app.corrector.arrivals import Arrivals, file_arrivals
from app.corrector.chances import MOST_PROPOSED, Chances, score_corpus
from app.corrector.scorer import fit_scorer
from app.hierarchy.build import build_hierarchy
from app.hierarchy.categories import CategoryLevel
from app.hierarchy.measure import best_node_f1
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.smooth import Points, to_unit
from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices
from app.index.exact import nearest_neighbours
from benchmarks.answering import (
    BATCH,
    Session,
    World,
    answer_queue,
    answer_queue_afresh,
    answer_random,
    apply_proposals,
    file_afresh,
)
from benchmarks.calibration import measure_calibration
from benchmarks.corpora import FOLDERS, Corpus, load_vectors, read_corpus
from benchmarks.given_tree import give_tree
from benchmarks.machine import describe_machine
from benchmarks.peer_process import ROOT
from benchmarks.person import Person, closed_f1, make_person, narrowest_categories

MARKS = (50, 200, 1000)
N_RANDOM = 5
N_CORRECTIONS = 200
SHARE_CORRECTED = 200 / 5165
"""A larger corpus is also corrected by as large a share as the small one is."""

NEW_SHARE = 0.1
PERSONS = {"tolerant": True, "strict": False}


QUEUE_HEAD = (
    "| corpus | person | right at first | order | answers | accuracy | best-node F1 1 / 2 | pairs F1 "
    "| were wrong | queue answers for the same accuracy | without unassigned papers |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
)
PAIRS_HEAD = (
    "| corpus | person | before | no answers | 200 random | 200 from the queue | ceiling "
    "| ECE of what stands |",
    "|---|---|---|---|---|---|---|---|",
)
GIVEN_HEAD = (
    "| corpus | answers | before | no answers | random | queue | ceiling | queue asked about wrong ones |",
    "|---|---|---|---|---|---|---|---|",
)
ARRIVALS_HEAD = (
    "| corpus | new papers | standing ones moved | nowhere | right: tolerant, strict "
    "| standing ones | strictly right with 200 answers | mean confidence | ECE |",
    "|---|---|---|---|---|---|---|---|---|",
)


def main() -> None:
    arguments = _read_arguments()
    lines = [describe_machine(), ""]
    print(lines[0], flush=True)
    queue, pairs, given, arrivals = tables = tuple(
        list(head) for head in (QUEUE_HEAD, PAIRS_HEAD, GIVEN_HEAD, ARRIVALS_HEAD)
    )
    for name in arguments.corpora:
        corpus = read_corpus(name)
        world = _build_on(load_vectors(corpus, arguments.cache))
        given.extend(
            _show(_given_rows(name, *give_tree(name, world.vectors, world.neighbours, arguments.cache)))
        )
        arrivals.extend(_show([_arrivals_row(name, corpus, world, seed=0)]))
        ground, categories = world.ground(world.homes), narrowest_categories(corpus.gold)
        for kind, tolerant in PERSONS.items():
            person = make_person(ground, categories, int(categories.max()) + 1, tolerant=tolerant)
            queue.extend(_show(_queue_rows(name, kind, corpus, world, person)))
            pairs.extend(_show([_pairs_row(name, kind, world, person)]))
    for table in tables:
        lines += [*table, ""]
    print("\n".join(["", *lines[1:]]))
    if arguments.write:
        arguments.write.write_text("\n".join(lines), encoding="utf-8")


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", type=lambda text: text.split(","), default=["dev", "20k"])
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench-cache", help="where vectors are kept")
    parser.add_argument("--write", type=Path, help="file for the tables")
    return parser.parse_args()


def _build_on(vectors: Points) -> World:
    parameters = BuildParameters()
    neighbours = nearest_neighbours(vectors, parameters.neighbours)
    tree = build_hierarchy(vectors, neighbours=neighbours, parameters=parameters, seed=0)
    return World(vectors, neighbours[0], tree.parents, tree.assignments, tree.confidences)


def _queue_rows(name: str, kind: str, corpus: Corpus, world: World, person: Person) -> list[str]:
    first, rows = person.accuracy(world.homes), []
    queue = list(answer_queue(world, person, MARKS[-1]))
    for mark in MARKS:
        random = [answer_random(world, person, mark, seed=seed) for seed in range(N_RANDOM)]
        usual = float(np.mean([(person.accuracy(session.assignments) - first) for session in random]))
        needed = _needed(world, person, queue[-1].asked, usual * len(world.homes))
        filed = np.flatnonzero(world.homes != NO_TOPIC)
        asked = queue[-1].asked[world.homes[queue[-1].asked] != NO_TOPIC]
        rate = 1 - person.is_right(world.homes)[filed].mean()
        needed_of_filed = _needed(world, person, asked, rate * mark)
        head = f"| {FOLDERS[name]} | {kind} | {first:.1%} |"
        rows += [
            f"{head} random | {_gains(corpus, world, person, random)} |  |  |",
            f"{head} queue | {_gains(corpus, world, person, [queue[mark // BATCH - 1]])} "
            f"| {needed} ({needed / mark:.2f}) | {needed_of_filed} ({needed_of_filed / mark:.2f}) |",
        ]
    return rows


def _needed(world: World, person: Person, asked: Indices, n_mended: float) -> int:
    """Count the answers, in the order asked, until so many papers stand right that did not."""
    mended = np.cumsum(~person.is_right(world.homes)[asked])
    return int(np.searchsorted(mended, n_mended) + 1)


def _gains(corpus: Corpus, world: World, person: Person, sessions: Sequence[Session]) -> str:
    def gain(measure: Callable[[Indices], float]) -> float:
        return 100 * float(np.mean([measure(s.assignments) for s in sessions]) - measure(world.homes))

    f1 = [gain(lambda now, level=level: _best_node(world, now, level)) for level in corpus.gold]
    wrong = np.mean([(person.belongs[s.asked] != world.homes[s.asked]).mean() for s in sessions])
    return (
        f"{len(sessions[0].asked):,} | {gain(person.accuracy):+.1f} | {f1[0]:+.1f} / {f1[1]:+.1f} "
        f"| {gain(lambda now: closed_f1(world.parents, now, person.belongs)):+.1f} | {wrong:.0%}"
    )


def _best_node(world: World, assignments: Indices, level: CategoryLevel) -> float:
    tree = Hierarchy(world.parents, assignments, world.confidences, assignments, assignments)
    return best_node_f1(tree, level.members)


def _pairs_row(name: str, kind: str, world: World, person: Person) -> str:
    sessions = [
        answer_random(world, person, 0, seed=0),
        answer_random(world, person, N_CORRECTIONS, seed=0),
        list(answer_queue(world, person, N_CORRECTIONS))[-1],
    ]
    cells = [f"{closed_f1(world.parents, world.homes, person.belongs):.1%}"]
    for session in sessions:
        after = apply_proposals(world, session)
        n_moved = int((after != session.assignments).sum())
        cells.append(f"{_pairs_cell(world, person, session, after)}; {n_moved:,} moved")
    cells += [f"{_ceiling(world, person):.1%}", f"{_calibration_error(world, person, sessions[1]):.3f}"]
    return f"| {FOLDERS[name]} | {kind} | {' | '.join(cells)} |"


def _pairs_cell(world: World, person: Person, session: Session, after: Indices) -> str:
    """Give pairs F1 of all papers; with the answers alone; of papers nobody spoke about."""
    rest = np.setdiff1d(np.arange(len(after)), session.asked)
    return (
        f"{closed_f1(world.parents, after, person.belongs):.1%} "
        f"({closed_f1(world.parents, session.assignments, person.belongs):.1%}; "
        f"{closed_f1(world.parents, after[rest], person.belongs[rest]):.1%})"
    )


def _given_rows(name: str, world: World, person: Person) -> list[str]:
    before = closed_f1(world.parents, world.homes, person.belongs)
    ceiling, rows = _given_ceiling(world, person), []
    nothing = answer_random(world, person, 0, seed=0)
    unasked = closed_f1(world.parents, file_afresh(world, nothing), person.belongs)
    for n_answers in sorted({N_CORRECTIONS, round(SHARE_CORRECTED * len(world.homes))}):
        found = [answer_random(world, person, n_answers, seed=seed) for seed in range(N_RANDOM)]
        random = [closed_f1(world.parents, file_afresh(world, session), person.belongs) for session in found]
        queue = answer_queue_afresh(world, person, n_answers)
        wrong = (person.belongs[queue.asked] != world.homes[queue.asked]).mean()
        rows.append(
            f"| {FOLDERS[name]} | {n_answers:,} | {before:.1%} | {unasked:.1%} "
            f"| {np.mean(random):.1%} ± {100 * np.std(random):.1f} "
            f"| {_pairs_cell(world, person, queue, file_afresh(world, queue))} | {ceiling:.1%} "
            f"| {wrong:.0%} |"
        )
    return rows


def _given_ceiling(world: World, person: Person) -> float:
    """Score filing by a regression that was taught two thirds of all answers there could be."""
    found = _taught_by_most(world, person, method="predict_proba")
    topics = np.argsort(-found, axis=1, kind="stable")[:, :MOST_PROPOSED]
    likely = np.take_along_axis(found, topics, axis=1).astype(np.float32)
    papers, leaves = np.arange(len(found)), np.flatnonzero(person.means.any(axis=1))
    chances = Chances(papers, world.homes, likely[:, 0], leaves[topics], likely)
    return closed_f1(world.parents, file_by_chance(world.parents, chances), person.belongs)


def _taught_by_most(world: World, person: Person, *, method: str) -> NDArray[Any]:
    points = to_unit(world.vectors - world.vectors.mean(axis=0))
    folds = KFold(3, shuffle=True, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # A few more rounds would not change the figure.
        found = cross_val_predict(
            LogisticRegression(C=3, max_iter=40, tol=1e-3), points, person.categories, cv=folds, method=method
        )
    return np.asarray(found)


def _calibration_error(world: World, person: Person, session: Session) -> float:
    """Compare the chance that a paper stays with whether it is right, of papers nobody spoke about."""
    ground = world.ground(session.assignments)
    chances = score_corpus(fit_scorer(ground, session.answers), ground, session.answers)
    rest = np.setdiff1d(np.arange(len(world.homes)), session.asked)
    return measure_calibration(chances.stays[rest], person.is_right(world.homes)[rest]).error


def _ceiling(world: World, person: Person) -> float:
    """Score what stands, but papers filed anew that a regression taught most answers says are wrong."""
    points, found = (
        to_unit(world.vectors - world.vectors.mean(axis=0)),
        _taught_by_most(world, person, method="predict"),
    )
    ground = world.ground(world.homes)
    fits = person.means[ground.places][:, found].T
    guessed = ground.places[np.where(fits, points @ ground.centroids.T, -np.inf).argmax(axis=1)]
    stays = person.means[world.homes, found] & (world.homes != NO_TOPIC)
    return closed_f1(world.parents, np.where(stays, world.homes, guessed), person.belongs)


def _arrivals_row(name: str, corpus: Corpus, world: World, *, seed: int) -> str:
    """Build on nine tenths of the papers and file the rest."""
    order = np.random.default_rng(seed).permutation(len(world.vectors))
    n_new = int(NEW_SHARE * len(order))
    new, old = np.sort(order[:n_new]), np.sort(order[n_new:])
    standing = _build_on(world.vectors[old])
    categories = narrowest_categories(corpus.gold)
    n_categories = int(categories.max()) + 1
    ground = standing.ground(standing.homes)
    persons = [
        make_person(ground, categories[old], n_categories, tolerant=tolerant) for tolerant in (True, False)
    ]
    near = np.argsort(-(world.vectors[new] @ world.vectors[old].T), axis=1, kind="stable")[:, :30]
    nothing = answer_random(standing, persons[1], 0, seed=seed)
    before = standing.homes.copy()
    plain = _file(standing, nothing, world.vectors[new], near)
    taught = _file(
        standing, answer_random(standing, persons[1], N_CORRECTIONS, seed=seed), world.vectors[new], near
    )
    right = [person.means[plain.assignments, categories[new]] for person in persons]
    right_taught = persons[1].means[taught.assignments, categories[new]] & (taught.assignments != NO_TOPIC)
    calibration = measure_calibration(taught.confidences, right_taught)
    cells = [
        FOLDERS[name],
        f"{n_new:,}",
        f"{int((standing.homes != before).sum())}",
        f"{int((plain.assignments == NO_TOPIC).sum())}",
        ", ".join(f"{(found & (plain.assignments != NO_TOPIC)).mean():.1%}" for found in right),
        ", ".join(f"{person.accuracy(standing.homes):.1%}" for person in persons),
        f"{right_taught.mean():.1%}",
        f"{calibration.mean:.3f}",
        f"{calibration.error:.3f}",
    ]
    return f"| {' | '.join(cells)} |"


def _file(world: World, session: Session, vectors: Points, near: Indices) -> Arrivals:
    ground = world.ground(session.assignments)
    return file_arrivals(fit_scorer(ground, session.answers), ground, session.answers, vectors, near)


def _show(rows: list[str]) -> list[str]:
    print("\n".join(rows), flush=True)
    return rows


if __name__ == "__main__":
    main()
