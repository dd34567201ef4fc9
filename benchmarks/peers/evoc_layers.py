"""EVoC: density clusters of a graph embedding, in several layers."""

from evoc import EVoC

from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch
from benchmarks.peers.shapes import nest_layers


def make_tree(papers: Papers) -> PeerTree:
    clock = Stopwatch()
    with clock.timing("cluster"):
        model = EVoC(random_state=papers.seed)
        model.fit_predict(papers.vectors)
        hierarchy, _ = nest_layers(model.cluster_layers_)
    return PeerTree(hierarchy, clock.seconds)
