"""Which papers are inside which topics, as a sparse matrix."""

import numpy as np
from scipy.sparse import csr_array

from app.hierarchy.tree import NO_TOPIC, Hierarchy, topic_depths


def topic_members(hierarchy: Hierarchy, *, homes: bool = False) -> csr_array:
    """Say which papers each topic holds, itself or through its descendants.

    Parameters
    ----------
    hierarchy : Hierarchy
        The tree.
    homes : bool
        Whether a paper is in its second homes, and in all topics above those, as well as in its first.

    Returns
    -------
    csr_array of shape (n_topics, n_papers), int32
        1 where the paper is inside. Unassigned papers are in no row but the root's.
    """
    depths = topic_depths(hierarchy.parents)
    papers = np.arange(len(hierarchy.assignments), dtype=np.int64)
    topics = np.where(hierarchy.assignments == NO_TOPIC, 0, hierarchy.assignments)
    if homes:
        papers = np.concatenate([papers, hierarchy.second_homes.papers])
        topics = np.concatenate([topics, hierarchy.second_homes.topics])
    rows, columns = [topics], [papers]
    while np.any(depths[topics] > 0):
        inside = depths[topics] > 0
        papers, topics = papers[inside], hierarchy.parents[topics[inside]]
        rows.append(topics)
        columns.append(papers)
    row, column = np.concatenate(rows), np.concatenate(columns)
    shape = (len(hierarchy.parents), len(hierarchy.assignments))
    members = csr_array((np.ones(len(row), dtype=np.int32), (row, column)), shape=shape)
    members.data[:] = 1  # Ways to two homes meet in the topics above both.
    return members
