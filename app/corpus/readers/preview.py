"""Reads only the beginning of a bibliography, to show what importing it would give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.corpus.readers.guess import guess_from_sample
from app.corpus.readers.read import read_papers
from app.corpus.readers.record import Record
from app.corpus.readers.table import find_header
from app.corpus.readers.text import TextFile
from app.errors import Problem


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a file.

    ``columns`` are those of a table, ``mapping`` the column of each of our fields that was found or given;
    both are empty of other formats. ``is_whole`` says that ``records`` are all of them.
    """

    format: str
    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    records: Sequence[Record]
    is_whole: bool


def preview_papers(
    path: Path,
    *,
    most: int,
    cut: bool = False,
    format: str | None = None,  # noqa: A002
    mapping: Mapping[str, str] | None = None,
) -> Preview:
    """Read the first records of a bibliography.

    Parameters
    ----------
    path : Path
        The file, or its beginning.
    most : int
        Records read at most.
    cut : bool
        Whether the file is only a beginning: its last record is then left out, for it may be half of one.
    format, mapping : optional
        As in `read_papers`.

    Raises
    ------
    InvalidError
        As `read_papers` does.
    """
    records = read_papers(path, format=format, mapping=mapping)
    found: list[Record] = []
    try:
        found.extend(islice(records, most + 1))
    except Problem:
        # Where a file was cut, a format that must end in a certain way does not.
        if not (cut and found):
            raise
    is_whole = not cut and len(found) <= most
    if cut and len(found) <= most:
        found = found[:-1]
    with TextFile(path) as source:
        known = format or guess_from_sample(source.sample, mapping)
        header = find_header(source.sample, mapping) if known in ("csv", "tsv") else None
    if header is None:
        return Preview(known, (), {}, found[:most], is_whole)
    columns = {field: header.names[at] for field, at in header.columns.items()}
    return Preview(known, header.names, columns, found[:most], is_whole)
