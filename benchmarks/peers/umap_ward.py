"""Ward's linkage, exact, of what UMAP makes of the vectors."""

import fastcluster
import numpy as np
from umap import UMAP

from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch, from_merges


def make_tree(papers: Papers) -> PeerTree:
    clock = Stopwatch()
    with clock.timing("cluster"):
        reducer = UMAP(n_neighbors=15, n_components=10, min_dist=0.0, metric="cosine")
        points = reducer.fit_transform(papers.vectors)
        merges = fastcluster.linkage(points, method="ward")[:, :2].astype(np.int64)
    return from_merges(merges, np.arange(len(papers.vectors)), clock.seconds)
