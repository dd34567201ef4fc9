"""Computes the reference vectors again with sentence-transformers in fp32; needs the torch extra.

Run from the repository's root: ``python -m tests.unit.index.data.make_reference``. The texts beside it were
invented for this project.
"""

import json
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from app.index.weights import find_minilm

DATA = Path(__file__).parent


def main() -> None:
    texts = json.loads((DATA / "reference_texts.json").read_text(encoding="utf-8"))
    encoder = SentenceTransformer(str(find_minilm().weights.parent), device="cpu")
    # One text a batch: no padding, so nothing of a text's vector comes from its neighbours.
    vectors = encoder.encode(texts, batch_size=1, normalize_embeddings=True, show_progress_bar=False)
    np.save(DATA / "reference_vectors.npy", vectors.astype(np.float32))


if __name__ == "__main__":
    main()
