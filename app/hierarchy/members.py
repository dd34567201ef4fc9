"""Which papers are inside which topics, as a sparse matrix."""

import numpy as np
from scipy.sparse import csr_array

from app.hierarchy.tree import NO_TOPIC, Hierarchy, topic_depths


def topic_members(hierarchy: Hierarchy) -> csr_array:
    """Say which papers each topic holds, itself or through its descendants.

    Parameters
    ----------
    hierarchy : Hierarchy
        The tree.

    Returns
    -------
    csr_array of shape (n_topics, n_papers), int32
        1 where the paper is inside. Unassigned papers are in no row but the root's.
    """
    depths = topic_depths(hierarchy.parents)
    papers = np.arange(len(hierarchy.assignments), dtype=np.int64)
    topics = np.where(hierarchy.assignments == NO_TOPIC, 0, hierarchy.assignments)
    rows, columns = [topics], [papers]
    while np.any(depths[topics] > 0):
        inside = depths[topics] > 0
        papers, topics = papers[inside], hierarchy.parents[topics[inside]]
        rows.append(topics)
        columns.append(papers)
    row, column = np.concatenate(rows), np.concatenate(columns)
    shape = (len(hierarchy.parents), len(hierarchy.assignments))
    return csr_array((np.ones(len(row), dtype=np.int32), (row, column)), shape=shape)
