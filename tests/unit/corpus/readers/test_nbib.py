from tests.unit.corpus.readers.reading import papers, read, rejected, titles

RECORD = """PMID- 12345678
OWN - NLM
STAT- MEDLINE
DP  - 2020 May 3
TI  - Hedgerows and the wild bees
      of farmland.
LID - S0140-6736(05)1 [pii]
LID - 10.1000/ABC [doi]
AB  - BACKGROUND: We counted.
      They were many.
FAU - Lindqvist, Maja
AU  - Lindqvist M
FAU - Okafor, Chidi
AU  - Okafor C
JT  - Journal of hedges
TA  - J Hedges
MH  - *Bees/physiology
OT  - hedgerows
PMC - PMC777
"""


class TestReadNbib:
    def test_reads_every_field(self, tmp_path):
        (paper,) = papers(read(tmp_path, RECORD))

        assert (paper.source_id, paper.pmid) == ("12345678", "12345678")
        assert paper.title == "Hedgerows and the wild bees of farmland."
        assert paper.abstract == "BACKGROUND: We counted. They were many."
        assert paper.year == 2020
        assert paper.authors == ("Lindqvist, Maja", "Okafor, Chidi")
        assert paper.venue == "Journal of hedges"
        assert paper.doi == "10.1000/abc"
        assert paper.keywords == ("hedgerows", "Bees/physiology")

    def test_keeps_the_fields_of_the_source_under_their_tags(self, tmp_path):
        (paper,) = papers(read(tmp_path, RECORD))

        assert paper.original["PMC"] == "PMC777"
        assert paper.original["AU"] == ["Lindqvist M", "Okafor C"]

    def test_begins_a_record_at_an_empty_line_or_a_pmid(self, tmp_path):
        text = "PMID- 1\nTI  - One\n\nPMID- 2\nTI  - Two\nPMID- 3\nTI  - Three\n\nTI  - Four\n\n\n"
        records = read(tmp_path, text)

        assert titles(records) == ["One", "Two", "Three", "Four"]
        assert [record.line for record in records] == [1, 4, 6, 9]

    def test_takes_another_title_where_there_is_none(self, tmp_path):
        assert titles(read(tmp_path, "PMID- 1\nTI  - [Not Available].\nTT  - Bienen im Feld\n")) == [
            "Bienen im Feld"
        ]

    def test_rejects_a_record_cut_off_before_its_title(self, tmp_path):
        assert rejected(read(tmp_path, f"{RECORD}\nPMID- 9\nOWN - N")) == [(21, "The record has no title.")]

    def test_cuts_a_huge_field_and_rejects_a_huge_record(self, tmp_path):
        long = "".join(f"      {'word ' * 14}\n" for _ in range(1000))
        huge = "".join(f"      {'word ' * 14}\n" for _ in range(20_000))
        records = read(
            tmp_path, f"PMID- 1\nTI  - One\nAB  - a\n{long}\nPMID- 2\nTI  - Two\nAB  - a\n{huge}\n{RECORD}"
        )

        assert len(records) == 3
        assert any("was cut" in note for note in records[0].notes)
        assert "longer than" in rejected(records)[0][1]
