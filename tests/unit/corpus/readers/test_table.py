import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.corpus.readers.columns import UnknownColumn
from app.corpus.readers.table import NoTitleColumn
from tests.unit.corpus.readers.reading import papers, read, rejected, titles

# One paper, as each source exports it.
EXPORTS = {
    "zotero": """"Key","Publication Year","Author","Title","Publication Title","DOI","Url",\
"Abstract Note","Manual Tags"
"K1","2020","Doe, Jane; Roe, Richard","One","J. of Hedges","10.1000/a","https://example.org",\
"Text.","bees; hedges"
""",
    "scopus": """Authors,Author full names,Title,Year,Source title,DOI,Link,Abstract,Author Keywords,EID
"Doe, Jane; Roe, Richard",x,One,2020,J. of Hedges,10.1000/a,https://example.org,Text.,bees; hedges,K1
""",
    "web of science": """PT\tAU\tTI\tSO\tDE\tAB\tPY\tDI\tUT\tUR
J\tDoe, Jane; Roe, Richard\tOne\tJ. of Hedges\tbees; hedges\tText.\t2020\t10.1000/a\tK1\t\
https://example.org
""",
    "web of science in full": """Authors,Article Title,Source Title,Author Keywords,Abstract,\
Publication Year,DOI,UT (Unique WOS ID),Link
"Doe, Jane; Roe, Richard",One,J. of Hedges,bees; hedges,Text.,2020,10.1000/a,K1,https://example.org
""",
    "dimensions": """"About the data: Exported on May 1, 2020. Criteria: bees"
Rank,Publication ID,DOI,Title,Abstract,Source title,PubYear,Authors,MeSH terms,Dimensions URL
1,K1,10.1000/a,One,Text.,J. of Hedges,2020,"Doe, Jane; Roe, Richard",bees; hedges,https://example.org
""",
    "openalex": """id,doi,display_name,publication_year,abstract,authorships.author.display_name,\
primary_location.source.display_name,keywords,primary_location.landing_page_url
K1,https://doi.org/10.1000/a,One,2020,Text.,"Doe, Jane|Roe, Richard",J. of Hedges,bees|hedges,\
https://example.org
""",
    "plain": """sep=;
id;title;abstract;year;authors;journal;keywords;doi;url
K1;One;Text.;2020;"Doe, Jane; Roe, Richard";J. of Hedges;"bees; hedges";10.1000/a;https://example.org
""",
}


class TestReadTable:
    @pytest.mark.parametrize("source", EXPORTS)
    def test_knows_the_columns_of_the_usual_sources(self, tmp_path, source):
        (paper,) = papers(read(tmp_path, EXPORTS[source]))

        assert (paper.source_id, paper.title, paper.abstract, paper.year) == ("K1", "One", "Text.", 2020)
        assert (paper.venue, paper.doi, paper.url) == ("J. of Hedges", "10.1000/a", "https://example.org")
        assert paper.keywords == ("bees", "hedges")
        assert paper.authors == ("Doe, Jane", "Roe, Richard")

    def test_knows_the_columns_of_pubmed(self, tmp_path):
        header = "PMID,Title,Authors,Citation,Journal/Book,Publication Year,DOI"
        text = f'{header}\n7,One,"Doe J, Roe R.",c,J,2020,10.1000/a\n'
        (paper,) = papers(read(tmp_path, text))

        assert (paper.pmid, paper.authors, paper.venue) == ("7", ("Doe J", "Roe R."), "J")
        assert paper.source_id == "doi:10.1000/a"

    def test_keeps_every_cell_of_the_source(self, tmp_path):
        (paper,) = papers(read(tmp_path, "title,volume,title,\n One ,3,Two,x\n"))

        assert paper.original == {"title": " One ", "volume": "3", "title (2)": "Two", "column": "x"}
        assert paper.title == "One"

    def test_reads_line_ends_and_separators_inside_quotation_marks(self, tmp_path):
        records = read(tmp_path, 'title,abstract\r\n"One, ""first""","a\r\nb"\r\nTwo,c\r\n')

        assert [(paper.title, paper.abstract) for paper in papers(records)] == [
            ('One, "first"', "a b"),
            ("Two", "c"),
        ]
        assert [record.line for record in records] == [2, 4]

    def test_takes_a_quotation_mark_inside_a_cell_for_what_it_is(self, tmp_path):
        assert titles(read(tmp_path, 'title,year\nA 5" pipe,2020\n"The "old" way",2021\n')) == [
            'A 5" pipe',
            'The old" way"',
        ]

    @pytest.mark.parametrize("end", ['"Two,x\n', '"Two\n', 'Two,"x\n', '"Two,""x\n'])
    def test_a_lost_quotation_mark_costs_one_row(self, tmp_path, end):
        rows = "".join(f'"Title {i}","Text {i}"\n' for i in range(50))
        records = read(tmp_path, f"title,abstract\n{rows}{end}{rows}")

        assert len(records) == 101
        assert len(papers(records)) == 100
        assert rejected(records) == [(52, "The row has a quotation mark that is not closed.")]

    @pytest.mark.parametrize("rest", ["Plain,x\n" * 5_000, f"Plain,{'x' * 90}\n" * 15_000])
    def test_a_lost_quotation_mark_before_rows_without_any_costs_one_row(self, tmp_path, rest):
        records = read(tmp_path, f'title,abstract\n"Two,x\n{rest}')

        assert len(rejected(records)) == 1
        assert len(papers(records)) == rest.count("\n")

    def test_refuses_a_row_that_a_separator_has_shifted(self, tmp_path):
        records = read(tmp_path, "title,abstract,year\nOne, and more,Text.,2020\nTwo,Text.,2021,,\nThree\n")

        assert rejected(records)[0][0] == 2
        assert "4 cells" in rejected(records)[0][1]
        assert titles(records) == ["Two", "Three"]

    def test_passes_over_empty_rows(self, tmp_path):
        assert titles(read(tmp_path, "title,year\n\nOne,2020\n,\n  , \nTwo,2021\n\n")) == ["One", "Two"]

    def test_takes_the_guard_against_formulas_off(self, tmp_path):
        assert titles(read(tmp_path, "title,year\n'=1+1,2020\n'-omics,2021\n'Tis,2022\n")) == [
            "=1+1",
            "-omics",
            "'Tis",
        ]

    def test_reads_columns_it_is_told(self, tmp_path):
        mapping = {"title": "Überschrift", "abstract": "Text", "id": "Nr."}
        (paper,) = papers(read(tmp_path, "Nr.;Überschrift;Text;Jahr\n5;One;Body;2020\n", mapping=mapping))

        assert (paper.source_id, paper.title, paper.abstract, paper.year) == ("5", "One", "Body", 2020)

    def test_names_the_columns_when_it_knows_none_for_titles(self, tmp_path):
        with pytest.raises(NoTitleColumn, match="Nr, Name, Text") as caught:
            read(tmp_path, "Nr,Name,Text\n5,One,Body\n6,Two,Body\n")

        assert caught.value.members == {"columns": ["Nr", "Name", "Text"]}

    def test_refuses_a_mapping_to_what_is_not_there(self, tmp_path):
        with pytest.raises(UnknownColumn, match="no column 'Name'"):
            read(tmp_path, "title,year\nOne,2020\n", mapping={"abstract": "Name"})
        with pytest.raises(UnknownColumn, match="no column 'Name'"):
            read(tmp_path, "a,b\nOne,2020\n", format="csv", mapping={"title": "Name"})
        with pytest.raises(UnknownColumn, match="no field 'colour'"):
            read(tmp_path, "title,year\nOne,2020\n", mapping={"colour": "year"})

    def test_cuts_a_huge_cell_and_rejects_a_row_that_is_huge(self, tmp_path):
        records = read(
            tmp_path,
            f"title,abstract\nOne,{'x ' * 40_000}\nTwo,{'x ' * 80_000}\nThree,{'x' * 1_100_000}\nFour,a\n",
        )

        assert titles(records) == ["One", "Four"]
        assert "was cut" in records[0].notes[0]
        assert [line for line, _ in rejected(records)] == [3, 4]

    def test_stays_quick_when_every_row_has_a_lost_quotation_mark(self, tmp_path):
        records = read(tmp_path, "title,abstract\n" + '"One,x\n' * 50_000)

        assert len(records) == 50_000

    def test_splits_authors_only_where_authors_meet(self, tmp_path):
        rows = [
            ("Lovelace, Ada", ("Lovelace, Ada",)),
            ("Ada Lovelace, Alan Turing", ("Ada Lovelace", "Alan Turing")),
            ("Lovelace, A., Turing, A. M.", ("Lovelace, A.", "Turing, A. M.")),
            ("Ada Lovelace and Alan Turing", ("Ada Lovelace", "Alan Turing")),
            ("Plato", ("Plato",)),
            ("World Health Organization, Geneva", ("World Health Organization, Geneva",)),
            ("", ()),
        ]
        text = "title,authors\n" + "".join(f'Paper,"{authors}"\n' for authors, _ in rows)

        assert [paper.authors for paper in papers(read(tmp_path, text))] == [expected for _, expected in rows]

    @settings(deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20),
                st.text(
                    st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from('\n",;'), max_size=40
                ),
            ),
            min_size=1,
            max_size=10,
        ),
        st.sampled_from([",", ";", "\t", "|"]),
    )
    def test_gives_back_every_row_that_was_written(self, tmp_path_factory, rows, delimiter):
        written = io.StringIO()
        writer = csv.writer(written, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(["title", "abstract"])
        writer.writerows(("Paper " + title, abstract) for title, abstract in rows)
        records = read(tmp_path_factory.mktemp("table"), written.getvalue(), format="csv")

        assert len(records) == len(rows)
        assert all(record.paper for record in records)
