"""Writes papers in any format, piece by piece: memory holds one paper."""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from app.corpus.writers.bibtex import write_bibtex
from app.corpus.writers.entry import Entry
from app.corpus.writers.json_lines import write_csl_json, write_jsonl
from app.corpus.writers.ris import write_ris
from app.corpus.writers.table import write_csv

PaperFormat = Literal["ris", "bibtex", "csl-json", "csv", "jsonl"]


class _Format(NamedTuple):
    write: Callable[[Iterable[Entry]], Iterator[str]]
    media_type: str
    suffix: str


FORMATS: dict[PaperFormat, _Format] = {
    "ris": _Format(write_ris, "application/x-research-info-systems; charset=utf-8", "ris"),
    "bibtex": _Format(write_bibtex, "application/x-bibtex; charset=utf-8", "bib"),
    "csl-json": _Format(write_csl_json, "application/vnd.citationstyles.csl+json", "json"),
    "csv": _Format(write_csv, "text/csv; charset=utf-8", "csv"),
    "jsonl": _Format(write_jsonl, "application/jsonl; charset=utf-8", "jsonl"),
}


def write_papers(entries: Iterable[Entry], format: PaperFormat) -> Iterator[str]:  # noqa: A002
    """Write papers with their topics.

    Notes
    -----
    What is written is read again by `read_papers` as the same papers: ids, texts, years, authors and
    identifiers exactly, but that a semicolon inside a name or keyword becomes a comma where it would
    separate, and that an id which cannot be a citation key is another one in BibTeX. RIS, BibTeX and
    CSL-JSON carry the topics among the keywords; CSV and JSONL apart.
    """
    return FORMATS[format].write(entries)
