"""Recognises the same paper coming from several sources, and joins what they say of it."""

import hashlib
import re
import unicodedata
from dataclasses import replace

from app.corpus.paper import Paper

_ACCENTS = re.compile("[\u0300-\u036f]+")
# In these scripts vowels are marks, and a word without them is another word.
_NOT_LETTERS = re.compile("[^\\w\u0900-\u0fff\u1000-\u109f\u1780-\u17ff\u3099\u309a]+|_+")
_NOT_ASCII_LETTERS = re.compile("[^a-z0-9]+")
_IDEOGRAPHS = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "þ": "th"}
)

_MIN_WORDS = 3
_MIN_LETTERS = 15
_MIN_IDEOGRAPHS = 6
# Headings under which journals print something new in every issue.
_GENERIC_TITLES = frozenset(
    "".join(title.split())
    for title in (
        "letter to the editor",
        "letters to the editor",
        "reply to the editor",
        "response to the editor",
        "note from the editor",
        "from the editor",
        "from the editors",
        "message from the editor",
        "message from the editors",
        "editor in chief",
        "in this issue",
        "table of contents",
        "list of reviewers",
        "acknowledgement of reviewers",
        "acknowledgment of reviewers",
        "call for papers",
        "the authors reply",
        "reply by the authors",
        "response to letter",
        "response from the authors",
        "authors response",
        "guest editors introduction",
        "introduction to the special issue",
        "introduction to special issue",
        "state of the art",
        "news and views",
        "notes and news",
        "books in brief",
        "abstracts of papers",
        "announcements and news",
        "correction to",
        "publishers note",
        "publisher correction",
        "author correction",
        "expression of concern",
    )
)

_PREPRINT_DOI = re.compile(
    r"10\.(?:48550/|26434/|31234/|31235/|31219/|31223/|20944/|21203/|36227/|2139/ssrn|22541/|64898/"
    r"|1101/(?:\d{6}|\d{4}\.\d{2}\.\d{2}\.)|5281/zenodo|6084/m9\.figshare)"
)
_DOI_VERSION = re.compile(r"[./]?v\d{1,3}$")


def normalise_title(title: str) -> str:
    """Reduce a title to its letters and digits: case and accents folded, any script.

    Examples
    --------
    >>> normalise_title("Über: the *Étude*!")
    'ubertheetude'
    """
    return "".join(_words(title))


def duplicate_keys(paper: Paper) -> tuple[str, ...]:
    """Give the keys by which the same paper is recognised, strongest first.

    Returns
    -------
    tuple of str
        ``doi:``, ``arxiv:`` and ``pmid:`` keys where the paper has them, then at most one title key,
        ``title:<digest of the title>:<year>``. Two papers that share a key are the same, unless they
        share only the title key and are `conflicting`.

    Notes
    -----
    A title makes a key only when it tells papers apart: 3 words, 15 letters, or 6 ideographs, and not a
    heading that returns in every issue ("Letter to the editor"). Without a year, a digest of the
    abstract stands in its place; without both there is no title key.
    """
    keys = []
    if paper.doi:
        keys.append(f"doi:{paper.doi}")
    if paper.arxiv_id:
        keys.append(f"arxiv:{paper.arxiv_id}")
    if paper.pmid:
        keys.append(f"pmid:{paper.pmid}")
    title_key = _title_key(paper)
    if title_key is not None:
        keys.append(title_key)
    return tuple(keys)


def conflicting(a: Paper, b: Paper) -> bool:
    """Whether two papers that share a title key are known to be different works.

    They are when both have a PMID, or both an arXiv id, and these differ; or when both have a DOI of a
    publisher and these differ by more than a version suffix. The DOI of a preprint server or of a data
    repository never speaks against the published version. An identifier in common outweighs all this.
    """
    if _shared(a.doi, b.doi) or _shared(a.arxiv_id, b.arxiv_id) or _shared(a.pmid, b.pmid):
        return False
    if (a.pmid and b.pmid) or (a.arxiv_id and b.arxiv_id):
        return True
    if a.doi and b.doi and not (_PREPRINT_DOI.match(a.doi) or _PREPRINT_DOI.match(b.doi)):
        return _DOI_VERSION.sub("", a.doi) != _DOI_VERSION.sub("", b.doi)
    return False


def merge(kept: Paper, other: Paper) -> Paper:
    """Fill what ``kept`` does not say from ``other``; nothing it already says is changed."""
    return replace(
        kept,
        abstract=kept.abstract or other.abstract,
        year=kept.year if kept.year is not None else other.year,
        authors=kept.authors or other.authors,
        venue=kept.venue or other.venue,
        keywords=kept.keywords or other.keywords,
        doi=kept.doi or other.doi,
        arxiv_id=kept.arxiv_id or other.arxiv_id,
        pmid=kept.pmid or other.pmid,
        url=kept.url or other.url,
    )


def content_digest(*parts: str) -> str:
    """Name a content by 16 hexadecimal digits, the same on every machine."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _shared(a: str | None, b: str | None) -> bool:
    return a is not None and a == b


def _title_key(paper: Paper) -> str | None:
    words = _words(paper.title)
    title = "".join(words)
    if not _is_telling(title, len(words)):
        return None
    if paper.year is not None:
        return f"title:{content_digest(title)}:{paper.year}"
    abstract = normalise_title(paper.abstract)
    return f"title:{content_digest(title)}:{content_digest(abstract)}" if abstract else None


def _is_telling(title: str, n_words: int) -> bool:
    if title in _GENERIC_TITLES:
        return False
    if n_words >= _MIN_WORDS or len(title) >= _MIN_LETTERS:
        return True
    return not title.isascii() and len(_IDEOGRAPHS.findall(title)) >= _MIN_IDEOGRAPHS


def _words(text: str) -> list[str]:
    """Fold case and accents; give the runs of letters and digits, apostrophes closed up."""
    folded = text.casefold().replace("'", "").replace("’", "")
    if folded.isascii():
        return _NOT_ASCII_LETTERS.sub(" ", folded).split()
    folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded)).translate(_LETTERS_WITHOUT_DECOMPOSITION)
    return _NOT_LETTERS.sub(" ", folded.casefold()).split()
