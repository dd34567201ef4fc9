"""Whether a label speaks of what the papers of its topic write."""

import re
from collections.abc import Sequence, Set
from functools import lru_cache
from math import ceil

import numpy as np
from scipy.sparse import coo_array, csr_array

from app.hierarchy.figures import Grounding
from app.hierarchy.measure import shuffle_papers
from app.hierarchy.members import topic_members
from app.hierarchy.tree import Hierarchy, Indices
from app.labelling.plain_text import normal_form, plain_text, tokens
from app.labelling.stopwords import STOP_WORDS

FEWEST_PAPERS = 3
SMALLEST_SHARE = 0.05
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


def grounded(label: str, texts: Sequence[str], *, keyphrases: Sequence[str] = ()) -> bool:
    """Say whether every content word of a label is the papers' own.

    Parameters
    ----------
    label : str
        The name of a topic.
    texts : sequence of str
        Title and abstract of each of its papers.
    keyphrases : sequence of str
        Phrases whose words are allowed beside.

    Returns
    -------
    bool
        False too where the label has no content word.

    Examples
    --------
    >>> texts = ["Wild bees in flower strips", "Flower strips for a wild bee", "Bees of strips"]
    >>> grounded("Bees and strips", texts), grounded("Flower strips", texts)
    (True, False)
    """
    missing = ungrounded_words(label, [content_words(text) for text in texts], keyphrases=keyphrases)
    return bool(content_words(label)) and not missing


def ungrounded_words(
    label: str, words_of_papers: Sequence[Set[str]], *, keyphrases: Sequence[str] = ()
) -> list[str]:
    """List the content words of a label that too few papers use, in alphabetical order.

    Parameters
    ----------
    label, keyphrases
        As for `grounded`.
    words_of_papers : sequence of sets of str
        The `content_words` of each paper of the topic.
    """
    allowed = frozenset().union(*(content_words(phrase) for phrase in keyphrases))
    least = fewest_papers_with(len(words_of_papers))
    return [
        word
        for word in sorted(content_words(label) - allowed)
        if sum(word in words for words in words_of_papers) < least
    ]


def fewest_papers_with(n_papers: int) -> int:
    """Choose how many papers of a topic must use a word: 3 or 5 % of them, all where there are fewer."""
    return max(1, min(n_papers, max(FEWEST_PAPERS, ceil(SMALLEST_SHARE * n_papers))))


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
