"""Builds a hierarchy of topics from the vectors of a corpus."""

from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from app.errors import InvalidError
from app.hierarchy.assign import Places, place_papers
from app.hierarchy.cut import cut_levels
from app.hierarchy.fan_out import divide_few
from app.hierarchy.leaf_plan import USUAL_PAPERS, leaf_plan
from app.hierarchy.leaves import find_leaves, group_means
from app.hierarchy.linkage import Sums, ward_linkage
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.smooth import Points, merge_duplicates, neighbour_graph, reduce_dimensions, smooth
from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices, SecondHomes, Similarities, topic_children

N_DIMENSIONS = 128
FEWEST_TO_DIVIDE = 6
"""Fewer papers than this stay together under the root."""

USUAL_NEIGHBOURS, FEWEST_NEIGHBOURS = 14, 8
"""Neighbours of a paper that are looked at there, growing with the square root, and the fewest ever."""

Progress = Callable[[str, int, int], None]


class UnusableVectors(InvalidError):
    """The vectors of a corpus, or its neighbours, cannot be built on."""

    slug = "unusable-vectors"
    title = "The vectors of the corpus cannot be used"


def build_hierarchy(
    vectors: Points,
    *,
    neighbours: tuple[Indices, Similarities],
    parameters: BuildParameters,
    seed: int,
    progress: Progress | None = None,
) -> Hierarchy:
    """Grow a hierarchy over papers from their vectors.

    Vectors are smoothed over the graph of nearest neighbours; Ward's linkage on the lightly smoothed ones
    finds the leaves; the same linkage on the means of more strongly smoothed ones joins leaves to broader
    topics; a cut of that gives the levels; where a topic would have too few leaves, one is divided.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors in corpus order; any number, none too.
    neighbours : tuple of ndarray of shape (n_papers, k), int64, and (n_papers, k), float32
        Nearest neighbours of each paper without itself and their cosine similarities;
        ``k = min(parameters.neighbours, n_papers - 1)`` is meant.
    parameters : BuildParameters
        Bounds and settings.
    seed : int
        Part of what identifies a build. The present method draws no random number: all seeds give one tree.
    progress : callable, optional
        Called with (step, done, total), six times.

    Returns
    -------
    Hierarchy
        The same bytes for the same input. Papers with the same vector are together; no topic has a single
        child; children stand by size, then by first paper. With fewer than `FEWEST_TO_DIVIDE` papers, or
        nothing that tells them apart, a root alone.

    Raises
    ------
    UnusableVectors
        If a vector holds NaN, an infinity or only zeros, or shapes do not agree.

    Notes
    -----
    About linear in papers; memory 4 copies of ``vectors`` and the graph.
    """
    _check(vectors, neighbours)
    report = progress or (lambda step, done, total: None)
    if len(vectors) < FEWEST_TO_DIVIDE:
        return _root_only(len(vectors))
    firsts, distinct = merge_duplicates(vectors)
    if len(firsts) < 2:
        return _root_only(len(vectors))
    # Matrices are small here: threads inside a product cost more than they save, and change its last bits.
    with threadpool_limits(limits=1, user_api="blas"):
        return _grow(vectors, neighbours, firsts, distinct, parameters, report)


def _check(vectors: Points, neighbours: tuple[Indices, Similarities]) -> None:
    indices, similarities = neighbours
    if vectors.ndim != 2 or indices.shape != similarities.shape or indices.shape[:1] != vectors.shape[:1]:
        raise UnusableVectors(
            f"Vectors have shape {vectors.shape}, neighbours {indices.shape} and {similarities.shape}."
        )
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1) | ~vectors.any(axis=1))
    if len(bad):
        raise UnusableVectors(
            f"{len(bad)} vectors hold NaN, an infinity or only zeros, the first that of paper {bad[0]}.",
            papers=bad[:100].tolist(),
        )
    if indices.size and (indices.min() < 0 or indices.max() >= len(vectors)):
        raise UnusableVectors("A neighbour is not in the corpus.")


def _root_only(n_papers: int) -> Hierarchy:
    root = np.zeros(n_papers, dtype=np.int64)
    return Hierarchy(
        parents=np.array([NO_TOPIC], dtype=np.int64),
        assignments=root,
        confidences=np.ones(n_papers, dtype=np.float32),
        best_guesses=root.copy(),
        runners_up=np.full(n_papers, NO_TOPIC, dtype=np.int64),
    )


def _grow(
    vectors: Points,
    neighbours: tuple[Indices, Similarities],
    firsts: Indices,
    distinct: Indices,
    parameters: BuildParameters,
    report: Progress,
) -> Hierarchy:
    weights = np.bincount(distinct).astype(np.float64)
    smallest, n_leaves = leaf_plan(len(vectors), parameters)
    report("smooth", 0, 5)
    points = reduce_dimensions(vectors[firsts], weights, N_DIMENSIONS)
    graph = neighbour_graph(*_nearest_few(neighbours), distinct)
    fine = smooth(points, graph, steps=parameters.fine_steps, share=parameters.smoothing)
    more = max(0, parameters.coarse_steps - parameters.fine_steps)
    coarse = smooth(fine, graph, steps=more, share=parameters.smoothing)
    report("leaves", 1, 5)
    leaves = find_leaves(
        fine, weights, graph, n_leaves=n_leaves, smallest=smallest, largest=parameters.largest_leaf
    )
    report("levels", 2, 5)
    parents, topics = _join_leaves(coarse, weights, leaves, parameters)
    parents, points_in = divide_few(
        fine, weights, parents, topics[leaves], smallest=smallest, parameters=parameters
    )
    report("assign", 3, 5)
    parents, filed = _in_display_order(parents, points_in[distinct])
    report("assign", 4, 5)
    hierarchy = _with_places(vectors, neighbours[0], parents, filed, smallest, parameters)
    report("assign", 5, 5)
    return hierarchy


def _nearest_few(neighbours: tuple[Indices, Similarities]) -> tuple[Indices, Similarities]:
    """Keep fewer neighbours in a small corpus, where the further ones are already in other fields."""
    indices, similarities = neighbours
    few = max(FEWEST_NEIGHBOURS, round(USUAL_NEIGHBOURS * np.sqrt(len(indices) / USUAL_PAPERS)))
    return indices[:, :few], similarities[:, :few]


def _join_leaves(
    coarse: Points, weights: Sums, leaves: Indices, parameters: BuildParameters
) -> tuple[Indices, Indices]:
    means, masses = group_means(coarse, weights, leaves)
    return cut_levels(ward_linkage(means, masses), masses, parameters)


def _in_display_order(parents: Indices, filed: Indices) -> tuple[Indices, Indices]:
    """Renumber topics depth first, siblings by size and then by first paper."""
    sizes = np.bincount(filed, minlength=len(parents))
    firsts = np.full(len(parents), len(filed))
    np.minimum.at(firsts, filed, np.arange(len(filed)))
    for topic in range(len(parents) - 1, 0, -1):
        sizes[parents[topic]] += sizes[topic]
        firsts[parents[topic]] = min(firsts[parents[topic]], firsts[topic])
    children = topic_children(parents)
    number, waiting = np.zeros(len(parents), dtype=np.int64), [0]
    new_parents: list[int] = []
    while waiting:
        topic = waiting.pop()
        number[topic] = len(new_parents)
        new_parents.append(int(number[parents[topic]]) if topic else NO_TOPIC)
        waiting.extend(sorted(children[topic], key=lambda child: (sizes[child], -firsts[child])))
    return np.array(new_parents, dtype=np.int64), number[filed]


def _with_places(
    vectors: Points,
    neighbours: Indices,
    parents: Indices,
    filed: Indices,
    smallest: int,
    parameters: BuildParameters,
) -> Hierarchy:
    names, leaves = np.unique(filed, return_inverse=True)
    if len(names) == 1:
        return _root_only(len(vectors))
    places: Places = place_papers(vectors, neighbours, leaves.astype(np.int64), smallest, parameters)
    assigned, homes = places.assignments != NO_TOPIC, places.second_homes
    return Hierarchy(
        parents=parents,
        assignments=np.where(assigned, names[places.assignments], NO_TOPIC),
        confidences=places.confidences,
        best_guesses=names[places.best_guesses],
        runners_up=names[places.runners_up],
        second_homes=SecondHomes(homes.papers, names[homes.topics], homes.confidences),
    )
