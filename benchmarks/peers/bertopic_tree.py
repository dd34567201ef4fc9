"""BERTopic with its hierarchical topics: UMAP, HDBSCAN, c-TF-IDF, all at its own defaults.

Scored as the binary tree that ``hierarchical_topics`` gives, with the names it gives. Papers without a topic
are unassigned.
"""

from typing import Any

import numpy as np
from bertopic import BERTopic

from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch, from_merges


def make_tree(papers: Papers) -> PeerTree:
    return tree_of(BERTopic(), papers)


def tree_of(model: BERTopic, papers: Papers) -> PeerTree:
    """Fit a model and take its tree; what UMAP and HDBSCAN do is the clustering, the rest the labels."""
    clock, texts = Stopwatch(), papers.whole_texts()
    for part in (model.umap_model, model.hdbscan_model):
        _time_calls(part, clock)
    with clock.timing("whole"):
        topics, _ = model.fit_transform(texts, embeddings=papers.vectors)
        joined = model.hierarchical_topics(texts)
    spent = clock.seconds
    seconds = {name: spent[name] for name in ("cluster", "cluster_cpu")}
    seconds |= {f"label{kind}": spent[f"whole{kind}"] - spent[f"cluster{kind}"] for kind in ("", "_cpu")}
    # The table stands from the last merge to the first; nodes are numbered as SciPy does.
    joined = joined.assign(node=joined["Parent_ID"].astype(int)).sort_values("node")
    merges = joined[["Child_Left_ID", "Child_Right_ID"]].astype(int).to_numpy()
    names = dict(zip(joined["node"], joined["Parent_Name"], strict=True))
    for side in ("Left", "Right"):
        names |= dict(zip(joined[f"Child_{side}_ID"].astype(int), joined[f"Child_{side}_Name"], strict=True))
    labels = [names[node].replace("_", " ") for node in range(2 * len(merges), -1, -1)]
    return from_merges(merges, np.array(topics, dtype=np.int64), seconds, labels)


def _time_calls(part: Any, clock: Stopwatch) -> None:  # noqa: ANN401 - Of two libraries.
    """Count what a part of the model does to the clustering."""
    for name in ("fit", "transform"):
        method = getattr(part, name, None)
        if method is None:
            continue

        def timed(*arguments: object, _method: Any = method, **named: object) -> object:  # noqa: ANN401
            with clock.timing("cluster"):
                return _method(*arguments, **named)

        setattr(part, name, timed)
