"""Toponymy without a language model: UMAP, the layers of its clusterer, and its keyphrases as labels.

The steps are those of ``Toponymy.fit`` up to where it would ask a model for names.
"""

from toponymy import KeyphraseBuilder, ToponymyClusterer
from umap import UMAP

from benchmarks.peers.encoder import open_encoder
from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch
from benchmarks.peers.shapes import nest_layers

LABEL_KEYPHRASES = 3


def make_tree(papers: Papers) -> PeerTree:
    encoder, clock = open_encoder(), Stopwatch()
    with clock.timing("cluster"):
        points = UMAP(metric="cosine", n_components=5).fit_transform(papers.vectors)
        layers, _ = ToponymyClusterer(verbose=False).fit_predict(points, papers.vectors)
        hierarchy, sources = nest_layers([layer.cluster_labels for layer in layers])
    with clock.timing("label"):
        matrix, phrases, vectors = KeyphraseBuilder(embedder=encoder).fit_transform(papers.whole_texts())
        names = [layer.make_keyphrases(phrases, matrix, vectors, encoder) for layer in layers]
    labels = ["All papers"]
    labels += [", ".join(names[layer][group][:LABEL_KEYPHRASES]) for layer, group in sources[1:]]
    return PeerTree(hierarchy, clock.seconds, labels)
