"""Joins acronyms with the phrases they stand for."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, csr_array

from app.labelling.phrases import Phrases
from app.labelling.plain_text import normal_form

_DEFINED = re.compile(r"\(([A-Z][A-Za-z-]{0,6}[A-Z])s?\)")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
LONGEST_FORM = 80
"""Characters before an acronym in which its long form is looked for."""

SURE_SHARE = 0.7
"""Of an acronym's definitions; below it, the acronym has several meanings and none is taken."""


def find_acronyms(texts: Sequence[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Find the acronyms that papers define, as in "convolutional neural network (CNN)".

    Parameters
    ----------
    texts : sequence of (title, abstract)
        Plain text.

    Returns
    -------
    dict
        Normal forms of the long form's words by acronym, without a plural "s".
    """
    meanings: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for _, abstract in texts:
        for acronym, long_form in _definitions(abstract):
            meanings[acronym][tuple(map(normal_form, long_form))] += 1
    found = {}
    for acronym, counts in sorted(meanings.items()):
        words, n_uses = min(counts.items(), key=lambda item: (-item[1], item[0]))
        if n_uses >= SURE_SHARE * counts.total():
            found[acronym] = words
    return found


def _definitions(text: str) -> Iterator[tuple[str, list[str]]]:
    for match in _DEFINED.finditer(text):
        before = text[max(0, match.start() - LONGEST_FORM) : match.start()]
        words = _WORD.findall(before)
        letters = match[1].replace("-", "").lower()
        for length in range(min(len(letters), len(words)), 1, -1):
            candidate = words[-length:]
            initials = "".join(part[0] for word in candidate for part in word.lower().split("-") if part)
            if initials == letters and before.rstrip().endswith(candidate[-1]):
                yield match[1], candidate
                break


def join_acronyms(phrases: Phrases, acronyms: dict[str, tuple[str, ...]]) -> tuple[Phrases, dict[int, str]]:
    """Count a paper that uses only the acronym as one that uses the phrase.

    Parameters
    ----------
    phrases : Phrases
        Of the corpus.
    acronyms : dict
        As from `find_acronyms`.

    Returns
    -------
    phrases : Phrases
        Without the acronyms whose long form is a phrase too.
    short_forms : dict
        Acronym by number of the phrase, where it is used about as much as the phrase.
    """
    numbers = {key: number for number, key in enumerate(phrases.keys)}
    target = np.arange(len(phrases.keys), dtype=np.int64)
    sizes = np.asarray(phrases.uses.sum(axis=0)).ravel()
    short_forms: dict[int, str] = {}
    for acronym, words in acronyms.items():
        short, long = numbers.get((normal_form(acronym),)), numbers.get(words)
        if short is None or long is None:
            continue
        target[short] = long
        if sizes[short] >= sizes[long] / 3:
            short_forms[long] = acronym
    kept = np.flatnonzero(target == np.arange(len(target)))
    place = np.full(len(target), -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    used = phrases.uses.tocoo()
    columns = place[target[used.coords[1]]]
    shape = (phrases.uses.shape[0], len(kept))
    merged = csr_array(csc_array((used.data, (used.coords[0], columns)), shape=shape))
    merged.data[:] = 1.0
    keys = [phrases.keys[number] for number in kept.tolist()]
    joined = replace(
        phrases, texts=phrases.texts.of(kept.tolist()), keys=keys, uses=merged, titled=phrases.titled[kept]
    )
    return joined, {int(place[number]): acronym for number, acronym in short_forms.items()}
