"""A tree that was given by its labels alone, and papers filed by those: where CHIME's corrector starts."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from scipy.special import expit

from app.hierarchy.smooth import Points, to_unit
from app.hierarchy.tree import NO_TOPIC, Indices
from app.index.open import open_embedder
from benchmarks.answering import World
from benchmarks.corpora import DATA, read_paths_of
from benchmarks.person import Person

Step = tuple[str, ...]


def give_tree(name: str, vectors: Points, neighbours: Indices, cache: Path) -> tuple[World, Person]:
    """Take categories as topics, with their names and arXiv's descriptions of them, and file papers by those.

    Returns
    -------
    World
        Every paper in the leaf whose label is nearest. Confidences are of the margin over the next.
    Person
        Who knows the leaf that each paper's gold path ends in.
    """
    paths = [paths[0] for paths in read_paths_of(name)]
    steps = sorted({path[:depth] for path in paths for depth in range(1, len(path) + 1)}, key=_breadth)
    numbers = {step: number for number, step in enumerate(steps, start=1)}
    parents = np.array([NO_TOPIC, *(numbers.get(step[:-1], 0) for step in steps)], dtype=np.int64)
    belongs = np.array([numbers[path] for path in paths], dtype=np.int64)
    leaves, categories = np.unique(belongs, return_inverse=True)
    labels = np.zeros((len(parents), vectors.shape[1]), np.float32)
    labels[leaves] = _embed_labels(name, [steps[leaf - 1] for leaf in leaves], cache)
    near = to_unit(labels[leaves] - labels[leaves].mean(axis=0))
    similarities = to_unit(vectors - vectors.mean(axis=0)) @ near.T
    two = np.partition(similarities, -2, axis=1)[:, -2:]
    margins = two[:, 1] - two[:, 0]
    confidences = expit(margins / np.median(margins)).astype(np.float32)
    means = np.zeros((len(parents), len(leaves)), dtype=np.bool_)
    means[leaves, np.arange(len(leaves))] = True
    homes = leaves[similarities.argmax(axis=1)]
    world = World(vectors, neighbours, parents, homes, confidences, labels)
    return world, Person(categories.astype(np.int64), means, belongs)


def _breadth(step: Step) -> tuple[int, Step]:
    return len(step), step


def _describe(category: Mapping[str, str] | None, name: str) -> str:
    return f"{category['name']}. {category['description']}" if category else name


def _embed_labels(name: str, leaves: list[Step], cache: Path) -> Points:
    file = cache / f"{name}.given-labels.npy"
    if not file.is_file():
        lines = (DATA / "taxonomies" / "arxiv.jsonl").read_text(encoding="utf-8").splitlines()
        known = {category["id"]: category for category in map(json.loads, lines)}
        texts = [_describe(known.get(leaf[-1]), leaf[-1]) for leaf in leaves]
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, open_embedder("minilm").embed(texts))
    vectors: Points = np.load(file)
    return vectors
