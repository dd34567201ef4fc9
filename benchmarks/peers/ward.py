"""Ward's linkage of the vectors as they are, exact, down to single papers (fastcluster)."""

import fastcluster
import numpy as np

from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch, from_merges


def make_tree(papers: Papers) -> PeerTree:
    clock = Stopwatch()
    with clock.timing("cluster"):
        merges = fastcluster.linkage(papers.vectors, method="ward")[:, :2].astype(np.int64)
    return from_merges(merges, np.arange(len(papers.vectors)), clock.seconds)
