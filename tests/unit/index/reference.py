"""Texts invented for these tests and what sentence-transformers makes of them in fp32."""

import json
from pathlib import Path

import numpy as np

from app.index.embedder import Vectors

DATA = Path(__file__).parent / "data"


def reference_texts() -> list[str]:
    texts: list[str] = json.loads((DATA / "reference_texts.json").read_text(encoding="utf-8"))
    return texts


def reference_vectors() -> Vectors:
    return np.load(DATA / "reference_vectors.npy")


def cosines(left: Vectors, right: Vectors) -> np.ndarray:
    return (left.astype(np.float64) * right).sum(axis=1)
