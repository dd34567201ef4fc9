"""Leiden communities of the nearest-neighbour graph at several resolutions, by graspologic-native."""

import numpy as np
from graspologic_native import leiden

from app.hierarchy.tree import Indices
from benchmarks.peers.neighbour_edges import neighbour_edges
from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch
from benchmarks.peers.shapes import nest_layers

RESOLUTIONS = (64.0, 16.0, 4.0, 1.0, 0.25)
"""Finest first; each about four times as coarse as the one before."""


def make_tree(papers: Papers) -> PeerTree:
    clock = Stopwatch()
    with clock.timing("cluster"):
        sources, targets, weights = neighbour_edges(papers.vectors)
        edges = [
            (str(source), str(target), weight)
            for source, target, weight in zip(
                sources.tolist(), targets.tolist(), weights.tolist(), strict=True
            )
        ]
        layers = [_communities(edges, resolution, papers) for resolution in RESOLUTIONS]
        hierarchy, _ = nest_layers(layers)
    return PeerTree(hierarchy, clock.seconds, layers=np.array(layers))


def _communities(edges: list[tuple[str, str, float]], resolution: float, papers: Papers) -> Indices:
    _, found = leiden(edges, resolution=resolution, iterations=2, use_modularity=True, seed=papers.seed)
    groups = np.full(len(papers.vectors), -1, dtype=np.int64)
    for paper, group in found.items():
        groups[int(paper)] = group
    return groups
