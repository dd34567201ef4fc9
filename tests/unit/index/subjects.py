"""Vectors that lie as those of papers do, without a model."""

import numpy as np

from app.index.embedder import Vectors


def subject_vectors(n: int, *, seed: int, n_dimensions: int = 96) -> Vectors:
    """Vectors in subjects within fields, of uneven size, and so wide that neighbours cross their borders."""
    random = np.random.default_rng(seed)
    fields = random.normal(size=(12, n_dimensions))
    subjects = fields[random.integers(0, 12, 150)] + random.normal(size=(150, n_dimensions))
    sizes = random.pareto(1.5, 150) + 0.2
    own = random.choice(150, n, p=sizes / sizes.sum())
    flat = random.normal(size=(n, 24)) @ random.normal(size=(24, n_dimensions)) / np.sqrt(24)
    vectors = subjects[own] + 2.0 * flat
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
