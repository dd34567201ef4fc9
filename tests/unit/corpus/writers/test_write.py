"""What is written is read again, whatever is in it."""

import csv
import io
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.corpus.clean import clean_text
from app.corpus.paper import Paper
from app.corpus.readers.read import read_papers
from app.corpus.writers import FORMATS, Entry, PaperFormat, write_papers
from app.corpus.writers.bibtex import citation_key
from tests.factories import make_paper

_FORMATS = sorted(FORMATS)
# Signs that some format acts on come often.
_SIGNS = st.sampled_from(
    [
        *"{}\\$&%#_~^`'\"-,;|=+@<>:()[] \néAb中ع",
        *(" and ", "--", "``", "''", "$x_{1}$", "\\alpha", "TY  - ", "ER  - ", "@article{", "=cmd()", "＝1"),
    ]
)
_TEXT = st.lists(_SIGNS | st.characters(codec="utf-8"), max_size=6).map("".join)


def _clean(text: str, length: int) -> str:
    """What an import would keep of a text, and would keep of that again."""
    for _ in range(4):
        text = clean_text(text, max_length=length)
    return text


def _texts(length: int, *, least: int = 0) -> st.SearchStrategy[str]:
    return _TEXT.map(lambda text: _clean(text, length)).filter(lambda text: len(text) >= least)


_NAMES = st.lists(_texts(60, least=1), max_size=3).map(tuple)
_PAPERS = st.builds(
    Paper,
    source_id=st.from_regex(r"[A-Za-z][A-Za-z0-9:._-]{0,20}", fullmatch=True).filter(
        lambda one: not one.lower().startswith(("arxiv", "others"))
    ),
    title=_texts(200, least=1),
    abstract=_texts(400),
    year=st.none() | st.integers(1000, 2100),
    authors=_NAMES,
    venue=_texts(80),
    keywords=_NAMES,
    doi=st.none() | st.just("10.1000/a_b%2f(c)--d<e>"),
    arxiv_id=st.none() | st.just("2101.00001") | st.just("math/0309136"),
    pmid=st.none() | st.just("1234567"),
    url=st.none() | st.just("https://example.org/a_b?c=1%20&d=~e#f--g$h"),
)
_ENTRIES = st.builds(
    Entry, _PAPERS, st.lists(st.lists(_texts(40, least=1), min_size=1, max_size=3).map(tuple)).map(tuple)
)


def _read(text: str, kind: PaperFormat) -> list[Paper]:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "papers"
        path.write_bytes(text.encode())
        records = list(read_papers(path, format=kind))
    assert all(record.paper for record in records), records
    return [record.paper for record in records if record.paper]


def _comparable(paper: Paper) -> Paper:
    return replace(paper, original={}, keywords=())


def _plain(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names as they can be joined: what separates, and what stands for others, is not one."""
    plain = (name.replace(";", ",").replace("|", "/").strip() for name in names)
    return tuple(name for name in plain if name.lower() not in ("others", "...", "…", "et al", "et al.", ""))


class TestWritePapers:
    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(entry=_ENTRIES)
    def test_is_read_again_as_the_same_papers(self, entry: Entry) -> None:
        paper = replace(entry.paper, authors=_plain(entry.paper.authors))
        papers = [paper, make_paper(title="What comes next")]
        for kind in FORMATS:
            written = "".join(write_papers([Entry(papers[0], entry.topics), Entry(papers[1])], kind))
            assert list(map(_comparable, _read(written, kind))) == list(map(_comparable, papers)), kind

    @pytest.mark.parametrize("kind", ["ris", "bibtex", "csl-json"])
    def test_gives_topics_as_keywords_after_the_papers_own(self, kind: PaperFormat) -> None:
        paper = make_paper(keywords=("bees", "trees, decision"))
        entry = Entry(paper, (("Ecology", "Wild bees"), ("Farming",)))
        (found,) = _read("".join(write_papers([entry], kind)), kind)
        assert found.keywords == ("bees", "trees, decision", "Ecology > Wild bees", "Farming")

    @pytest.mark.parametrize("kind", _FORMATS)
    def test_writes_nothing_but_a_frame_of_no_papers(self, kind: PaperFormat) -> None:
        written = "".join(write_papers([], kind))
        assert written in ("", "[]\n") or kind == "csv"

    @pytest.mark.parametrize("kind", _FORMATS)
    def test_asks_for_one_paper_at_a_time(self, kind: PaperFormat) -> None:
        taken = []

        def papers():
            for n in range(3):
                taken.append(n)
                yield Entry(make_paper())

        pieces = write_papers(papers(), kind)
        next(pieces)
        assert len(taken) <= 1


class TestRis:
    def test_gives_back_what_a_ris_original_had_besides(self) -> None:
        original = {"TY": "CONF", "TI": "Old", "SN": "1234", "VL": ["5"], "X\n": "y", "C1": "a\nER  - "}
        written = "".join(write_papers([Entry(make_paper(original=original))], "ris"))
        lines = written.splitlines()
        assert lines[0] == "TY  - CONF"
        assert {"SN  - 1234", "VL  - 5", "C1  - a ER -"} <= set(lines)
        assert sum(line.startswith("TI  - ") for line in lines) == 1
        assert lines.count("ER  - ") == 1


class TestBibtex:
    def test_gives_back_the_type_unless_it_is_no_entry(self) -> None:
        for entry_type, expected in (("inproceedings", "inproceedings"), ("string", "misc"), ("a{b", "misc")):
            paper = make_paper(original={"ENTRYTYPE": entry_type}, venue="")
            assert "".join(write_papers([Entry(paper)], "bibtex")).startswith(f"@{expected}{{")

    def test_keys_of_ids_that_cannot_be_keys_differ(self) -> None:
        keys = {citation_key(one) for one in ("a b", "a{b", "a,b", "a_b", "ü", "", "x" * 300)}
        assert len(keys) == 7
        assert not any(set(key) & set('{}, "#%\\') for key in keys)

    def test_keeps_formulas(self) -> None:
        written = "".join(write_papers([Entry(make_paper(title="On $x_{1}^2$ & 50% {of} it"))], "bibtex"))
        assert r"title = {On $x_{1}^2$ \& 50\% \{of\} it}" in written


class TestCsv:
    @pytest.mark.parametrize(
        "text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=1", "''+2", "=cmd|'/C calc'!A0"]
    )
    def test_no_cell_is_a_formula(self, text: str) -> None:
        entry = Entry(make_paper(title=text, authors=(text,), venue=text, keywords=(text,)), ((text,),))
        written = "".join(write_papers([entry], "csv"))
        for cell in list(csv.reader(io.StringIO(written)))[1]:
            assert cell[:1] not in tuple("=+-@＝＋－＠\t\r")
        assert _read(written, "csv")[0].title == text


class TestJsonl:
    def test_gives_the_paths_to_topics_as_lists(self) -> None:
        written = "".join(write_papers([Entry(make_paper(), (("A", "B"), ("C",)))], "jsonl"))
        assert json.loads(written)["topics"] == [["A", "B"], ["C"]]
