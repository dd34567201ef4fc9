"""Reads BibTeX and BibLaTeX, entry by entry, so that a broken one costs only itself."""

import logging
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ParsingFailedBlock,
    String,
)

from app.corpus.readers.latex import decode_latex
from app.corpus.readers.names import split_keywords
from app.corpus.readers.record import FIELD_CUT, MAX_FIELD, MAX_RECORD, TOO_LONG, Draft, Parsed
from app.corpus.readers.text import TextFile

# It warns of each broken entry; here each becomes a rejected record instead.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

_START = re.compile(r"@[ \t]*([A-Za-z]\w*)[ \t]*(?=[{(])")
_NOT_ENTRIES = {"comment", "string", "preamble"}
_TAIL = 256
_MAX_STRINGS = 10_000
_MAX_NESTED = 1_000

_BRACE = re.compile(r"(?<!\\)[{}]")
_BRACE_OR_QUOTE = re.compile(r"(?<!\\)[{}\"]")
_WORD = re.compile(r"[^\s#{}\",]+")
_JOINT = re.compile(r"\s*(#?)\s*")
_AND = re.compile(r" and ", re.IGNORECASE)
_ARXIV_MENTION = re.compile(r"arxiv[:.\s/]", re.IGNORECASE)
_MONTHS = {
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May", "jun": "June",
    "jul": "July", "aug": "August", "sep": "September", "oct": "October", "nov": "November",
    "dec": "December",
}  # fmt: skip

_UNREADABLE = "The entry could not be read as BibTeX"
_TEXT_LOST = "Text between two fields was ignored; a comma or a brace may be missing."

_Fields = dict[str, str]
_Strings = dict[str, str]


def read_bibtex(source: TextFile) -> Iterator[Parsed]:
    """Read the entries of a BibTeX file, ``@string`` definitions filled in, LaTeX decoded."""
    strings = dict(_MONTHS)
    for line, kind, text in _blocks(source.chunks()):
        if len(text) > MAX_RECORD:
            if kind not in _NOT_ENTRIES:
                yield Parsed(line, TOO_LONG)
            continue
        yield from _parsed(line, kind, text, strings)


def _blocks(chunks: Iterator[str]) -> Iterator[tuple[int, str, str]]:
    """Divide the text where a block begins: ``@word{`` at the start of a line, or where none is open.

    Yields the line, the word and the text up to the next block; of a block over ``MAX_RECORD`` only as
    much as shows that it is too long. Text before the first block is left out.
    """
    buffer, line, kind = "\n", 0, ""
    for chunk in chunks:
        buffer += chunk
        starts = _starts(buffer, begun=bool(kind))
        for (start, name), (end, _) in pairwise([(0, kind), *starts]):
            if name:
                yield line, name, buffer[start:end]
            line += buffer.count("\n", start, end)
        keep = 0
        if starts:
            keep, kind = starts[-1]
        elif len(buffer) > MAX_RECORD + _TAIL:
            if kind:
                yield line, kind, buffer
            keep, kind = len(buffer) - _TAIL, ""
            line += buffer.count("\n", 0, keep)
        buffer = buffer[keep:]
    if kind:
        yield line, kind, buffer


def _starts(buffer: str, *, begun: bool) -> list[tuple[int, str]]:
    """Find where blocks begin; inside a line only where every brace before is closed, and not after %."""
    starts: list[tuple[int, str]] = []
    depth = last = 0
    for match in _START.finditer(buffer, 1 if begun else 0):
        at = match.start()
        depth += buffer.count("{", last, at) - buffer.count("}", last, at)
        last = at
        _, is_whole, lead = buffer[max(0, at - _TAIL) : at].rpartition("\n")
        lead = lead.lstrip(" \t\ufeff")
        between = depth <= 0 or not (starts or begun)
        if (is_whole and not lead) or (between and not lead.startswith("%")):
            starts.append((at, match[1].lower()))
            depth = 0
    return starts


def _parsed(line: int, kind: str, text: str, strings: _Strings) -> Iterator[Parsed]:
    if len(_START.findall(text)) > _MAX_NESTED:
        yield Parsed(line, f"{_UNREADABLE}: it is not closed, and many others begin inside it.")
        return
    blocks = [_whole(block) for block in parse_string(text, parse_stack=[]).blocks]
    lines = text.split("\n") if len(blocks) > 1 else []
    n_records = 0
    for block in blocks:
        at = line + (block.start_line or 0)
        if lines and block.start_line and lines[block.start_line].lstrip().startswith("%"):
            continue
        if isinstance(block, String):
            if len(strings) < _MAX_STRINGS:
                strings[block.key.lower()] = _value(block.value, strings)[0]
        elif isinstance(block, Entry):
            n_records += 1
            yield _from_entry(at, block, strings)
        elif isinstance(block, ParsingFailedBlock) and kind not in _NOT_ENTRIES:
            n_records += 1
            reason = " ".join(str(getattr(block.error, "abort_reason", "")).split())
            yield Parsed(at, f"{_UNREADABLE}; a brace, quotation mark or comma is missing. {reason}"[:500])
    if n_records == 0 and kind not in _NOT_ENTRIES:
        yield Parsed(line, f"{_UNREADABLE}.")


def _whole(block: Block) -> Block:
    """Take an entry the library sets aside for a repeated key: nothing is lost here for that."""
    if isinstance(block, DuplicateFieldKeyBlock | DuplicateBlockKeyBlock) and block.ignore_error_block:
        return block.ignore_error_block
    return block


def _from_entry(line: int, entry: Entry, strings: _Strings) -> Parsed:
    fields: _Fields = {}
    original: dict[str, object] = {"ENTRYTYPE": entry.entry_type, "ID": entry.key}
    notes = set()
    for field in entry.fields:
        value, whole = _value(field.value, strings)
        if not whole:
            notes.add(_TEXT_LOST)
        if len(value) > MAX_FIELD:
            notes.add(FIELD_CUT)
            value = value[:MAX_FIELD]
        original[_unused(field.key, original)] = value
        if value and not fields.get(field.key.lower()):
            fields[field.key.lower()] = value
    return Parsed(line, _draft(entry.key, fields, original), tuple(sorted(notes)))


def _unused(key: str, names: Mapping[str, object]) -> str:
    count = 1
    name = key
    while name in names:
        count += 1
        name = f"{key} ({count})"
    return name


def _value(raw: str, strings: _Strings) -> tuple[str, bool]:
    """Give the text of a value, its braces or quotes off and ``#`` joined, and whether that was all."""
    raw = raw.strip()
    if raw[:1] == "{" and raw.find("}") == len(raw) - 1 and raw.rfind("{") == 0:
        return raw[1:-1], True
    parts: list[str] = []
    size = position = 0
    while position < len(raw):
        part, position = _piece(raw, position, strings)
        # Definitions that double each other would grow without bound.
        if size <= MAX_FIELD:
            parts.append(part)
        size += len(part)
        joint = _JOINT.match(raw, position)
        if joint is None or not joint[1]:
            break
        position = joint.end()
    return "".join(parts), position >= len(raw)


def _piece(raw: str, start: int, strings: _Strings) -> tuple[str, int]:
    """Read one piece of a value: in braces, in quotes, or a number or name of a string."""
    if raw[start] == "{":
        end = _end_of_group(raw, start, _BRACE, closing="}")
        return raw[start + 1 : end], end + 1
    if raw[start] == '"':
        end = _end_of_group(raw, start, _BRACE_OR_QUOTE, closing='"')
        return raw[start + 1 : end], end + 1
    word = _WORD.match(raw, start)
    if word is None:
        return raw[start:], len(raw)
    return strings.get(word[0].lower(), word[0]), word.end()


def _end_of_group(raw: str, start: int, marks: re.Pattern[str], *, closing: str) -> int:
    depth = 1 if closing == "}" else 0
    for mark in marks.finditer(raw, start + 1):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth -= 1
        if depth == 0 and mark[0] == closing:
            return mark.start()
    return len(raw)


def _draft(key: str, fields: _Fields, original: Mapping[str, object]) -> Draft:
    title = _text(fields, "title", "shorttitle", "booktitle")
    subtitle = _text(fields, "subtitle")
    return Draft(
        id=key,
        title=f"{title}: {subtitle}" if title and subtitle else title,
        abstract=_text(fields, "abstract"),
        date=_first(fields, "year", "date"),
        authors=[decode_latex(author) for author in _authors(_first(fields, "author", "editor"))],
        venue=_text(fields, "journal", "journaltitle", "booktitle", "eventtitle", "series"),
        keywords=split_keywords(_text(fields, "keywords", "keyword")),
        doi=_address(_first(fields, "doi")),
        arxiv_id=_arxiv_id(fields),
        pmid=_pmid(fields),
        url=_address(_first(fields, "url", "howpublished")),
        original=original,
    )


def _authors(names: str) -> list[str]:
    """Split at "and", but not inside braces: {Barnes and Noble} is one author."""
    authors: list[str] = []
    depth = 0
    for part in _AND.split(" ".join(names.split())):
        if depth > 0:
            authors[-1] += f" and {part}"
        else:
            authors.append(part)
        braces = _BRACE.findall(part)
        depth = max(0, depth + braces.count("{") - braces.count("}"))
    return [author for author in authors if author and author.lower() != "others"]


def _arxiv_id(fields: _Fields) -> str:
    scheme = _first(fields, "archiveprefix", "eprinttype").lower()
    if scheme in ("", "arxiv") and "eprint" in fields:
        return fields["eprint"]
    mentions = (
        fields.get(name, "") for name in ("arxiv", "arxivid", "journal", "note", "howpublished", "volume")
    )
    return next((value for value in mentions if _ARXIV_MENTION.search(value)), "")


def _pmid(fields: _Fields) -> str:
    if _first(fields, "eprinttype").lower() in ("pubmed", "pmid"):
        return _first(fields, "eprint")
    return _first(fields, "pmid", "pubmed_id")


def _address(value: str) -> str:
    r"""Undo what LaTeX needs in identifiers and addresses: ``\_``, ``\url{...}``."""
    return decode_latex(value.replace("~", r"\texttildelow{}").replace("--", r"-{}-")) if value else ""


def _text(fields: _Fields, *names: str) -> str:
    return decode_latex(_first(fields, *names))


def _first(fields: _Fields, *names: str) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")
