"""Readers of bibliographies: one entry, `read_papers`, and one module a format."""

from app.corpus.readers.guess import FORMATS, EmptyFile, NotABibliography, guess_format
from app.corpus.readers.read import UnknownFormat, read_papers
from app.corpus.readers.record import Record

__all__ = [
    "FORMATS",
    "EmptyFile",
    "NotABibliography",
    "Record",
    "UnknownFormat",
    "guess_format",
    "read_papers",
]
