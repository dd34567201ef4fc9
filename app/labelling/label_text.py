"""Tidies what a language model calls a topic, and says what is wrong with it."""

import re
import unicodedata

from app.corpus.clean import clean_text

LONGEST_LABEL, SHORTEST_LABEL, MOST_WORDS = 80, 3, 12
LONGEST_DESCRIPTION, SHORTEST_DESCRIPTION = 300, 20
_READ = 2000
"""Characters looked at; what is longer is wrong anyway."""

_PREFIX = re.compile(
    r"^(?:(?:topic|label|name|title|cluster|category)\s*(?:\w{1,4}\s*)?[:：]|t?\d{1,3}\s*[.):]|[-–—•*#>]+)\s*",
    re.I,
)
_AROUND = " \"'`´‘’“”„«»*_.,;:!|"
_ADDRESS = re.compile(
    r"(?:https?|ftp|file|data|javascript|mailto):|www\.|[\w.-]+@[\w-]+\.|\w\.(?:com|org|net|io)\b", re.I
)
_MARKUP = re.compile(r"[<>{}\[\]\\`|]|\*\*|__|^#|&#?\w+;|\]\(")
_SAYS_NOTHING = frozenset({"other", "others", "miscellaneous", "unknown", "n/a", "none", "various"})
_SENTENCE_ENDS = re.compile(r"[.!?。](?:\s|$)")


def tidy_label(text: str) -> str:
    """Give a label on one line, without hidden characters, quotes around it, or "Topic 3:" before it.

    >>> tidy_label('**Topic 3: "Graph neural networks."**')
    'Graph neural networks'
    """
    label, before = text[:_READ], None
    while label != before:
        before = label
        # A mark on its own becomes a space and a combining mark, so that spaces are joined afterwards.
        label = clean_text(unicodedata.normalize("NFKC", label), max_length=_READ)
        label = _PREFIX.sub("", label.strip(_AROUND)).strip(_AROUND)
    return label


def label_faults(label: str) -> list[str]:
    """Say why a tidied text is no label; nothing when it is one."""
    faults = []
    if not SHORTEST_LABEL <= len(label) <= LONGEST_LABEL or len(label.split()) > MOST_WORDS:
        faults.append(
            f"must have {SHORTEST_LABEL} to {LONGEST_LABEL} characters and at most {MOST_WORDS} words"
        )
    if _MARKUP.search(label) or _ADDRESS.search(label):
        faults.append("must be plain words, without markup and addresses")
    if not any(map(str.isalpha, label)) or label.casefold() in (
        "other",
        "miscellaneous",
        "unknown",
        "n/a",
        "none",
    ):
        faults.append("must name what its papers are about")
    return faults


def tidy_description(text: str) -> str:
    """Give a description on one line, without hidden characters and quotes around it."""
    return clean_text(text[:_READ], max_length=_READ).strip(" \"'`“”")


def description_faults(description: str, *, shortest: int = SHORTEST_DESCRIPTION) -> list[str]:
    """Say why a tidied text does not describe something in a sentence; nothing when it does."""
    faults = []
    if not shortest <= len(description) <= LONGEST_DESCRIPTION:
        faults.append(f"must have {shortest} to {LONGEST_DESCRIPTION} characters")
    if _MARKUP.search(description) or _ADDRESS.search(description):
        faults.append("must be plain words, without markup and addresses")
    if len(_SENTENCE_ENDS.findall(description)) > 2:
        faults.append("must be one sentence")
    return faults
