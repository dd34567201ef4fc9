"""Reads CSV and TSV, under the column names of the usual databases or under names it is given."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app.corpus.readers.columns import check_columns, distinct, find_columns, list_columns
from app.corpus.readers.names import split_authors, split_keywords
from app.corpus.readers.record import FIELD_CUT, MAX_FIELD, MAX_RECORD, Draft, Parsed
from app.corpus.readers.text import TextFile
from app.errors import InvalidError

DELIMITERS = (",", "\t", ";", "|")
_HEADER_LINES = 12
# A spreadsheet would run a cell that begins so; exports put an apostrophe before it.
_FORMULA_GUARD = re.compile("'(?=[=+\\-@\t\r＝＋－＠])")


class NoTitleColumn(InvalidError):
    """No column of the table is known to hold titles."""

    slug = "no-title-column"
    title = "No title column"


class Header(NamedTuple):
    """Where the rows of a table begin and which column holds what."""

    delimiter: str
    line: int
    names: tuple[str, ...]
    columns: Mapping[str, int]


class _Feed:
    """Gives lines to the csv reader and remembers those of the row in progress.

    It gives no further line when a row has grown too long, as one does after a quotation mark that is
    never closed; the lines taken can then be put back.
    """

    def __init__(self, numbered: Iterator[tuple[int, str]]) -> None:
        self._numbered = numbered
        self._back: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []
        self._size = 0
        self.asked_beyond = False

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self._size > MAX_RECORD:
            self.asked_beyond = True
            raise StopIteration
        line = self._back.popleft() if self._back else next(self._numbered, None)
        if line is None:
            self.asked_beyond = bool(self.taken)
            raise StopIteration
        self.taken.append(line)
        self._size += len(line[1]) + 1
        return line[1] + "\n"

    def next_row(self) -> None:
        """Forget the lines of the row before."""
        self.taken.clear()
        self._size = 0
        self.asked_beyond = False

    def put_back(self) -> None:
        """Give all lines of this row but the first once more."""
        self._back.extendleft(reversed(self.taken[1:]))


def read_table(source: TextFile, mapping: Mapping[str, str] | None = None) -> Iterator[Parsed]:
    """Read the rows of a CSV or TSV file.

    Parameters
    ----------
    source : TextFile
        The file.
    mapping : mapping, optional
        Column name of each of our fields (``title``, ``abstract``, ...); what it does not name is still
        found by the usual column names.

    Raises
    ------
    NoTitleColumn
        If no column holds titles.
    UnknownColumn
        If ``mapping`` names a column that is not there.
    """
    header = find_header(source.sample, mapping)
    if header is None:
        raise no_title_column(source.sample, mapping)
    if mapping:
        check_columns(header.names, mapping)
    numbered = source.lines()
    for _ in range(header.line):
        next(numbered, None)
    for line, row, notes in _rows(_Feed(numbered), header):
        if isinstance(row, str):
            yield Parsed(line, row)
        elif any(cell.strip() for cell in row):
            yield _from_row(line, row, header, notes)


def find_header(sample: str, mapping: Mapping[str, str] | None = None) -> Header | None:
    """Find the row of column names, and with it the delimiter, among the first lines.

    Some exports begin with lines about themselves; the header is the first line with a title column.
    """
    lines = sample.split("\n")[:_HEADER_LINES]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        lines[0] = ""
    for number, line in enumerate(lines, start=1):
        best: Header | None = None
        for delimiter in DELIMITERS:
            names = _cells(line, delimiter)
            columns = find_columns(names, mapping)
            if "title" in columns and (best is None or len(columns) > len(best.columns)):
                best = Header(delimiter, number, distinct(names), columns)
        if best is not None:
            return best
    return None


def no_title_column(sample: str, mapping: Mapping[str, str] | None = None) -> InvalidError:
    """Say which columns there are, so that a person can name the one with the titles."""
    line = next((line for line in sample.split("\n") if line.strip()), "")
    names = max((_cells(line, delimiter) for delimiter in DELIMITERS), key=len)
    if mapping:
        check_columns(names, mapping)
    return NoTitleColumn(
        f"No column is known to hold titles. The columns are: {list_columns(names)}. "
        "Name it, in the mapping or by --column title=COLUMN.",
        columns=[name.strip()[:60] for name in names[:100]],
    )


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(feed: _Feed, header: Header) -> Iterator[tuple[int, list[str] | str, tuple[str, ...]]]:
    """Give rows, or why a row is none; after a quotation mark left open the reading resumes one line on."""
    reader = csv.reader(feed, delimiter=header.delimiter, strict=True)
    while True:
        feed.next_row()
        try:
            row: list[str] | None = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = None
        line, text = feed.taken[0]
        n_lines = len(feed.taken)
        whole = n_lines == 1 or len(row or ()) == len(header.names)
        if row is not None and whole and len(text) <= MAX_RECORD:
            yield line, *_checked(row, header)
            continue
        if n_lines > 1:
            feed.put_back()
        # The reader has met what it takes for the end of the input; a fresh one goes on from here.
        if feed.asked_beyond:
            reader = csv.reader(feed, delimiter=header.delimiter, strict=True)
        yield line, *_alone(text, header, is_open=n_lines > 1 or feed.asked_beyond)


def _alone(text: str, header: Header, *, is_open: bool) -> tuple[list[str] | str, tuple[str, ...]]:
    """Read a row from its first line only, taking quotation marks inside a cell for what they are."""
    if len(text) > MAX_RECORD:
        return f"The row is longer than {MAX_RECORD:,} characters.", ()
    try:
        row = next(csv.reader([text], delimiter=header.delimiter), [])
    except csv.Error:
        return f"A cell of the row is longer than {csv.field_size_limit():,} characters.", ()
    if is_open:
        return "The row has a quotation mark that is not closed.", ()
    return _checked(row, header)


def _checked(row: list[str], header: Header) -> tuple[list[str] | str, tuple[str, ...]]:
    n_columns = len(header.names)
    if any(cell.strip() for cell in row[n_columns:]):
        return (
            f"The row has {len(row)} cells where the header has {n_columns}; "
            "a cell that holds the separator needs quotation marks.",
            (),
        )
    if any(len(cell) > MAX_FIELD for cell in row):
        return [cell[:MAX_FIELD] for cell in row], (FIELD_CUT,)
    return row, ()


def _from_row(line: int, row: Sequence[str], header: Header, notes: tuple[str, ...]) -> Parsed:
    cells = [_FORMULA_GUARD.sub("", cell, count=1) if cell[:1] == "'" else cell for cell in row]
    found = {name: cells[at] for name, at in header.columns.items() if at < len(cells)}
    draft = Draft(
        id=found.get("id", ""),
        title=found.get("title", ""),
        abstract=found.get("abstract", ""),
        date=found.get("year"),
        authors=split_authors(found.get("authors", "")),
        venue=found.get("venue", ""),
        keywords=split_keywords(found.get("keywords", "")),
        doi=found.get("doi", ""),
        arxiv_id=found.get("arxiv_id", ""),
        pmid=found.get("pmid", ""),
        url=found.get("url", ""),
        original={name: cell for name, cell in zip(header.names, cells, strict=False) if cell},
    )
    return Parsed(line, draft, notes)
