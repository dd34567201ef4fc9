"""Stand-ins that obey the real protocols."""

import re
from collections.abc import Callable, Sequence
from zlib import crc32

import numpy as np

from app.index.embedder import Vectors


class HashEmbedder:
    """Embeds a text as the hashed words in it: texts that share words are near, nothing is learned."""

    model = "hash"
    n_dimensions = 64

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.n_dimensions), np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 0.01
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, crc32(word.encode()) % self.n_dimensions] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class CountingEmbedder(HashEmbedder):
    """Counts the texts it embeds, and can do something before it does."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.before = before

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.before()
        self.texts += [text for text in texts if "\n\n" in text]  # Papers; the others are phrases for labels.
        return super().embed(texts)


class NaNEmbedder(HashEmbedder):
    """Breaks on one word, the way a half-precision model overflows on odd input."""

    def __init__(self, word: str) -> None:
        self.word = word

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = super().embed(texts)
        vectors[[self.word in text for text in texts], 3] = np.nan
        return vectors


class GroupEmbedder:
    """Gives texts that name the same group, as in "group 17", nearly the same random direction."""

    model = "groups"
    n_dimensions = 32

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.n_dimensions), np.float32)
        for row, text in enumerate(texts):
            group = re.search(r"group \d+", text.lower())
            named = group[0] if group else text
            centre = np.random.default_rng(crc32(named.encode())).normal(size=self.n_dimensions)
            vectors[row] = centre + 0.2 * np.random.default_rng(crc32(text.encode())).normal(size=len(centre))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
