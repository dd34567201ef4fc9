import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from app.corpus.readers import NotABibliography, unpack
from app.corpus.readers.unpack import ArchiveRefused, DamagedFile, UnpackedTooLarge
from tests.unit.corpus.readers.reading import read, titles

RECORD = "TY  - JOUR\nTI  - One\nER  - \n"
MANY = "".join(f"TY  - JOUR\nTI  - Title number {i} of {i * 7919 % 100_003}\nER  - \n" for i in range(20_000))


def tar() -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as file:
        info = tarfile.TarInfo("a.ris")
        info.size = len(RECORD)
        file.addfile(info, io.BytesIO(RECORD.encode()))
    return archive.getvalue()


def zipped() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.ris", RECORD)
    return archive.getvalue()


class TestReadBlocks:
    @pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
    def test_unpacks_gzip_and_xz(self, tmp_path, pack):
        assert len(read(tmp_path, pack(MANY.encode()))) == 20_000

    @pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
    def test_goes_on_through_joined_files(self, tmp_path, pack):
        assert titles(read(tmp_path, pack(RECORD.encode()) + pack(RECORD.encode()))) == ["One", "One"]

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (zipped(), "zip"),
            (tar(), "tar"),
            (gzip.compress(tar()), "tar"),
            (bz2.compress(b"x"), "bzip2"),
            (gzip.compress(gzip.compress(b"x")), "packed twice"),
            (b"7z\xbc\xaf\x27\x1c", "7z"),
            (b"Rar!\x1a\x07", "rar"),
        ],
    )
    def test_refuses_archives(self, tmp_path, content, kind):
        with pytest.raises(ArchiveRefused, match=kind):
            read(tmp_path, content)

    @pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
    @pytest.mark.parametrize("share", [0.5, 0.99])
    def test_says_when_a_packed_file_is_cut_off(self, tmp_path, pack, share):
        packed = pack(MANY.encode())

        with pytest.raises(DamagedFile, match="cut off"):
            read(tmp_path, packed[: int(len(packed) * share)])

    @pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
    def test_says_when_a_packed_file_is_damaged(self, tmp_path, pack):
        packed = bytearray(pack(MANY.encode()))
        packed[len(packed) // 2 : len(packed) // 2 + 40] = bytes(40)

        with pytest.raises((DamagedFile, NotABibliography)):
            read(tmp_path, bytes(packed))

    @pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
    def test_stops_at_a_bomb(self, tmp_path, pack, monkeypatch):
        monkeypatch.setattr(unpack, "RATIO_FREE_BYTES", 1 << 20)

        with pytest.raises(UnpackedTooLarge):
            read(tmp_path, pack(b"TY  - JOUR\nTI  - One\nER  - \n" + b"\n" * 5_000_000))

    def test_stops_at_the_most_that_is_read(self, tmp_path, monkeypatch):
        monkeypatch.setattr(unpack, "MAX_UNPACKED_BYTES", 600_000)

        with pytest.raises(UnpackedTooLarge):
            read(tmp_path, gzip.compress(MANY.encode()))
