import gc
import json
import random
import time
import tracemalloc
from contextlib import suppress
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.corpus.duplicates import duplicate_keys
from app.corpus.readers import FORMATS, EmptyFile, NotABibliography, UnknownFormat, read_papers
from app.errors import Problem
from tests.conftest import SHARED_DATA
from tests.unit.corpus.readers.reading import TELLING_TITLE, papers, read, titles, write

# One paper, as each format writes it.
WRITTEN = {
    "ris": f"TY  - JOUR\nID  - k\nTI  - {TELLING_TITLE}\nAU  - Doe, Jane\nPY  - 2020\nAB  - Text.\n"
    "DO  - 10.1000/a\nER  - \n\n",
    "bibtex": f"@article{{k,\n  title = {{{TELLING_TITLE}}},\n  author = {{Doe, Jane}},\n  year = 2020,\n"
    "  abstract = {Text.},\n  doi = {10.1000/a}\n}\n\n",
    "nbib": f"PMID- 7\nTI  - {TELLING_TITLE}\nFAU - Doe, Jane\nDP  - 2020\nAB  - Text.\n"
    "LID - 10.1000/a [doi]\n\n",
    "csv": f'k,{TELLING_TITLE},"Doe, Jane",2020,Text.,10.1000/a\n',
    "tsv": f"k\t{TELLING_TITLE}\tDoe, Jane\t2020\tText.\t10.1000/a\n",
    "jsonl": f'{{"id": "k", "title": "{TELLING_TITLE}", "authors": ["Doe, Jane"], "year": 2020, '
    '"abstract": "Text.", "doi": "10.1000/a"}\n',
    "json": f'{{"id": "k", "title": "{TELLING_TITLE}", "author": [{{"family": "Doe", "given": "Jane"}}], '
    '"issued": {"date-parts": [[2020]]}, "abstract": "Text.", "DOI": "10.1000/a"},\n',
}
BEFORE = {
    "csv": "id,title,authors,year,abstract,doi\n",
    "tsv": "id\ttitle\tauthors\tyear\tabstract\tdoi\n",
    "json": "[\n",
}
MEBIBYTE = 1 << 20
# Each repeated to fill 1 MiB; each was slow, deep or large with a plainer reader.
HOSTILE = [
    ("bibtex", "@misc{"),
    ("bibtex", "@misc{a,title={"),
    ("bibtex", '@misc{a,title="}@a{{'),
    ("ris", "TY  - JOUR\nDO  - " + "10.1234." * 100 + "\n"),
    ("csv", 'title,"a\n'),
    ("csv", 'title,"\n""'),
    ("json", '[{"id":'),
    ("json", '[{"id":1,"a":['),
    ("json", '[{"id":"a\n'),
    ("json", '{"message":{"papers":['),
    ("jsonl", '{"title":"x","a":' + "[" * 900 + "\n"),
    ("nbib", "PMID- 1\nAB  - a\n      b\n"),
]
AFTER = {"json": "{}]\n"}


def bibliography(kind: str, n_papers: int) -> str:
    return BEFORE.get(kind, "") + WRITTEN[kind] * n_papers + AFTER.get(kind, "")


class TestReadPapers:
    @pytest.mark.parametrize("kind", FORMATS)
    def test_reads_the_same_paper_from_every_format(self, tmp_path, kind):
        paper = papers(read(tmp_path, bibliography(kind, 2)))[0]

        assert (paper.title, paper.authors, paper.year) == (TELLING_TITLE, ("Doe, Jane",), 2020)
        assert (paper.abstract, paper.doi) == ("Text.", "10.1000/a")
        assert duplicate_keys(paper)[0] == "doi:10.1000/a"
        assert paper.original

    @pytest.mark.parametrize("kind", FORMATS)
    def test_reads_a_format_it_is_told(self, tmp_path, kind):
        assert titles(read(tmp_path, bibliography(kind, 3), format=kind)) == [TELLING_TITLE] * 3

    def test_refuses_a_format_it_does_not_know(self, tmp_path):
        with pytest.raises(UnknownFormat, match="ris, bibtex"):
            read_papers(write(tmp_path, WRITTEN["ris"]), format="docx")

    @pytest.mark.parametrize(
        ("kind", "content"),
        [
            (None, ""),
            ("ris", ""),
            ("ris", "no records here"),
            ("csv", "title,year\n"),
            (None, "title,year\n,\n"),
            (None, "[]"),
            (None, '{"papers": []}'),
            ("bibtex", "@comment{x}"),
            ("nbib", "text"),
            (None, '@string{a = "b"}'),
        ],
    )
    def test_says_when_there_is_no_record(self, tmp_path, kind, content):
        with pytest.raises(EmptyFile):
            read(tmp_path, content, format=kind)

    def test_checks_before_the_first_record_is_taken(self, tmp_path):
        with pytest.raises(NotABibliography):
            read_papers(write(tmp_path, "<html><body>Sign in</body></html>"), format="ris")

    def test_numbers_records_the_same_at_every_reading(self, tmp_path):
        path = write(
            tmp_path, bibliography("bibtex", 5).replace("abstract = {Text.}", "abstract = {Text.", 1)
        )

        assert list(read_papers(path)) == list(read_papers(path))
        assert [record.number for record in islice(read_papers(path), 2, None)] == [3, 4, 5]

    def test_takes_a_title_alone(self, tmp_path):
        (paper,) = papers(read(tmp_path, '{"title": "One"}'))

        assert (paper.abstract, paper.year, paper.authors) == ("", None, ())

    @pytest.mark.parametrize("title", ["", " \n ", "\u200b\u202e", "<i></i>", "\ufeff"])
    def test_rejects_a_title_of_nothing(self, tmp_path, title):
        (record,) = read(tmp_path, json.dumps({"title": title, "abstract": "Text."}))

        assert record.rejected == "The record has no title."

    def test_cleans_texts_and_says_what_was_hidden_or_cut(self, tmp_path):
        (record,) = read(
            tmp_path, json.dumps({"title": "A \u202etitle\U000e0041", "abstract": "<p>word</p> " * 5000})
        )

        assert record.paper.title == "A title"
        assert len(record.paper.abstract) <= 20_000
        assert record.notes == (
            "Hidden characters were removed from the title.",
            "The abstract was longer than 20,000 characters and was cut.",
        )

    def test_bounds_the_number_of_authors(self, tmp_path):
        (record,) = read(
            tmp_path, json.dumps({"title": "One", "authors": [f"Author {i}" for i in range(5000)]})
        )

        assert len(record.paper.authors) == 2000
        assert "first 2,000 of 5,000" in record.notes[0]

    @pytest.mark.parametrize("kind", FORMATS)
    def test_holds_one_record_at_a_time(self, tmp_path, kind):
        path = write(tmp_path, bibliography(kind, 3_000).replace("Text.", "word " * 900))
        records = read_papers(path)
        next(records)
        gc.collect()
        tracemalloc.start()
        n_records = sum(1 for _ in islice(records, 1_000))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        records.close()  # type: ignore[attr-defined]

        assert n_records == 1_000
        assert peak < 6_000_000

    @pytest.mark.parametrize(("kind", "text"), HOSTILE)
    def test_stays_quick_on_hostile_text(self, tmp_path, kind, text):
        path = write(tmp_path, (text * (MEBIBYTE // len(text) + 1))[:MEBIBYTE])
        start = time.process_time()
        n_records = sum(1 for _ in read_papers(path, format=kind))

        assert n_records >= 1
        # A quadratic reader takes minutes.
        assert time.process_time() - start < 15

    @settings(deadline=None)
    @given(st.binary(max_size=400), st.sampled_from([None, *FORMATS]))
    def test_raises_only_problems_on_any_bytes(self, tmp_path_factory, content, kind):
        with suppress(Problem):
            read(tmp_path_factory.mktemp("any"), content, format=kind)

    @pytest.mark.parametrize("kind", FORMATS)
    def test_loses_no_record_whatever_is_damaged(self, tmp_path, kind):
        random.seed(5)
        whole = bibliography(kind, 60).encode()
        for _ in range(60):
            damaged = bytearray(whole)
            for _ in range(random.randint(1, 6)):
                at = random.randrange(len(BEFORE.get(kind, "")), len(damaged))
                damaged[at : at + random.randint(0, 3)] = random.choice(
                    [
                        b"",
                        b'"',
                        b"{",
                        b"}",
                        b"\x00",
                        b"\xff",
                        b"\n",
                        b",",
                        b"\\",
                        b"@",
                        b"TY  - \n",
                        bytes([at % 256]),
                    ]
                )
            records = read(tmp_path, bytes(damaged), format=kind)
            # Each of at most six wounds can cost its record, and the one it runs into.
            assert len(papers(records)) >= 60 - 13
            assert len(records) >= 60 - 7


@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the shared corpora are not on this machine")
class TestReadRealPapers:
    @pytest.mark.parametrize(
        ("name", "n_papers"),
        [
            ("arxiv_demo_800/papers.jsonl.gz", 800),
            ("nagtegaal_2019/nagtegaal_2019_cc0.jsonl.gz", 1837),
            ("emnlp22_nlp_taxonomy/papers.jsonl.gz", 828),
        ],
    )
    def test_takes_every_one(self, name, n_papers):
        records = list(read_papers(SHARED_DATA / name))

        assert len(papers(records)) == len(records) == n_papers
        assert len({paper.source_id for paper in papers(records)}) == n_papers

    def test_finds_their_arxiv_ids_and_authors(self):
        found = papers(list(read_papers(SHARED_DATA / "arxiv_demo_800" / "papers.jsonl.gz")))

        assert all(paper.arxiv_id and paper.year and paper.authors for paper in found)
        assert not any(paper.keywords for paper in found)
