"""K-means in three steps, the centroids of one clustered by the next, as SCYCHIC does [1]_.

Vectors are standardised first. In small corpora the numbers of groups are bounded so that the lowest hold
five papers on average.

.. [1] Gao et al., "Science hierarchography", EMNLP 2025, arXiv 2504.13834.
"""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch
from benchmarks.peers.shapes import nest_layers

COUNTS = (276, 40, 6)


def make_tree(papers: Papers) -> PeerTree:
    clock = Stopwatch()
    with clock.timing("cluster"):
        points = StandardScaler().fit_transform(papers.vectors)
        groups, layers = np.arange(len(points)), []
        for count in COUNTS:
            count = min(count, max(2, len(points) // 5))
            model = KMeans(count, random_state=papers.seed, n_init="auto").fit(points)
            groups, points = model.labels_[groups].astype(np.int64), model.cluster_centers_
            layers.append(groups)
        hierarchy, _ = nest_layers(layers)
    return PeerTree(hierarchy, clock.seconds, layers=np.array(layers))
