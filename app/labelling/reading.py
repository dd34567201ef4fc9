"""Reads papers as one row of numbers of words.

What stands between two spaces recurs so often that only its first use is divided into words: papers are read
by splitting at spaces and looking up.
"""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from app.labelling.plain_text import tokens

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int32]
"""Half as large as indices: there is one for each word of the corpus."""

MARK = "\n"
"""Stands after each title and abstract."""


@dataclass(frozen=True, slots=True)
class Row:
    """All words of papers in a row.

    Attributes
    ----------
    written : list of str
        The different words, in the order of their first use; the first is `MARK`.
    position, paper : ndarray of shape (n_words,), int32
        Number in ``written`` of the word at each place, and its paper.
    from_title : ndarray of shape (n_words,), bool
        Whether the place is in a title.
    """

    written: list[str]
    position: Numbers
    paper: Numbers
    from_title: Flags


def read_row(texts: Sequence[tuple[str, str]]) -> Row:
    """Read papers, in their order, titles first."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    number_of, mark = numbers.__getitem__, numbers[MARK]
    stream, lengths = array("i"), array("i")
    for paper in texts:
        for text in paper:
            before = len(stream)
            stream.extend(map(number_of, text.split()))
            stream.append(mark)
            lengths.append(len(stream) - before)
    pieces = np.array(stream, dtype=np.int32)
    part = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    written, words, ends = _divide(list(numbers))
    n_words = np.diff(ends, prepend=0)
    part = np.repeat(part, n_words[pieces])
    return Row(written, _expand(words, ends, n_words, pieces), part // 2, part % 2 == 0)


def _divide(pieces: list[str]) -> tuple[list[str], Numbers, Numbers]:
    """Divide pieces into words; gives the words, the numbers of each piece's, and where these end."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    words, ends = array("i", [numbers[MARK]]), array("i", [1])
    for piece in pieces[1:]:
        plain = piece.isascii() and piece.isalpha()
        words.extend([numbers[word] for word in ((piece,) if plain else tokens(piece))])
        ends.append(len(words))
    return list(numbers), np.array(words, dtype=np.int32), np.array(ends, dtype=np.int32)


def _expand(words: Numbers, ends: Numbers, n_words: Numbers, pieces: Numbers) -> Numbers:
    """Write out the words of a row of pieces."""
    lengths = n_words[pieces]
    last = np.cumsum(lengths, dtype=np.int64)
    shift = ends[pieces] - last
    places = np.arange(last[-1] if len(last) else 0, dtype=np.int64)
    return np.asarray(words[places + np.repeat(shift, lengths)])
