"""Toponymy without a language model: UMAP, the layers of its clusterer, and its keyphrases as labels.

The steps are those of ``Toponymy.fit`` up to where it would ask a model for names.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from toponymy import KeyphraseBuilder, ToponymyClusterer
from umap import UMAP

from app.index.embedder import Vectors
from benchmarks.peers.encoder import open_encoder
from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch
from benchmarks.peers.shapes import nest_layers

LABEL_KEYPHRASES = 3


class Encoder(Protocol):
    """What Toponymy embeds phrases with."""

    def encode(self, texts: Sequence[str], **settings: object) -> Vectors:
        """Embed texts."""


def make_tree(papers: Papers) -> PeerTree:
    return _make_tree(papers, open_encoder())


def warm_up(papers: Papers) -> None:
    """Do everything but embed phrases, which compiles nothing and takes minutes."""
    _make_tree(papers.few(), _Noise(papers.vectors.shape[1]))


class _Noise:
    def __init__(self, n_dimensions: int) -> None:
        self._n_dimensions = n_dimensions

    def encode(self, texts: Sequence[str], **_: object) -> Vectors:
        random = np.random.default_rng(0)
        return random.standard_normal((len(texts), self._n_dimensions), dtype=np.float32)


def _make_tree(papers: Papers, encoder: Encoder) -> PeerTree:
    clock = Stopwatch()
    with clock.timing("cluster"):
        points = UMAP(metric="cosine", n_components=5).fit_transform(papers.vectors)
        layers, _ = ToponymyClusterer(verbose=False).fit_predict(points, papers.vectors)
        hierarchy, sources = nest_layers([layer.cluster_labels for layer in layers])
    with clock.timing("label"):
        matrix, phrases, vectors = KeyphraseBuilder(embedder=encoder).fit_transform(papers.whole_texts())
        names = [layer.make_keyphrases(phrases, matrix, vectors, encoder) for layer in layers]
    labels = ["All papers"]
    labels += [", ".join(names[layer][group][:LABEL_KEYPHRASES]) for layer, group in sources[1:]]
    found = np.array([layer.cluster_labels for layer in layers])
    return PeerTree(hierarchy, clock.seconds, labels, layers=found)
