import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.corpus.readers.record import MAX_RECORD
from app.corpus.readers.text import SAMPLE_BYTES, TextFile, find_encoding
from tests.unit.corpus.readers.reading import papers, read, titles, write

GERMAN = "Über die Wälder und Öfen der Völker in der Größe"
RUSSIAN = "Обзор методов машинного обучения для текстов и изображений"
JAPANESE = "深層学習による画像認識の研究とその応用について"
RECORDS = "TY  - JOUR\nTI  - {}\nER  - \n"


class TestTextFile:
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
    )
    def test_reads_the_usual_encodings(self, tmp_path, encoding):
        content = RECORDS.format(GERMAN) * 20

        assert titles(read(tmp_path, content.encode(encoding))) == [GERMAN] * 20

    @pytest.mark.parametrize(
        ("title", "encoding"),
        [
            (RUSSIAN, "cp1251"),
            (RUSSIAN, "koi8_r"),
            (JAPANESE, "shift_jis"),
            (JAPANESE, "euc_jp"),
            ("Příliš žluťoučký kůň úpěl ďábelské ódy", "cp1250"),
        ],
    )
    def test_recognises_older_encodings(self, tmp_path, title, encoding):
        content = "".join(RECORDS.format(f"{title} {i}") for i in range(30))

        assert titles(read(tmp_path, content.encode(encoding)))[7] == f"{title} 7"

    def test_a_bad_byte_costs_no_more_than_itself(self, tmp_path):
        content = (RECORDS.format(GERMAN) * 3).encode().replace("Größe".encode(), b"Gr\xf6\xc3\x9fe", 1)
        records = read(tmp_path, content)

        assert titles(records) == [GERMAN.replace("Größe", "Gr\ufffdße"), GERMAN, GERMAN]
        assert "not valid UTF-8" in records[0].notes[1]
        assert records[1].notes == ()

    def test_reads_a_line_in_another_encoding(self, tmp_path):
        content = (RECORDS.format(GERMAN) * 3).encode() + RECORDS.format("Wälder und Öfen").encode("cp1252")
        records = read(tmp_path, content)

        assert titles(records)[3] == "Wälder und Öfen"
        assert [bool(record.notes) for record in records] == [False, False, False, True]

    def test_reads_a_bad_byte_that_comes_late(self, tmp_path):
        content = (RECORDS.format("Trees " * 500) * 200).encode() + RECORDS.format("Wälder").encode("latin-1")

        assert len(content) > 2 * SAMPLE_BYTES
        assert titles(read(tmp_path, content))[-1] == "Wälder"

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
    def test_normalises_line_ends(self, tmp_path, end, encoding):
        text = "".join(f"line {i} ä{end}" for i in range(60_000))
        with TextFile(write(tmp_path, text, encoding=encoding)) as source:
            lines = list(source.lines())

        assert lines == [(i + 1, f"line {i} ä") for i in range(60_000)]

    def test_ends_no_line_at_other_separators(self, tmp_path):
        with TextFile(write(tmp_path, "a\u2028b\x0bc\x0cd\x85e\nf")) as source:
            assert list(source.lines()) == [(1, "a\u2028b\x0bc\x0cd\x85e"), (2, "f")]

    def test_cuts_a_line_without_end_and_stays_small(self, tmp_path):
        path = write(tmp_path, b"a" * 30_000_000 + b"\nb\n")
        tracemalloc.start()
        with TextFile(path) as source:
            lines = [(number, len(line)) for number, line in source.lines()]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert lines[0][1] > MAX_RECORD
        assert lines[1] == (2, 1)
        assert peak < 40_000_000

    @settings(deadline=None)
    @given(st.binary(max_size=300), st.integers(1, 7))
    def test_reads_any_bytes_the_same_in_pieces(self, tmp_path_factory, content, repeats):
        with TextFile(write(tmp_path_factory.mktemp("text"), b"A" + content * repeats)) as source:
            text = "".join(source.chunks())

        assert "\r" not in text
        text.encode()


class TestFindEncoding:
    def test_is_quick_on_a_long_line(self):
        start = time.process_time()
        find_encoding(b"x" * SAMPLE_BYTES + b"\xe9\xe8" * 100)
        assert time.process_time() - start < 5

    def test_takes_text_with_a_few_bad_bytes_for_utf_8(self):
        assert find_encoding(f"{GERMAN}\n".encode() * 10 + b"\xff\n") == "utf-8"

    def test_does_not_mind_a_character_cut_at_the_end(self):
        assert find_encoding(f"{GERMAN}\n".encode() * 10 + b"\xc3") == "utf-8"


class TestReadPapersInAnyEncoding:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
    def test_reads_tables(self, tmp_path, encoding):
        (paper,) = papers(read(tmp_path, f'title;year\n"{GERMAN}";2020\n'.encode(encoding)))

        assert (paper.title, paper.year) == (GERMAN, 2020)
