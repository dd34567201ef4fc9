"""Counts which papers of a corpus write which words, and so what can be grounded in a topic."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from app.hierarchy.tree import Indices
from app.labelling.grounds import FEWEST_PAPERS, LEAST_SHARE, Grounds, content_words, stem, words_of
from app.labelling.plain_text import plain_text

N_TOP_TERMS, FEWEST_FOR_A_TERM = 50, 2
"""Words most a topic's own; one paper alone makes no word a topic's, however often it repeats it."""


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
        self._numbers = numbers
        self._stems = np.array(list(numbers), dtype=object)
        self._distinct = np.diff(self._uses.indptr) > 0
        self._usual = self._uses.sum(axis=0) / max(len(seen), 1)

    def grounds(self, papers: Indices, *, keyphrases: Sequence[str] = ()) -> Grounds:
        """Give what a label of these papers may be made of.

        Parameters
        ----------
        papers : ndarray of shape (n_inside,), int64
            Papers of one topic.
        keyphrases : sequence of str
            Its keyphrases.

        Returns
        -------
        Grounds
            The stems that `FEWEST_PAPERS` of them and a share of `LEAST_SHARE` write; and of those that at
            least two write, the `N_TOP_TERMS` most typical of them and those of the keyphrases.
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
        own = {key for phrase in keyphrases for key in content_words(phrase)} & self._numbers.keys()
        for key in own:
            written[self._numbers[key]] |= used[self._numbers[key]] >= FEWEST_FOR_A_TERM
        return Grounds(frozenset(self._stems[written]))


def _stems(text: tuple[str, str]) -> set[str]:
    return {stem(word) for part in text for word in words_of(plain_text(part))}
