"""Reads the corpora that trees are scored on; what they are filed under is kept apart from what is given away."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array

from app.hierarchy.measure import SMALLEST_CATEGORY
from app.hierarchy.tree import NO_TOPIC, Indices
from app.index.embedder import Vectors
from app.index.open import open_embedder

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

FOLDERS = {
    "demo": "arxiv_demo_800",
    "dev": "arxiv_hier_dev_5k",
    "20k": "arxiv_hier_20k",
    "emnlp": "emnlp22_nlp_taxonomy",
}
"""Short names, which are also those of the files that vectors are kept in."""


@dataclass(frozen=True)
class GoldLevel:
    """What papers are filed under at one level of somebody else's tree.

    A category is a path from the top, not only its last name. Papers with shorter paths have none here.

    Attributes
    ----------
    members : csr_array of shape (n_categories, n_papers), int32
        1 where any of the paper's paths leads through the category.
    firsts : ndarray of shape (n_papers,), int64
        The category of the first path; ``NO_TOPIC`` where it is too short.
    """

    members: csr_array
    firsts: Indices

    @property
    def n_scored(self) -> int:
        """Number of categories with enough papers."""
        return int((self.members.sum(axis=1) >= SMALLEST_CATEGORY).sum())

    def shuffled(self, order: Indices) -> "GoldLevel":
        """File each paper where another belongs."""
        return GoldLevel(csr_array(self.members[:, order]), self.firsts[order])


@dataclass(frozen=True)
class Corpus:
    """A corpus; ``texts`` are titles and abstracts, and all that a tree is made from."""

    name: str
    texts: Sequence[tuple[str, str]]
    gold: Sequence[GoldLevel]


def read_corpus(name: str) -> Corpus:
    """Read a corpus by its short name."""
    content = gzip.decompress((DATA / FOLDERS[name] / "papers.jsonl.gz").read_bytes())
    papers = [json.loads(line) for line in content.splitlines()]
    texts = [(paper.get("title") or "", paper.get("abstract") or "") for paper in papers]
    paths = [_paths(paper) for paper in papers]
    return Corpus(name, texts, [gold_level(paths, level) for level in (1, 2)])


def _paths(paper: Mapping[str, Any]) -> list[tuple[str, ...]]:
    paths = paper["paths"] if "paths" in paper else [paper["path"]]
    return [tuple(path) for path in paths]


def gold_level(paths: Sequence[Sequence[tuple[str, ...]]], level: int) -> GoldLevel:
    """Number the categories at a level, 1 being the top, of papers that have several paths each."""
    numbers: dict[tuple[str, ...], int] = {}
    rows, columns = [], []
    firsts = np.full(len(paths), NO_TOPIC, dtype=np.int64)
    for paper, own in enumerate(paths):
        found = [
            numbers.setdefault(path[:level], len(numbers)) if len(path) >= level else NO_TOPIC
            for path in own
        ]
        firsts[paper] = found[0] if found else NO_TOPIC
        for category in sorted(set(found) - {NO_TOPIC}):
            rows.append(category)
            columns.append(paper)
    ones = np.ones(len(rows), dtype=np.int32)
    return GoldLevel(csr_array(coo_array((ones, (rows, columns)), shape=(len(numbers), len(paths)))), firsts)


def load_vectors(corpus: Corpus, cache: Path) -> Vectors:
    """Embed a corpus as the product does, once; the vectors are kept in a folder."""
    file = cache / f"{corpus.name}.npy"
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        texts = [f"{title}\n\n{abstract}".strip() for title, abstract in corpus.texts]
        np.save(file, open_embedder("minilm").embed(texts))
    vectors: Vectors = np.load(file)
    if len(vectors) != len(corpus.texts):
        raise SystemExit(f"{file} holds {len(vectors)} vectors for {len(corpus.texts)} papers; delete it.")
    return vectors
