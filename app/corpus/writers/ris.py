"""Writes RIS: one line a field, so that nothing in a text can be taken for a field."""

import re
from collections.abc import Iterable, Iterator, Mapping

from app.corpus.writers.entry import Entry, one_line

_TYPE = re.compile(r"[A-Z][A-Z0-9]{1,9}")
_TAG = re.compile(r"[A-Z][A-Z0-9]")
# What the reader takes for one of our fields; of a source's own record it is not written twice.
_OURS = frozenset(
    (
        *("TY", "ER", "ID", "AN", "LB", "TI", "T1", "CT", "BT", "TT", "ST", "AB", "N2", "PY", "Y1", "DA"),
        *("AU", "A1", "JF", "T2", "JO", "JA", "J2", "KW", "DE", "DO", "DI", "M1", "M3", "DB", "DP", "PM"),
        *("UR", "L2", "LK"),
    )
)


def write_ris(entries: Iterable[Entry]) -> Iterator[str]:
    """Write records; fields of a RIS original that papers do not have are given back as they were."""
    for entry in entries:
        lines = [f"{tag}  - {text}" for tag, value in _fields(entry) if (text := one_line(value))]
        yield "\r\n".join([*lines, "ER  - ", "", ""])


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    paper, original = entry.paper, entry.paper.original
    kind = original.get("TY")
    is_ris = isinstance(kind, str) and _TYPE.fullmatch(kind) is not None
    yield "TY", str(kind) if is_ris else "JOUR" if paper.venue else "GEN"
    yield "ID", paper.source_id
    yield "TI", paper.title
    yield from (("AU", author) for author in paper.authors)
    yield "PY", "" if paper.year is None else str(paper.year)
    yield "T2", paper.venue
    yield "AB", paper.abstract
    yield from (("KW", word.replace(";", ",")) for word in entry.keywords())
    yield "DO", paper.doi or ""
    yield "M1", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""
    yield "PM", paper.pmid or ""
    yield "UR", paper.url or ""
    if is_ris:
        yield from _others(original)


def _others(original: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for tag, value in original.items():
        if _TAG.fullmatch(tag) and tag not in _OURS:
            values = value if isinstance(value, list) else [value]
            yield from ((tag, one) for one in values if isinstance(one, str))
