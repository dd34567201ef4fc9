"""Finds the phrases a corpus is written in, and which paper uses which.

A phrase whose every use goes on with another word is half a phrase; what is nearly always part of one longer
phrase is only a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from app.hierarchy.tree import Indices
from app.labelling.reading import Flags, Numbers
from app.labelling.stopwords import STOCK_KEYS
from app.labelling.subjects import SUBJECT_KEYS
from app.labelling.words import Words, read_words
from app.labelling.writing import Writings

LONGEST = 4
OPEN_SHARE = 0.65
ADJECTIVE_OPEN_SHARE = 0.7
"""Uses that go on with another word, above which a phrase or a single word is only the beginning of one."""

COMMON_SHARE = 0.15
WEAK_SHARE = 0.1
JOINED_SHARE = 0.1
"""How much of the rarer part's papers a phrase has: of common words, from a weak start, around an "of"."""

SWALLOWED_SHARE = 0.7
FEWEST_TITLES, TITLE_SHARE = 5, 0.25
"""Titles, and their share of the papers that write it, where a run of common words stands if it is a name."""

PRIOR_USES = 5.0
FEWEST_WEAK = 4


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of a corpus.

    Attributes
    ----------
    texts : Writings
        Each as most papers write it.
    keys : list of tuple of str
        Each as its words in their normal form: lower case, singular.
    uses : csr_array of shape (n_papers, n_phrases), float32
        1 where a paper has the phrase, however often.
    titled : ndarray of shape (n_phrases,), float64
        Share of a phrase's papers that have it in the title, drawn toward the usual share where there are
        few: what a paper is about stands in its title, what it merely mentions does not.
    words : dict
        Column of ``word_uses`` by normal form.
    word_uses : csc_array of shape (n_papers, n_words), float32
        1 where a paper has the word, in a phrase or not.
    """

    texts: Writings
    keys: list[tuple[str, ...]]
    uses: csr_array
    titled: NDArray[np.float64]
    words: dict[str, int]
    word_uses: csc_array

    def papers_with(self, word: str) -> Indices:
        """List the papers that have a word, by its normal form, ascending."""
        column = self.words[word]
        first, end = self.word_uses.indptr[column : column + 2]
        return np.asarray(self.word_uses.indices[first:end], dtype=np.int64)


def find_phrases(texts: Sequence[tuple[str, str]], *, fewest_papers: int) -> Phrases:
    """Find the noun-phrase-like runs of one to four words in papers.

    Parameters
    ----------
    texts : sequence of (title, abstract)
        Plain text, in corpus order.
    fewest_papers : int
        Phrases of fewer papers are left out.

    Returns
    -------
    Phrases
        In a fixed order; those that are nearly always part of one longer phrase are left out.

    Notes
    -----
    Linear in words. All runs of one length are counted at once; longer ones only where both shorter ones that
    make them up are frequent enough.
    """
    words = read_words(texts)
    found = _count_runs(words, len(texts), fewest_papers)
    return _write_out(words, found, len(texts))


@dataclass(frozen=True, slots=True)
class _Runs:
    """All uses of the kept runs of one length: where they begin, and the number of the phrase."""

    length: int
    begins: Indices
    phrase: Indices


def _count_runs(words: Words, n_papers: int, fewest_papers: int) -> list[_Runs]:
    begins = np.flatnonzero(words.starts)
    phrase = np.unique(words.kind[begins], return_inverse=True)[1].astype(np.int64)
    n_kinds = len(words.normal)
    found: list[_Runs] = []
    # What is seen in fewer papers cannot become frequent by growing.
    frequent_words = _papers_with(words.paper, words.kind, n_papers, n_kinds) >= fewest_papers
    for length in range(1, LONGEST + 1):
        papers = _papers_with(words.paper[begins], phrase, n_papers, int(phrase.max(initial=-1)) + 1)
        kept = papers[phrase] >= fewest_papers
        begins, phrase = begins[kept], phrase[kept]
        found.append(_Runs(length, begins, phrase))
        last = begins + length
        inside = last < len(words.kind)
        begins, phrase, last = begins[inside], phrase[inside], last[inside]
        goes_on = ~words.breaks[last] & frequent_words[words.kind[last]]
        goes_on &= ~(words.connects[last] & words.connects[last - 1])
        begins, phrase, last = begins[goes_on], phrase[goes_on], last[goes_on]
        phrase = np.unique(phrase * n_kinds + words.kind[last], return_inverse=True)[1].astype(np.int64)
    return _complete_runs(words, found, n_papers)


def _papers_with(paper: Numbers, phrase: Indices | Numbers, n_papers: int, n_phrases: int) -> Indices:
    pairs = _distinct_pairs(phrase, paper, max(n_papers, 1))
    return np.bincount(pairs // max(n_papers, 1), minlength=n_phrases)


def _distinct_pairs(first: Indices | Numbers, second: Indices | Numbers, n_second: int) -> Indices:
    """Give pairs numbers and drop repeats: in place, several times faster here than the hashing `unique`."""
    pairs = first.astype(np.int64)
    pairs *= n_second
    pairs += second
    pairs.sort()
    return pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])] if len(pairs) else pairs


def _complete_runs(words: Words, found: list[_Runs], n_papers: int) -> list[_Runs]:
    """Keep the runs that are whole phrases, the longest first: a shorter one may be only part of those."""
    alone = _papers_with(words.paper, words.kind, n_papers, len(words.normal))
    complete: list[_Runs] = []
    for place in range(len(found) - 1, -1, -1):
        runs = found[place]
        first, last = runs.begins, runs.begins + runs.length - 1
        n_phrases = int(runs.phrase.max(initial=-1)) + 1
        following = np.minimum(last + 1, len(words.kind) - 1)
        whole = words.generic[following] & words.alone[last]
        open_use = words.starts[following] & ((runs.length == 1) | ~whole)
        most = ADJECTIVE_OPEN_SHARE if runs.length == 1 else OPEN_SHARE
        is_open = _share(runs, open_use, n_phrases) > most
        right = words.ends[last] & ~is_open[runs.phrase]
        if runs.length == 1:
            right &= words.alone[first] & ~words.weak[first]
        else:
            papers = _papers_with(words.paper[first], runs.phrase, n_papers, n_phrases)[runs.phrase]
            right &= _holds_together(words, runs, papers, alone, found[place - 1], n_papers)
        if complete:
            right &= ~_swallowed(runs, complete[0])[runs.phrase]
        good = np.zeros(n_phrases, dtype=np.bool_)
        good[runs.phrase[right]] = True
        kept = good[runs.phrase]
        complete.insert(0, _Runs(runs.length, runs.begins[kept], runs.phrase[kept]))
    return complete


def _share(runs: _Runs, which: Flags, n_phrases: int) -> NDArray[np.float64]:
    uses = np.maximum(np.bincount(runs.phrase, minlength=n_phrases), 1)
    return np.asarray(np.bincount(runs.phrase[which], minlength=n_phrases) / uses, dtype=np.float64)


def _holds_together(
    words: Words, runs: _Runs, papers: Indices, alone: Indices, shorter: _Runs, n_papers: int
) -> Flags:
    """Say whether runs of common words, or around an "of", occur often enough to be phrases."""
    steps = [runs.begins + step for step in range(runs.length)]
    n_shorter = int(shorter.phrase.max(initial=-1)) + 1
    shorter_papers = _papers_with(words.paper[shorter.begins], shorter.phrase, n_papers, n_shorter)
    rest = np.zeros(len(words.kind), dtype=np.int64)
    rest[shorter.begins] = shorter_papers[shorter.phrase]
    rest_papers = np.where(rest[steps[1]] > 0, rest[steps[1]], alone[words.kind[steps[-1]]])
    cohesion = papers / np.maximum(np.minimum(alone[words.kind[steps[0]]], rest_papers), 1)
    common = np.all([words.generic[step] | words.weak[step] | words.connects[step] for step in steps], axis=0)
    joined = np.any([words.connects[step] for step in steps], axis=0)
    least = np.select([common, words.weak[steps[0]], joined], [COMMON_SHARE, WEAK_SHARE, JOINED_SHARE], 0.0)
    set_phrase = _are_subjects(words, runs) | (_are_of_titles(words, runs, papers, n_papers) & ~joined)
    enough = (cohesion >= least) & (~words.weak[steps[0]] | (papers >= FEWEST_WEAK))
    return np.asarray(enough | set_phrase)


def _are_subjects(words: Words, runs: _Runs) -> Flags:
    """Say which runs are listed as subjects: "number theory" is a name, however common both its words are."""
    numbers = {word: number for number, word in enumerate(words.normal)}
    keys = [
        [numbers[word] for word in key]
        for key in SUBJECT_KEYS
        if len(key) == runs.length and all(word in numbers for word in key)
    ]
    firsts, uses = np.unique(runs.phrase, return_index=True)
    kinds = words.kind[runs.begins[uses][:, None] + np.arange(runs.length)]
    listed = np.zeros(int(runs.phrase.max(initial=-1)) + 1, dtype=np.bool_)
    known = set(map(tuple, keys))
    listed[firsts] = np.fromiter((tuple(key) in known for key in kinds.tolist()), np.bool_, len(kinds))
    return np.asarray(listed[runs.phrase])


def _are_of_titles(words: Words, runs: _Runs, papers: Indices, n_papers: int) -> Flags:
    """Say which runs stand in titles so often that they must name something: "term structure"."""
    titled = words.from_title[runs.begins]
    n_phrases = int(runs.phrase.max(initial=-1)) + 1
    in_titles = _papers_with(words.paper[runs.begins[titled]], runs.phrase[titled], n_papers, n_phrases)
    often = in_titles[runs.phrase]
    return np.asarray((often >= FEWEST_TITLES) & (often >= TITLE_SHARE * papers))


def _swallowed(runs: _Runs, longer: _Runs) -> Flags:
    """Say which runs are nearly always part of one and the same longer run."""
    n_phrases, n_longer = int(runs.phrase.max(initial=-1)) + 1, int(longer.phrase.max(initial=-1)) + 1
    uses = np.maximum(np.bincount(runs.phrase, minlength=n_phrases), 1)
    swallowed = np.zeros(n_phrases, dtype=np.bool_)
    for shift in (0, 1):
        _, mine, theirs = np.intersect1d(
            runs.begins, longer.begins + shift, assume_unique=True, return_indices=True
        )
        pairs = np.sort(runs.phrase[mine] * max(n_longer, 1) + longer.phrase[theirs])
        starts = (
            np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]]))
            if len(pairs)
            else np.empty(0, int)
        )
        n_uses = np.diff(np.append(starts, len(pairs)))
        inner = pairs[starts] // max(n_longer, 1)
        swallowed[inner[n_uses / uses[inner] > SWALLOWED_SHARE]] = True
    return swallowed


def _write_out(words: Words, found: list[_Runs], n_papers: int) -> Phrases:
    keys: list[tuple[str, ...]] = []
    uses: list[Indices] = []
    for runs in found:
        if not len(runs.phrase):
            continue
        order = np.lexsort((runs.begins, runs.phrase))
        phrase, begins = runs.phrase[order], runs.begins[order]
        firsts = np.flatnonzero(np.concatenate([[True], phrase[1:] != phrase[:-1]]))
        kinds = words.kind[begins[firsts][:, None] + np.arange(runs.length)].tolist()
        for own, key in zip(np.split(begins, firsts[1:]), kinds, strict=True):
            written = tuple(words.normal[kind] for kind in key)
            if written not in STOCK_KEYS:
                keys.append(written)
                uses.append(own)
    place = np.concatenate([np.empty(0, np.int64), *uses])
    number = np.repeat(np.arange(len(uses), dtype=np.int64), [len(own) for own in uses])
    matrix = _paper_matrix(words.paper[place], number, (n_papers, len(keys)))
    title = words.from_title[place]
    in_title = _paper_matrix(words.paper[place[title]], number[title], (n_papers, len(keys)))
    word_uses = csc_array(_paper_matrix(words.paper, words.kind, (n_papers, len(words.normal))))
    word_uses.sort_indices()
    columns = {word: column for column, word in enumerate(words.normal)}
    texts = Writings(words, uses, [len(key) for key in keys])
    return Phrases(texts, keys, matrix, _share_in_title(matrix, in_title), columns, word_uses)


def _paper_matrix(paper: Numbers, phrase: Indices | Numbers, shape: tuple[int, int]) -> csr_array:
    n_columns = max(shape[1], 1)
    pairs = _distinct_pairs(paper, phrase, n_columns)
    places = ((pairs // n_columns).astype(np.int32), (pairs % n_columns).astype(np.int32))
    return csr_array((np.ones(len(pairs), np.float32), places), shape=shape)


def _share_in_title(uses: csr_array, in_title: csr_array) -> NDArray[np.float64]:
    n_uses = np.asarray(uses.sum(axis=0), dtype=np.float64).ravel()
    n_titled = np.asarray(in_title.sum(axis=0), dtype=np.float64).ravel()
    usual = n_titled.sum() / max(n_uses.sum(), 1.0)
    return np.asarray((n_titled + PRIOR_USES * usual) / (n_uses + PRIOR_USES))
