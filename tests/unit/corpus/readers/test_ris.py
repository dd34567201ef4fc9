import time

from hypothesis import given, settings
from hypothesis import strategies as st

from app.corpus.clean import MAX_ABSTRACT
from tests.unit.corpus.readers.reading import papers, read, rejected, titles

RECORD = """TY  - JOUR
ID  - bees2020
TI  - Hedgerows and the wild bees
      of farmland
AU  - Lindqvist, Maja
AU  - Okafor, Chidi
PY  - 2020/05//
AB  - We counted bees.
They were many.
JF  - Journal of Hedges
KW  - bees; hedgerows
KW  - Trees, decision
DO  - https://doi.org/10.1000/ABC.
UR  - https://example.org/bees
VL  - 3
XQ  - a tag nobody knows
ER  -
"""


class TestReadRis:
    def test_reads_every_field(self, tmp_path):
        (paper,) = papers(read(tmp_path, RECORD))

        assert paper.source_id == "bees2020"
        assert paper.title == "Hedgerows and the wild bees of farmland"
        assert paper.abstract == "We counted bees. They were many."
        assert paper.year == 2020
        assert paper.authors == ("Lindqvist, Maja", "Okafor, Chidi")
        assert paper.venue == "Journal of Hedges"
        assert paper.keywords == ("bees", "hedgerows", "Trees, decision")
        assert paper.doi == "10.1000/abc"
        assert paper.url == "https://example.org/bees"

    def test_keeps_the_fields_of_the_source_under_their_tags(self, tmp_path):
        (paper,) = papers(read(tmp_path, RECORD))

        assert paper.original["VL"] == "3"
        assert paper.original["XQ"] == "a tag nobody knows"
        assert paper.original["KW"] == ["bees; hedgerows", "Trees, decision"]
        assert paper.original["DO"] == "https://doi.org/10.1000/ABC."

    def test_reads_the_older_dialect(self, tmp_path):
        text = "TY  - JOUR\nT1  - Old\nA1  - Doe, J.\nY1  - 1998/01/02\nN2  - Text.\nJA  - J Old\nER  -\n"
        (paper,) = papers(read(tmp_path, text))

        assert (paper.title, paper.authors, paper.year) == ("Old", ("Doe, J.",), 1998)
        assert (paper.abstract, paper.venue) == ("Text.", "J Old")

    def test_keeps_a_last_record_without_er(self, tmp_path):
        assert titles(read(tmp_path, "TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nTI  - Two\n")) == [
            "One",
            "Two",
        ]
        assert titles(read(tmp_path, "TY  - JOUR\nTI  - Only")) == ["Only"]

    def test_keeps_records_without_er_between_them(self, tmp_path):
        records = read(
            tmp_path, "TY  - JOUR\nTI  - One\n\nTY  - JOUR\nTI  - Two\nTY  - BOOK\nTI  - Three\nER  - \n"
        )

        assert titles(records) == ["One", "Two", "Three"]
        assert [record.line for record in records] == [1, 4, 6]

    def test_keeps_the_record_after_a_byte_order_mark(self, tmp_path):
        bom = "\ufeff"
        records = read(tmp_path, f"{bom}TY  - JOUR\nTI  - One\nER  - \n{bom}TY  - JOUR\nTI  - Two\nER  - \n")

        assert titles(records) == ["One", "Two"]

    def test_passes_over_text_between_records(self, tmp_path):
        text = f"Database: Hedges\nSearch: bees\n\n{RECORD}\n<2>\nnoise - here\n{RECORD}"

        assert len(papers(read(tmp_path, text))) == 2

    def test_keeps_a_record_whose_type_line_is_lost(self, tmp_path):
        records = read(tmp_path, "TY  - JOUR\nTI  - One\nER  - \n\nTI  - Two\nPY  - 2001\nER  - \n")

        assert titles(records) == ["One", "Two"]

    def test_reads_type_lines_with_one_space(self, tmp_path):
        records = read(tmp_path, "TY - JOUR\nTI - One\nAB - Text.\nER -\nTY - JOUR\nTI - Two\nER -\n")

        assert titles(records) == ["One", "Two"]

    def test_does_not_take_text_for_a_tag(self, tmp_path):
        text = "TY  - JOUR\nTI  - One\nAB  - Cells were\nER  - positive and\nII - negative.\nER  - \n"
        (paper,) = papers(read(tmp_path, text))

        assert paper.abstract == "Cells were ER - positive and II - negative."

    def test_rejects_a_record_without_a_title_and_takes_one_without_an_abstract(self, tmp_path):
        records = read(tmp_path, "TY  - JOUR\nAB  - Text.\nER  - \nTY  - JOUR\nTI  - One\nER  - \n")

        assert rejected(records) == [(1, "The record has no title.")]
        assert papers(records)[0].abstract == ""

    def test_finds_identifiers_in_the_places_databases_put_them(self, tmp_path):
        text = (
            "TY  - JOUR\nTI  - One\nM3  - 10.1000/m3\nDB  - PubMed\nAN  - 12345\nER  - \n"
            "TY  - JOUR\nTI  - Two\nUR  - https://arxiv.org/abs/2101.00001v2\nER  - \n"
            "TY  - JOUR\nTI  - Three\nUR  - https://doi.org/10.48550/arXiv.2101.00002\nER  - \n"
        )
        one, two, three = papers(read(tmp_path, text))

        assert (one.doi, one.pmid, one.source_id) == ("10.1000/m3", "12345", "12345")
        assert (two.arxiv_id, two.source_id) == ("2101.00001", "arxiv:2101.00001")
        assert (three.doi, three.arxiv_id) == ("10.48550/arxiv.2101.00002", "2101.00002")

    def test_keeps_only_addresses_that_are_safe_to_follow(self, tmp_path):
        (paper,) = papers(read(tmp_path, "TY  - JOUR\nTI  - One\nUR  - javascript:alert(1)\nER  - \n"))

        assert paper.url is None

    def test_cuts_a_huge_field_and_says_so(self, tmp_path):
        records = read(tmp_path, f"TY  - JOUR\nTI  - One\nAB  - {'word ' * 20_000}\nER  - \n{RECORD}")

        assert len(records) == 2
        assert len(papers(records)[0].abstract) == MAX_ABSTRACT - 1
        assert any("was cut" in note for note in records[0].notes)

    def test_rejects_a_huge_record_and_goes_on(self, tmp_path):
        continued = "\n".join(["   " + "x" * 70] * 60_000)
        records = read(tmp_path, f"{RECORD}TY  - JOUR\nTI  - Huge\nAB  - a\n{continued}\nER  - \n{RECORD}")

        assert len(papers(records)) == 2
        assert "longer than" in rejected(records)[0][1]

    def test_takes_time_in_proportion_to_continuation_lines(self, tmp_path):
        record = "TY  - JOUR\nTI  - Long\nAB  - a\n" + "word\n" * 200_000 + "ER  - \n"
        start = time.process_time()
        records = read(tmp_path, record * 6)

        assert len(records) == 6
        assert time.process_time() - start < 20

    @settings(deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                ["TI  - A title", "AB  - Text", "more text", "AU  - Doe, J.", "UK  - x", "KW  - a;b", "", "ÿ"]
            ),
            max_size=8,
        )
        .map("\n".join)
        .flatmap(
            lambda body: st.tuples(st.just(body), st.sampled_from(["\nER  - \n", "\n", "\r\nER  -\r\n"]))
        )
        | st.just(("TI  - B", "\n")),
        st.integers(1, 5),
    )
    def test_ends_every_record_as_a_paper_or_with_a_reason(self, tmp_path_factory, record, n_records):
        body, end = record
        text = f"TY  - JOUR\n{body}{end}" * n_records

        assert len(read(tmp_path_factory.mktemp("ris"), text)) == n_records
