"""Measures whether second homes lead to what somebody else filed papers under as well."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.hierarchy.tree import Indices


@dataclass(frozen=True)
class Precision:
    """How often a topic's most frequent category is one of a paper's.

    ``further``: one of its categories but the first, of papers that have such. ``any``: any of them.
    ``new``: any of them, of the cases where the most frequent one of its first home is another.
    """

    n_homes: int
    further: float
    any: float
    new: float


def measure_precision(
    papers: Indices, leaves: Indices, *, firsts: Indices, categories: Sequence[Sequence[str]], by_first: bool
) -> Precision:
    """Judge some homes.

    Parameters
    ----------
    papers, leaves : ndarray of shape (n_homes,), int64
        A paper, and a leaf it might belong to as well.
    firsts : ndarray of shape (n_papers,), int64
        Leaf that each paper is filed under.
    categories : sequence of sequences of str
        What somebody else filed each paper under; papers without any are not judged.
    by_first : bool
        Whether only a paper's first category counts for what is most frequent in its leaf.
    """
    leading = _leading_categories(firsts, categories, by_first=by_first)
    judged = [
        (leading[leaf], leading[firsts[paper]], categories[paper])
        for paper, leaf in zip(papers.tolist(), leaves.tolist(), strict=True)
        if categories[paper]
    ]
    return Precision(
        len(judged),
        _mean([category in own[1:] for category, _, own in judged if len(own) > 1]),
        _mean([category in own for category, _, own in judged]),
        _mean([category in own for category, first, own in judged if category != first]),
    )


def _leading_categories(firsts: Indices, categories: Sequence[Sequence[str]], *, by_first: bool) -> list[str]:
    """Name the most frequent category of each leaf; the alphabetically first of equals."""
    counts: list[dict[str, int]] = [{} for _ in range(int(firsts.max()) + 1)]
    for leaf, own in zip(firsts.tolist(), categories, strict=True):
        for category in own[:1] if by_first else own:
            counts[leaf][category] = counts[leaf].get(category, 0) + 1
    return [min(own, key=lambda category: (-own[category], category), default="") for own in counts]


def _mean(truths: Sequence[bool]) -> float:
    return float(np.mean(truths)) if truths else float("nan")
