import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.corpus.readers.reading import papers, read, rejected, titles

CSL = {
    "id": "bees2020",
    "type": "article-journal",
    "title": "One",
    "abstract": "Text.",
    "DOI": "10.1000/A",
    "PMID": "7",
    "container-title": "J",
    "issued": {"date-parts": [[2020, 5, 1]]},
    "URL": "https://example.org",
    "author": [
        {"family": "Doe", "given": "Jane"},
        {"literal": "WHO"},
        {"family": "Berg", "non-dropping-particle": "van der"},
    ],
    "keyword": "bees; hedges",
}
LAYOUTS = {
    "one line": lambda values: json.dumps(values),
    "indented": lambda values: json.dumps(values, indent=2),
    "one a line": lambda values: "[\n" + ",\n".join(map(json.dumps, values)) + "\n]\n",
    "in papers": lambda values: json.dumps({"name": "x", "meta": {"n": [1]}, "papers": values, "end": 1}),
    "in items, indented": lambda values: json.dumps({"title": "My list", "papers": values}, indent=1),
    "in a message": lambda values: json.dumps({"status": "ok", "message": {"total": 3, "items": values}}),
    "one after the other": lambda values: "\n".join(json.dumps(value, indent=4) for value in values),
}


class TestReadJson:
    def test_reads_csl(self, tmp_path):
        (paper,) = papers(read(tmp_path, json.dumps([CSL])))

        assert (paper.source_id, paper.title, paper.abstract, paper.year) == (
            "bees2020",
            "One",
            "Text.",
            2020,
        )
        assert (paper.doi, paper.pmid, paper.venue) == ("10.1000/a", "7", "J")
        assert paper.authors == ("Doe, Jane", "WHO", "van der Berg")
        assert paper.keywords == ("bees", "hedges")
        assert paper.original == CSL

    @pytest.mark.parametrize("layout", LAYOUTS)
    @pytest.mark.parametrize("n_papers", [1, 3, 2000])
    def test_reads_any_layout(self, tmp_path, layout, n_papers):
        values = [{"id": str(i), "title": f"Title {i}", "abstract": "word " * 100} for i in range(n_papers)]
        records = read(tmp_path, LAYOUTS[layout](values))

        assert titles(records) == [f"Title {i}" for i in range(n_papers)]

    def test_knows_the_line_of_each_record(self, tmp_path):
        assert [r.line for r in read(tmp_path, LAYOUTS["indented"]([{"title": "One"}] * 3))] == [2, 5, 8]

    @pytest.mark.parametrize(
        "layout", ["one line", "indented", "one a line", "in papers", "in items, indented"]
    )
    @pytest.mark.parametrize(
        ("good", "broken"),
        [
            ('"title": "Title 5"', '"title": "Title 5'),
            ('"title": "Title 5"', '"title" "Title 5"'),
            ('"Title 5"', "Title 5"),
        ],
    )
    def test_a_broken_element_costs_one_record(self, tmp_path, layout, good, broken):
        values = [{"id": str(i), "title": f"Title {i}", "author": [{"family": "Doe"}]} for i in range(10)]
        records = read(tmp_path, LAYOUTS[layout](values).replace(good, broken))

        assert titles(records) == [f"Title {i}" for i in range(10) if i != 5]
        assert len(rejected(records)) == 1
        assert "JSON" in rejected(records)[0][1]

    def test_a_file_cut_off_loses_its_last_record_only(self, tmp_path):
        records = read(tmp_path, json.dumps([{"title": f"Title {i}"} for i in range(5)])[:-6])

        assert titles(records) == [f"Title {i}" for i in range(4)]
        assert rejected(records) == [(1, "The file ends in the middle of this record.")]

    def test_rejects_what_is_no_object(self, tmp_path):
        records = read(
            tmp_path,
            '[{"title": "One"}, 1, "text", [{"title": "Inner"}], null, {"title": "Two"},]',
            format="json",
        )

        assert titles(records) == ["One", "Two"]
        assert len(rejected(records)) == 4

    def test_rejects_a_huge_element_and_goes_on(self, tmp_path):
        values = [
            {"id": 1, "title": "One"},
            {"id": 2, "title": "Huge", "abstract": "x" * 3_000_000},
            {"id": 3, "title": "Two"},
        ]
        records = read(tmp_path, json.dumps(values))

        assert titles(records) == ["One", "Two"]
        assert "longer than" in rejected(records)[0][1]

    def test_is_not_led_astray_by_depth(self, tmp_path):
        text = '[{"id": 1, "title": "One"},\n{"id": 2, "x": ' + "[" * 50_000 + ',\n{"id": 3, "title": "Two"}]'
        records = read(tmp_path, text)

        assert titles(records) == ["One", "Two"]

    def test_puts_an_inverted_abstract_in_order(self, tmp_path):
        work = {
            "id": "https://openalex.org/W1",
            "display_name": "One",
            "publication_year": 2020,
            "abstract_inverted_index": {"bees": [1, 4], "We": [0], "and": [3], "count": [2]},
            "authorships": [{"author": {"display_name": "Jane Doe"}}],
            "primary_location": {"source": {"display_name": "J"}},
            "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/7"},
        }
        (paper,) = papers(read(tmp_path, json.dumps({"meta": {}, "results": [work]})))

        assert (paper.abstract, paper.authors, paper.venue) == ("We bees count and bees", ("Jane Doe",), "J")
        assert (paper.year, paper.pmid) == (2020, "7")

    @settings(deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                ["[", "]", "{", "}", '"', ",", ":", '"id"', '"title"', '"papers"', "1", "\n", " ", "\\", "n"]
            )
        )
    )
    def test_comes_to_an_end_on_any_text(self, tmp_path_factory, pieces):
        content = '[{"id": 1, "title": "One"}' + "".join(pieces)

        assert titles(read(tmp_path_factory.mktemp("json"), content, format="json"))[:1] == ["One"]
