"""Reads a corpus as one row of words, and decides what each may do in a phrase.

Without a part-of-speech tagger: word lists where there are some, and for the rest what stands before and
after a word. A word that stands after "we" and "to", or before "the", is a verb.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.hierarchy.tree import Indices
from app.labelling.plain_text import is_ideograph, normal_form
from app.labelling.reading import Flags, Numbers, Row, read_row
from app.labelling.stopwords import (
    CONNECTORS,
    COPULAS,
    DETERMINERS,
    GENERIC_WORDS,
    STOCK_WORDS,
    STOP_WORDS,
    SUBJECTS,
    WEAK_START_WORDS,
)

VERB_SHARE = 0.25
ADJECTIVE_SHARE = 0.3
NAME_SHARE = 0.4
FEWEST_NAME_TITLES, NAME_TITLE_SHARE = 3, 0.2
"""Titles, and the share of a stock word's, in which it stands before the same word if the two are a name."""

LEADING_SHARE, ALWAYS_LEADING_SHARE = 0.7, 0.9

ADJECTIVE_ENDINGS = (
    "able",
    "ible",
    "ous",
    "ful",
    "less",
    "ive",
    "ing",
    "ent",
    "ant",
    "ary",
    "al",
    "ic",
    "ar",
    "ed",
)
""""Signal" and "logic" are nouns all the same: they have a plural."""

COMPOUND_ENDINGS = ("able", "al", "ar", "based", "ful", "ible", "ic", "less", "like", "ous", "time")
"""Of hyphenated words that are adjectives even where no other word follows."""


@dataclass(frozen=True, slots=True)
class Words:
    """All words of a corpus in a row, with a mark after each title and abstract.

    Attributes
    ----------
    written, normal : list of str
        The different words as written, and in their normal form.
    position, kind : ndarray of shape (n_words,), int32
        Number in ``written`` and in ``normal`` of the word at each place.
    paper : ndarray of shape (n_words,), int32
        Paper of each place.
    from_title : ndarray of shape (n_words,), bool
        Whether the place is in a title.
    breaks, connects, starts, ends, alone : ndarray of shape (n_words,), bool
        What the word may do: end every phrase before it, stand only inside one, begin one, end one, be one.
    generic, weak : ndarray of shape (n_words,), bool
        Whether it says little on its own, and whether it seldom begins a set phrase.
    """

    written: list[str]
    normal: list[str]
    position: Numbers
    paper: Numbers
    from_title: Flags
    kind: Numbers
    breaks: Flags
    connects: Flags
    starts: Flags
    ends: Flags
    generic: Flags
    weak: Flags
    alone: Flags


def read_words(texts: Sequence[tuple[str, str]]) -> Words:
    """Read the papers of a corpus, in their order, titles first."""
    row = read_row(texts)
    names: dict[str, int] = {}
    kind_of = np.array(
        [names.setdefault(normal_form(word), len(names)) for word in row.written], dtype=np.int32
    )
    return Words(
        written=row.written,
        normal=list(names),
        position=row.position,
        paper=row.paper,
        from_title=row.from_title,
        kind=kind_of[row.position],
        **_word_flags(names, row, kind_of),
    )


def _word_flags(names: dict[str, int], row: Row, kind_of: Numbers) -> dict[str, Flags]:
    """Decide for each normal form what it may do in a phrase; the result is per position in the corpus."""
    written, position, normal = row.written, row.position, list(names)
    n_kinds = len(normal)
    lower = {word.lower() for word in written}

    def listed(words: frozenset[str]) -> Flags:
        flags = np.zeros(n_kinds, dtype=np.bool_)
        flags[[names[normal_form(word)] for word in words & lower]] = True
        flags[[names[word] for word in words & names.keys()]] = True
        return flags

    kinds = kind_of[position]
    uses = np.maximum(np.bincount(kinds, minlength=n_kinds), 1)
    verb = np.maximum(
        _share_after(kinds, listed(SUBJECTS), uses), _share_before(kinds, listed(DETERMINERS), uses)
    )
    adjective = _share_after(kinds, listed(COPULAS), uses)
    enough = uses >= 5
    connects = listed(CONNECTORS)
    word = _flags(_is_word(own) for own in normal)
    stock = listed(STOCK_WORDS) & ~_is_name(written, kind_of, position, uses)
    bad = ~word | listed(STOP_WORDS) | stock | (enough & (verb > VERB_SHARE))
    weak = listed(WEAK_START_WORDS)
    adverb = _flags(own.endswith("ly") and len(own) > 4 and own[-3] != "i" for own in normal)
    participle = _flags(own.endswith("ed") and len(own) > 5 for own in normal)
    generic = listed(GENERIC_WORDS)
    no_end = adverb | participle | weak | (enough & (adjective > ADJECTIVE_SHARE))
    named = _begins_a_name(kinds, row.from_title, stock, ~(bad | connects | no_end))
    return {
        "breaks": (bad & ~connects)[kinds] & ~named,
        "connects": connects[kinds],
        "starts": ~(bad | connects)[kinds] | named,
        "ends": ~(bad | connects | (no_end & ~generic))[kinds],
        "generic": generic[kinds],
        "weak": (weak | generic | adverb)[kinds],
        "alone": ~_adjective_like(normal, written, kind_of, kinds, position, word, bad)[kinds] & ~named,
    }


def _begins_a_name(kinds: Numbers, from_title: Flags, stock: Flags, goes_on: Flags) -> Flags:
    """Say at which places a stock word begins what titles show to be a name: "interest rate", "yield curve".

    In titles such a word seldom means what it does in abstracts.
    """
    n_kinds = len(stock)
    pair = np.flatnonzero(stock[kinds[:-1]] & goes_on[kinds[1:]])
    number = kinds[pair].astype(np.int64) * n_kinds + kinds[pair + 1]
    titled = from_title[pair]
    found, n_titles = np.unique(number[titled], return_counts=True)
    of_word = np.bincount(kinds[from_title], minlength=n_kinds)[found // n_kinds]
    names = found[(n_titles >= FEWEST_NAME_TITLES) & (n_titles >= NAME_TITLE_SHARE * of_word)]
    begins = np.zeros(len(kinds), dtype=np.bool_)
    begins[pair[np.isin(number, names)]] = True
    return begins


def _flags(answers: Iterable[bool]) -> Flags:
    return np.fromiter(answers, dtype=np.bool_)


def _is_name(written: list[str], kind_of: Numbers, position: Numbers, uses: Indices) -> Flags:
    """Say which words are mostly capital inside a sentence, as in "Lie algebra"."""
    capital = _flags(word[:1].isupper() and word[1:].islower() for word in written)
    small = _flags(map(str.islower, written))
    inside = capital[position]
    inside[1:] &= small[position[:-1]]
    inside[:1] = False
    capitals = np.bincount(kind_of[position[inside]], minlength=len(uses))
    return np.asarray(capitals / uses > NAME_SHARE)


def _adjective_like(
    normal: list[str],
    written: list[str],
    kind_of: Numbers,
    kinds: Numbers,
    position: Numbers,
    word: Flags,
    stop: Flags,
) -> Flags:
    """Say which words have no plural and stand before other words.

    Mostly, if they end like adjectives; nearly always before a content word, if they do not: "many-body".
    """
    uses = np.maximum(np.bincount(kinds, minlength=len(normal)), 1)
    plural = _flags(
        own.endswith(("s", "S")) and not normal[kind].endswith("s")
        for own, kind in zip(written, kind_of.tolist(), strict=True)
    )
    plurals = np.bincount(kinds[plural[position]], minlength=len(normal)) / uses
    leading = _share_before(kinds, word, uses)
    leading_content = _share_before(kinds, word & ~stop, uses)
    ending = _flags(own.endswith(ADJECTIVE_ENDINGS) for own in normal)
    # "Three-dimensional" often stands alone after a verb.
    compound = _flags("-" in own and own.endswith(COMPOUND_ENDINGS) for own in normal)
    like = (
        compound
        | (ending & (leading > LEADING_SHARE))
        | ((uses >= 5) & (leading_content > ALWAYS_LEADING_SHARE))
    )
    return np.asarray((plurals < 0.02) & like)


def _is_word(word: str) -> bool:
    if is_ideograph(word):
        return not "\u3041" <= word[0] <= "\u309f"
    return len(word) > 1 and (word.isalpha() or any(map(str.isalpha, word))) and word[0] not in "_"


def _share_after(kinds: Numbers, first: Flags, uses: Indices) -> NDArray[np.float64]:
    after = np.bincount(kinds[1:][first[kinds[:-1]]], minlength=len(uses))
    return np.asarray(after / uses, dtype=np.float64)


def _share_before(kinds: Numbers, second: Flags, uses: Indices) -> NDArray[np.float64]:
    before = np.bincount(kinds[:-1][second[kinds[1:]]], minlength=len(uses))
    return np.asarray(before / uses, dtype=np.float64)
