"""Splits what sources write in one field: authors and keywords."""

import re

_AND = re.compile(" (?:and|&) ", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]?){1,4}(?:,?\s*(?:jr|sr|ii|iii)\.?)?", re.IGNORECASE)
_ELLIPSIS = {"...", "…", "et al", "et al.", "others"}


def split_authors(text: str) -> list[str]:
    """Split a list of authors written as one text; one author is never split.

    Semicolons and bars always separate. Commas separate only where every part could be a whole name
    ("Ada Lovelace, Alan Turing") or surnames and initials alternate ("Lovelace, A., Turing, A.").

    Examples
    --------
    >>> split_authors("Lovelace, Ada; Turing, Alan")
    ['Lovelace, Ada', 'Turing, Alan']
    >>> split_authors("Lovelace, Ada")
    ['Lovelace, Ada']
    """
    for separator in (";", "|", "\n"):
        if separator in text:
            return _whole(text.split(separator))
    authors: list[str] = []
    for part in _AND.split(" ".join(text.split())):
        authors.extend(_split_at_commas(part.strip(" ,")))
    return _whole(authors)


def split_keywords(text: str) -> list[str]:
    """Split keywords at semicolons, bars and line ends; at commas where there is nothing else.

    Examples
    --------
    >>> split_keywords("trees; forests")
    ['trees', 'forests']
    """
    for separator in (";", "|", "\n", ","):
        if separator in text:
            return _whole(text.split(separator))
    return _whole([text])


def _whole(parts: list[str]) -> list[str]:
    return [part for part in (part.strip() for part in parts) if part and part.lower() not in _ELLIPSIS]


def _split_at_commas(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1 or all(" " in part for part in parts):
        return parts
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    if len(parts) > 2 and len(parts) % 2 == 0 and all(_INITIALS.fullmatch(second) for _, second in pairs):
        return [f"{first}, {second}" for first, second in pairs]
    if len(parts) > 2 and sum(" " in part for part in parts) * 2 > len(parts):
        return parts
    return [text]
