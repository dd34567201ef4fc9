"""Gives an uploaded file as text: finds its encoding, mends bad bytes, normalises line ends."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from charset_normalizer import from_bytes

from app.corpus.readers.record import MAX_RECORD
from app.corpus.readers.unpack import read_blocks

SAMPLE_BYTES = 1 << 18
_DETECTION_BYTES = 1 << 14
# Boms of UTF-32 come first: the little-endian one begins like that of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = [
    "cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256",
    "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
]  # fmt: skip
_MAX_MENDED = 100_000
_MULTIBYTE = re.compile("[^\x00-\x7f\ufffd]")
_MAX_LINE_BYTES = 4 * MAX_RECORD


class TextFile:
    """An uploaded file opened as text, read once from beginning to end, in bounded memory.

    Attributes
    ----------
    encoding : str
        By its byte order mark; else UTF-8 where most of a sample is; else what the sample looks like.
    sample : str
        The beginning, for guessing the format.
    mended : list of int
        Lines read so far that were not valid UTF-8. A bad byte in a line with no other character
        outside ASCII is read as Windows-1252, any other becomes U+FFFD.
    """

    def __init__(self, path: Path) -> None:
        self._blocks = read_blocks(path)
        head = bytearray()
        for block in self._blocks:
            head += block
            if len(head) >= SAMPLE_BYTES:
                break
        self._head = bytes(head)
        self.encoding = find_encoding(self._head)
        self.mended: list[int] = []
        self._n_lines = 0
        cut = self._head if len(head) < SAMPLE_BYTES else self._head[: _end_of_lines(self._head) or None]
        self.sample = _newlines(cut.decode(self.encoding, "replace")).removeprefix("\ufeff")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; nothing more can be read."""
        self._blocks.close()

    def chunks(self) -> Iterator[str]:
        r"""Give the text in pieces; every line end is ``\n``, and a byte order mark is left out."""
        pieces = self._utf8() if self.encoding == "utf-8" else self._decoded()
        first = next((piece for piece in pieces if piece), "")
        yield first.removeprefix("\ufeff")
        yield from pieces

    def lines(self) -> Iterator[tuple[int, str]]:
        """Give the lines with their numbers, from 1; of a line over ``MAX_RECORD`` the rest is dropped."""
        number = 1
        pending = ""
        for chunk in self.chunks():
            parts = (pending + chunk).split("\n")
            pending = parts.pop()
            for part in parts:
                yield number, part
                number += 1
            if len(pending) > MAX_RECORD:
                pending = pending[: MAX_RECORD + 1]
        if pending:
            yield number, pending

    def _bytes(self) -> Iterator[bytes]:
        yield self._head
        self._head = b""
        yield from self._blocks

    def _decoded(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        pending = ""
        for block in self._bytes():
            text = pending + decoder.decode(block)
            pending = "\r" if text.endswith("\r") else ""
            yield _newlines(text.removesuffix("\r"))
        yield _newlines(pending + decoder.decode(b"", final=True))

    def _utf8(self) -> Iterator[str]:
        """Decode whole lines at a time, so that a bad byte costs no more than its line."""
        pending = b""
        for block in self._bytes():
            data = pending + block
            end = _end_of_lines(data)
            if end == 0 and len(data) > _MAX_LINE_BYTES:
                end = _end_of_characters(data)
            if end:
                yield self._mend(data[:end])
            pending = data[end:]
        yield self._mend(pending)

    def _mend(self, data: bytes) -> str:
        try:
            text = _newlines(data.decode())
        except UnicodeDecodeError:
            lines = data.splitlines(keepends=True)
            text = _newlines("".join(self._mended_line(i, line) for i, line in enumerate(lines)))
        self._n_lines += text.count("\n")
        return text

    def _mended_line(self, index: int, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError:
            if len(self.mended) < _MAX_MENDED:
                self.mended.append(self._n_lines + index + 1)
        text = line.decode("utf-8", "replace")
        is_utf8 = any(character > "\x7f" and character != "\ufffd" for character in text)
        return text if is_utf8 else line.decode("cp1252", "replace")


def find_encoding(sample: bytes) -> str:
    """Name the encoding a text most likely has; ``utf-8`` also for text with a few bad bytes."""
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if sample[start:4096:2].count(0) > len(sample[:4096]) * 0.3:
            return name
    sample = sample[: _end_of_lines(sample) or None]
    text = sample.decode("utf-8", "replace")
    if text.count("\ufffd") <= len(_MULTIBYTE.findall(text)):
        return "utf-8"
    lines = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:_DETECTION_BYTES]
    best = from_bytes(lines, cp_isolation=_LEGACY).best()
    return best.encoding if best is not None and best.encoding != "cp1252" else "utf-8"


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _end_of_lines(data: bytes) -> int:
    """Where the last whole line ends; a final carriage return may be half of a line end."""
    end = len(data) - data.endswith(b"\r")
    return max(data.rfind(b"\n", 0, end), data.rfind(b"\r", 0, end)) + 1


def _end_of_characters(data: bytes) -> int:
    """Where the last whole UTF-8 character ends."""
    for length in range(1, 5):
        if data[-length] >= 0xC0:
            return len(data) - length
        if data[-length] < 0x80:
            return len(data) - length + 1
    return len(data)
