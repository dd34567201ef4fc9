"""Reads any bibliography, whatever its format: every record ends as a paper or with a reason."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from app.corpus.readers.bibtex import read_bibtex
from app.corpus.readers.columns import check_fields
from app.corpus.readers.guess import FORMATS, EmptyFile, guess_from_sample, refuse_other_kinds
from app.corpus.readers.json_array import read_json
from app.corpus.readers.jsonl import read_jsonl
from app.corpus.readers.nbib import read_nbib
from app.corpus.readers.record import Parsed, Record, finish
from app.corpus.readers.ris import read_ris
from app.corpus.readers.table import read_table
from app.corpus.readers.text import TextFile
from app.errors import InvalidError

_MENDED = "Some bytes of the record were not valid UTF-8 and were read as well as they could be."
_OTHER_NAMES = {"csl-json": "json", "ndjson": "jsonl", "bib": "bibtex", "medline": "nbib", "pubmed": "nbib"}

_Mapping = Mapping[str, str] | None
_READERS: dict[str, Callable[[TextFile, _Mapping], Iterator[Parsed]]] = {
    "ris": lambda source, _: read_ris(source),
    "bibtex": lambda source, _: read_bibtex(source),
    "nbib": lambda source, _: read_nbib(source),
    "csv": read_table,
    "tsv": read_table,
    "jsonl": read_jsonl,
    "json": read_json,
}


class UnknownFormat(InvalidError):
    """A format was asked for that is not read."""

    slug = "unknown-format"
    title = "No such format"


def read_papers(
    path: Path,
    *,
    format: str | None = None,  # noqa: A002 - the word of the API and the command line
    mapping: Mapping[str, str] | None = None,
) -> Iterator[Record]:
    """Read the records of a bibliography, one after the other.

    Parameters
    ----------
    path : Path
        The file; plain, or packed once by gzip or xz.
    format : str, optional
        One of `FORMATS`; told from the content when not given.
    mapping : mapping, optional
        Column (or JSON member) that holds each of our fields, for tables and JSON.

    Yields
    ------
    Record
        Every record of the file, once, as a paper or with the reason why it is none. Numbers, lines and
        source ids are the same at every reading, so that a caller can skip what it already has.

    Raises
    ------
    EmptyFile
        If the file holds no record.
    NotABibliography, NoTitleColumn, UnknownColumn, UnknownFormat
        If it cannot be read as a bibliography, or not in the way that was asked for.
    ArchiveRefused, DamagedFile, UnpackedTooLarge
        If it is packed wrongly. The last two may come after some records.

    Notes
    -----
    The checks are made when the function is called, the reading as records are taken. Memory is bounded
    by one record (1 MiB of characters), not by the file. Two papers that their source gives the same id
    both keep it: who stores them tells a repetition from a namesake.
    """
    check_fields(mapping or {})
    with TextFile(path) as source:
        known = _known(format, source.sample, mapping)
    return _records(path, known, mapping)


def _known(asked: str | None, sample: str, mapping: _Mapping) -> str:
    if asked is None:
        return guess_from_sample(sample, mapping)
    name = _OTHER_NAMES.get(asked.lower(), asked.lower())
    if name not in _READERS:
        raise UnknownFormat(f"The format {asked[:60]!r} is not read. The formats are: {', '.join(FORMATS)}.")
    if not sample.strip("\ufeff\x00 \t\n"):
        raise EmptyFile("The file is empty.")
    refuse_other_kinds(sample)
    return name


def _records(path: Path, known: str, mapping: _Mapping) -> Iterator[Record]:
    number = 0
    with TextFile(path) as source:
        for number, (parsed, last_line) in enumerate(_with_ends(_READERS[known](source, mapping)), start=1):
            record = finish(parsed, number)
            if source.mended and _forget_until(source.mended, record.line, last_line):
                record = replace(record, notes=(*record.notes, _MENDED))
            yield record
    if number == 0:
        raise EmptyFile(f"The file was read as {known} and holds no record.")


def _with_ends(found: Iterator[Parsed]) -> Iterator[tuple[Parsed, int | None]]:
    """Give with each record the line before the next one begins; none with the last."""
    previous: Parsed | None = None
    for parsed in found:
        if previous is not None:
            yield previous, max(previous.line, parsed.line - 1)
        previous = parsed
    if previous is not None:
        yield previous, None


def _forget_until(mended: list[int], first: int, last: int | None) -> bool:
    """Whether one of the mended lines lies in a record; those up to its end are forgotten."""
    n_passed = 0
    while n_passed < len(mended) and (last is None or mended[n_passed] <= last):
        n_passed += 1
    inside = any(line >= first for line in mended[:n_passed])
    del mended[:n_passed]
    return inside
