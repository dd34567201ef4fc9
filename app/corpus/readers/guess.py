"""Tells from its content in which format a bibliography is."""

import re
from collections.abc import Mapping
from pathlib import Path

from app.corpus.readers.json_array import is_wrapper
from app.corpus.readers.objects import DECODER
from app.corpus.readers.table import DELIMITERS, find_header, no_title_column
from app.corpus.readers.text import TextFile
from app.errors import InvalidError

FORMATS = ("ris", "bibtex", "csv", "tsv", "nbib", "jsonl", "json")
"""What `guess_format` answers; ``json`` is CSL-JSON or any other array of papers."""

_READ = "RIS, BibTeX, CSV or TSV, PubMed nbib, JSON Lines and CSL-JSON are read."
_TAGGED = (
    ("ris", re.compile(r"^[\ufeff \t]{0,8}TY {1,2}-(?:[ \t]|$)", re.MULTILINE)),
    ("nbib", re.compile(r"^\ufeff?(?:PMID|OWN |STAT|FAU |DCOM)- ", re.MULTILINE)),
    ("bibtex", re.compile(r"^[\ufeff \t]*@[ \t]*[A-Za-z]\w*[ \t]*[{(]", re.MULTILINE)),
)
_ENTRY = re.compile(
    r"@[ \t]*(?:article|book|in[a-z]+|misc|[a-z]+thesis|techreport|online)[ \t]*[{(]", re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_WEB_PAGE = re.compile(r"<!doctype html|<html|<head|<body|<script", re.IGNORECASE)
_HINTS = (
    (_WEB_PAGE, "It is a web page; perhaps a login or error page was saved in place of the export."),
    (re.compile(r"<"), "It is XML. Export it as RIS or BibTeX instead."),
    (re.compile(r"%PDF"), "It is a PDF. Send the list of references, exported from where it is kept."),
    (re.compile(r"\{\\rtf"), "It is a word processor's file. Export the references as RIS or BibTeX."),
    (re.compile(r"(?:FN (?:Clarivate|Thomson|ISI)|VR 1\.0|PT J$)", re.MULTILINE),
     "It is Web of Science plain text. Export it as RIS, BibTeX or tab-delimited instead."),
    (re.compile(r"%[0A-Z] "), "It is in EndNote's %-format. Export it as RIS instead."),
)  # fmt: skip


class NotABibliography(InvalidError):
    """The file is none of the formats that are read."""

    slug = "not-a-bibliography"
    title = "Not a bibliography"


class EmptyFile(InvalidError):
    """The file holds no record."""

    slug = "empty-file"
    title = "The file holds no papers"


def guess_format(path: Path) -> str:
    """Tell the format of a file from its beginning; its name is not looked at.

    Returns
    -------
    str
        One of `FORMATS`.

    Raises
    ------
    EmptyFile
        If it is empty or only white space.
    NotABibliography
        If it is none of the formats.
    NoTitleColumn
        If it is a table in which no column is known to hold titles.
    ArchiveRefused, DamagedFile
        If it is packed in a way that is not read.
    """
    with TextFile(path) as source:
        return guess_from_sample(source.sample)


def guess_from_sample(sample: str, mapping: Mapping[str, str] | None = None) -> str:
    """Tell the format from the beginning of a file; with a mapping, a table by the columns it names.

    Raises
    ------
    EmptyFile, NotABibliography, NoTitleColumn
        As `guess_format` does.
    """
    text = sample.lstrip("\ufeff\x00\x1e \t\n")
    if not text:
        raise EmptyFile("The file is empty.")
    refuse_other_kinds(text)
    if text.startswith("{") or re.match(r"\[\s*(?:[{\]]|$)", text):
        kind = _json_kind(text)
        if kind:
            return kind
    header = find_header(sample, mapping)
    if header is not None and (len(header.names) > 1 or "\n" in text.strip()):
        return "tsv" if header.delimiter == "\t" else "csv"
    found = [(match.start(), name) for name, mark in _TAGGED if (match := mark.search(sample))]
    if found or _ENTRY.search(sample):
        return min(found)[1] if found else "bibtex"
    if not any(mark.match(text) for mark, _ in _HINTS) and _is_table(text):
        raise no_title_column(text, mapping)
    raise NotABibliography(_sentence(text))


def refuse_other_kinds(sample: str) -> None:
    """Refuse what is certainly no bibliography, whatever it is said to be: a web page, or no text.

    Raises
    ------
    NotABibliography
        If it is a web page or a PDF, or if more than one character in ten is a control character or
        could not be decoded.
    """
    text = sample.lstrip()
    beginning = text[:10_000]
    garbled = len(_CONTROL.findall(beginning)) * 10 > len(beginning)
    if garbled or _WEB_PAGE.match(text) or text.startswith("%PDF"):
        raise NotABibliography(_sentence(text, "It is not text."))


def _sentence(text: str, otherwise: str = "") -> str:
    hint = next((hint for mark, hint in _HINTS if mark.match(text)), otherwise)
    return " ".join(filter(None, ("The file is not a bibliography.", hint, _READ)))


def _json_kind(text: str) -> str:
    """Tell one object a line from one value; nothing where it only begins like JSON."""
    if text.startswith("["):
        return "json"
    lines = [line for line in text.split("\n")[:50] if line.strip()]
    if any(_is_object(line) for line in lines):
        return "json" if is_wrapper(text) else "jsonl"
    if re.match(r'\{\s*(?:"|\}|$)', text):
        many = sum(line.startswith("{") and len(line) > 1 for line in lines) > 1
        return "jsonl" if many else "json"
    return ""


def _is_object(line: str) -> bool:
    line = line.strip(" \t\x1e\ufeff")
    try:
        value, end = DECODER.raw_decode(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and not line[end:].strip(",")


def _is_table(text: str) -> bool:
    """Whether the first lines divide into equally many cells."""
    lines = [line for line in text.split("\n")[:5] if line.strip()]
    counts = ([line.count(delimiter) for line in lines] for delimiter in DELIMITERS)
    return len(lines) > 1 and any(count[0] > 0 and len(set(count)) == 1 for count in counts)
