"""Reads nbib, the tagged format PubMed exports (MEDLINE)."""

import re
from collections.abc import Iterator, Mapping

from app.corpus.readers.record import FIELD_CUT, MAX_FIELD, MAX_RECORD, TOO_LONG, Draft, Parsed
from app.corpus.readers.text import TextFile

_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9]{1,3}) {0,2}- (.*)", re.DOTALL)
_CONTINUATION = "      "

_Fields = dict[str, list[str]]


class _Lines:
    """The lines of one record by tag, continuation lines joined, long fields cut."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.size = 0
        self.cut = False
        self.parts: dict[str, list[list[str]]] = {}
        self._last: list[str] = []
        self._field_size = 0

    def add(self, tag: str, value: str) -> None:
        """Begin a field."""
        self._last, self._field_size = [], 0
        if self.size <= MAX_RECORD:
            self.parts.setdefault(tag, []).append(self._last)
        self.extend(value)

    def extend(self, text: str) -> None:
        """Go on with the last field."""
        self.size += len(text) + 6
        room = MAX_FIELD - self._field_size
        if len(text) > room:
            self.cut = True
        if room > 0 and self.size <= MAX_RECORD:
            self._last.append(text[:room].strip())
            self._field_size += len(text) + 1

    def fields(self) -> _Fields:
        """Give the values of each tag, in the order of the file."""
        return {tag: [" ".join(parts) for parts in values] for tag, values in self.parts.items()}


def read_nbib(source: TextFile) -> Iterator[Parsed]:
    """Read the records of a PubMed export."""
    for lines in _split(source.lines()):
        if lines.size > MAX_RECORD:
            yield Parsed(lines.line, TOO_LONG)
        else:
            yield Parsed(lines.line, _draft(lines.fields()), (FIELD_CUT,) if lines.cut else ())


def _split(numbered: Iterator[tuple[int, str]]) -> Iterator[_Lines]:
    """Divide the lines into records: a new one begins at PMID, and at a tag after an empty line."""
    record: _Lines | None = None
    after_blank = False
    for number, text in numbered:
        if not text.strip():
            after_blank = True
            continue
        found = None if text.startswith(_CONTINUATION) else _TAG.match(text)
        if found:
            if record is None or after_blank or (found[1] == "PMID" and "PMID" in record.parts):
                if record is not None:
                    yield record
                record = _Lines(number)
            record.add(found[1], found[2])
        elif record is not None:
            record.extend(text)
        after_blank = False
    if record is not None:
        yield record


def _draft(fields: _Fields) -> Draft:
    located = [*fields.get("LID", []), *fields.get("AID", [])]
    headings = [value.replace("*", "") for value in (*fields.get("OT", []), *fields.get("MH", []))]
    return Draft(
        id=_first(fields, "PMID"),
        title=_title(fields),
        abstract=" ".join(fields.get("AB") or fields.get("OAB", [])),
        date=_first(fields, "DP", "DEP", "DA", "EDAT"),
        authors=fields.get("FAU") or fields.get("AU") or fields.get("CN", []),
        venue=_first(fields, "JT", "TA", "BTI"),
        keywords=headings,
        doi=next((value for value in located if value.endswith("[doi]")), ""),
        pmid=_first(fields, "PMID"),
        original=_original(fields),
    )


def _title(fields: _Fields) -> str:
    """Prefer the English title; a book chapter has its own, then its book's."""
    titles = [title for tag in ("TI", "TT", "CTI", "BTI") for title in fields.get(tag, [])]
    return next((title for title in titles if title.strip("[]. ").lower() != "not available"), "")


def _original(fields: _Fields) -> Mapping[str, object]:
    return {tag: values[0] if len(values) == 1 else values for tag, values in fields.items()}


def _first(fields: _Fields, *tags: str) -> str:
    return next((value for tag in tags for value in fields.get(tag, [])), "")
