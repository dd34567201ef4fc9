"""Says whether the words of a label are written in the papers it is to stand for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_array

from app.hierarchy.tree import Indices
from app.labelling.plain_text import is_ideograph, normal_form, plain_text, tokens
from app.labelling.stopwords import GENERIC_WORDS, STOP_WORDS

FEWEST_PAPERS, LEAST_SHARE = 3, 0.05
"""A word is grounded in a topic when so many of its papers, and such a share of them, write it."""

N_TOP_TERMS, FEWEST_FOR_A_TERM = 50, 2
"""So are the words most its own; one paper alone makes no word a topic's, however often it repeats it."""

ENDINGS = (
    *("ations", "ation", "ically", "ities", "ments", "ings", "ions", "ical", "ally", "ment"),
    *("ing", "ion", "ers", "ors", "ity", "ics", "ous", "ive", "ize", "ise"),
    *("ed", "er", "or", "al", "ic", "ly", "es", "e", "y"),
)
SHORTEST_STEM = 4


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Write a word without the ending that inflects or derives it, roughly.

    >>> stem("computing") == stem("Computation") == stem("computers")
    True
    """
    low = normal_form(word)
    for ending in ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= SHORTEST_STEM:
            bare = low.removesuffix(ending)
            return f"{bare[:-2]}iz" if bare.endswith("is") else bare
    return low


def content_words(text: str) -> dict[str, str]:
    """Give the words of a text that say something on their own, by their stems.

    Function words, and nouns such as "method" that need another word beside them, are left out.

    >>> list(content_words("Methods for graph-based learning").values())
    ['graph', 'based']
    """
    found: dict[str, str] = {}
    for word in _words(text):
        if not {word.lower(), normal_form(word)} & (STOP_WORDS | GENERIC_WORDS):
            found.setdefault(stem(word), word)
    return found


def same_words(text: str) -> frozenset[str]:
    """Give what two labels share when they say the same in other order, case or inflection."""
    words = frozenset(stem(word) for word in _words(text) if word.lower() not in STOP_WORDS)
    return words or frozenset({text.casefold()})


@dataclass(frozen=True, slots=True)
class Grounds:
    """The stems a label of one topic may be made of."""

    stems: frozenset[str]

    def missing(self, label: str) -> list[str]:
        """Give the content words of a label that too few papers write.

        A label that says nothing on its own is missing all its words.
        """
        words = content_words(label)
        if not words:
            return [label]
        return [word for key, word in words.items() if key not in self.stems]

    def share(self, text: str) -> float:
        """Say what share of the content words of a text is grounded; 0 for a text without any."""
        words = content_words(text)
        return sum(key in self.stems for key in words) / len(words) if words else 0.0


class PaperWords:
    """Which papers of a corpus write which words.

    Papers of the same text count once, so that copies of one paper cannot ground a word.

    Parameters
    ----------
    texts : sequence of (title, abstract)
        As the source has them, in corpus order.

    Notes
    -----
    Linear in words; about 8 bytes for each different word of each paper.
    """

    def __init__(self, texts: Sequence[tuple[str, str]]) -> None:
        numbers: dict[str, int] = {}
        seen: set[tuple[str, str]] = set()
        columns: list[int] = []
        ends = [0]
        for text in texts:
            if text not in seen:
                seen.add(text)
                columns += {numbers.setdefault(own, len(numbers)) for own in _stems(text)}
            ends.append(len(columns))
        ones = np.ones(len(columns), dtype=np.float32)
        shape = (len(texts), len(numbers))
        self._uses = csr_array((ones, np.array(columns, np.int64), np.array(ends, np.int64)), shape=shape)
        self._stems = np.array(list(numbers), dtype=object)
        self._distinct = np.diff(self._uses.indptr) > 0
        self._usual = self._uses.sum(axis=0) / max(len(seen), 1)

    def grounds(self, papers: Indices) -> Grounds:
        """Give what a label of these papers may be made of.

        Parameters
        ----------
        papers : ndarray of shape (n_inside,), int64
            Papers of one topic.

        Returns
        -------
        Grounds
            The stems that `FEWEST_PAPERS` of them and a share of `LEAST_SHARE` write, and the `N_TOP_TERMS`
            that are most typical of them among those that at least two write.
        """
        n_papers = int(self._distinct[papers].sum())
        used = np.asarray(self._uses[papers].sum(axis=0)).ravel()
        written = used >= max(FEWEST_PAPERS, LEAST_SHARE * n_papers)
        share = used / max(n_papers, 1)
        typical = np.where(
            used >= FEWEST_FOR_A_TERM, share * np.log(np.maximum(share, 1e-9) / self._usual), 0
        )
        top = np.argsort(-typical, kind="stable")[:N_TOP_TERMS]
        written[top[typical[top] > 0]] = True
        return Grounds(frozenset(self._stems[written]))


def ground_in(texts: Iterable[str]) -> Grounds:
    """Give the grounds of what is said of one paper: every word it writes."""
    return Grounds(frozenset(stem(word) for text in texts for word in _words(plain_text(text))))


def _stems(text: tuple[str, str]) -> set[str]:
    return {stem(word) for part in text for word in _words(plain_text(part))}


def _words(text: str) -> Iterator[str]:
    for token in tokens(text):
        for word in token.replace("/", "-").replace("–", "-").split("-"):
            if is_ideograph(word) if len(word) == 1 else any(map(str.isalpha, word)):
                yield word
