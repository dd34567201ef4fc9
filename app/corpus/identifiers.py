"""Brings the identifiers of a paper to one form each, however its source writes them."""

import re
from urllib.parse import unquote

from app.corpus.clean import MAX_ID

MIN_YEAR = 1000
MAX_YEAR = 2100

# An identifier stands near the beginning of its field; the bound keeps searching for one linear.
_MAX_TEXT = 1_000

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"\u00a0]+")
_URL = re.compile(r"https?://", re.IGNORECASE)
_DOI_URL_TAIL = re.compile(r"(?:/(?:abstract|full|fulltext|pdf|epdf|meta|html))+$")
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}

_NEW_ARXIV = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_OLD_ARXIV = r"[a-z][a-z-]+(?:\.[a-z-]{2,})?/\d{2}(?:0[1-9]|1[0-2])\d{3}"
_ARXIV = re.compile(
    rf"(?:arxiv[:.\s]\s*|arxiv\.org/(?:abs|pdf|html|e-print|format)/|^)({_NEW_ARXIV}|{_OLD_ARXIV})(?:v\d+)?(?!\d)",
    re.IGNORECASE,
)
_PMID = re.compile(
    r"^(?:pmid[:\s]\s*|pubmed[:\s]\s*)?0*([1-9]\d{0,7})(?:\.0)?\s*(?=$|[\[;,])"
    r"|(?:/pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/)0*([1-9]\d{0,7})(?!\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:1\d{3}|20\d{2}|2100)(?!\d)")
_COMPACT_DATE = re.compile(r"\s*(1\d{3}|20\d{2})(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\s*")


def normalise_doi(text: str) -> str | None:
    """Find a DOI in a text: lower case, without resolver, prefix or trailing punctuation.

    Examples
    --------
    >>> normalise_doi("https://doi.org/10.1000/ABC.")
    '10.1000/abc'
    >>> normalise_doi("none") is None
    True
    """
    if "10." not in text:
        return None
    text = text[:_MAX_TEXT]
    is_url = _URL.search(text) is not None
    found = _DOI.search(unquote(text) if is_url else text)
    if found is None:
        return None
    doi = found[0].lower()
    if is_url:
        doi = _DOI_URL_TAIL.sub("", re.split(r"[?#]", doi, maxsplit=1)[0])
    doi = _without_trailing_punctuation(doi)
    return doi if len(doi) <= MAX_ID and not doi.endswith("/") else None


def normalise_arxiv_id(text: str) -> str | None:
    """Find an arXiv id, new or old style: without prefix, version or subject class.

    Reads bare ids, ``arXiv:`` ids, addresses on arxiv.org and DOIs that start with 10.48550/arXiv.

    Examples
    --------
    >>> normalise_arxiv_id("https://arxiv.org/pdf/2101.00001v3")
    '2101.00001'
    >>> normalise_arxiv_id("math.GT/0309136")
    'math/0309136'
    """
    found = _ARXIV.search(text[:_MAX_TEXT].strip())
    if found is None:
        return None
    archive, slash, number = found[1].lower().partition("/")
    return f"{archive.partition('.')[0]}/{number}" if slash else archive


def normalise_pmid(text: str) -> str | None:
    """Find a PubMed id: 1 to 8 digits, bare or with its usual prefixes.

    Examples
    --------
    >>> normalise_pmid("PMID: 01234567")
    '1234567'
    """
    found = _PMID.search(text[:_MAX_TEXT].strip())
    return found[1] or found[2] if found else None


def find_year(value: object) -> int | None:
    """Take the first year between 1000 and 2100 out of a year or a date, written or as a number.

    Examples
    --------
    >>> find_year("12 May 2019")
    2019
    >>> find_year(99999) is None
    True
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, int):
        return value if MIN_YEAR <= value <= MAX_YEAR else None
    text = str(value)[:_MAX_TEXT]
    compact = _COMPACT_DATE.fullmatch(text)
    if compact:
        return int(compact[1])
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def _without_trailing_punctuation(doi: str) -> str:
    """Cut what a sentence adds after a DOI; a closing bracket stays when the DOI opened it."""
    while doi:
        last = doi[-1]
        opening = _BRACKETS.get(last)
        if opening is not None and doi.count(opening) >= doi.count(last):
            return doi
        if opening is None and last not in ".,;:'’”":
            return doi
        doi = doi[:-1]
    return doi
