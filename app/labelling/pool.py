"""Gathers the phrases that are worth comparing with topics by what they mean, and embeds them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from app.hierarchy.members import topic_members
from app.hierarchy.tree import Hierarchy, Indices
from app.index.embedder import Vectors
from app.labelling.contrast import Counts, count_uses, weigh_phrases
from app.labelling.meanings import Embed, tell_meanings
from app.labelling.phrases import LONGEST, Phrases
from app.labelling.speaking import Meanings, weigh_meanings
from app.labelling.stopwords import STOP_WORDS
from app.labelling.subjects import SUBJECT_KEYS

MOST_POOLED, FEWEST_POOLED = 24, 3
MOST_SUBJECTS = 20
"""Names of fields that each broader topic gives besides."""

MOST_TOGETHER = 9500
"""Phrases of all topics together; in larger hierarchies each topic gives fewer."""

FEWEST_EMBEDDED, EMBEDDED_OF_A_TOPIC, MOST_EMBEDDED = 1200, 2, 1500
"""Phrases of all topics together that are embedded, more where there are many: the first in some topic."""

UNRANKED = np.iinfo(np.int64).max
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
    meanings : Meanings
        Of the phrases.
    word_counts : csr_array of shape (n_topics, n_words), float32
        Papers of each topic that have each word of the corpus.
    content : ndarray of shape (n_pooled, `LONGEST`), int64
        Columns in it of the content words of each phrase, some repeated in shorter ones.
    """

    phrases: Phrases
    numbers: Indices
    counts: Counts
    meanings: Meanings
    word_counts: csr_array
    content: Indices

    @property
    def vectors(self) -> Vectors:
        """Unit vectors of the phrases, shape (n_pooled, n_dimensions), float32."""
        return self.meanings.vectors

    def rarest(self, topic: int, phrases: Indices) -> Indices:
        """Count for each phrase the papers of a topic that have its rarest content word: what grounds it."""
        row = self.word_counts[[topic]].toarray()[0]
        return np.asarray(row[self.content[phrases]].min(axis=1), dtype=np.int64)


def pool_phrases(
    phrases: Phrases, counts: Counts, hierarchy: Hierarchy, papers: Vectors, embed: Embed
) -> Pool:
    """Pool each topic's best phrases by contrast, half of them of several words, and embed the best once."""
    numbers, ranks = _choose(phrases, counts)
    texts = phrases.texts.of(numbers.tolist())
    keys = [phrases.keys[number] for number in numbers]
    pooled = replace(
        phrases, texts=texts, keys=keys, uses=_loose_uses(phrases, numbers), titled=phrases.titled[numbers]
    )
    n_embedded = min(max(FEWEST_EMBEDDED, EMBEDDED_OF_A_TOPIC * len(counts.parents)), MOST_EMBEDDED)
    embedded = np.sort(np.argsort(ranks, kind="stable")[:n_embedded])
    used = np.maximum(pooled.uses.sum(axis=0), 1e-9)[:, None]
    usual = papers.sum(axis=0) / max(len(papers), 1)
    centroids = np.asarray((pooled.uses.T @ papers) / used - usual, dtype=np.float32)
    vectors = tell_meanings(texts, keys, centroids, embedded, embed)
    word_counts = csr_array(topic_members(hierarchy).astype(np.float32) @ phrases.word_uses)
    meanings = weigh_meanings(pooled.uses, vectors, papers)
    counts, content = count_uses(pooled, hierarchy), _content(phrases, keys)
    return Pool(pooled, numbers, counts, meanings, word_counts, content)


def _choose(phrases: Phrases, counts: Counts) -> tuple[Indices, Indices]:
    """Choose what is pooled, ascending, each with its best rank in any topic."""
    n_topics = len(counts.parents)
    at_most = max(FEWEST_POOLED, min(MOST_POOLED, MOST_TOGETHER // n_topics))
    several = np.array([len(key) > 1 for key in phrases.keys], dtype=np.bool_)
    subject = np.array([key in SUBJECT_KEYS for key in phrases.keys], dtype=np.bool_)
    ranks = np.full(len(phrases.keys), UNRANKED, dtype=np.int64)
    for topic in range(n_topics):
        ranked = weigh_phrases(counts, topic, at_most=8 * at_most).phrases
        first, rest = np.split(ranked, [at_most - at_most // 2])
        chosen = [first, rest[several[rest]][: at_most // 2]]
        if counts.children[topic]:
            chosen.append(ranked[subject[ranked]][:MOST_SUBJECTS])
        for own in chosen:
            ranks[own] = np.minimum(ranks[own], np.arange(len(own)))
    numbers = np.flatnonzero(ranks < UNRANKED)
    return numbers, ranks[numbers]


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


def _content(phrases: Phrases, keys: Sequence[tuple[str, ...]]) -> Indices:
    columns = np.empty((len(keys), LONGEST), dtype=np.int64)
    for row, key in enumerate(keys):
        own = [phrases.words[word] for word in _content_words(key)]
        columns[row] = own + own[-1:] * (LONGEST - len(own))
    return columns


def _content_words(key: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(word for word in key if word not in STOP_WORDS)) or list(key)
