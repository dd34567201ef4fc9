"""Chooses how phrases are written: as most papers do, but without the capitals of titles."""

from collections import Counter
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from typing import overload

import numpy as np

from app.hierarchy.tree import Indices
from app.labelling.plain_text import is_ideograph
from app.labelling.reading import Flags
from app.labelling.words import Words

PLURAL_WORTH = 1.25
"""Of a plural beside the singular, when the writing of a single word is chosen."""

MOST_READ = 60
SENTENCE_ENDS = frozenset(".!?:\n")
ENOUGH_RUNNING, SMALL_RATIO = 3, 4
"""Uses inside sentences that settle how a phrase is written; without them, how much more often than with a
capital its words must be written without one."""


@dataclass(frozen=True, slots=True)
class WordWriting:
    """How single words are written outside titles: ``opening`` marks the places that begin a sentence."""

    opening: Flags
    running: Counter[str]

    def is_small(self, word: str) -> bool:
        """Say whether a word has its capital from where it stands, as all words of some titles have."""
        if word.islower():
            return True
        small = self.running[word.lower()]
        return word[1:].islower() and small > SMALL_RATIO * self.running[word]


def read_writing(words: Words) -> WordWriting:
    """Count how the words of a corpus are written inside sentences."""
    ends = np.array([word in SENTENCE_ENDS for word in words.written], dtype=np.bool_)
    opening = np.concatenate([[True], ends[words.position[:-1]]])[: len(words.position)]
    counts = np.bincount(words.position[~opening & ~words.from_title], minlength=len(words.written))
    return WordWriting(opening, Counter(dict(zip(words.written, counts.tolist(), strict=True))))


def usual_writing(words: Words, begins: Indices, length: int, usual: WordWriting) -> str:
    """Find how a phrase is most often written; titles, with their capitals, count only in need."""
    outside = begins[~words.from_title[begins]]
    inside = outside[~usual.opening[outside]]
    running = inside if len(inside) >= ENOUGH_RUNNING else outside
    # At the end of its noun phrase a noun is written as on its own: "images", though "image processing".
    closing = running[~words.starts[np.minimum(running + length, len(words.starts) - 1)]]
    sample = next(group for group in (closing, running, begins) if len(group))[:MOST_READ]
    counted = Counter(map(tuple, words.position[sample[:, None] + np.arange(length)].tolist()))
    writings: dict[tuple[int, ...], float] = dict(counted)
    if length == 1:
        # What there are many of is named in the plural: "drones", though a paper may fly one.
        for (word,) in list(writings):
            if words.written[word].lower() != words.normal[words.kind[begins[0]]]:
                writings[(word,)] *= PLURAL_WORTH
    most = max(writings.values())
    written = min(
        (tuple(words.written[word] for word in writing) for writing, n in writings.items() if n == most),
        key=lambda writing: (sum(letter.isupper() for word in writing for letter in word), writing),
    )
    if len(inside) < ENOUGH_RUNNING and all(usual.is_small(word) for word in written):
        written = tuple(word.lower() for word in written)
    return join_words(written).removesuffix("'s").removesuffix("’s")


class Writings(Sequence[str]):
    """How phrases are written, each found out when it is first asked for: of most nobody asks.

    Parameters
    ----------
    words : Words
        Of the corpus.
    uses : sequence of ndarray of int64
        Where the uses of each phrase begin, ascending.
    lengths : sequence of int
        How many words each has.
    """

    def __init__(self, words: Words, uses: Sequence[Indices], lengths: Sequence[int]) -> None:
        self._words, self._uses, self._lengths = words, uses, lengths
        self._usual = read_writing(words)
        self._found: dict[int, str] = {}
        self._numbers = list(range(len(uses)))

    def of(self, phrases: Sequence[int]) -> "Writings":
        """Give the writings of some of these phrases, in this order."""
        some = copy(self)
        some._numbers = [self._numbers[phrase] for phrase in phrases]
        return some

    def __len__(self) -> int:
        """Count the phrases."""
        return len(self._numbers)

    @overload
    def __getitem__(self, phrase: int) -> str: ...
    @overload
    def __getitem__(self, phrase: slice) -> list[str]: ...
    def __getitem__(self, phrase: int | slice) -> str | list[str]:
        """Write a phrase, or several."""
        if isinstance(phrase, slice):
            return [self._write(number) for number in self._numbers[phrase]]
        return self._write(self._numbers[phrase])

    def _write(self, number: int) -> str:
        if number not in self._found:
            uses, length = self._uses[number], self._lengths[number]
            self._found[number] = usual_writing(self._words, uses, length, self._usual)
        return self._found[number]


def join_words(words: Sequence[str]) -> str:
    """Put words together, with spaces where their script has them."""
    text = words[0]
    for before, word in pairwise(words):
        text += word if is_ideograph(before) and is_ideograph(word) else f" {word}"
    return text
