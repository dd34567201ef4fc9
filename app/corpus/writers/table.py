"""Writes CSV that a spreadsheet shows and never runs."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from app.corpus.readers.names import split_authors, split_keywords
from app.corpus.writers.entry import Entry, join_all, one_line

_COLUMNS = (
    *("id", "title", "abstract", "year", "authors", "venue", "keywords"),
    *("doi", "arxiv_id", "pmid", "url", "topics"),
)
# Full-width signs are taken for the plain ones in some languages; the apostrophes before them are the
# guard itself, which the reader takes off once.
_RUN = re.compile("'*[=+\\-@\t\r＝＋－＠]")


def write_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """Write a table, one paper a row; topics have a column of their own."""
    yield csv_line(_COLUMNS)
    for entry in entries:
        paper = entry.paper
        yield csv_line(
            (
                *(
                    paper.source_id,
                    paper.title,
                    paper.abstract,
                    "" if paper.year is None else str(paper.year),
                ),
                *(join_all(paper.authors, split_authors), paper.venue),
                *(join_all(paper.keywords, split_keywords), paper.doi, paper.arxiv_id, paper.pmid, paper.url),
                join_all(entry.paths(), split_keywords),
            )
        )


def csv_line(cells: Sequence[object]) -> str:
    """Write a row; what a spreadsheet would run as a formula gets an apostrophe before it."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([guard(cell) if isinstance(cell, str) else cell for cell in cells])
    return buffer.getvalue()


def guard(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula; our readers take it off.

    Examples
    --------
    >>> guard("=1+1"), guard("a=1"), guard("'=1")
    ("'=1+1", 'a=1', "''=1")
    """
    text = one_line(text)
    return f"'{text}" if _RUN.match(text) else text
