"""Gathers the phrases that are worth comparing with topics by what they mean, and embeds them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from app.hierarchy.members import topic_members
from app.hierarchy.tree import Hierarchy, Indices
from app.index.embedder import Vectors
from app.labelling.contrast import Counts, count_uses, weigh_phrases
from app.labelling.phrases import Phrases
from app.labelling.stopwords import STOP_WORDS
from app.labelling.subjects import SUBJECT_KEYS

Embed = Callable[[Sequence[str]], Vectors]
"""Turns texts into unit vectors, in their order; the encoder that embedded the papers."""

MOST_POOLED, FEWEST_POOLED = 40, 3
MOST_SUBJECTS = 20
"""Names of fields that each broader topic gives besides."""

MOST_EMBEDDED = 6000
"""Phrases of all topics together; in larger hierarchies each topic gives fewer."""

CHUNK = 512
SCATTERED_USE = 0.4
"""What a paper counts that has all words of a phrase, but apart from each other."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Phrases of a corpus with their vectors.

    Attributes
    ----------
    phrases : Phrases
        Where ``uses`` counts a paper by `SCATTERED_USE` that has the words of a phrase but not the phrase.
    numbers : ndarray of shape (n_pooled,), int64
        Number of each among all phrases of the corpus, ascending.
    counts : Counts
        Of the pooled phrases, with such uses in it.
    vectors : ndarray of shape (n_pooled, n_dimensions), float32
        Unit vectors of the phrases.
    word_counts : csr_array of shape (n_topics, n_words), float32
        Papers of each topic that have each word of the corpus.
    """

    phrases: Phrases
    numbers: Indices
    counts: Counts
    vectors: Vectors
    word_counts: csr_array

    def rarest(self, topic: int, phrases: Indices) -> Indices:
        """Count for each phrase the papers of a topic that have its rarest content word: what grounds it."""
        row = self.word_counts[[topic]].toarray()[0]
        columns = (
            [self.phrases.words[word] for word in _content_words(self.phrases.keys[p])] for p in phrases
        )
        return np.array([row[own].min() for own in columns], dtype=np.int64)


def pool_phrases(phrases: Phrases, counts: Counts, hierarchy: Hierarchy, embed: Embed) -> Pool:
    """Pool each topic's best phrases by contrast, half of them of several words, and embed each once."""
    numbers = _choose(phrases, counts)
    texts = [phrases.texts[number] for number in numbers]
    keys = [phrases.keys[number] for number in numbers]
    pooled = replace(
        phrases, texts=texts, keys=keys, uses=_loose_uses(phrases, numbers), titled=phrases.titled[numbers]
    )
    chunks = [np.asarray(embed(texts[at : at + CHUNK])) for at in range(0, len(texts), CHUNK)]
    vectors = np.concatenate(chunks) if chunks else np.zeros((0, 1), np.float32)
    word_counts = csr_array(topic_members(hierarchy).astype(np.float32) @ phrases.word_uses)
    return Pool(pooled, numbers, count_uses(pooled, hierarchy), vectors, word_counts)


def _choose(phrases: Phrases, counts: Counts) -> Indices:
    n_topics = len(counts.parents)
    at_most = max(FEWEST_POOLED, min(MOST_POOLED, MOST_EMBEDDED // n_topics))
    several = np.array([len(key) > 1 for key in phrases.keys], dtype=np.bool_)
    subject = np.array([key in SUBJECT_KEYS for key in phrases.keys], dtype=np.bool_)
    chosen: set[int] = set()
    for topic in range(n_topics):
        ranked = weigh_phrases(counts, topic, at_most=8 * at_most).phrases
        first, rest = np.split(ranked, [at_most - at_most // 2])
        chosen.update(first.tolist(), rest[several[rest]][: at_most // 2].tolist())
        if counts.children[topic]:
            chosen.update(ranked[subject[ranked]][:MOST_SUBJECTS].tolist())
    return np.array(sorted(chosen), dtype=np.int64)


def _loose_uses(phrases: Phrases, numbers: Indices) -> csr_array:
    whole = phrases.uses.tocsc()[:, numbers]
    parts = []
    for column, number in enumerate(numbers):
        exact = np.sort(whole.indices[whole.indptr[column] : whole.indptr[column + 1]])
        apart = np.setdiff1d(_papers_with_all(phrases, phrases.keys[number]), exact, assume_unique=True)
        worth = np.repeat(np.array([1.0, SCATTERED_USE], np.float32), [len(exact), len(apart)])
        parts.append((np.concatenate([exact, apart]), np.full(len(worth), column), worth))
    shape = (phrases.uses.shape[0], len(numbers))
    if not parts:
        return csr_array(shape, dtype=np.float32)
    papers, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    return csr_array((values, (papers, columns)), shape=shape)


def _papers_with_all(phrases: Phrases, key: Sequence[str]) -> Indices:
    words = _content_words(key)
    found = phrases.papers_with(words[0])
    for word in words[1:]:
        found = np.intersect1d(found, phrases.papers_with(word), assume_unique=True)
    return found if len(words) > 1 else found[:0]


def _content_words(key: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(word for word in key if word not in STOP_WORDS)) or list(key)
