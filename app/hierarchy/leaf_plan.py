"""Plans how large the leaves of a corpus are; light enough to be asked before a build."""

from math import sqrt

from app.hierarchy.parameters import BuildParameters

USUAL_PAPERS = 800
"""The corpus of which the following say what is usual; chosen on samples of one corpus of that size."""

USUAL_SHARE = 0.8
"""Papers in a leaf there, as a share of the geometric mean of both bounds."""

LEAF_GROWTH = 1 / 6
"""Power of the number of papers with which leaves grow."""


def leaf_plan(n_papers: int, parameters: BuildParameters) -> tuple[int, int]:
    """Choose the smallest leaf and the number of leaves for a corpus.

    In a corpus of `USUAL_PAPERS` a leaf has four fifths of the geometric mean of both bounds; leaves grow
    slowly with the corpus, as far as the bounds allow it; a very small corpus still gets four.
    """
    smallest = min(parameters.smallest_leaf, max(2, n_papers // 8))
    middle = sqrt(parameters.smallest_leaf * parameters.largest_leaf)
    mean = USUAL_SHARE * middle * (n_papers / USUAL_PAPERS) ** LEAF_GROWTH
    mean = min(max(mean, middle / 2), 0.55 * parameters.largest_leaf, n_papers / 4)
    return smallest, max(1, round(n_papers / mean))
