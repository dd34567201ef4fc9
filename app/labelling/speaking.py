"""Learns what papers phrases speak of: those as near to a phrase in meaning as papers that write it are.

That a phrase stands in an abstract does not make the paper one about it, and a paper may be about what it
never writes. So both count.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from app.index.embedder import Vectors

USUAL_SHARE = 0.85
"""How far from any paper's similarity to that of papers that write a phrase it begins to speak of a paper."""

LEAST_DEVIATIONS = 1.5
"""Standard deviations above any paper's similarity that a phrase needs at least to speak of a paper."""

VAGUE_BELOW, CLEAR_FROM = 1.2, 2.2
"""Clearness below which a phrase names nothing, and from which on it is as good as any."""

NAME_CLEARNESS = 3.0
"""From which on several common words together are a name: "term structure"."""

LEAST_WORTH = 0.1
"""Of a phrase that names nothing."""

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Meanings:
    """What phrases mean, and how near papers must be to those that speak of them.

    Attributes
    ----------
    vectors : ndarray of shape (n_phrases, n_dimensions), float32
        As from `tell_meanings`.
    least : ndarray of shape (n_phrases,), float32
        Similarity from which on a paper is spoken of.
    clearness : ndarray of shape (n_phrases,), float64
        How much nearer papers that write a phrase are to it than any papers are, in standard deviations of
        the latter: "matching" about 1, "machine translation" about 6.
    """

    vectors: Vectors
    least: Vectors
    clearness: Weights


def weigh_meanings(uses: csr_array, vectors: Vectors, papers: Vectors) -> Meanings:
    """Learn from the papers that write phrases how near papers are that these speak of.

    Parameters
    ----------
    uses : csr_array of shape (n_papers, n_phrases), float32
        How far each paper writes each phrase.
    vectors : ndarray of shape (n_phrases, n_dimensions), float32
        Of the phrases.
    papers : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors, by the same encoder.

    Notes
    -----
    What is nearest in a corpus of two fields is at most one deviation above any paper, so that there nothing
    is clear. With a dozen fields or more this does not matter.
    """
    if not len(vectors):
        return Meanings(vectors, np.zeros(0, np.float32), np.zeros(0))
    usual = papers.mean(axis=0)
    spread = papers.T @ papers / max(len(papers), 1) - np.outer(usual, usual)
    n_uses = np.maximum(np.asarray(uses.sum(axis=0)).ravel(), 1e-9)
    near = np.einsum("ij,ij->i", np.asarray(uses.T @ papers), vectors) / n_uses
    anyone = vectors @ usual
    deviation = np.sqrt(np.maximum(np.einsum("ij,ij->i", vectors @ spread, vectors), 1e-12))
    above = near - anyone
    least = anyone + np.minimum(np.maximum(USUAL_SHARE * above, LEAST_DEVIATIONS * deviation), above)
    clearness = above / deviation
    return Meanings(vectors, least.astype(np.float32), clearness.astype(np.float64))


def worth_of_clearness(clearness: Weights) -> Weights:
    """Say how much less a phrase is worth whose papers are hardly nearer to it than any papers."""
    part = (clearness - VAGUE_BELOW) / (CLEAR_FROM - VAGUE_BELOW)
    return np.clip(part, LEAST_WORTH, 1.0)
