"""Top2Vec with its hierarchical topic reduction; the vectors of papers are given, it embeds its words.

It reduces topics to any number asked for. Asked for a quarter of them, a quarter of those and so on, as long
as four are left, it gives nested layers.
"""

from collections.abc import Sequence

import numpy as np
from top2vec import Top2Vec

from app.hierarchy.tree import Indices
from app.index.embedder import Vectors
from benchmarks.peers.encoder import open_encoder
from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch
from benchmarks.peers.shapes import nest_layers

REDUCTION, FEWEST = 4, 4
LABEL_WORDS = 4


def make_tree(papers: Papers) -> PeerTree:
    texts, clock = papers.whole_texts(), Stopwatch()
    encoder, known = open_encoder(), dict(zip(texts, papers.vectors, strict=True))

    def embed(wanted: Sequence[str]) -> Vectors:
        if all(text in known for text in wanted):
            return np.stack([known[text] for text in wanted])
        return encoder.encode(list(wanted), show_progress_bar=False)

    with clock.timing("cluster"):
        model = Top2Vec(texts, embedding_model=embed, verbose=False)
        topics, _, _, _ = model.get_documents_topics(model.document_ids)
        words = [list(found) for found in model.get_topics()[0]]
        layers, names = [np.asarray(topics, dtype=np.int64)], [words]
        count = len(words) // REDUCTION
        while count >= FEWEST:
            reduced = model.hierarchical_topic_reduction(count)
            layers.append(_reduce(layers[0], reduced))
            names.append([list(found) for found in model.get_topics(reduced=True)[0]])
            count //= REDUCTION
        hierarchy, sources = nest_layers(layers)
    labels = ["All papers"]
    labels += [" ".join(names[layer][group][:LABEL_WORDS]) for layer, group in sources[1:]]
    return PeerTree(hierarchy, clock.seconds, labels, layers=np.array(layers))


def _reduce(topics: Indices, reduced: Sequence[Sequence[int]]) -> Indices:
    group_of = {topic: group for group, own in enumerate(reduced) for topic in own}
    return np.array([group_of[topic] for topic in topics.tolist()], dtype=np.int64)
