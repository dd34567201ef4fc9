"""Weighs phrases for topics a second time, by what they mean to the encoder that embedded the papers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from app.hierarchy.tree import Hierarchy, Indices
from app.index.embedder import Vectors
from app.labelling.contrast import Candidates, Counts, count_uses, weigh_phrases
from app.labelling.phrases import Phrases
from app.labelling.stopwords import GENERIC_WORDS, STOP_WORDS

Embed = Callable[[Sequence[str]], Vectors]
"""Turns texts into unit vectors, in their order."""

MOST_POOLED, FEWEST_POOLED = 40, 8
MOST_EMBEDDED = 9000
"""Phrases of all topics together; beyond it each topic gives fewer."""

CHUNK = 512
SCATTERED_USE = 0.5
"""What a paper counts that has all words of a phrase but not the phrase."""

LEXICAL_POWER = 0.5
MEANING_POWER = 6.0
"""How much the words' contrast and the meaning's nearness decide."""

SINGLE_WORD_WORTH = 0.75
BROAD_CHILDREN = 3

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pool:
    """The phrases worth naming a topic with, and what they mean.

    Attributes
    ----------
    phrases : Phrases
        Where ``uses`` counts a paper in part that has all words of a phrase apart from each other.
    numbers : ndarray of shape (n_pooled,), int64
        Number of each among all phrases of the corpus.
    counts : Counts
        Of the pool.
    vectors : ndarray of shape (n_pooled, n_dimensions), float32
        Of the phrases.
    """

    phrases: Phrases
    numbers: Indices
    counts: Counts
    vectors: Vectors


def pool_phrases(phrases: Phrases, counts: Counts, hierarchy: Hierarchy, embed: Embed) -> Pool:
    """Gather each topic's best phrases by contrast, with room for rare ones of several words, and embed them."""
    n_topics = len(counts.parents)
    at_most = max(FEWEST_POOLED, min(MOST_POOLED, MOST_EMBEDDED // max(n_topics, 1)))
    words = np.array([len(key) for key in phrases.keys], dtype=np.int64)
    chosen: set[int] = set()
    for topic in range(n_topics):
        ranked = weigh_phrases(counts, topic, at_most=8 * at_most).phrases
        several = ranked[words[ranked] > 1]
        first = ranked[: at_most // 2]
        chosen.update(first.tolist())
        chosen.update(several[~np.isin(several, first)][: at_most - len(first)].tolist())
    numbers = np.array(sorted(chosen), dtype=np.int64)
    texts = [phrases.texts[number] for number in numbers]
    pooled = replace(
        phrases,
        texts=texts,
        keys=[phrases.keys[number] for number in numbers],
        uses=_loose_uses(phrases, numbers),
        titled=phrases.titled[numbers],
    )
    parts = [np.asarray(embed(texts[at : at + CHUNK])) for at in range(0, len(texts), CHUNK)]
    vectors = np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)
    return Pool(pooled, numbers, count_uses(pooled, hierarchy), vectors)


def _loose_uses(phrases: Phrases, numbers: Indices) -> csr_array:
    """Count a paper in part that has all words of a phrase apart from each other."""
    whole = phrases.uses.tocsc()[:, numbers]
    papers, columns, values = [], [], []
    for column, number in enumerate(numbers):
        exact = whole.indices[whole.indptr[column] : whole.indptr[column + 1]]
        papers.append(exact)
        columns.append(np.full(len(exact), column))
        values.append(np.ones(len(exact), np.float32))
        parts = [phrases.papers_with(word) for word in content_words(phrases.keys[number])]
        if len(parts) > 1:
            apart = parts[0]
            for part in parts[1:]:
                apart = np.intersect1d(apart, part, assume_unique=True)
            apart = np.setdiff1d(apart, exact, assume_unique=True)
            papers.append(apart)
            columns.append(np.full(len(apart), column))
            values.append(np.full(len(apart), SCATTERED_USE, np.float32))
    if not papers:
        return csr_array((phrases.uses.shape[0], 0), dtype=np.float32)
    shape = (phrases.uses.shape[0], len(numbers))
    return csr_array((np.concatenate(values), (np.concatenate(papers), np.concatenate(columns))), shape=shape)


def content_words(key: Sequence[str]) -> list[str]:
    return [word for word in key if word not in STOP_WORDS]


def rerank(pool: Pool, papers: Sequence[Indices], vectors: Vectors) -> list[Candidates]:
    n_topics, n_dimensions = len(papers), vectors.shape[1]
    means = np.zeros((n_topics, n_dimensions), np.float32)
    for topic, own in enumerate(papers):
        if len(own):
            means[topic] = vectors[own].mean(axis=0)
    return [_rerank(pool, topic, means) for topic in range(n_topics)]


def _rerank(pool: Pool, topic: int, means: Vectors) -> Candidates:
    found = weigh_phrases(pool.counts, topic, at_most=400)
    if not len(found.phrases):
        return found
    meaning = _meaning(pool.counts, topic, pool.vectors[found.phrases], means)
    weights = (found.weights / found.weights[0]) ** LEXICAL_POWER * np.exp(MEANING_POWER * meaning)
    single = np.array([len(pool.phrases.keys[number]) == 1 for number in found.phrases])
    weights *= np.where(single, SINGLE_WORD_WORTH, 1.0)
    order = np.lexsort((found.phrases, -weights))[:60]
    return Candidates(found.phrases[order], weights[order], found.n_papers[order])


def _meaning(counts: Counts, topic: int, phrases: Vectors, means: Vectors) -> Weights:
    """Compare phrases with a topic's centroid, and with the way in which it differs from its siblings'."""
    near = phrases @ _unit(means[topic])
    if topic == 0:
        return np.asarray(near, dtype=np.float64)
    parent = int(counts.parents[topic])
    apart = phrases @ _unit(means[topic] - means[parent])
    if len(counts.children[topic]) >= 2:
        below = np.stack([phrases @ _unit(means[child] - means[parent]) for child in counts.children[topic]])
        apart = 0.5 * apart + 0.5 * (0.5 * below.min(axis=0) + 0.5 * below.mean(axis=0))
    return np.asarray(0.5 * near + 0.5 * apart, dtype=np.float64)


def _unit(vector: Vectors) -> Vectors:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
