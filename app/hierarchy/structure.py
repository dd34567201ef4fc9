"""The shape of a hierarchy: how papers are spread over it, how its labels are worded, its second homes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from scipy.sparse import coo_array, csr_array

from app.hierarchy.figures import Homes, LabelShape, Structure
from app.hierarchy.members import topic_members
from app.hierarchy.tree import (
    NO_TOPIC,
    Hierarchy,
    Indices,
    SecondHomes,
    topic_children,
    topic_depths,
)

SHORTEST_CONTENT_WORD = 3
FUNCTION_WORDS = frozenset(("and", "for", "from", "into", "not", "the", "their", "under", "via", "with"))


def measure_structure(hierarchy: Hierarchy) -> Structure:
    """Describe the shape of a hierarchy; a root alone counts as one leaf."""
    children = topic_children(hierarchy.parents)
    fan_outs = np.array([len(own) for own in children if own] or [0])
    known = (hierarchy.assignments >= NO_TOPIC) & (hierarchy.assignments < len(children))
    filed = replace(hierarchy, assignments=np.where(known, hierarchy.assignments, NO_TOPIC))
    sizes = np.asarray(topic_members(filed).sum(axis=1), dtype=np.int64)
    leaves = sizes[[topic for topic, own in enumerate(children) if not own]]
    shares = sizes[1:] / np.maximum(sizes[hierarchy.parents[1:]], 1)
    assigned = known & (hierarchy.assignments != NO_TOPIC)
    return Structure(
        n_papers=len(assigned),
        n_unassigned=int((hierarchy.assignments == NO_TOPIC).sum()),
        accounted_for=float(known.mean()) if len(known) else 1.0,
        coverage=float(assigned.mean()) if len(assigned) else 1.0,
        n_topics=len(hierarchy.parents),
        n_leaves=len(leaves),
        depth=int(topic_depths(hierarchy.parents).max()),
        n_single_children=int((fan_outs == 1).sum()),
        smallest_fan_out=int(fan_outs.min()),
        mean_fan_out=float(fan_outs.mean()),
        largest_fan_out=int(fan_outs.max()),
        smallest_leaf=int(leaves.min()),
        median_leaf=float(np.median(leaves)),
        largest_leaf=int(leaves.max()),
        largest_share=float(shares.max(initial=0.0)),
    )


def measure_label_shape(parents: Indices, labels: Sequence[str]) -> LabelShape:
    """Describe how labels are worded.

    Parameters
    ----------
    parents : ndarray of shape (n_topics,), int64
        As in `Hierarchy`.
    labels : sequence of str
        One for each topic.

    Returns
    -------
    LabelShape
        Words are what spaces divide and has a letter or a digit in it. Content words stand between what is
        neither letter nor digit, have `SHORTEST_CONTENT_WORD` characters and are no `FUNCTION_WORDS`; a
        plural in "s" is its singular.
    """
    alike = [" ".join(label.casefold().split()) for label in labels]
    children = topic_children(parents)
    repeated = sum(len(own) - len({alike[child] for child in own}) for own in children)
    depths = topic_depths(parents)
    lengths = np.array([sum(any(map(str.isalnum, word)) for word in label.split()) for label in labels])
    return LabelShape(
        n_repeated_siblings=repeated,
        n_repeated_parents=sum(alike[topic] == alike[parents[topic]] for topic in range(1, len(labels))),
        sibling_overlap=_sibling_overlap(children, labels),
        mean_words=tuple(float(lengths[depths == depth].mean()) for depth in range(1, depths.max() + 1)),
    )


def _sibling_overlap(children: Sequence[Sequence[int]], labels: Sequence[str]) -> float:
    words = [_content_words(label) for label in labels]
    pairs = [bool(words[one] & words[other]) for own in children for one, other in combinations(own, 2)]
    return sum(pairs) / len(pairs) if pairs else 0.0


def _content_words(label: str) -> set[str]:
    found = re.findall(r"[^\W_]+", label.casefold())
    kept = (word for word in found if len(word) >= SHORTEST_CONTENT_WORD and word not in FUNCTION_WORDS)
    return {word.removesuffix("s") for word in kept}


def measure_homes(hierarchy: Hierarchy) -> Homes:
    """Count the second homes of papers, those that should not be, and all memberships."""
    homes, n_topics, n_papers = hierarchy.second_homes, len(hierarchy.parents), len(hierarchy.assignments)
    within = _ancestors(hierarchy)
    filed = np.flatnonzero(hierarchy.assignments != NO_TOPIC)
    is_topic = (homes.topics >= 0) & (homes.topics < n_topics)
    others = homes.topics[is_topic], homes.papers[is_topic]
    topics = np.concatenate([hierarchy.assignments[filed], others[0]])
    papers = np.concatenate([filed, others[1]])
    ones = np.ones(len(papers), dtype=np.int32)
    held = csr_array(coo_array((ones, (papers, topics)), shape=(n_papers, n_topics)))
    related = csr_array(within + within.T)
    # Each home is related to itself, twice in the sum; whatever is above that comes from another home.
    n_related = np.asarray(related[others[0]].multiply(held[others[1]]).sum(axis=1)) - 2
    is_stray = hierarchy.assignments[others[1]] == NO_TOPIC
    return Homes(
        n_second_homes=len(homes.papers),
        n_papers_with_several=len(np.unique(homes.papers)),
        n_violations=int((~is_topic).sum() + ((n_related > 0) | is_stray).sum()),
        n_memberships=(within @ held.T).nnz,
    )


def _ancestors(hierarchy: Hierarchy) -> csr_array:
    """Say which topics are inside which: 1 at (ancestor, topic), a topic being inside itself."""
    topics = np.arange(len(hierarchy.parents), dtype=np.int64)
    return topic_members(replace(hierarchy, assignments=topics, second_homes=SecondHomes()))
