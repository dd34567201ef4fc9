"""Writes papers as the formats that reference managers read: RIS, BibTeX, CSL-JSON, CSV and JSONL."""

from app.corpus.writers.entry import Entry
from app.corpus.writers.write import FORMATS, PaperFormat, write_papers

__all__ = ["FORMATS", "Entry", "PaperFormat", "write_papers"]
