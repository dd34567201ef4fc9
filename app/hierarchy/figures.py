"""What is measured of a hierarchy, as plain values; the functions that measure are beside."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Structure:
    """The shape of a hierarchy.

    ``accounted_for`` is the share of papers that are filed under one topic of the tree or listed as
    unassigned, ``coverage`` the share that are filed; ``largest_share`` the greatest share of its parent's
    papers that any topic holds; sizes count papers of leaves.
    """

    n_papers: int
    n_unassigned: int
    accounted_for: float
    coverage: float
    n_topics: int
    n_leaves: int
    depth: int
    n_single_children: int
    smallest_fan_out: int
    mean_fan_out: float
    largest_fan_out: int
    smallest_leaf: int
    median_leaf: float
    largest_leaf: int
    largest_share: float


@dataclass(frozen=True, slots=True)
class Homes:
    """The second homes of papers.

    ``n_violations`` counts homes that are no topic, homes of an unassigned paper, and homes that are the
    first or another home of the same paper, or an ancestor or descendant of one: a paper is in all ancestors
    of its topics, so such a home says nothing, or contradicts the assignment. ``n_memberships`` counts pairs
    of a paper and a topic it is in, by any of its homes or through a descendant.
    """

    n_second_homes: int
    n_papers_with_several: int
    n_violations: int
    n_memberships: int


@dataclass(frozen=True, slots=True)
class LabelShape:
    """How the labels of a hierarchy are worded; the root's is left out.

    ``n_repeated_siblings`` counts topics whose label an earlier sibling has, ``n_repeated_parents`` those
    that are called as their parent is; case and spaces make no difference. ``sibling_overlap`` is the share
    of pairs of siblings whose labels have a content word in common, 0 where there is no pair. ``mean_words``
    has one entry a depth, from 1.
    """

    n_repeated_siblings: int
    n_repeated_parents: int
    sibling_overlap: float
    mean_words: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Grounding:
    """Share of labels whose words are the papers' own, beside the same labels over shuffled papers."""

    n_labels: int
    found: float
    shuffled: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well a hierarchy agrees with the categories of one level."""

    best_node_f1: float
    dendrogram_purity: float
    ami: float


@dataclass(frozen=True, slots=True)
class LevelAgreement:
    """A hierarchy against one level of categories, beside the same hierarchy with its papers shuffled.

    ``n_categories`` counts those that are scored, ``n_too_small`` those with too few papers, ``n_papers``
    the papers in any that is scored.
    """

    level: int
    n_categories: int
    n_too_small: int
    n_papers: int
    found: Agreement
    shuffled: Agreement


@dataclass(frozen=True, slots=True)
class Found:
    """How often walks found what they looked for; what is not in the tree counts as not found.

    ``exact`` is the share of papers whose own topic is where the best walk ended, ``exact_in_beam`` the share
    whose own topic is among all ends of the beam, ``path`` the mean share of the way from the root to the own
    topic that the best walk took.
    """

    exact: float
    exact_in_beam: float
    path: float


@dataclass(frozen=True, slots=True)
class FoundAgain:
    """A walk beside walking at random, and beside the same walk with the papers' own topics shuffled."""

    beam: int
    n_queries: int
    found: Found
    random: Found
    shuffled: Found


@dataclass(frozen=True, slots=True)
class Stability:
    """Mean best-node F1 between two builds on samples, beside the same with the second's papers shuffled.

    ``n_shared`` counts the papers in both samples.
    """

    n_shared: int
    found: float
    shuffled: float
