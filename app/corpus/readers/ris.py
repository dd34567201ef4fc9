"""Reads RIS, as reference managers and most databases export it."""

import re
from collections.abc import Iterator, Mapping

from rispy import RisParser

from app.corpus.identifiers import normalise_doi
from app.corpus.readers.names import split_keywords
from app.corpus.readers.record import FIELD_CUT, MAX_FIELD, MAX_RECORD, TOO_LONG, Draft, Parsed
from app.corpus.readers.text import TextFile

_TAG = re.compile(r"[\ufeff \t]{0,8}([A-Z][A-Z0-9])( {1,2})-(?:[ \t](.*)|[ \t]*)$", re.DOTALL)
_TITLE_TAGS = {"TI", "T1"}


class _EveryTag(dict[str, str]):
    """Keeps every tag under its own name, the unknown ones too."""

    def __missing__(self, tag: str) -> str:
        return tag


_PARSER = RisParser(mapping=_EveryTag(), delimiter_tags_mapping={}, enforce_list_tags=False)


class _Lines:
    """The lines of one record, continuation lines joined, long fields cut."""

    def __init__(self, line: int, *, tag_space: str) -> None:
        self.line = line
        self.tag_space = tag_space
        self.has_type = False
        self.size = 0
        self.cut = False
        self._fields: list[tuple[str, list[str]]] = []
        self._field_size = 0

    def add(self, tag: str, value: str) -> None:
        """Begin a field."""
        self._field_size = 0
        if self.size <= MAX_RECORD:
            self._fields.append((tag, []))
        self.extend(value)

    def extend(self, text: str) -> None:
        """Go on with the last field."""
        self.size += len(text) + 6
        room = MAX_FIELD - self._field_size
        if len(text) > room:
            self.cut = True
        if self._fields and room > 0 and self.size <= MAX_RECORD:
            self._fields[-1][1].append(text[:room].strip())
            self._field_size += len(text) + 1

    def has(self, tags: set[str]) -> bool:
        """Whether one of these tags was seen."""
        return any(tag in tags for tag, _ in self._fields)

    def text(self) -> Iterator[str]:
        """Write the record as the library wants it: one line a field, from TY to ER."""
        if not self.has_type:
            yield "TY  - GEN"
        for tag, parts in self._fields:
            yield f"{tag}  - {' '.join(parts)}"
        yield "ER  - "


def read_ris(source: TextFile) -> Iterator[Parsed]:
    """Read the records of a RIS file.

    Notes
    -----
    rispy is given one bounded record at a time, continuation lines already joined: by itself it is
    quadratic in them, loses a record without ``ER``, and one after a byte order mark.
    """
    for lines in _split(source.lines()):
        notes = (FIELD_CUT,) if lines.cut else ()
        if lines.size > MAX_RECORD:
            yield Parsed(lines.line, TOO_LONG)
            continue
        records = _PARSER.parse_lines(lines.text())
        if len(records) == 1:
            yield Parsed(lines.line, _draft(records[0]), notes)
        else:
            yield Parsed(lines.line, "The record could not be read as RIS.", notes)


def _split(numbered: Iterator[tuple[int, str]]) -> Iterator[_Lines]:
    """Divide the lines into records, each from TY to ER, to the next TY or to the end of the file.

    Tagged lines after ER without a TY are a record that lost it when they hold a title or end in ER.
    """
    record: _Lines | None = None
    for number, text in numbered:
        found = _TAG.match(text)
        tag, value = (found[1], found[3] or "") if found else ("", text)
        if tag == "TY":
            if record is not None and _counts(record):
                yield record
            record = _Lines(number, tag_space=found[2] if found else "  ")
            record.has_type = True
            record.add(tag, value)
        elif tag == "ER" and not value.strip():
            if record is not None:
                yield record
            record = None
        elif record is None:
            if found and found[2] == "  ":
                record = _Lines(number, tag_space="  ")
                record.add(tag, value)
        elif found and found[2] == record.tag_space and tag != "ER":
            record.add(tag, value)
        elif text.strip():
            record.extend(text)
    if record is not None and _counts(record):
        yield record


def _counts(record: _Lines) -> bool:
    return record.has_type or record.has(_TITLE_TAGS)


def _draft(fields: Mapping[str, object]) -> Draft:
    keywords = [part for value in _all(fields, "KW", "DE") for part in _keywords_of_line(value)]
    addresses = _all(fields, "UR", "L2", "LK")
    return Draft(
        id=_first(fields, "ID", "AN", "LB"),
        title=_first(fields, "TI", "T1", "CT", "BT", "TT", "ST"),
        abstract=_whole(fields, "AB") or _whole(fields, "N2"),
        date=_first(fields, "PY", "Y1", "DA"),
        authors=_all(fields, "AU") or _all(fields, "A1"),
        venue=_first(fields, "JF", "T2", "JO", "JA", "J2", "BT"),
        keywords=keywords,
        doi=_doi(fields, addresses),
        arxiv_id=next((value for value in _all(fields, "AN", "M1", "M3") if "arxiv" in value.lower()), ""),
        pmid=_pmid(fields),
        url=next((value for value in addresses if value.lower().startswith("http")), ""),
        original=fields,
    )


def _keywords_of_line(value: str) -> list[str]:
    """Split at semicolons only, for a keyword may hold a comma ("Trees, decision")."""
    return split_keywords(value) if ";" in value else [value]


def _doi(fields: Mapping[str, object], addresses: list[str]) -> str:
    for value in (*_all(fields, "DO", "DI"), *_all(fields, "M3")):
        doi = normalise_doi(value)
        if doi:
            return doi
    return next((address for address in addresses if "doi.org/10." in address.lower()), "")


def _pmid(fields: Mapping[str, object]) -> str:
    database = " ".join(_all(fields, "DB", "DP")).lower()
    if "pubmed" in database or "medline" in database:
        return _first(fields, "PM", "AN")
    return _first(fields, "PM") or next((value for value in _all(fields, "UR") if "pubmed" in value), "")


def _all(fields: Mapping[str, object], *tags: str) -> list[str]:
    values: list[str] = []
    for tag in tags:
        value = fields.get(tag)
        values.extend(value if isinstance(value, list) else [value] if isinstance(value, str) else [])
    return [value for value in values if value]


def _first(fields: Mapping[str, object], *tags: str) -> str:
    return next(iter(_all(fields, *tags)), "")


def _whole(fields: Mapping[str, object], tag: str) -> str:
    return " ".join(_all(fields, tag))
