"""The product's own functions, from vectors to a labelled tree; the search for neighbours counts."""

from app.hierarchy.build import build_hierarchy
from app.hierarchy.parameters import BuildParameters
from app.index.neighbours import find_neighbours
from app.index.open import open_embedder
from app.labelling.keyphrases import label_topics
from benchmarks.peers.peer_tree import Papers, PeerTree, Stopwatch


def make_tree(papers: Papers) -> PeerTree:
    parameters, embedder, clock = BuildParameters(), open_embedder("minilm"), Stopwatch()
    with clock.timing("cluster"):
        neighbours = find_neighbours(papers.vectors, parameters.neighbours, seed=papers.seed)
        hierarchy = build_hierarchy(
            papers.vectors, neighbours=neighbours, parameters=parameters, seed=papers.seed
        )
    with clock.timing("label"):
        labels = label_topics(papers.texts, hierarchy, papers.vectors, embed=embedder.embed)
    return PeerTree(hierarchy, clock.seconds, [label.label for label in labels])
