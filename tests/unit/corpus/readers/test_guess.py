import json

import pytest

from app.corpus.readers import EmptyFile, NotABibliography, guess_format
from app.corpus.readers.table import NoTitleColumn
from tests.unit.corpus.readers.reading import write

BIBTEX = "@article{a,\n  title={One, or two; three}\n}\n"
RIS = "TY  - JOUR\nTI  - One\nER  - \n"
NBIB = "PMID- 1\nOWN - NLM\nTI  - One\n"
OBJECT = '{"id": 1, "title": "One"}'


class TestGuessFormat:
    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (RIS, "ris"),
            ("\ufeff\n" + RIS, "ris"),
            ("Provider: Hedges, Inc.\nContent: text\n\n" + RIS, "ris"),
            ("TY  - JOUR\nAB  - @misc{x}\n@misc{x,\nTI  - One\nER  - \n", "ris"),
            (NBIB, "nbib"),
            ("\n" + NBIB, "nbib"),
            (BIBTEX, "bibtex"),
            ("% made by hand, by me\n\n@STRING(x = {y})\n" + BIBTEX, "bibtex"),
            ("@comment{x}\n@article{b, note={\nTY  - JOUR\n}}", "bibtex"),
            ("title,abstract\nOne,Two\n", "csv"),
            ("id;Title;Year\n1;One;2020\n", "csv"),
            ("Title\nOne\n", "csv"),
            ("PT\tTI\tAB\nJ\tOne\tText\n", "tsv"),
            ('title,abstract\nOne,"\n@misc{a,\nTY  - JOUR\n"\n', "csv"),
            (OBJECT, "jsonl"),
            (f"{OBJECT}\n{OBJECT}\n", "jsonl"),
            ('{"broken\n' + OBJECT, "jsonl"),
            ('{"note": "@article{x,\\nTY  - JOUR", "title": "One"}\n', "jsonl"),
            (f"[{OBJECT}]", "json"),
            ("[]", "json"),
            (f"[\n  {OBJECT}\n]", "json"),
            (f'{{"papers": [{OBJECT}]}}', "json"),
            (json.dumps({"id": 1, "title": "One"}, indent=2), "json"),
            ("[" + OBJECT.replace("One", "x" * 500_000) + "]", "json"),
        ],
    )
    def test_tells_it_from_the_content(self, tmp_path, content, expected):
        assert guess_format(write(tmp_path, content)) == expected

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    @pytest.mark.parametrize(
        ("content", "expected"),
        [(RIS, "ris"), (BIBTEX, "bibtex"), (OBJECT + "\n", "jsonl"), ("title,abstract\nOne,Two\n", "csv")],
    )
    def test_tells_it_in_any_encoding(self, tmp_path, content, expected, encoding):
        assert guess_format(write(tmp_path, content * 5, encoding=encoding)) == expected

    @pytest.mark.parametrize(
        ("content", "hint"),
        [
            ("<!DOCTYPE html>\n<html><body>Please sign in</body></html>", "web page"),
            ('<?xml version="1.0"?><records/>', "XML"),
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "not text"),
            (bytes(range(256)) * 40, "not text"),
            ("FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI One\nER\n", "Web of Science"),
            ("%0 Journal Article\n%T One\n", "EndNote"),
            ("{\\rtf1\\ansi text}", "word processor"),
            ("Dear all,\n\nplease find attached my list of papers.\n", "RIS, BibTeX"),
            ("[1] A. Author, A title, 2020.\n", "RIS, BibTeX"),
            ("12345", "RIS, BibTeX"),
        ],
    )
    def test_says_what_is_no_bibliography(self, tmp_path, content, hint):
        with pytest.raises(NotABibliography, match=hint):
            guess_format(write(tmp_path, content))

    @pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff", "\x00\x00"])
    def test_says_what_is_empty(self, tmp_path, content):
        with pytest.raises(EmptyFile):
            guess_format(write(tmp_path, content))

    def test_names_the_columns_of_a_table_without_titles(self, tmp_path):
        with pytest.raises(NoTitleColumn, match="name, text"):
            guess_format(write(tmp_path, "name,text\na,b\nc,d\n"))
