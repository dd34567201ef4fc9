"""Writes JSON: an object a line in our own shape, or one array of CSL-JSON."""

import json
from collections.abc import Iterable, Iterator

from app.corpus.readers.names import split_keywords
from app.corpus.writers.entry import Entry, join_all


def write_jsonl(entries: Iterable[Entry]) -> Iterator[str]:
    """Write papers exactly as they are, one a line, with the paths to their topics as lists."""
    for entry in entries:
        yield f"{_dump(_own(entry))}\n"


def write_csl_json(entries: Iterable[Entry]) -> Iterator[str]:
    """Write CSL-JSON, as Zotero and citation processors read it; arXiv ids under ``arxiv_id``."""
    before = "[\n"
    for entry in entries:
        yield f"{before}{_dump(_csl(entry))}"
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _own(entry: Entry) -> dict[str, object]:
    paper = entry.paper
    fields: dict[str, object] = {
        "id": paper.source_id,
        "title": paper.title,
        "abstract": paper.abstract,
        "year": paper.year,
        "authors": list(paper.authors),
        "venue": paper.venue,
        "keywords": list(paper.keywords),
        "doi": paper.doi,
        "arxiv_id": paper.arxiv_id,
        "pmid": paper.pmid,
        "url": paper.url,
        "topics": [list(path) for path in entry.topics],
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def _csl(entry: Entry) -> dict[str, object]:
    paper = entry.paper
    kind = paper.original.get("type")
    fields: dict[str, object] = {
        "id": paper.source_id,
        "type": kind if isinstance(kind, str) and kind.isascii() and len(kind) < 40 else "article-journal",
        "title": paper.title,
        "author": [_author(author) for author in paper.authors],
        "issued": {"date-parts": [[paper.year]]} if paper.year is not None else None,
        "container-title": paper.venue,
        "abstract": paper.abstract,
        "keyword": join_all(entry.keywords(), split_keywords) if entry.keywords() else "",
        "DOI": paper.doi,
        "PMID": paper.pmid,
        "URL": paper.url,
        "arxiv_id": paper.arxiv_id,
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def _author(name: str) -> dict[str, str]:
    family, comma, given = name.partition(", ")
    if comma and family.strip() and given.strip():
        return {"family": family, "given": given}
    return {"literal": name}


def _dump(fields: dict[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False)
