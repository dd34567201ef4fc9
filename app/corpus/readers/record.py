"""What a reader finds in a file: drafts of papers, and the records they become once cleaned."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.corpus.clean import (
    MAX_ABSTRACT,
    MAX_AUTHOR,
    MAX_AUTHORS,
    MAX_ID,
    MAX_KEYWORD,
    MAX_KEYWORDS,
    MAX_TITLE,
    MAX_URL,
    MAX_VENUE,
    Change,
    Cleaned,
    clean,
    clean_text,
)
from app.corpus.duplicates import content_digest
from app.corpus.identifiers import find_year, normalise_arxiv_id, normalise_doi, normalise_pmid
from app.corpus.paper import Paper
from app.corpus.readers.original import keep_original

MAX_RECORD = 1 << 20
"""Characters of one record; a longer one is rejected before any library sees it."""
MAX_FIELD = 1 << 16
"""Characters of one field; a longer one is cut before any library sees it."""

TOO_LONG = f"The record is longer than {MAX_RECORD:,} characters."
FIELD_CUT = f"A field was longer than {MAX_FIELD:,} characters and was cut."
NO_TITLE = "The record has no title."

_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a file: a paper, or the reason why it is none.

    ``number`` counts the records of the file from 1, the same at every reading; ``line`` is where it
    starts, from 1. ``notes`` are sentences on what was changed or could not be read.
    """

    number: int
    line: int
    paper: Paper | None = None
    rejected: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The fields of one paper as a reader found them, not yet cleaned.

    ``storable`` says that ``original`` is known to be small, shallow and without what JSON or a database
    refuses, so that it need not be walked through.
    """

    id: str = ""
    title: str = ""
    abstract: str = ""
    date: object = None
    authors: Sequence[str] = ()
    venue: str = ""
    keywords: Sequence[str] = ()
    doi: str = ""
    arxiv_id: str = ""
    pmid: str = ""
    url: str = ""
    original: Mapping[str, object] = field(default_factory=dict)
    storable: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a reader makes of one record: a draft, or a sentence that says why not."""

    line: int
    found: Draft | str
    notes: tuple[str, ...] = ()


def finish(parsed: Parsed, number: int) -> Record:
    """Clean a draft; a record without a title is rejected."""
    draft, line = parsed.found, parsed.line
    if isinstance(draft, str):
        return Record(number=number, line=line, rejected=draft, notes=parsed.notes)
    title = clean(draft.title, max_length=MAX_TITLE)
    if not title.text:
        return Record(number=number, line=line, rejected=NO_TITLE, notes=parsed.notes)
    abstract = clean(draft.abstract, max_length=MAX_ABSTRACT)
    notes = [*parsed.notes, *_notes("title", title, MAX_TITLE), *_notes("abstract", abstract, MAX_ABSTRACT)]
    if len(draft.authors) > MAX_AUTHORS:
        notes.append(f"Only the first {MAX_AUTHORS:,} of {len(draft.authors):,} authors were kept.")
    original, whole = (draft.original, True) if draft.storable else keep_original(draft.original)
    if not whole:
        notes.append("The fields of the source were too long to be kept in full.")
    paper = _paper(draft, title.text, abstract.text, original)
    return Record(number=number, line=line, paper=paper, notes=tuple(notes))


def _paper(draft: Draft, title: str, abstract: str, original: Mapping[str, object]) -> Paper:
    doi = normalise_doi(draft.doi) or _doi_in_address(draft.url)
    arxiv_id = _arxiv_id(draft, doi)
    pmid = normalise_pmid(draft.pmid) or _pmid_in_address(draft.url)
    year = find_year(draft.date)
    return Paper(
        source_id=_source_id(draft, title, abstract, (doi, arxiv_id, pmid), year),
        title=title,
        abstract=abstract,
        year=year,
        authors=_clean_all(draft.authors, MAX_AUTHORS, MAX_AUTHOR),
        venue=clean_text(draft.venue, max_length=MAX_VENUE) if draft.venue else "",
        keywords=_clean_all(draft.keywords, MAX_KEYWORDS, MAX_KEYWORD),
        doi=doi,
        arxiv_id=arxiv_id,
        pmid=pmid,
        url=_web_address(draft.url),
        original=original,
    )


def _source_id(
    draft: Draft, title: str, abstract: str, identifiers: tuple[str | None, ...], year: int | None
) -> str:
    """Name a paper by its source's id, else by a public identifier, else by its content."""
    own = clean_text(draft.id, max_length=MAX_ID + 1)
    if len(own) > MAX_ID:
        return f"{own[: MAX_ID - 17]}#{content_digest(draft.id)}"
    if own:
        return own
    for scheme, identifier in zip(("doi", "arxiv", "pmid"), identifiers, strict=True):
        if identifier:
            return f"{scheme}:{identifier}"[:MAX_ID]
    return f"content:{content_digest(title, abstract, str(year), '|'.join(draft.authors))}"


def _doi_in_address(url: str) -> str | None:
    return normalise_doi(url) if "doi.org/10." in url.lower() else None


def _pmid_in_address(url: str) -> str | None:
    return normalise_pmid(url) if "/pubmed" in url or "pubmed." in url else None


def _arxiv_id(draft: Draft, doi: str | None) -> str | None:
    if draft.arxiv_id:
        found = normalise_arxiv_id(draft.arxiv_id)
        if found:
            return found
    if doi and doi.startswith("10.48550/arxiv."):
        return normalise_arxiv_id(doi.removeprefix("10.48550/"))
    if draft.id[:5].lower() == "arxiv":
        return normalise_arxiv_id(draft.id)
    return normalise_arxiv_id(draft.url) if "arxiv.org/" in draft.url.lower() else None


def _web_address(url: str) -> str | None:
    """Keep an address only when it is one that is safe to follow."""
    found = _WEB_ADDRESS.search(url) if url else None
    return found[0] if found and len(found[0]) <= MAX_URL else None


def _clean_all(values: Sequence[str], max_entries: int, max_length: int) -> tuple[str, ...]:
    cleaned = (clean_text(value, max_length=max_length) for value in values[:max_entries])
    return tuple(value for value in cleaned if value)


def _notes(name: str, cleaned: Cleaned, max_length: int) -> Iterable[str]:
    if not cleaned.changes:
        return
    if Change.CUT in cleaned.changes:
        yield f"The {name} was longer than {max_length:,} characters and was cut."
    if Change.HIDDEN in cleaned.changes:
        yield f"Hidden characters were removed from the {name}."
    if Change.UNREADABLE in cleaned.changes:
        yield f"Some characters of the {name} could not be read."
