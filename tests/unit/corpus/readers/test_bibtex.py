import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.corpus.readers.latex import decode_latex
from tests.unit.corpus.readers.reading import papers, read, rejected, titles

ENTRY = r"""@article{bees2020,
  title     = {{Hedgerows} and the wild bees of {N}orth {R}hine},
  author    = {Lindqvist, Maja and {Barnes and Noble} and M{\"u}ller, J{\'o}zef and others},
  abstract  = "We counted 50\% of bees in $x^{2}$ fields --- caf{\'e} and {\L}{\'o}d{\'z}.",
  journal   = joh # " and Fields",
  year      = 2020,
  month     = may,
  keywords  = {bees, hedgerows},
  doi       = {https://doi.org/10.1000/A\_b},
  url       = {\url{https://example.org/a_b~c--d}}
}
"""
STRING = '@string{joh = "Journal of Hedges"}\n'


class TestReadBibtex:
    def test_reads_every_field(self, tmp_path):
        (paper,) = papers(read(tmp_path, STRING + ENTRY))

        assert paper.source_id == "bees2020"
        assert paper.title == "Hedgerows and the wild bees of North Rhine"
        assert paper.authors == ("Lindqvist, Maja", "Barnes and Noble", "Müller, Józef")
        assert paper.abstract == "We counted 50% of bees in $x^{2}$ fields — café and Łódź."
        assert paper.venue == "Journal of Hedges and Fields"
        assert paper.year == 2020
        assert paper.keywords == ("bees", "hedgerows")
        assert paper.doi == "10.1000/a_b"
        assert paper.url == "https://example.org/a_b~c--d"

    def test_keeps_the_fields_of_the_source(self, tmp_path):
        (paper,) = papers(read(tmp_path, STRING + ENTRY))

        assert paper.original["ENTRYTYPE"] == "article"
        assert paper.original["ID"] == "bees2020"
        assert paper.original["month"] == "May"
        assert paper.original["title"] == "{Hedgerows} and the wild bees of {N}orth {R}hine"

    def test_counts_only_entries(self, tmp_path):
        text = (
            f'A list.\n@preamble{{"\\newcommand{{x}}"}}\n{STRING}@comment{{jabref-meta: x}}\n% remark\n'
            f"{ENTRY}\n@Comment{{unclosed\n{ENTRY}"
        )

        assert len(read(tmp_path, text)) == 2

    def test_passes_over_entries_that_are_commented_out(self, tmp_path):
        out = "% @misc{x, title={Out}}\n"

        assert titles(read(tmp_path, f"{out}@misc{{a, title={{One}}}}\n{out}@misc{{b, title={{Two}}}}")) == [
            "One",
            "Two",
        ]

    def test_a_lost_brace_costs_one_entry(self, tmp_path):
        broken = "@article{lost,\n  title = {Never closed,\n  year = 2020\n}\n\n"
        records = read(tmp_path, f"@misc{{a, title={{One}}}}\n{broken}@misc{{b, title={{Two}}}}\n")

        assert titles(records) == ["One", "Two"]
        assert [line for line, _ in rejected(records)] == [2]
        assert "brace" in rejected(records)[0][1]

    @pytest.mark.parametrize(
        "broken",
        [
            '@misc{x, title = "No end, year = 2020}',
            "@misc{x, title {No equals}}",
            "@misc{x",
            "@misc{",
            "@misc{x, =}",
            "@misc(x, title={y}",
            "@misc{x, title = {A}}}",
            "@misc{x title = {A}",
            "@misc{x, title = }",
            "@misc{,}",
        ],
    )
    def test_goes_on_after_any_broken_entry(self, tmp_path, broken):
        records = read(tmp_path, f"@misc{{a, title={{One}}}}\n{broken}\n@misc{{b, title={{Two}}}}\n")

        assert len(records) == 3
        assert (records[0].paper.title, records[2].paper.title) == ("One", "Two")
        assert records[2].line == 3

    def test_reads_several_entries_on_one_line(self, tmp_path):
        text = "@misc{a,title={One {@misc{x}} a}} @misc{b,title={Two}}@misc(c,title={Three})" * 3

        assert titles(read(tmp_path, text)) == ["One @miscx a", "Two", "Three"] * 3

    def test_reads_entries_after_other_text(self, tmp_path):
        assert titles(
            read(tmp_path, "1. @misc{a,title={One}}\n2. @misc{b,title={Two}} and @misc{c,title={Three}}")
        ) == [
            "One",
            "Two",
            "Three",
        ]

    def test_reads_a_file_that_is_one_line_of_any_length(self, tmp_path):
        text = "".join(
            f"@misc{{k{i},title={{Title number {i}}},abstract={{{'word ' * 200}}}}}" for i in range(2500)
        )
        records = read(tmp_path, text)

        assert titles(records) == [f"Title number {i}" for i in range(2500)]

    def test_keeps_entries_with_the_same_key_and_fields_given_twice(self, tmp_path):
        text = "@misc{a, title={One}, note={x}, note={y}}\n@misc{a, title={Two}}\n"
        first, second = papers(read(tmp_path, text))

        assert (first.title, second.title) == ("One", "Two")
        assert (first.original["note"], first.original["note (2)"]) == ("x", "y")

    def test_fills_in_definitions_whatever_their_case(self, tmp_path):
        definitions = "@STRING(JX = {Journal X})\n@string{jy = jx # { and Y}}\n"
        (paper,) = papers(read(tmp_path, definitions + "@misc{a, title=JY, journal=jx, note=unknown}\n"))

        assert (paper.title, paper.venue, paper.original["note"]) == (
            "Journal X and Y",
            "Journal X",
            "unknown",
        )

    def test_bounds_definitions_that_double_each_other(self, tmp_path):
        doubling = "".join(f"@string{{s{i + 1} = s{i} # s{i}}}\n" for i in range(60))
        records = read(tmp_path, f'@string{{s0 = "ha"}}\n{doubling}@misc{{a, title={{One}}, abstract=s60}}\n')

        assert titles(records) == ["One"]

    def test_says_when_text_was_lost_for_want_of_a_comma(self, tmp_path):
        (record,) = read(tmp_path, "@misc{a, title = {One} year = 2020}\n")

        assert record.paper.title == "One"
        assert "ignored" in record.notes[0]

    def test_finds_arxiv_ids_and_pmids(self, tmp_path):
        text = (
            "@misc{a, title={One}, eprint={2101.00001v2}, archivePrefix={arXiv}}\n"
            "@article{b, title={Two}, journal={arXiv preprint arXiv:1706.03762}, year=2017}\n"
            "@article{c, title={Three}, eprint={12345}, eprinttype={pubmed}}\n"
        )
        one, two, three = papers(read(tmp_path, text))

        assert (one.arxiv_id, two.arxiv_id, three.pmid) == ("2101.00001", "1706.03762", "12345")

    def test_joins_title_and_subtitle(self, tmp_path):
        (paper,) = papers(read(tmp_path, "@book{a, title={Bees}, subtitle={A survey}, date={2019-05}}\n"))

        assert (paper.title, paper.year) == ("Bees: A survey", 2019)

    def test_rejects_a_huge_entry_and_goes_on(self, tmp_path):
        text = f"@misc{{a, title={{Huge}}, note={{{'x ' * 600_000}}}}}\n@misc{{b, title={{Two}}}}\n"
        records = read(tmp_path, text)

        assert titles(records) == ["Two"]
        assert "longer than" in rejected(records)[0][1]
        assert records[1].line == 2

    def test_cuts_a_huge_field_and_says_so(self, tmp_path):
        (record,) = read(tmp_path, f"@misc{{a, title={{One}}, abstract={{{'x ' * 40_000}}}}}\n")

        assert any("A field was longer" in note for note in record.notes)

    def test_writes_no_flood_of_log_lines(self, tmp_path, caplog):
        with caplog.at_level(logging.DEBUG):
            records = read(tmp_path, "@misc{x, title={a\n" * 3000 + r"@misc{y, title={\frac \url \'}}")

        assert len(records) == 3001
        assert len(caplog.records) <= 10

    @settings(deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                [
                    "@misc{a, title={One}}",
                    "@misc{a, title={One}",
                    '@article{b,\n title="Two",\n}',
                    "@misc{c, title={}}}",
                    "@misc(d, title={Three})",
                ]
            ),
            min_size=1,
            max_size=8,
        ),
        st.sampled_from(["\n", "\r\n", "\n\n% text\n"]),
    )
    def test_ends_every_entry_as_a_paper_or_with_a_reason(self, tmp_path_factory, entries, between):
        records = read(tmp_path_factory.mktemp("bib"), between.join(entries))

        assert len(records) == len(entries)


class TestDecodeLatex:
    @pytest.mark.parametrize(
        ("latex", "text"),
        [
            (r"{\'{\i}} {\c c} \v{c} {\H o} \~n \AA{} Stra\ss e \o{}re", "í ç č ő ñ Å Straße øre"),
            (r"50\% of A\&B \$5 x\_y \#1 \{z\}", "50% of A&B $5 x_y #1 {z}"),
            ("50% of A&B, unescaped", "50% of A&B, unescaped"),
            (r"\emph{in vivo} \textit{x} \unknown{y} \url{http://a/b}", "in vivo x y http://a/b"),
            (
                r"$\alpha_{i}$ and \alpha-helix, \(a\{b\) and \[c{d}\]",
                r"$\alpha_{i}$ and α-helix, \(a\{b\) and \[c{d}\]",
            ),
            (r"a--b---c~d ``e'' f\\g", "a–b—c d “e” f g"),
            (r"see \cite{x} \href{http://a}{there}", "see  there"),
            (r"\input{/etc/hostname}", "/etc/hostname"),
            ("no marks at all: 5 - 3", "no marks at all: 5 - 3"),
        ],
    )
    def test_gives_the_text_a_reader_would_see(self, latex, text):
        assert decode_latex(latex) == text

    @settings(deadline=None)
    @given(st.text(alphabet="\\{}$%&~-`'\"aceioLs ^_()[]#", max_size=60))
    def test_takes_any_text(self, text):
        decode_latex(text)
