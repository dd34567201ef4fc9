"""Chooses the papers, and the sentence, that show what a topic is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.hierarchy.tree import Indices
from app.index.embedder import Vectors
from app.labelling.plain_text import normal_form, sentences, tokens

MOST_EXEMPLARS = 8
NEAREST_LOOKED_AT = 50
CENTRALITY = 0.7
"""Share of nearness to the centroid against difference from the exemplars chosen before."""

COPY_SIMILARITY = 0.95
"""Papers more alike than this show the same; the second is chosen only when nothing else is left."""

OWN_VOICE = frozenset({"we", "our", "here", "this", "these", "paper"})
"""A sentence that begins so speaks of its paper rather than of the topic."""

SHORTEST_SENTENCE, LONGEST_SENTENCE = 60, 300
ENOUGH_SEARCHED, MOST_SEARCHED = 2, 4
"""Exemplars that a sentence is looked for in: of the first two nearly always one has it, else of more."""


def choose_exemplars(vectors: Vectors, papers: Indices) -> tuple[int, ...]:
    """Choose papers near a topic's centroid that differ from each other: maximal marginal relevance [1]_.

    Parameters
    ----------
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Of the corpus.
    papers : ndarray of shape (n_inside,), int64
        Papers of the topic, ascending.

    Returns
    -------
    tuple of int
        At most `MOST_EXEMPLARS` papers, the most central first.

    References
    ----------
    .. [1] Carbonell and Goldstein, "The use of MMR, diversity-based reranking for reordering documents and
       producing summaries", SIGIR 1998, doi:10.1145/290941.291025.
    """
    if len(papers) == 0:
        return ()
    own = vectors[papers]
    central = own @ own.mean(axis=0)
    near = np.argsort(-central, kind="stable")[:NEAREST_LOOKED_AT]
    central, between = central[near], own[near] @ own[near].T
    chosen = [0]
    while len(chosen) < min(MOST_EXEMPLARS, len(near)):
        gain = CENTRALITY * central - (1.0 - CENTRALITY) * between[:, chosen].max(axis=1)
        gain[between[:, chosen].max(axis=1) > COPY_SIMILARITY] -= 1.0
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
    return tuple(int(papers[near[place]]) for place in chosen)


def choose_sentence(
    texts: Sequence[tuple[str, str]], exemplars: Sequence[int], weights: dict[tuple[str, ...], float]
) -> str:
    """Choose the sentence of an exemplar that says most about a topic.

    Parameters
    ----------
    texts : sequence of (title, abstract)
        Plain text, in corpus order.
    exemplars : sequence of int
        Papers to look in, the most central first.
    weights : dict
        Weight of each keyphrase of the topic, by its words in normal form.

    Returns
    -------
    str
        Between `SHORTEST_SENTENCE` and `LONGEST_SENTENCE` characters if there is such a sentence, otherwise
        the first exemplar's title; empty if there is no exemplar.
    """
    best, best_weight = "", 0.0
    running = {f" {' '.join(key)} ": weight for key, weight in weights.items()}
    for place, paper in enumerate(exemplars[:MOST_SEARCHED]):
        if best and place >= ENOUGH_SEARCHED:
            break
        for sentence in _read_sentences(texts[paper][1]):
            weight = _sentence_weight(sentence, running) * (1.0 - 0.03 * place)
            if weight > best_weight:
                best, best_weight = sentence.text, weight
    if best or not exemplars:
        return best
    return shorten(texts[exemplars[0]][0], LONGEST_SENTENCE)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with its words in normal form, a space around each, and what its form is worth."""

    text: str
    running: str
    worth: float


@lru_cache(maxsize=1 << 12)
def _read_sentences(text: str) -> list[_Sentence]:
    """Read the sentences that may stand for a topic: the same paper often shows several, one in another."""
    found = []
    for sentence in sentences(text):
        if not SHORTEST_SENTENCE <= len(sentence) <= LONGEST_SENTENCE or sentence[-1:] not in ".!?。":
            continue
        words = [normal_form(word) for word in tokens(sentence)]
        own_voice = 0.8 if OWN_VOICE.intersection(words[:4]) else 1.0
        found.append(_Sentence(sentence, f" {' '.join(words)} ", own_voice / (20.0 + len(words))))
    return found


def _sentence_weight(sentence: _Sentence, weights: dict[str, float]) -> float:
    return sentence.worth * sum(weight for phrase, weight in weights.items() if phrase in sentence.running)


def shorten(text: str, longest: int) -> str:
    """Cut text between words, and say so with an ellipsis."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"
