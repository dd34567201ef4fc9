"""Knows under which names databases and reference managers export the fields of a paper."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from app.errors import InvalidError

FIELDS = ("id", "title", "abstract", "year", "authors", "venue", "keywords", "doi", "arxiv_id", "pmid", "url")
"""The fields a mapping may name."""

# Zotero, Scopus, Web of Science (full and two-letter), PubMed, Dimensions, OpenAlex, IEEE Xplore, Semantic
# Scholar, ASReview and plain tables; per field in order of preference.
_NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "key", "paper id", "source id", "record id", "publication id", "eid", "ut unique wos id",
        "ut unique id", "ut", "accession number", "openalex id", "paperid", "citation key", "an",
    ),
    "title": (
        "title", "article title", "document title", "display name", "primary title", "paper title",
        "publication title of article", "ti", "titel", "titre", "titulo", "título",
    ),
    "abstract": (
        "abstract", "abstract note", "ab", "abstract text", "notes abstract", "summary", "description",
        "zusammenfassung", "resume", "résumé", "resumen",
    ),
    "year": (
        "year", "publication year", "pub year", "pubyear", "py", "date", "publication date", "published",
        "published date", "date published", "create date", "jahr",
    ),
    "authors": (
        "authors", "author", "author full names", "author names", "authors raw data", "author s",
        "authorships author display name", "af", "au", "creator", "creators", "autoren",
    ),
    "venue": (
        "venue", "journal", "source title", "publication title", "journal book", "publication name", "source",
        "journal title", "primary location source display name", "host venue display name",
        "conference", "so", "anthology title", "container title", "zeitschrift",
    ),
    "keywords": (
        "keywords", "author keywords", "keyword", "manual tags", "de", "index keywords", "mesh terms", "tags",
        "automatic tags",
    ),
    "doi": ("doi", "di", "doi link", "digital object identifier", "ids doi"),
    "arxiv_id": ("arxiv id", "arxiv", "arxivid", "eprint", "externalids arxiv"),
    "pmid": ("pmid", "pubmed id", "pm", "ids pmid", "pubmed", "medline pmid"),
    "url": (
        "url", "link", "dimensions url", "primary location landing page url", "pdf link", "article url",
        "articleurl", "source url", "web address", "ur",
    ),
}  # fmt: skip

_SIGNS = re.compile("[{}=@<>\\\\]")
_NOT_NAME = re.compile(r"[\W_]+")


class UnknownColumn(InvalidError):
    """A mapping names a field or a column that does not exist."""

    slug = "unknown-column"
    title = "No such field or column"


def find_columns(names: Sequence[str], mapping: Mapping[str, str] | None = None) -> dict[str, int]:
    """Find which column holds which field.

    Parameters
    ----------
    names : sequence of str
        The header, in order.
    mapping : mapping, optional
        Column name of each of our fields; it goes before the usual names.

    Returns
    -------
    dict
        Index of the column of each field found.
    """
    places: dict[str, int] = {}
    for index, name in enumerate(names):
        places.setdefault(_plain(name), index)
    columns: dict[str, int] = {}
    for field, usual in _NAMES.items():
        wanted = (_plain(mapping[field]),) if mapping and field in mapping else usual
        index = next((places[name] for name in wanted if name in places), -1)
        if index >= 0:
            columns[field] = index
    return columns


def check_columns(names: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Refuse a mapping to a column that is not in the header.

    Raises
    ------
    UnknownColumn
        If there is one.
    """
    known = {_plain(name) for name in names}
    for column in mapping.values():
        if _plain(column) not in known:
            raise UnknownColumn(
                f"There is no column {column!r}. The columns are: {list_columns(names)}.", column=column
            )


def check_fields(mapping: Mapping[str, str]) -> None:
    """Refuse a mapping of a field that papers do not have.

    Raises
    ------
    UnknownColumn
        If there is one.
    """
    for field in mapping:
        if field not in FIELDS:
            raise UnknownColumn(
                f"There is no field {field!r}. The fields are: {', '.join(FIELDS)}.", field=field
            )


def list_columns(names: Sequence[str]) -> str:
    """Name the columns of a header in a sentence, the first of them where there are many."""
    listed = ", ".join(name.strip()[:60] for name in names[:30])
    return listed if len(names) <= 30 else f"{listed} and {len(names) - 30} more"


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Give every column a name of its own: the second of the same name is numbered."""
    seen: Counter[str] = Counter()
    result = []
    for name in (name.strip() or "column" for name in names):
        seen[name] += 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(result)


def _plain(name: str) -> str:
    """Fold case and punctuation; what holds signs of a programming language is no column name."""
    return "" if _SIGNS.search(name) else _NOT_NAME.sub(" ", name.casefold()).strip()
