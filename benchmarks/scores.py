"""Scores a peer's tree against somebody else's, as generously as its kind allows."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from sklearn.metrics import adjusted_mutual_info_score

from app.hierarchy.build import build_hierarchy
from app.hierarchy.categories import CategoryLevel
from app.hierarchy.measure import SMALLEST_CATEGORY, best_depth_ami, best_node_f1, dendrogram_purity
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.stability import measure_stability
from app.hierarchy.structure import measure_homes, measure_label_shape, measure_structure
from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices, topic_depths
from app.index.embedder import Vectors
from app.index.neighbours import find_neighbours
from app.labelling.grounding import measure_grounding
from benchmarks.peers.peer_tree import PeerTree
from benchmarks.peers.shapes import cut_papers, nest_layers


def score(tree: PeerTree, gold: Sequence[CategoryLevel]) -> dict[str, list[float]]:
    """Measure best-node F1, AMI and dendrogram purity at each gold level.

    A binary tree is cut at the true number of categories for AMI; one that goes down to single papers is
    also scored by F1 on nothing but those cuts, since a person could not read it as it is. Both help it:
    other trees, ours included, do not know those numbers. Of flat layers the one with the nearest number of
    groups is taken for AMI, since what is noise in one hangs higher in the tree. Purity is always that of
    the whole tree.

    Returns
    -------
    dict
        ``f1``, ``ami`` and ``purity``; of a dendrogram down to single papers also ``f1_any_node``, with every
        node for a topic, and ``purity_of_cuts``, where pairs meet no lower than in the finest cut, as they do
        in trees whose leaves hold many papers. One figure a gold level.
    """
    counts = [int((level.members.sum(axis=1) >= SMALLEST_CATEGORY).sum()) for level in gold]
    found: dict[str, list[float]] = {
        "f1": [],
        "ami": [],
        "purity": [dendrogram_purity(tree.hierarchy, level.firsts) for level in gold],
    }
    read = tree.hierarchy
    if tree.merges is not None and tree.points is not None:
        if tree.splits_to_papers:
            found["f1_any_node"] = [best_node_f1(tree.hierarchy, level.members) for level in gold]
            cuts = [cut_papers(tree.merges, tree.points, count) for count in sorted(counts, reverse=True)]
            read, _ = nest_layers(cuts)
            found["purity_of_cuts"] = [dendrogram_purity(read, level.firsts) for level in gold]
        found["ami"] = [
            _ami(cut_papers(tree.merges, tree.points, count), level.firsts)
            for count, level in zip(counts, gold, strict=True)
        ]
    elif tree.layers is not None:
        sizes = [len(np.unique(layer[layer != NO_TOPIC])) for layer in tree.layers]
        nearest = [int(np.abs(np.array(sizes) - count).argmin()) for count in counts]
        found["ami"] = [
            _ami(tree.layers[layer], level.firsts) for layer, level in zip(nearest, gold, strict=True)
        ]
    else:
        found["ami"] = [best_depth_ami(tree.hierarchy, level.firsts) for level in gold]
    found["f1"] = [best_node_f1(read, level.members) for level in gold]
    return found


def shuffle_gold(gold: Sequence[CategoryLevel], *, seed: int) -> list[CategoryLevel]:
    """Give each paper the categories of another: the control of every figure."""
    order = np.random.default_rng(seed).permutation(len(gold[0].firsts))
    return [
        CategoryLevel(level.level, csr_array(level.members[:, order]), level.firsts[order]) for level in gold
    ]


def topics_by_depth(tree: PeerTree) -> list[int]:
    """Count the topics at each depth; nothing of a dendrogram down to single papers, which has no levels."""
    if tree.splits_to_papers:
        return []
    return [int(count) for count in np.bincount(topic_depths(tree.hierarchy.parents))]


def coverage(tree: PeerTree) -> float:
    """Give the share of papers that are filed under a topic."""
    return float((tree.hierarchy.assignments != NO_TOPIC).mean())


def shape(
    tree: PeerTree, texts: Sequence[tuple[str, str]], vectors: Vectors, *, seed: int
) -> dict[str, dict[str, Any]]:
    """Describe our tree as `papertree evaluate` does: structure, second homes, labels, stability."""
    hierarchy = tree.hierarchy
    parameters = BuildParameters()

    def build(papers: Indices) -> Hierarchy:
        some = vectors[papers]
        neighbours = find_neighbours(some, parameters.neighbours, seed=seed)
        return build_hierarchy(some, neighbours=neighbours, parameters=parameters, seed=seed)

    labels = tree.labels or [""] * len(hierarchy.parents)
    return {
        "grounding": asdict(measure_grounding(labels, hierarchy, texts, seed=seed)),
        "stability": asdict(measure_stability(len(vectors), build, seed=seed)),
        "structure": asdict(measure_structure(hierarchy)),
        "homes": asdict(measure_homes(hierarchy)),
        "labels": asdict(measure_label_shape(hierarchy.parents, labels)),
    }


def _ami(groups: Indices, categories: Indices) -> float:
    sizes = np.bincount(categories[categories != NO_TOPIC])
    scored = np.flatnonzero((categories != NO_TOPIC) & (sizes[categories] >= SMALLEST_CATEGORY))
    return float(adjusted_mutual_info_score(categories[scored], groups[scored]))
