"""What phrases mean to the encoder: some are embedded, the others are told from those.

Embedding a phrase takes about as long as everything else that is done with it, and what it means is known
by then: from the papers that have it, and from embedded phrases that share a word with it.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import csr_array

from app.hierarchy.tree import Indices
from app.index.embedder import Vectors

Embed = Callable[[Sequence[str]], Vectors]
"""Turns texts into unit vectors, in their order; the encoder that embedded the papers."""

CHUNK = 512
RIDGE = 0.3
"""How far what is told of a phrase is drawn toward the mean of all: more than 0, or a chance would decide."""


def embed_in_chunks(texts: Sequence[str], embed: Embed) -> Vectors:
    """Embed any number of texts, at most `CHUNK` in a call."""
    chunks = [np.asarray(embed(texts[at : at + CHUNK])) for at in range(0, len(texts), CHUNK)]
    return np.concatenate(chunks) if chunks else np.zeros((0, 1), np.float32)


def tell_meanings(
    texts: Sequence[str],
    keys: Sequence[tuple[str, ...]],
    centroids: Vectors,
    embedded: Indices,
    embed: Embed,
) -> Vectors:
    """Embed some phrases, and tell the vectors of the others by kernel ridge regression.

    Two phrases are alike as far as their papers are and as far as they share words: the kernel is the sum of
    the cosines of their centroids and of their sets of words.

    Parameters
    ----------
    texts, keys : sequence
        Each phrase as it is written, and its words in normal form.
    centroids : ndarray of shape (n_phrases, n_dimensions), float32
        Mean of the vectors of the papers that have each phrase, the mean of all papers taken off.
    embedded : ndarray of shape (n_embedded,), int64
        Phrases to embed, ascending.
    embed : callable
        The encoder, called with at most `CHUNK` texts.

    Returns
    -------
    ndarray of shape (n_phrases, n_dimensions), float32
        Unit vectors of what is embedded. Those told are the shorter the less is known of them, and so win
        less often against what is known.

    Notes
    -----
    Holds (n_phrases, n_embedded) numbers: 4 bytes each.
    """
    known = embed_in_chunks([texts[place] for place in embedded.tolist()], embed)
    if len(embedded) == len(texts):
        return known
    usual = known.mean(axis=0)
    directions, words = _unit(centroids), _word_sets(keys)
    kernel = directions @ directions[embedded].T + (words @ words[embedded].T).toarray()
    ridge = kernel[embedded] + RIDGE * np.eye(len(embedded), dtype=np.float32)
    told = usual + kernel @ np.linalg.solve(ridge, known - usual)
    told /= np.maximum(np.linalg.norm(told, axis=1, keepdims=True), 1.0)
    told[embedded] = known
    return np.asarray(told, dtype=np.float32)


def _word_sets(keys: Sequence[tuple[str, ...]]) -> csr_array:
    """Give each phrase the unit vector of its set of words."""
    numbers: dict[str, int] = {}
    sets = [sorted({numbers.setdefault(word, len(numbers)) for word in key}) for key in keys]
    sizes = np.array([len(own) for own in sets])
    values = np.repeat(1 / np.sqrt(sizes), sizes).astype(np.float32)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    columns = np.concatenate([np.asarray(own) for own in sets])
    return csr_array((values, columns, ends), shape=(len(keys), len(numbers)))


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(
        vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32
    )
