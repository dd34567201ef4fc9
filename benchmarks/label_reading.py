"""Draws topics of a tree to be read: each label with its path, beside papers of the topic.

    .venv/bin/python -m benchmarks.label_reading --seed N [--corpus 20k] [--topics 40] [--papers 5]
        [--cache FOLDER] [--write FILE.md]

Needs ``../shared/data``. Topics are drawn at random below the root, at least four a level, the rest by the
square root of how many topics the level has, so that broad ones are read, too. What is written holds titles
and abstracts: it is for the reader, not for the repository.
"""

import argparse
from pathlib import Path

import numpy as np

from app.hierarchy.build import build_hierarchy
from app.hierarchy.members import topic_members
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import Hierarchy, Indices, topic_depths
from app.index.neighbours import find_neighbours
from app.index.open import open_embedder
from app.labelling.keyphrases import label_topics
from benchmarks.corpora import Corpus, load_vectors, read_corpus, read_ids

ROOT = Path(__file__).resolve().parents[1]
FEWEST_A_LEVEL = 4
LONGEST_ABSTRACT = 700


def draw_topics(hierarchy: Hierarchy, n_topics: int, *, seed: int) -> Indices:
    """Draw topics below the root, stratified by depth; ascending."""
    random, depths = np.random.default_rng(seed), topic_depths(hierarchy.parents)
    levels = [np.flatnonzero(depths == depth) for depth in range(1, int(depths.max(initial=0)) + 1)]
    wanted = np.array([min(FEWEST_A_LEVEL, len(level)) for level in levels], dtype=np.float64)
    shares = np.sqrt([len(level) for level in levels])
    wanted += max(n_topics - wanted.sum(), 0) * shares / shares.sum()
    drawn = [
        random.choice(level, min(round(number), len(level)), replace=False)
        for level, number in zip(levels, wanted, strict=True)
    ]
    return np.sort(np.concatenate(drawn))


def write_reading(corpus: Corpus, cache: Path, *, n_topics: int, n_papers: int, seed: int) -> str:
    """Build and label the tree of a corpus and write what is to be read."""
    parameters = BuildParameters()
    vectors = load_vectors(corpus, cache)
    neighbours = find_neighbours(vectors, parameters.neighbours, seed=0)
    hierarchy = build_hierarchy(vectors, neighbours=neighbours, parameters=parameters, seed=0)
    labels = label_topics(corpus.texts, hierarchy, vectors, embed=open_embedder("minilm").embed)
    members, random = topic_members(hierarchy), np.random.default_rng(seed)
    ids, lines = read_ids(corpus.name), []
    for number, topic in enumerate(draw_topics(hierarchy, n_topics, seed=seed), start=1):
        path, above = [labels[topic].label], int(hierarchy.parents[topic])
        while above > 0:
            path, above = [labels[above].label, *path], int(hierarchy.parents[above])
        papers = members.indices[members.indptr[topic] : members.indptr[topic + 1]]
        lines.append(f"## {number}. {' › '.join(path)} ({len(papers)} papers)\n")
        for paper in random.choice(papers, min(n_papers, len(papers)), replace=False):
            title, abstract = corpus.texts[paper]
            lines.append(f"- **{ids[paper]}** {title}\n  {abstract[:LONGEST_ABSTRACT]}\n")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--corpus", default="20k")
    parser.add_argument("--topics", type=int, default=40)
    parser.add_argument("--papers", type=int, default=5, help="beside each label")
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench-cache", help="where vectors are kept")
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    reading = write_reading(
        read_corpus(arguments.corpus),
        arguments.cache,
        n_topics=arguments.topics,
        n_papers=arguments.papers,
        seed=arguments.seed,
    )
    if arguments.write:
        arguments.write.write_text(reading, encoding="utf-8")
    else:
        print(reading)


if __name__ == "__main__":
    main()
