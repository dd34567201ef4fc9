"""Says whether the words of a label are written in the papers it is to stand for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.labelling.plain_text import is_ideograph, normal_form, plain_text, tokens
from app.labelling.stopwords import GENERIC_WORDS, STOP_WORDS

FEWEST_PAPERS, LEAST_SHARE = 3, 0.05
"""A word is grounded in papers when so many of them, and such a share of them, write it."""

ENDINGS = (
    *("ations", "ation", "ically", "ities", "ments", "ings", "ions", "ical", "ally", "ment"),
    *("ing", "ion", "ers", "ors", "ity", "ics", "ous", "ive", "ize", "ise"),
    *("ed", "er", "or", "al", "ic", "ly", "es", "e", "y"),
)
SHORTEST_STEM = 4
SAYS_NOTHING_ALONE = STOP_WORDS | GENERIC_WORDS


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
    for word in words_of(text):
        if SAYS_NOTHING_ALONE.isdisjoint((word.lower(), normal_form(word))):
            found.setdefault(stem(word), word)
    return found


def same_words(text: str) -> frozenset[str]:
    """Give what two labels share when they say the same in other order, case or inflection."""
    words = frozenset(stem(word) for word in words_of(text) if word.lower() not in STOP_WORDS)
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


def ground_in(texts: Iterable[str]) -> Grounds:
    """Give the grounds of what is said of one paper: every word it writes."""
    return Grounds(frozenset(stem(word) for text in texts for word in words_of(plain_text(text))))


def words_of(text: str) -> Iterator[str]:
    """Divide plain text into words; the parts of a hyphenated one are words too."""
    for token in tokens(text):
        for word in token.replace("/", "-").replace("–", "-").split("-"):
            if is_ideograph(word) if len(word) == 1 else any(map(str.isalpha, word)):
                yield word
