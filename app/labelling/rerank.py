"""Weighs the phrases of topics a second time, by what they mean to the encoder of the papers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.hierarchy.tree import Indices
from app.index.embedder import Vectors
from app.labelling.contrast import Candidates, Weights, weigh_phrases
from app.labelling.pool import Pool
from app.labelling.speaking import NAME_CLEARNESS, worth_of_clearness
from app.labelling.stopwords import CONNECTORS
from app.labelling.subjects import DISCIPLINE_KEYS, SUBJECT_KEYS, is_vague

MOST_WEIGHED, MOST_RECALLED = 400, 80
LEAF_CONTRAST_POWER, INNER_CONTRAST_POWER = 0.8, 1.0
LEAF_MEANING_POWER, INNER_MEANING_POWER = 4.0, 4.0
"""How much the contrast of words, and the nearness in meaning, decide."""

SINGLE_WORTH, INNER_SINGLE_WORTH = 0.7, 0.9
"""Of one word alone: it is seldom as clear as two, but a broad topic may need it."""

JOINED_WORTH = 0.6
"""Of a phrase around an "of": seldom a name."""

INNER_DISCIPLINE_WORTH, INNER_SUBJECT_WORTH, SUBJECT_WORTH = 5.0, 2.0, 1.2
"""Of a discipline, and of what else libraries call a subject: above all for a broad topic."""

VAGUE_WORTH = 0.3
"""Of words that name nothing without another beside them."""

CHILD_FIRST_COST = 0.9
"""Taken from what is the first choice of a child that has all its uses: it is the child's."""

NEAR_CHILD = 0.4
"""Share of the similarity to the nearest child from which on a phrase speaks of another child too."""

TINY = 8
FEWEST_USES, FEWEST_USES_TINY, INNER_USES_SHARE = 2, 1, 0.025
LEAST_RECALL = 0.1


@dataclass(frozen=True, slots=True)
class Corpus:
    """Papers of each topic, ascending; vectors of all papers; and each topic's mean, of any length.

    ``form_worth`` is that of each phrase for a leaf, and for a topic with children.
    """

    papers: Sequence[Indices]
    vectors: Vectors
    means: Vectors
    form_worth: tuple[Weights, Weights]
    clear_worth: Weights


def rerank(pool: Pool, papers: Sequence[Indices], vectors: Vectors) -> list[Candidates]:
    """Rank pooled phrases for each topic by contrast of words, nearness in meaning, and recall.

    After KeyBERT [1]_, which takes the phrases nearest a text, with a topic in place of the text and its
    siblings to tell it from: nearness is the mean of the similarities to the topic's centroid and to its
    difference from the parent's. Recall is the share of a topic's papers found when its parent is asked for
    as many papers near the phrase; in a topic with children, a mean over these, so that none is left out.

    Parameters
    ----------
    pool : Pool
        Embedded by the encoder of ``vectors``.
    papers : sequence of ndarray of shape (n_inside,), int64
        Papers of each topic, ascending, descendants' included.
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors.

    Returns
    -------
    list of Candidates
        For each topic at most `MOST_RECALLED`; ``n_papers`` are those that have a phrase's rarest word, and
        ``covered`` those that its meaning recalls, except in children it is far from.

    Notes
    -----
    Holds (n_papers, `MOST_RECALLED`) similarities: 320 bytes a paper.

    References
    ----------
    .. [1] Grootendorst, "KeyBERT: minimal keyword extraction with BERT", 2020, doi:10.5281/zenodo.4461265.
    """
    means = np.zeros((len(papers), vectors.shape[1]), np.float32)
    for topic, own in enumerate(papers):
        if len(own):
            means[topic] = vectors[own].mean(axis=0)
    keys = pool.phrases.keys
    clearness = pool.meanings.clearness
    form_worth = _form_worth(keys, clearness, inner=False), _form_worth(keys, clearness, inner=True)
    discipline = np.array([key in DISCIPLINE_KEYS for key in keys], dtype=np.bool_)
    clear_worth = np.where(discipline, 1.0, worth_of_clearness(clearness))
    corpus = Corpus(papers, vectors, means, form_worth, clear_worth)
    ranked: dict[int, Candidates] = {}
    for topic in range(len(papers) - 1, -1, -1):
        firsts = [ranked[child].phrases[:1] for child in pool.counts.children[topic]]
        ranked[topic] = _rerank(pool, corpus, topic, firsts)
    return [ranked[topic] for topic in range(len(papers))]


def _rerank(pool: Pool, corpus: Corpus, topic: int, firsts: list[Indices]) -> Candidates:
    found = _usable(pool, topic, len(corpus.papers[topic]))
    if not len(found.phrases):
        return found
    inner = bool(pool.counts.children[topic])
    weights = (found.weights / found.weights[0]) ** (INNER_CONTRAST_POWER if inner else LEAF_CONTRAST_POWER)
    weights *= np.exp(
        (INNER_MEANING_POWER if inner else LEAF_MEANING_POWER) * _nearness(pool, corpus, topic, found.phrases)
    )
    weights *= corpus.form_worth[inner][found.phrases]
    weights *= corpus.clear_worth[found.phrases]
    weights *= 1.0 - CHILD_FIRST_COST * _share_in_child(pool, topic, found, firsts)
    order = np.lexsort((found.phrases, -weights))[:MOST_RECALLED]
    phrases, weights = found.phrases[order], weights[order]
    recalled = _recalled(pool, corpus, topic, phrases)
    weights *= LEAST_RECALL + _recall(pool, corpus, topic, recalled)
    recalled &= _in_near_children(pool, corpus, topic, phrases)
    order = np.lexsort((phrases, -weights))
    n_papers = pool.rarest(topic, phrases[order])
    return Candidates(phrases[order], weights[order], n_papers, recalled[order])


def _usable(pool: Pool, topic: int, size: int) -> Candidates:
    """Leave out what hardly any paper writes as a phrase."""
    found = weigh_phrases(pool.counts, topic, at_most=MOST_WEIGHED)
    fewest: float = FEWEST_USES if size >= TINY else FEWEST_USES_TINY
    if pool.counts.children[topic]:
        fewest = max(fewest, INNER_USES_SHARE * size)
    kept = found.n_papers >= fewest
    return Candidates(found.phrases[kept], found.weights[kept], found.n_papers[kept])


def _nearness(pool: Pool, corpus: Corpus, topic: int, phrases: Indices) -> Weights:
    vectors, mean = pool.vectors[phrases], corpus.means[topic]
    near = vectors @ _unit(mean)
    if topic:
        near = (near + vectors @ _unit(mean - corpus.means[pool.counts.parents[topic]])) / 2
    return np.asarray(near, dtype=np.float64)


def _form_worth(keys: Sequence[tuple[str, ...]], clearness: Weights, *, inner: bool) -> Weights:
    """Say of all phrases what their form is worth in the name of a broad topic, or of a leaf."""
    single = np.array([len(key) == 1 for key in keys], dtype=np.bool_)
    joined = np.array([not CONNECTORS.isdisjoint(key) for key in keys], dtype=np.bool_)
    vague = np.array([is_vague(key) for key in keys], dtype=np.bool_)
    vague &= single | (clearness < NAME_CLEARNESS)
    subject = np.array([key in SUBJECT_KEYS for key in keys], dtype=np.bool_)
    discipline = np.array([key in DISCIPLINE_KEYS for key in keys], dtype=np.bool_)
    worth = np.where(single, INNER_SINGLE_WORTH if inner else SINGLE_WORTH, 1.0)
    worth = np.where(subject, INNER_SUBJECT_WORTH if inner else SUBJECT_WORTH, worth)
    worth = np.where(discipline & inner, INNER_DISCIPLINE_WORTH, worth)
    return np.where(joined, JOINED_WORTH, worth) * np.where(vague, VAGUE_WORTH, 1.0)


def _share_in_child(pool: Pool, topic: int, found: Candidates, firsts: list[Indices]) -> Weights:
    """Say of the phrases that are a child's first choice what share of their uses is in that child."""
    share = np.zeros(len(found.phrases))
    for child, first in zip(pool.counts.children[topic], firsts, strict=True):
        for place in np.flatnonzero(np.isin(found.phrases, first)):
            used = pool.counts.used(child, int(found.phrases[place]))
            share[place] = max(share[place], min(used / max(found.n_papers[place], 1), 1.0))
    return share


def _recalled(pool: Pool, corpus: Corpus, topic: int, phrases: Indices) -> NDArray[np.bool_]:
    """Say which papers of a topic are found when its parent is asked for as many papers near a phrase."""
    own, around = corpus.papers[topic], corpus.papers[max(int(pool.counts.parents[topic]), 0)]
    n_others = len(around) - len(own)
    if n_others == 0:
        return np.ones((len(phrases), len(own)), dtype=np.bool_)
    similarity = corpus.vectors[around] @ pool.vectors[phrases].T
    least = np.partition(similarity, n_others, axis=0)[n_others]
    return np.asarray((similarity[np.searchsorted(around, own)] >= least).T)


def _recall(pool: Pool, corpus: Corpus, topic: int, recalled: NDArray[np.bool_]) -> Weights:
    parts = [recalled[:, inside].mean(axis=1) for _, inside in _children_inside(pool, corpus, topic)]
    if not parts:
        return np.asarray(recalled.mean(axis=1), dtype=np.float64)
    # The mean of roots falls below the plain mean where some children are left out.
    return np.asarray(np.sqrt(parts).mean(axis=0) ** 2, dtype=np.float64)


def _in_near_children(pool: Pool, corpus: Corpus, topic: int, phrases: Indices) -> NDArray[np.bool_]:
    """Say which papers are in children that a phrase is about as near to as to the nearest child."""
    inside = np.ones((len(phrases), len(corpus.papers[topic])), dtype=np.bool_)
    children = _children_inside(pool, corpus, topic)
    if not children:
        return inside
    near = np.stack([pool.vectors[phrases] @ _unit(corpus.means[child]) for child, _ in children])
    reached = near >= NEAR_CHILD * near.max(axis=0)
    for (_, places), reaches in zip(children, reached, strict=True):
        inside[:, places] = reaches[:, None]
    return inside


def _children_inside(pool: Pool, corpus: Corpus, topic: int) -> list[tuple[int, Indices]]:
    """List the children that have papers, with the places of these among the topic's own."""
    own = corpus.papers[topic]
    children = [child for child in pool.counts.children[topic] if len(corpus.papers[child])]
    return [(child, np.searchsorted(own, corpus.papers[child])) for child in children]


def _unit(vector: Vectors) -> Vectors:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
