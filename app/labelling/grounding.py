"""Whether a label speaks of what the papers of its topic write."""

import re
from collections.abc import Sequence
from functools import lru_cache
from math import ceil

import numpy as np
from scipy.sparse import coo_array, csr_array

from app.hierarchy.figures import Grounding
from app.hierarchy.measure import shuffle_papers
from app.hierarchy.members import topic_members
from app.hierarchy.tree import Hierarchy, Indices
from app.labelling.grounds import FEWEST_PAPERS, LEAST_SHARE
from app.labelling.plain_text import normal_form, plain_text, tokens
from app.labelling.stopwords import STOP_WORDS

_JOINTS = re.compile("[-‐‑–/]")


def content_words(text: str) -> frozenset[str]:
    r"""Give the words of a text that say something, in their normal form; compounds give their parts.

    Examples
    --------
    >>> sorted(content_words(r"Multi-agent games and the $\beta$-functions"))
    ['agent', 'function', 'game', 'multi', 'β']
    """
    return frozenset(word for token in tokens(plain_text(text)) for word in _words_of(token))


@lru_cache(maxsize=1 << 16)
def _words_of(token: str) -> tuple[str, ...]:
    parts = _JOINTS.split(token)
    words = (normal_form(part) for part in parts if any(letter.isalnum() for letter in part))
    return tuple(word for word in words if word not in STOP_WORDS)


def fewest_papers_with(n_papers: int) -> int:
    """Choose how many papers of a topic must use a word: 3 or 5 % of them, all where there are fewer."""
    return max(1, min(n_papers, max(FEWEST_PAPERS, ceil(LEAST_SHARE * n_papers))))


def measure_grounding(
    labels: Sequence[str], hierarchy: Hierarchy, texts: Sequence[tuple[str, str]], *, seed: int
) -> Grounding:
    """Measure how many labels speak of what their papers write.

    Parameters
    ----------
    labels : sequence of str
        One for each topic; the root's is left out.
    hierarchy : Hierarchy
        The tree.
    texts : sequence of (title, abstract)
        Of its papers, in corpus order.
    seed : int
        Of the control.

    Returns
    -------
    Grounding
        Keyphrases do not count here: a label that is one of them would always pass.
    """
    words_of_labels = [content_words(label) for label in labels[1:]]
    vocabulary = {word: row for row, word in enumerate(sorted(frozenset().union(*words_of_labels)))}
    uses = _uses(vocabulary, texts)
    rows = [np.array([vocabulary[word] for word in sorted(words)], np.int64) for words in words_of_labels]
    control = shuffle_papers(hierarchy, seed=seed)
    return Grounding(len(rows), _share_grounded(rows, hierarchy, uses), _share_grounded(rows, control, uses))


def _uses(vocabulary: dict[str, int], texts: Sequence[tuple[str, str]]) -> csr_array:
    """Say which paper, a column, uses which word, a row."""
    rows: list[int] = []
    columns: list[int] = []
    for paper, (title, abstract) in enumerate(texts):
        used = [vocabulary[word] for word in content_words(f"{title}\n{abstract}") if word in vocabulary]
        rows.extend(used)
        columns.extend([paper] * len(used))
    ones = np.ones(len(rows), dtype=np.int32)
    return csr_array(coo_array((ones, (rows, columns)), shape=(len(vocabulary), len(texts))))


def _share_grounded(rows: Sequence[Indices], hierarchy: Hierarchy, uses: csr_array) -> float:
    members = topic_members(hierarchy)[1:]
    sizes = np.asarray(members.sum(axis=1)).tolist()
    counts = csr_array(members @ uses.T).toarray()
    passed = [
        len(words) > 0 and bool((counts[topic, words] >= fewest_papers_with(sizes[topic])).all())
        for topic, words in enumerate(rows)
    ]
    return float(np.mean(passed)) if passed else 1.0
