"""Guesses the language of a paper, to name a topic whose papers share no word but a foreign tongue."""

import re
from collections import Counter
from collections.abc import Iterable

FUNCTION_WORDS = {
    "English": "the of and in to is for with that we are by on this from",
    "French": "le les des et est dans une du pour par sur aux avec qui au",
    "German": "der die und das ist ein eine von den im mit für zu auf nicht",
    "Italian": "il gli della dei che è una per nel di con sono alla dalla delle",
    "Portuguese": "o os uma do da em não dos das com para ao pelo são mais",
    "Spanish": "el los las una del en y para con por se que al más como",
}
_LANGUAGES_OF = {
    word: tuple(name for name, words in FUNCTION_WORDS.items() if word in words.split())
    for words in FUNCTION_WORDS.values()
    for word in words.split()
}
SCRIPTS = {
    "Japanese": re.compile(r"[\u3041-\u30ff]"),
    "Chinese": re.compile(r"[\u4e00-\u9fff]"),
    "Korean": re.compile(r"[\uac00-\ud7a3]"),
    "Russian": re.compile(r"[\u0430-\u044f]"),
    "Arabic": re.compile(r"[\u0621-\u064a]"),
    "Greek": re.compile(r"[\u03b1-\u03c9]"),
}
FEWEST_LETTERS = 8
"""Of a script: a formula has a few Greek ones in any language."""

_WORD = re.compile(r"[^\W\d_]+")


def guess_language(text: str) -> str | None:
    """Guess the language of plain text from its script or its function words; None if they do not tell."""
    for name, script in SCRIPTS.items():
        if len(script.findall(text)) >= max(FEWEST_LETTERS, len(text) // 4):
            return name
    votes: Counter[str] = Counter()
    for word in _WORD.findall(text.lower()):
        for name in _LANGUAGES_OF.get(word, ()):
            votes[name] += 1
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def name_by_language(texts: Iterable[str]) -> str | None:
    """Name papers by their languages, the most frequent first, where most of them are not in English.

    Examples
    --------
    >>> name_by_language(["Die Dürre und der Wald", "El bosque y las abejas", "Der See im Sommer"])
    'Papers in German and Spanish'
    """
    guesses = [guess_language(text) for text in texts]
    foreign = Counter(own for own in guesses if own not in (None, "English"))
    if 2 * foreign.total() <= len(guesses):
        return None
    names = [str(name) for name, _ in sorted(foreign.items(), key=lambda item: (-item[1], str(item[0])))]
    if len(names) > 3:
        return "Papers in several languages"
    *most, last = names
    return f"Papers in {', '.join(most)} and {last}" if most else f"Papers in {last}"
