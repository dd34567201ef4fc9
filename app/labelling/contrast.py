"""Weighs phrases for topics: those that its papers use and its siblings' do not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from app.hierarchy.members import topic_members
from app.hierarchy.tree import Hierarchy, Indices, topic_children
from app.labelling.phrases import Phrases
from app.labelling.plain_text import is_ideograph

PRIOR_PAPERS = 10.0
"""Papers at the corpus's rate that are added to the siblings', so that an absence among few says little."""

RAREST_IN_TITLES = 1e-6
"""Least share that counts, for corpora without titles."""

INNER_COVERAGE, LEAF_COVERAGE = 1.0, 1.0

LENGTH_WORTH = np.array([0.0, 1.0, 1.5, 1.55, 1.4])

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The phrases of one topic.

    Attributes
    ----------
    phrases : ndarray of shape (n_candidates,), int64
        Numbers of phrases, best first.
    weights : ndarray of shape (n_candidates,), float64
        How well each names the topic; all above 0, descending.
    n_papers : ndarray of shape (n_candidates,), int64
        Papers of the topic that use each.
    covered : ndarray of shape (n_candidates, n_inside), bool, or None
        Which of the topic's papers, ascending, each speaks of; None where those are the ones that use it.
    """

    phrases: Indices
    weights: Weights
    n_papers: Indices
    covered: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many papers of each topic use each phrase.

    ``uses`` has shape (n_topics, n_phrases), descendants counted in; ``sizes`` are the papers of each topic.
    """

    uses: csr_array
    sizes: Weights
    corpus: Weights
    worth: Weights
    parents: Indices
    children: list[list[int]]

    def used(self, topic: int, phrase: int) -> int:
        """Count the papers of a topic that use a phrase."""
        phrases, n_papers = _row(self.uses, topic)
        place = int(np.searchsorted(phrases, phrase))
        return int(n_papers[place]) if place < len(phrases) and phrases[place] == phrase else 0


def count_uses(phrases: Phrases, hierarchy: Hierarchy) -> Counts:
    """Count for each topic the papers that use each phrase."""
    members = topic_members(hierarchy)
    uses = csr_array(members.astype(np.float32) @ phrases.uses)
    uses.sort_indices()
    return Counts(
        uses=uses,
        sizes=np.asarray(members.sum(axis=1), dtype=np.float64),
        corpus=np.asarray(phrases.uses.sum(axis=0), dtype=np.float64).ravel(),
        worth=_label_worth(phrases),
        parents=hierarchy.parents,
        children=topic_children(hierarchy.parents),
    )


def weigh_phrases(counts: Counts, topic: int, *, at_most: int = 60) -> Candidates:
    """Rank the phrases of a topic by class-based TF-IDF [1]_, contrasted with its siblings.

    The weight is the share of the topic's papers that use a phrase, times the logarithm of how much greater
    that is than its share among the siblings' papers and, less so, in the corpus. Phrases of two or three
    words are preferred, and those that stand in titles wherever they are used; in a topic with children, so
    are those that many of them use, because what one child alone uses is that child's.

    Parameters
    ----------
    counts : Counts
        Of the corpus.
    topic : int
        The root has no siblings and is contrasted with nothing.
    at_most : int
        How many to give.

    Returns
    -------
    Candidates
        Possibly none.

    References
    ----------
    .. [1] Grootendorst, "BERTopic: neural topic modeling with a class-based TF-IDF procedure", 2022,
       arXiv 2203.05794.
    """
    phrases, used = _row(counts.uses, topic)
    size = max(counts.sizes[topic], 1.0)
    share = used / size
    usual = counts.corpus[phrases] / max(counts.sizes[0], 1.0)
    beside = _share_beside(counts, topic, phrases, used, usual)
    lift = np.log(share / np.maximum(beside, 1e-9)) + 0.5 * np.log(share / np.maximum(usual, 1e-9))
    weights = share ** _coverage_power(counts, topic) * np.maximum(lift, 0.0 if topic else 0.01)
    weights *= counts.worth[phrases]
    weights *= _spread(counts, topic, phrases, used)
    order = np.lexsort((phrases, -weights))[:at_most]
    order = order[weights[order] > 0]
    return Candidates(phrases[order], weights[order], used[order].astype(np.int64))


def _label_worth(phrases: Phrases) -> Weights:
    """Prefer phrases that stand in titles, and those of two or three words."""
    # Two ideographs make about one word.
    lengths = np.array([(sum(2 - is_ideograph(word) for word in key) + 1) // 2 for key in phrases.keys], int)
    usual = float(np.median(phrases.titled)) if len(lengths) else 1.0
    in_titles = np.maximum(phrases.titled, RAREST_IN_TITLES) / max(usual, RAREST_IN_TITLES)
    worth = LENGTH_WORTH[np.minimum(lengths, 4)] * np.sqrt(in_titles)
    return np.asarray(worth, dtype=np.float64)


def _row(uses: csr_array, topic: int) -> tuple[Indices, Weights]:
    part = slice(uses.indptr[topic], uses.indptr[topic + 1])
    return uses.indices[part].astype(np.int64), uses.data[part].astype(np.float64)


def _share_beside(counts: Counts, topic: int, phrases: Indices, used: Weights, usual: Weights) -> Weights:
    parent = max(int(counts.parents[topic]), 0)
    around, n_around = _row(counts.uses, parent)
    beside = n_around[np.searchsorted(around, phrases)] - used
    n_beside = counts.sizes[parent] - counts.sizes[topic]
    return np.asarray((beside + PRIOR_PAPERS * usual) / (n_beside + PRIOR_PAPERS), dtype=np.float64)


def _coverage_power(counts: Counts, topic: int) -> float:
    """Let coverage count more where a label must stand for many different papers."""
    return INNER_COVERAGE if counts.children[topic] else LEAF_COVERAGE


def _spread(counts: Counts, topic: int, phrases: Indices, used: Weights) -> Weights:
    """Say over how large a part of a topic's children each phrase is spread, from near 0 to 1."""
    children = counts.children[topic]
    if not children:
        return np.ones(len(phrases))
    entropy, even = np.zeros(len(phrases)), 0.0
    for child in children:
        own, n_own = _row(counts.uses, child)
        inside = np.searchsorted(phrases, own)
        part = n_own / used[inside]
        entropy[inside] -= part * np.log(part)
        portion = counts.sizes[child] / max(counts.sizes[topic], 1.0)
        even -= portion * np.log(max(portion, 1e-9))
    return np.minimum(np.exp(entropy - even), 1.0) ** 0.75
