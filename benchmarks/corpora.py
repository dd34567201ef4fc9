"""Reads the corpora that trees are scored on, and keeps what papers are filed under apart from the rest."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.hierarchy.categories import CategoryLevel, category_levels
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

N_LEVELS = 2
"""Gold levels that are scored; below them too few papers have a category."""


@dataclass(frozen=True)
class Corpus:
    """A corpus; ``texts`` are titles and abstracts, and all that a tree is made from."""

    name: str
    texts: Sequence[tuple[str, str]]
    gold: Sequence[CategoryLevel]


def read_corpus(name: str) -> Corpus:
    """Read a corpus by its short name."""
    papers = _read_papers(name)
    texts = [(paper.get("title") or "", paper.get("abstract") or "") for paper in papers]
    paths = [_paths(paper) for paper in papers]
    return Corpus(name, texts, category_levels(paths)[:N_LEVELS])


def read_ids(name: str) -> list[str]:
    """Read what names each paper outside of papertree."""
    return [str(paper["id"]) for paper in _read_papers(name)]


def read_categories(name: str) -> list[list[str]]:
    """Read all that each paper is filed under: what arXiv lists, or the second level of its paths."""
    papers = _read_papers(name)
    if "categories" in papers[0]:
        return [list(paper["categories"]) for paper in papers]
    return [
        ["/".join(path[:N_LEVELS]) for path in _paths(paper) if len(path) >= N_LEVELS] for paper in papers
    ]


def _read_papers(name: str) -> list[Mapping[str, Any]]:
    content = gzip.decompress((DATA / FOLDERS[name] / "papers.jsonl.gz").read_bytes())
    return [json.loads(line) for line in content.splitlines()]


def _paths(paper: Mapping[str, Any]) -> list[tuple[str, ...]]:
    paths = paper["paths"] if "paths" in paper else [paper["path"]]
    return [tuple(path) for path in paths]


def load_vectors(corpus: Corpus, cache: Path) -> Vectors:
    """Embed the papers of a corpus as the product does, once; the vectors are kept in a folder."""
    return _kept(
        cache / f"{corpus.name}.npy", [f"{title}\n\n{abstract}".strip() for title, abstract in corpus.texts]
    )


def load_title_vectors(corpus: Corpus, cache: Path) -> Vectors:
    """Embed the titles alone, once: what papers are looked for with."""
    return _kept(cache / f"{corpus.name}.titles.npy", [title for title, _ in corpus.texts])


def _kept(file: Path, texts: Sequence[str]) -> Vectors:
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, open_embedder("minilm").embed(texts))
    vectors: Vectors = np.load(file)
    if len(vectors) != len(texts):
        raise SystemExit(f"{file} holds {len(vectors)} vectors for {len(texts)} papers; delete it.")
    return vectors
