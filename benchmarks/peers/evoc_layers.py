"""EVoC: density clusters of a graph embedding, in several layers."""

import numpy as np
from evoc import EVoC

from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch
from benchmarks.peers.shapes import nest_layers


def warm_up(papers: Papers) -> None:
    """Run on all papers: what it compiles for tens of thousands it does not need for a few."""
    make_tree(papers)


def make_tree(papers: Papers) -> PeerTree:
    clock = Stopwatch()
    with clock.timing("cluster"):
        model = EVoC(random_state=papers.seed)
        model.fit_predict(papers.vectors)
        hierarchy, _ = nest_layers(model.cluster_layers_)
    return PeerTree(hierarchy, clock.seconds, layers=np.array(model.cluster_layers_))
