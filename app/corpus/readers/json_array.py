"""Reads JSON that is one value: an array of papers (CSL-JSON, our own shape), or an object that holds one."""

import re
from collections.abc import Iterator, Mapping

from app.corpus.readers.objects import DECODER, draft_of_object
from app.corpus.readers.record import MAX_RECORD, TOO_LONG, Parsed
from app.corpus.readers.text import TextFile

LIST_NAMES = ("papers", "items", "results", "works", "records", "data")
"""Members of an outer object that hold the papers."""

_SPACE = re.compile(r"[\s,\ufeff\x00]*")
_COLON = re.compile(r"\s*:\s*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_FIRST_NAME = re.compile(r'\{\s*("(?:[^"\\]|\\.){0,200}")\s*:', re.DOTALL)
_LIST = re.compile(r"\[\s*[{\]]")
_UNFINISHED = "The file ends in the middle of this record."
_KEPT_BEHIND = 120
_MAX_WRAPPERS = 4
# Decoding looks no further ahead than it must: an error costs as much as there is text before it.
_WINDOW = 1 << 16
# A mark that ends a text too late stands this near behind the next record's beginning.
_LOOK_BACK = 1_000
# A decoder that fails so near the end of what was read may only lack the rest.
_NEAR_END = 16


class _Buffer:
    """The part of the text that is being read, with its place in the file."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks = chunks
        self.text = ""
        self.at = 0
        self._line = 1
        self._counted = 0

    def more(self) -> bool:
        """Read on; drop what is behind. False at the end of the file."""
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        self._count()
        # The indentation before the present place tells where records begin.
        behind = max(0, self.at - _KEPT_BEHIND)
        self.text = self.text[behind:] + chunk
        self.at -= behind
        self._counted = self.at
        return True

    def ahead(self, size: int) -> str:
        """Give the next so many characters, fewer at the end of the file."""
        while len(self.text) - self.at < size and self.more():
            pass
        return self.text[self.at : self.at + size]

    def line(self) -> int:
        """Line of the present place, from 1."""
        self._count()
        return self._line

    def peek(self) -> str:
        """Skip white space and commas; give the next character, or nothing at the end."""
        while True:
            space = _SPACE.match(self.text, self.at)
            self.at = space.end() if space else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def _count(self) -> None:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at


def read_json(source: TextFile, mapping: Mapping[str, str] | None = None) -> Iterator[Parsed]:
    """Read the papers of a JSON file that is not one object a line.

    Notes
    -----
    Only one record is in memory at a time. A record that is not valid JSON is skipped up to where the
    next one begins: by the indentation of the records, else by the name of their first member.
    """
    buffer = _Buffer(source.chunks())
    while first := buffer.peek():
        if first == "[":
            buffer.at += 1
            yield from _elements(buffer, mapping)
        elif first == "{" and _at_wrapper(buffer):
            buffer.at += 1
            yield from _members(buffer, mapping)
        elif first in "]}":
            buffer.at += 1
        else:
            yield from _element(buffer, mapping)


def is_wrapper(text: str) -> bool:
    """Whether the object that the text begins with holds a list of papers rather than being one."""
    at = 1
    has_title = False
    while True:
        space = _SPACE.match(text, at)
        name = _STRING.match(text, space.end() if space else at)
        colon = _COLON.match(text, name.end()) if name else None
        if name is None or colon is None:
            return False
        word = name[0][1:-1]
        if word in LIST_NAMES and (word == "papers" or not has_title) and _LIST.match(text, colon.end()):
            return True
        if word == "message" and text.startswith("{", colon.end()):
            return True
        has_title = has_title or word in ("title", "display_name")
        try:
            _, at = DECODER.raw_decode(text, colon.end())
        except (ValueError, RecursionError):
            return False


def _at_wrapper(buffer: _Buffer) -> bool:
    return is_wrapper(buffer.ahead(_WINDOW))


def _members(
    buffer: _Buffer, mapping: Mapping[str, str] | None, depth: int = _MAX_WRAPPERS
) -> Iterator[Parsed]:
    """Go through an outer object: read its list of papers, pass over the rest."""
    while (first := buffer.peek()) and first != "}":
        name = _STRING.match(buffer.text, buffer.at)
        if name is None:
            yield from _element(buffer, mapping)
            return
        colon = _COLON.match(buffer.text, name.end())
        buffer.at = colon.end() if colon else name.end()
        value = buffer.peek()
        if value == "[" and name[0].strip('"') in LIST_NAMES:
            buffer.at += 1
            yield from _elements(buffer, mapping)
        elif value == "{" and depth and _at_wrapper(buffer):
            buffer.at += 1
            yield from _members(buffer, mapping, depth - 1)
        else:
            _decode(buffer)
    buffer.at += 1


def _elements(buffer: _Buffer, mapping: Mapping[str, str] | None) -> Iterator[Parsed]:
    while (first := buffer.peek()) and first != "]":
        yield from _element(buffer, mapping)
    buffer.at += 1


def _element(buffer: _Buffer, mapping: Mapping[str, str] | None) -> Iterator[Parsed]:
    line = buffer.line()
    found = _decode(buffer)
    if isinstance(found, dict):
        yield Parsed(line, draft_of_object(found, mapping))
    else:
        yield Parsed(line, found if isinstance(found, str) else "The element is not a JSON object.")


def _decode(buffer: _Buffer) -> object:
    """Decode the value at hand and go past it; a sentence when that is not possible.

    A text that is a value of its own is given in a list, so that it is not taken for a sentence.
    """
    size = _WINDOW
    while True:
        window = buffer.ahead(size)
        # What reaches to the end of the window may go on behind it.
        is_all = len(window) < size
        try:
            value, end = DECODER.raw_decode(window)
        except RecursionError:
            _resume(buffer, buffer.at + _LOOK_BACK)
            return "The record is nested too deeply."
        except ValueError as error:
            position = getattr(error, "pos", 0)
            may_go_on = position >= len(window) - _NEAR_END or "Unterminated string" in str(error)
            if may_go_on and not is_all and size <= MAX_RECORD:
                size = min(4 * size, MAX_RECORD + 1)
                continue
            _resume(buffer, buffer.at + position - _LOOK_BACK)
            if may_go_on:
                return _UNFINISHED if is_all else TOO_LONG
            return f"The record is not valid JSON: {getattr(error, 'msg', error)}."
        if end == size <= MAX_RECORD:
            size = min(4 * size, MAX_RECORD + 1)
            continue
        buffer.at += end
        return [value] if isinstance(value, str) else value


def _resume(buffer: _Buffer, position: int) -> None:
    """Go to where, from a position on, the next record seems to begin, or to the end of the file."""
    pattern = _next_record(buffer)
    buffer.at = max(buffer.at + 1, min(position, len(buffer.text)))
    while True:
        found = pattern.search(buffer.text, buffer.at)
        if found is not None:
            buffer.at = found.start(1)
            return
        # What could be the beginning of a match stays.
        buffer.at = max(buffer.at, len(buffer.text) - _LOOK_BACK)
        if not buffer.more():
            buffer.at = len(buffer.text)
            return


def _next_record(buffer: _Buffer) -> re.Pattern[str]:
    line_start = buffer.text.rfind("\n", 0, buffer.at) + 1
    indent = buffer.text[line_start : buffer.at]
    if line_start and not indent.strip() and len(indent) < 100:
        return re.compile(rf"\n{indent}([{{\]])")
    name = _FIRST_NAME.match(buffer.text, buffer.at)
    if name is not None:
        return re.compile(rf"[,\[\s](\{{\s*{re.escape(name[1])}\s*:)")
    return re.compile(r"\n\s{0,20}([{\]])")
