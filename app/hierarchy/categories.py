"""Categories that somebody else gave the papers, level by level, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from app.hierarchy.tree import NO_TOPIC, Indices

MAX_LEVELS = 20
"""A longer list of names is no path of categories."""

Path = Sequence[str]
"""Names from the top down."""


@dataclass(frozen=True, slots=True)
class CategoryLevel:
    """The categories at one level.

    A category is its whole path down to the level: two of one name under different parents are two.

    Attributes
    ----------
    level : int
        1 for the broadest.
    members : csr_array of shape (n_categories, n_papers), int32
        1 where one of the paper's paths leads through the category.
    firsts : ndarray of shape (n_papers,), int64
        The category on each paper's first path; ``NO_TOPIC`` where that path ends above the level.
    """

    level: int
    members: csr_array
    firsts: Indices


def read_paths(value: object) -> list[Path] | None:
    """Read what a source wrote as a paper's categories.

    Parameters
    ----------
    value : object
        A JSON value: a list of names is one path, the broadest first; a list of such lists are several paths;
        a single text is a path of one level.

    Returns
    -------
    list of paths or None
        Empty where there is nothing; None if the value is none of these, or a path has more than
        `MAX_LEVELS` names.

    Examples
    --------
    >>> read_paths(["cs", "cs.CL"]), read_paths([["cs"], ["stat", "ML"]]), read_paths("cs")
    ([('cs', 'cs.CL')], [('cs',), ('stat', 'ML')], [('cs',)])
    >>> read_paths(None), read_paths({"cs": 1})
    ([], None)
    """
    if value is None or value == "" or value == []:
        return []
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return None
    paths = value if all(isinstance(part, list) for part in value) else [value]
    read = [tuple(name for name in path if isinstance(name, str) and name.strip()) for path in paths]
    whole = all(0 < len(path) == len(names) <= MAX_LEVELS for path, names in zip(read, paths, strict=True))
    return list(read) if whole else None


def category_levels(paths: Sequence[Sequence[Path]]) -> list[CategoryLevel]:
    """Turn paths of names into categories, level by level.

    Parameters
    ----------
    paths : sequence of sequences of paths
        The paths of each paper, in corpus order; none for a paper without a category.

    Returns
    -------
    list of CategoryLevel
        From level 1 to the longest path's; categories are numbered as they are met.

    Examples
    --------
    >>> levels = category_levels([[("cs", "AI")], [("cs", "CL"), ("stat",)], []])
    >>> [level.members.toarray().tolist() for level in levels]
    [[[1, 1, 0], [0, 1, 0]], [[1, 0, 0], [0, 1, 0]]]
    >>> levels[1].firsts.tolist()
    [0, 1, -1]
    """
    deepest = max((len(path) for own in paths for path in own), default=0)
    return [_level(paths, level) for level in range(1, deepest + 1)]


def _level(paths: Sequence[Sequence[Path]], level: int) -> CategoryLevel:
    numbers: dict[tuple[str, ...], int] = {}
    memberships: dict[tuple[int, int], None] = {}
    firsts = np.full(len(paths), NO_TOPIC, dtype=np.int64)
    for paper, own in enumerate(paths):
        for place, path in enumerate(own):
            if len(path) < level:
                continue
            category = numbers.setdefault(tuple(path[:level]), len(numbers))
            memberships[category, paper] = None
            if place == 0:
                firsts[paper] = category
    pairs = np.array(list(memberships), dtype=np.int64).reshape(-1, 2)
    ones = np.ones(len(pairs), dtype=np.int32)
    shape = (len(numbers), len(paths))
    return CategoryLevel(level, csr_array(coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=shape)), firsts)


def category_members(categories: Indices) -> csr_array:
    """Turn one category a paper into a membership matrix.

    Parameters
    ----------
    categories : ndarray of shape (n_papers,), int64
        Number of each paper's category; ``NO_TOPIC`` where it has none.

    Returns
    -------
    csr_array of shape (n_categories, n_papers), int32
        1 where the paper is in the category.
    """
    papers = np.flatnonzero(categories != NO_TOPIC)
    ones = np.ones(len(papers), dtype=np.int32)
    shape = (int(categories.max(initial=-1)) + 1, len(categories))
    return csr_array(coo_array((ones, (categories[papers], papers)), shape=shape))
