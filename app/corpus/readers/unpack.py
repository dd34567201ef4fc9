"""Gives the bytes of an uploaded file block by block, unpacking one layer of gzip or xz within bounds."""

import gzip
import lzma
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from app.errors import InvalidError

BLOCK_BYTES = 1 << 18
MAX_UNPACKED_BYTES = 4 << 30
MAX_RATIO = 200
# A short file may be very repetitive; only from here on is a high ratio the mark of a bomb.
RATIO_FREE_BYTES = 64 << 20
_XZ_MEMORY_BYTES = 128 << 20

_GZIP = b"\x1f\x8b"
_XZ = b"\xfd7zXZ\x00"
_ARCHIVES = {
    b"PK\x03\x04": "a zip archive or an Office file",
    b"PK\x05\x06": "an empty zip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"BZh": "a bzip2 file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
}
_TAR_MARK = slice(257, 262)


class ArchiveRefused(InvalidError):
    """The file is an archive, or packed in a way that is not read."""

    slug = "archive-refused"
    title = "Archives are not read"


class UnpackedTooLarge(InvalidError):
    """The packed file unpacks to more than is read, or is a decompression bomb."""

    slug = "unpacked-too-large"
    title = "The file unpacks to too much"


class DamagedFile(InvalidError):
    """The packed file ends early or does not unpack."""

    slug = "damaged-file"
    title = "The packed file is damaged"


def read_blocks(path: Path) -> Generator[bytes]:
    """Read a file, unpacked, in blocks of at most ``BLOCK_BYTES``; memory stays bounded.

    Raises
    ------
    ArchiveRefused
        If it is an archive (zip, tar, ...) or packed otherwise than by gzip or xz, or packed twice.
    UnpackedTooLarge
        If it unpacks to more than ``MAX_UNPACKED_BYTES``, or to more than ``MAX_RATIO`` times its size.
    DamagedFile
        If it does not unpack to its end; the blocks before have been given by then.
    """
    with path.open("rb") as raw:
        head = raw.read(8)
        raw.seek(0)
        if head.startswith(_GZIP):
            blocks = _bounded(raw, _gunzip(raw))
        elif head.startswith(_XZ):
            blocks = _bounded(raw, _unxz(raw))
        else:
            blocks = iter(lambda: raw.read(BLOCK_BYTES), b"")
        first = next(blocks, b"")
        _refuse_archives(first)
        if first:
            yield first
        yield from blocks


def _refuse_archives(first: bytes) -> None:
    kind = next((name for mark, name in _ARCHIVES.items() if first.startswith(mark)), None)
    if first[_TAR_MARK] == b"ustar":
        kind = "a tar archive"
    if first.startswith((_GZIP, _XZ)):
        kind = "packed twice"
    if kind is not None:
        raise ArchiveRefused(
            f"The file is {kind}. Send the bibliography itself; it may be packed once, by gzip or xz."
        )


def _bounded(raw: BinaryIO, blocks: Iterator[bytes]) -> Iterator[bytes]:
    unpacked = 0
    try:
        for block in blocks:
            unpacked += len(block)
            if unpacked > MAX_UNPACKED_BYTES or unpacked > max(RATIO_FREE_BYTES, MAX_RATIO * raw.tell()):
                raise UnpackedTooLarge(
                    f"The file unpacks to more than is read: {MAX_UNPACKED_BYTES:,} bytes in all, and beyond "
                    f"{RATIO_FREE_BYTES:,} bytes no more than {MAX_RATIO} times the packed size."
                )
            yield block
    except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        raise DamagedFile(
            f"The packed file is damaged or cut off after {unpacked:,} unpacked bytes. Send it again."
        ) from error


def _gunzip(raw: BinaryIO) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=raw) as unpacked:
        yield from iter(lambda: unpacked.read(BLOCK_BYTES), b"")


def _unxz(raw: BinaryIO) -> Iterator[bytes]:
    """Unpack by hand: lzma.open sets no limit to the memory a file may ask for."""
    decompressor = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)
    while True:
        packed = b""
        if decompressor.eof:
            packed = decompressor.unused_data.lstrip(b"\x00") or raw.read(BLOCK_BYTES).lstrip(b"\x00")
            if not packed:
                return
            decompressor = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)
        elif decompressor.needs_input:
            packed = raw.read(BLOCK_BYTES)
            if not packed:
                raise EOFError
        block = decompressor.decompress(packed, BLOCK_BYTES)
        if block:
            yield block
