"""Whether a hierarchy would have come out much the same from slightly different papers."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from app.hierarchy.figures import Stability
from app.hierarchy.measure import shuffle_papers
from app.hierarchy.members import topic_members
from app.hierarchy.tree import Hierarchy, Indices, SecondHomes

SMALLEST_TOPIC = 5
"""Topics with fewer papers in both samples are not scored."""

Build = Callable[[Indices], Hierarchy]


def measure_stability(n_papers: int, build: Build, *, seed: int, share: float = 0.9) -> Stability:
    """Build twice, each time on a random sample of the papers, and compare.

    Parameters
    ----------
    n_papers : int
        Papers of the corpus.
    build : callable
        Builds a hierarchy over some papers, given by their indices in ascending order; row *i* of what it
        gives is the *i*-th of them.
    seed : int
        Of both samples and of the control.
    share : float
        Of the papers, in each sample.

    Returns
    -------
    Stability
        As from `compare_builds`, over the papers in both samples.
    """
    random = np.random.default_rng(seed)
    size = round(share * n_papers)
    one, other = (np.sort(random.permutation(n_papers)[:size]) for _ in range(2))
    shared = np.intersect1d(one, other)
    first = take_papers(build(one), np.searchsorted(one, shared))
    second = take_papers(build(other), np.searchsorted(other, shared))
    control = shuffle_papers(second, seed=seed)
    return Stability(len(shared), compare_builds(first, second), compare_builds(first, control))


def compare_builds(one: Hierarchy, other: Hierarchy) -> float:
    """Score how well each topic of one hierarchy is found in another over the same papers, and back.

    Returns
    -------
    float
        For each topic with at least `SMALLEST_TOPIC` papers, the best F1 against any topic of the other
        hierarchy; the mean weighted by size; the mean of both directions. Roots take no part: they always
        agree. 1 if neither hierarchy has such a topic, 0 if only one has.
    """
    ways = [_found_in(one, other), _found_in(other, one)]
    if ways == [None, None]:
        return 1.0
    return float(np.mean([way or 0.0 for way in ways])) if None not in ways else 0.0


def take_papers(hierarchy: Hierarchy, papers: Indices) -> Hierarchy:
    """Give the same tree over some of its papers, in the order given, without second homes."""
    return replace(
        hierarchy,
        assignments=hierarchy.assignments[papers],
        confidences=hierarchy.confidences[papers],
        best_guesses=hierarchy.best_guesses[papers],
        runners_up=hierarchy.runners_up[papers],
        second_homes=SecondHomes(),
    )


def _found_in(one: Hierarchy, other: Hierarchy) -> float | None:
    topics, others = topic_members(one)[1:], topic_members(other)[1:]
    sizes = np.asarray(topics.sum(axis=1), dtype=np.float64)
    other_sizes = np.asarray(others.sum(axis=1), dtype=np.float64)
    scored = np.flatnonzero(sizes >= SMALLEST_TOPIC)
    if not len(scored):
        return None
    shared = (topics[scored] @ others.T).toarray()
    f1 = 2.0 * shared / (sizes[scored, None] + other_sizes[None, :])
    return float(np.average(f1.max(axis=1, initial=0.0), weights=sizes[scored]))
