"""Names every way to make a tree that the table compares."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    """One way to make a tree.

    ``module`` has a function ``make_tree(papers) -> PeerTree``. ``packages`` are those whose versions are
    printed. ``own`` is the product, which runs in the product's environment.
    """

    title: str
    module: str
    packages: tuple[str, ...]
    own: bool = False


PEERS = {
    "ours": Peer("papertree", "ours", (), own=True),
    "bertopic": Peer("BERTopic, its defaults", "bertopic_tree", ("bertopic", "umap-learn", "hdbscan")),
    "bertopic_words": Peer("BERTopic, advised vectorizer", "bertopic_words", ("bertopic", "scikit-learn")),
    "toponymy": Peer("Toponymy, no LLM", "toponymy_layers", ("toponymy", "fast_hdbscan", "umap-learn")),
    "top2vec": Peer("Top2Vec, reduced topics", "top2vec_tree", ("top2vec", "umap-learn", "hdbscan")),
    "evoc": Peer("EVoC layers", "evoc_layers", ("evoc",)),
    "leiden": Peer("Leiden, five resolutions (graspologic)", "leiden_native", ("graspologic-native",)),
    "leidenalg": Peer("Leiden, five resolutions (leidenalg)", "leiden_igraph", ("leidenalg", "igraph")),
    "kmeans": Peer("K-means ladder 276/40/6 (as SCYCHIC)", "kmeans_ladder", ("scikit-learn",)),
    "ward": Peer("Ward, exact", "ward", ("fastcluster",)),
    "umap_ward": Peer("UMAP + Ward", "umap_ward", ("umap-learn", "fastcluster")),
}
