"""Tells whether two phrases say the same, by their words."""

from functools import lru_cache

from app.labelling.stopwords import GENERIC_WORDS, STOP_WORDS

SHORTEST_STEM, STEM_SHARE = 6, 0.75
"""Letters, and their share of the longer word, by which two words count as one: "reconstructed image"."""

SHORTEST_ROOT, ROOT_SHARE = 4, 0.65
"""The same for the two phrases of one label: "images & imaging" says one thing twice."""

Key = tuple[str, ...]


@lru_cache(maxsize=1 << 16)
def content_words(key: Key) -> frozenset[str]:
    """Reduce a phrase to what tells it apart: hyphens and generic words do not."""
    words = frozenset(part for word in key for part in word.split("-") if part)
    return words - GENERIC_WORDS - STOP_WORDS or words


@lru_cache(maxsize=1 << 18)
def alike(words: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether one phrase has all words of the other, if with other endings."""
    return _within(words, other) or _within(other, words)


def _within(words: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether each word stands in another phrase, if with another ending: "dialog", "dialogue"."""
    if words <= other:
        return True
    return all(any(word[0] == theirs[0] and _same_stem(word, theirs) for theirs in other) for word in words)


@lru_cache(maxsize=1 << 18)
def share_a_word(words: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two phrases have a word of one root."""
    return any(word[0] == theirs[0] and _same_root(word, theirs) for word in words for theirs in other)


@lru_cache(maxsize=1 << 17)
def _same_root(word: str, other: str) -> bool:
    n_shared = _n_shared(word, other)
    return n_shared >= max(SHORTEST_ROOT, ROOT_SHARE * min(len(word), len(other))) or _same_stem(word, other)


@lru_cache(maxsize=1 << 17)
def _same_stem(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    if short == long or (len(short) >= 5 and long.startswith(short)):
        return True
    return _n_shared(short, long) >= max(SHORTEST_STEM, STEM_SHARE * len(long))


def _n_shared(word: str, other: str) -> int:
    """Count the letters with which both words begin."""
    n_shared = 0
    for mine, theirs in zip(word, other, strict=False):
        if mine != theirs:
            break
        n_shared += 1
    return n_shared
