"""Leiden communities of the nearest-neighbour graph at several resolutions, by leidenalg."""

import igraph
import leidenalg
import numpy as np

from benchmarks.peers.leiden_native import RESOLUTIONS
from benchmarks.peers.neighbour_edges import neighbour_edges
from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch
from benchmarks.peers.shapes import nest_layers


def make_tree(papers: Papers) -> PeerTree:
    clock = Stopwatch()
    with clock.timing("cluster"):
        sources, targets, weights = neighbour_edges(papers.vectors)
        graph = igraph.Graph(n=len(papers.vectors), edges=np.column_stack([sources, targets]).tolist())
        layers = [
            np.array(
                leidenalg.find_partition(
                    graph,
                    leidenalg.RBConfigurationVertexPartition,
                    weights=weights.tolist(),
                    resolution_parameter=resolution,
                    seed=papers.seed,
                ).membership
            )
            for resolution in RESOLUTIONS
        ]
        hierarchy, _ = nest_layers(layers)
    return PeerTree(hierarchy, clock.seconds, layers=np.array(layers))
