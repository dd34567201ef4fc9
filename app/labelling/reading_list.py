"""Chooses the papers of a large corpus that are read for its labels: some of each topic.

What a topic is called hangs on what many of its papers write, and a dozen papers of it show that as well as
a hundred do; reading the rest would take most of the time of a build.
"""

import numpy as np
from scipy.sparse import csr_array

from app.hierarchy.tree import NO_TOPIC, Hierarchy, Indices
from app.index.embedder import Vectors

MOST_READ = 6000
"""Papers up to which all are read."""

FEWEST_OF_A_TOPIC = 12
"""Papers read of each topic that has so many of its own; of all topics together `MOST_READ` or these."""

BLOCK = 4096


def papers_to_read(hierarchy: Hierarchy, vectors: Vectors) -> Indices:
    """Choose papers, of each topic the same share but not too few, half of them its most central.

    Parameters
    ----------
    hierarchy : Hierarchy
        Over the papers.
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors of the same papers.

    Returns
    -------
    ndarray of shape (n_read,), int64
        Ascending; all papers where there are at most `MOST_READ`. The other half of a topic's are taken
        evenly from those less central, so that what is read speaks for the whole topic.
    """
    n_papers = len(hierarchy.assignments)
    if n_papers <= MOST_READ:
        return np.arange(n_papers, dtype=np.int64)
    topics = np.where(hierarchy.assignments == NO_TOPIC, 0, hierarchy.assignments)
    central = _centrality(topics, vectors, len(hierarchy.parents))
    order = np.lexsort((-central, topics))
    sizes = np.bincount(topics, minlength=len(hierarchy.parents))
    wanted = np.minimum(sizes, np.maximum(FEWEST_OF_A_TOPIC, sizes * MOST_READ // n_papers))
    begins = np.cumsum(sizes) - sizes
    read = [
        order[begin + _places(size, n_read)]
        for begin, size, n_read in zip(begins.tolist(), sizes.tolist(), wanted.tolist(), strict=True)
    ]
    return np.sort(np.concatenate(read))


def _centrality(topics: Indices, vectors: Vectors, n_topics: int) -> Vectors:
    """Give each paper's similarity to the sum of its topic's papers, which orders them as the mean does."""
    n_papers = len(topics)
    ones, ends = np.ones(n_papers, dtype=np.float32), np.arange(n_papers + 1)
    filed = csr_array((ones, topics, ends), shape=(n_papers, n_topics))
    sums = np.asarray(filed.T @ vectors)
    central = np.empty(n_papers, dtype=np.float32)
    for start in range(0, n_papers, BLOCK):
        block = slice(start, start + BLOCK)
        central[block] = np.einsum("ij,ij->i", vectors[block], sums[topics[block]])
    return central


def _places(size: int, n_read: int) -> Indices:
    n_central = n_read // 2
    evenly = np.linspace(n_central, size - 1, n_read - n_central) if n_read else np.empty(0)
    return np.concatenate([np.arange(n_central), evenly.astype(np.int64)])
