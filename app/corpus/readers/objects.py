"""Makes a draft of a paper from a JSON object: our own shape, CSL-JSON and those of the usual services."""

import json
import math
from collections.abc import Iterable, Mapping

from app.corpus.readers.names import split_authors, split_keywords
from app.corpus.readers.record import Draft

_MAX_POSITION = 20_000

_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "source_id", "paperId", "paper_id", "citation-key", "key"),
    "title": ("title", "display_name", "Title"),
    "abstract": ("abstract", "abstractNote", "Abstract", "summary"),
    "year": ("year", "date", "published", "issued", "publication_year", "publication_date", "Year"),
    "authors": ("authors", "author", "authorships", "creators", "Authors"),
    "venue": ("venue", "journal", "container-title", "journal_name", "publicationTitle", "source"),
    "keywords": ("keywords", "keyword", "tags"),
    "doi": ("doi", "DOI"),
    "arxiv_id": ("arxiv_id", "arxiv", "arxivId"),
    "pmid": ("pmid", "PMID", "pubmed_id"),
    "url": ("url", "URL", "link"),
}
_IDENTIFIERS = {"doi": ("DOI", "doi"), "arxiv_id": ("ArXiv", "arxiv"), "pmid": ("PubMed", "pmid")}
_NAME_PARTS = ("name", "literal", "display_name", "value", "text")


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


# Line ends and tabs inside texts are let pass: half the exporters forget to escape them.
DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=lambda _: None, strict=False)


def draft_of_object(
    fields: dict[str, object], mapping: Mapping[str, str] | None = None, *, storable: bool = False
) -> Draft:
    """Take the fields of a paper out of a JSON object; what is not known stays in ``original`` only."""
    names = {**_NAMES, **{field: (name,) for field, name in mapping.items()}} if mapping else _NAMES
    known = fields
    if not _find(fields, names["title"]):
        lowered = {name.lower(): value for name, value in fields.items()}
        known = {**lowered, **fields}
    abstract = _find(known, names["abstract"])
    return Draft(
        id=_text(_find(known, names["id"])),
        title=_text(_find(known, names["title"])),
        abstract=_paragraphs(abstract) or _from_inverted_index(known.get("abstract_inverted_index")),
        date=_date(_find(known, names["year"])),
        authors=_authors(_find(known, names["authors"])),
        venue=_text(_find(known, names["venue"])) or _nested_text(known, "primary_location", "source"),
        keywords=_keywords(_find(known, names["keywords"])),
        doi=_text(_find(known, names["doi"])) or _identifier(known, "doi"),
        arxiv_id=_text(_find(known, names["arxiv_id"])) or _identifier(known, "arxiv_id"),
        pmid=_text(_find(known, names["pmid"])) or _identifier(known, "pmid"),
        url=_text(_find(known, names["url"])),
        original=fields,
        storable=storable,
    )


def _find(fields: dict[str, object], names: tuple[str, ...]) -> object:
    for name in names:
        value = fields.get(name)
        if value:
            return value
    return None


def _text(value: object) -> str:
    """Give a value as one text: the first of a list, the name of an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return next((text for text in map(_text, value) if text), "")
    if isinstance(value, dict):
        return next((value[name] for name in _NAME_PARTS if isinstance(value.get(name), str)), "")
    return ""


def _paragraphs(value: object) -> str:
    return " ".join(map(_text, value)) if isinstance(value, list) else _text(value)


def _from_inverted_index(value: object) -> str:
    """Put the words of an abstract back in order (OpenAlex gives each word with its places)."""
    if not isinstance(value, dict):
        return ""
    words: dict[int, str] = {}
    for word, places in value.items():
        for place in places if isinstance(places, list) else ():
            if isinstance(place, int) and 0 <= place < _MAX_POSITION:
                words[place] = str(word)
    return " ".join(words[place] for place in sorted(words))


def _date(value: object) -> object:
    """Take CSL's ``{"date-parts": [[2020, 5, 1]]}`` apart; any other value stays as it is."""
    if not isinstance(value, dict):
        return value
    parts = value.get("date-parts")
    while isinstance(parts, list) and parts:
        parts = parts[0]
    return parts or value.get("raw") or value.get("literal")


def _authors(value: object) -> list[str]:
    if isinstance(value, str):
        return split_authors(value)
    if not isinstance(value, list):
        return []
    return [name for name in map(_author, value) if name]


def _author(value: object) -> str:
    if not isinstance(value, dict):
        return _text(value)
    last = _text(value.get("family") or value.get("last") or value.get("lastName"))
    first = _text(value.get("given") or value.get("first") or value.get("firstName"))
    if last:
        particle = _text(value.get("non-dropping-particle"))
        last = f"{particle} {last}" if particle else last
        return f"{last}, {first}" if first else last
    return _text(value) or _text(value.get("author"))


def _keywords(value: object) -> list[str]:
    if isinstance(value, str):
        return split_keywords(value)
    entries: Iterable[object] = value if isinstance(value, list) else ()
    return [text for text in (_text(entry) or _tag(entry) for entry in entries) if text]


def _tag(value: object) -> str:
    return _text(value.get("tag")) if isinstance(value, dict) else ""


def _identifier(fields: dict[str, object], field: str) -> str:
    for group in ("externalIds", "ids"):
        identifiers = fields.get(group)
        if isinstance(identifiers, dict):
            found = next(
                (_text(identifiers[name]) for name in _IDENTIFIERS[field] if identifiers.get(name)), ""
            )
            if found:
                return found
    return ""


def _nested_text(fields: dict[str, object], *path: str) -> str:
    value: object = fields
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return _text(value)
