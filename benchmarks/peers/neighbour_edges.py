"""The graph of nearest neighbours that graph methods are given: the same for all, and the one we build on."""

import numpy as np
from numpy.typing import NDArray

from app.hierarchy.tree import Indices
from app.index.embedder import Vectors
from app.index.exact import nearest_neighbours

N_NEIGHBOURS = 15


def neighbour_edges(vectors: Vectors) -> tuple[Indices, Indices, NDArray[np.float64]]:
    """List each pair of neighbours once.

    Returns
    -------
    sources, targets : ndarray of shape (n_edges,), int64
        ``sources < targets``, in ascending order.
    weights : ndarray of shape (n_edges,), float64
        Cosine similarities, at least .01.
    """
    neighbours, similarities = nearest_neighbours(vectors, N_NEIGHBOURS)
    papers = np.repeat(np.arange(len(vectors)), neighbours.shape[1])
    others = neighbours.ravel()
    keys = np.minimum(papers, others) * len(vectors) + np.maximum(papers, others)
    keys, places = np.unique(keys, return_index=True)
    weights = np.maximum(similarities.ravel()[places], 0.01).astype(np.float64)
    return keys // len(vectors), keys % len(vectors), weights
