import json

from hypothesis import given, settings
from hypothesis import strategies as st

from app.corpus.readers.original import MAX_ORIGINAL
from tests.unit.corpus.readers.reading import papers, read, rejected, titles

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    [
        "id",
        "title",
        "abstract",
        "year",
        "date",
        "authors",
        "author",
        "venue",
        "keywords",
        "doi",
        "url",
        "issued",
        "ids",
    ]
)


class TestReadJsonl:
    def test_reads_every_field(self, tmp_path):
        line = {
            "id": "a1",
            "title": "One",
            "abstract": "Text.",
            "date": "2020-05-01",
            "authors": ["Doe, Jane", "R. Roe"],
            "journal": "J",
            "keywords": ["bees"],
            "doi": "https://doi.org/10.1000/A",
            "arxiv": "arXiv:2101.00001v1",
            "pmid": 77,
            "url": "https://example.org",
            "categories": ["cs.CL"],
            "primary": "cs.CL",
        }
        (paper,) = papers(read(tmp_path, json.dumps(line)))

        assert (paper.source_id, paper.title, paper.abstract, paper.year) == ("a1", "One", "Text.", 2020)
        assert (paper.authors, paper.venue, paper.keywords) == (("Doe, Jane", "R. Roe"), "J", ("bees",))
        assert (paper.doi, paper.arxiv_id, paper.pmid) == ("10.1000/a", "2101.00001", "77")
        assert paper.url == "https://example.org"
        assert paper.original == line

    def test_reads_a_list_of_authors_written_as_one_text(self, tmp_path):
        (paper,) = papers(read(tmp_path, '{"title": "One", "authors": "Ada Lovelace, Alan M. Turing"}'))

        assert paper.authors == ("Ada Lovelace", "Alan M. Turing")

    def test_takes_an_arxiv_id_from_the_id(self, tmp_path):
        (paper,) = papers(read(tmp_path, '{"title": "One", "id": "arxiv:hep-th/9708010"}'))

        assert (paper.source_id, paper.arxiv_id) == ("arxiv:hep-th/9708010", "hep-th/9708010")

    def test_a_broken_line_costs_one_record(self, tmp_path):
        lines = [
            '{"title": "One"}',
            '{"title": "Two"',
            "null",
            "[1]",
            "",
            "text",
            '{"title": "Three"} x',
            '{"title": "Four"},',
        ]
        records = read(tmp_path, "\n".join(lines))

        assert titles(records) == ["One", "Four"]
        assert [line for line, _ in rejected(records)] == [2, 3, 4, 6, 7]
        assert all("JSON" in reason for _, reason in rejected(records))

    def test_takes_numbers_and_depths_no_database_takes(self, tmp_path):
        lines = [
            '{"title": "One", "a": NaN, "b": 1e999, "c": [-Infinity]}',
            '{"title": "Two", "a": ' + "[" * 500 + "]" * 500 + "}",
            '{"title": "Three", "a": ' + "[" * 100_000,
            '{"title": "Four", "a": ' + "9" * 10_000 + "}",
            '{"title": "Five\\u0000\\ud800", "\\u0000k": "\\u0000v\\udfff"}',
        ]
        records = read(tmp_path, "\n".join(lines))

        assert titles(records) == ["One", "Two", "Five\ufffd"]
        assert papers(records)[0].original == {"title": "One", "a": None, "b": None, "c": [None]}
        assert papers(records)[2].original == {"title": "Five\ufffd", "k": "v\ufffd"}
        assert [line for line, _ in rejected(records)] == [3, 4]

    def test_bounds_what_it_keeps_of_the_source(self, tmp_path):
        text = json.dumps({"title": "One", "a": ["x" * 60_000] * 10, "b": "y"})
        (record,) = read(tmp_path, text)

        assert len(json.dumps(record.paper.original)) < 2 * MAX_ORIGINAL
        assert any("too long" in note for note in record.notes)

    def test_rejects_a_huge_line_and_goes_on(self, tmp_path):
        records = read(
            tmp_path, f'{{"title": "One"}}\n{{"title": "{"x" * 3_000_000}"}}\n{{"title": "Two"}}\n'
        )

        assert titles(records) == ["One", "Two"]
        assert rejected(records) == [(2, "The record is longer than 1,048,576 characters.")]

    def test_names_a_paper_without_an_id_by_its_content(self, tmp_path):
        first = papers(read(tmp_path, '{"title": "One", "year": 2020}\n{"title": "Two"}\n'))
        again = papers(read(tmp_path, '{"title": "Two"}\n{"year": 2020, "title": " One "}\n'))

        assert {paper.source_id for paper in first} == {paper.source_id for paper in again}
        assert len({paper.source_id for paper in first}) == 2

    def test_keeps_ids_that_are_too_long_apart(self, tmp_path):
        text = "".join(json.dumps({"title": "One", "id": "x" * 400 + end}) + "\n" for end in "ab")
        one, two = papers(read(tmp_path, text))

        assert one.source_id != two.source_id
        assert len(one.source_id) <= 300

    def test_does_not_end_a_line_at_a_line_separator(self, tmp_path):
        assert titles(read(tmp_path, '{"title": "a\u2028b\u0085c"}\n{"title": "d"}\n')) == ["a b c", "d"]

    def test_reads_other_members_when_told(self, tmp_path):
        (paper,) = papers(
            read(tmp_path, '{"title": "No", "name": "Yes", "n": 3}', mapping={"title": "name", "id": "n"})
        )

        assert (paper.title, paper.source_id) == ("Yes", "3")

    @settings(deadline=None)
    @given(st.lists(st.dictionaries(NAMES, JSON, max_size=6), min_size=1, max_size=5), st.booleans())
    def test_takes_any_value_in_any_member(self, tmp_path_factory, objects, ensure_ascii):
        lines = [json.dumps(value, ensure_ascii=ensure_ascii) for value in objects]
        content = "\n".join(lines).encode("utf-8", "replace")
        records = read(tmp_path_factory.mktemp("jsonl"), content, format="jsonl")

        assert len(records) == len(objects)
        for paper in papers(records):
            json.dumps(paper.original, allow_nan=False, ensure_ascii=False).encode()
