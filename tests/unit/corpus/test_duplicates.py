from hypothesis import given, settings
from hypothesis import strategies as st

from app.corpus.duplicates import conflicting, duplicate_keys, merge, normalise_title
from app.corpus.paper import Paper


def make(title: str = "Hedgerows and the wild bees of farmland", **fields: object) -> Paper:
    return Paper(**{"source_id": "a", "title": title, **fields})  # type: ignore[arg-type]


def title_key(title: str, **fields: object) -> str | None:
    keys = [key for key in duplicate_keys(make(title, **fields)) if key.startswith("title:")]
    return keys[0] if keys else None


class TestNormaliseTitle:
    def test_folds_case_accents_punctuation_and_space(self):
        assert normalise_title("Über  die *ÉTUDE*: Łódź & Strasse!") == "uberdieetudelodzstrasse"
        assert normalise_title("Straße") == normalise_title("STRASSE")
        assert normalise_title("ﬁne-tuning") == normalise_title("Fine tuning")
        assert normalise_title("don't") == normalise_title("don’t") == normalise_title("dont")

    def test_keeps_letters_of_any_script(self):
        assert normalise_title("深度学习：综述") == "深度学习综述"
        assert normalise_title("Обзор методов") == "обзорметодов"

    def test_tells_apart_words_that_differ_in_vowel_signs(self):
        assert normalise_title("कला") != normalise_title("कील")
        assert normalise_title("かき") != normalise_title("がき")

    @settings(deadline=None)
    @given(st.text())
    def test_changes_nothing_the_second_time(self, text):
        once = normalise_title(text)
        assert normalise_title(once) == once


class TestDuplicateKeys:
    def test_gives_the_strongest_first(self):
        paper = make(doi="10.1/a", arxiv_id="2101.00001", pmid="7", year=2020)

        assert [key.partition(":")[0] for key in duplicate_keys(paper)] == ["doi", "arxiv", "pmid", "title"]

    def test_recognises_a_title_in_another_dress(self):
        assert title_key("Wild Bees: a survey", year=2020) == title_key("wild bees – A Survey.", year=2020)
        assert title_key("Wild Bees: a survey", year=2020) != title_key("Wild bees: a survey", year=2021)

    def test_makes_no_key_of_a_title_that_tells_nothing(self):
        assert title_key("Editorial", year=2020) is None
        assert title_key("Letter to the Editor", year=2020) is None
        assert title_key("Book review", year=2020) is None
        assert title_key("!!!", year=2020) is None

    def test_makes_a_key_of_a_long_word_and_of_few_ideographs(self):
        assert title_key("Electroencephalography", year=2020)
        assert title_key("深度学习综述", year=2020)
        assert title_key("综述", year=2020) is None

    def test_puts_the_abstract_in_place_of_a_missing_year(self):
        same = title_key("Notes on the matter", abstract="One.")

        assert same == title_key("Notes on the matter", abstract="one")
        assert same != title_key("Notes on the matter", abstract="Two.")
        assert title_key("Notes on the matter") is None

    def test_gives_the_same_key_on_every_machine(self):
        assert title_key("Wild bees: a survey", year=2020) == "title:a79feb2cc0c4f2fb:2020"


class TestConflicting:
    def test_different_publisher_dois_are_different_works(self):
        assert conflicting(make(doi="10.1000/a"), make(doi="10.1000/b"))
        assert conflicting(make(doi="10.1000/a"), make(doi="10.2000/a"))

    def test_a_preprint_does_not_speak_against_the_published_version(self):
        published = make(doi="10.1000/a")

        for preprint in (
            "10.48550/arxiv.2101.00001",
            "10.1101/2020.01.01.123456",
            "10.2139/ssrn.1",
            "10.5281/zenodo.5",
        ):
            assert not conflicting(make(doi=preprint), published)
            assert not conflicting(published, make(doi=preprint))

    def test_versions_of_one_doi_are_one_work(self):
        assert not conflicting(make(doi="10.12688/f1000.1.v1"), make(doi="10.12688/f1000.1.v2"))

    def test_different_pmids_or_arxiv_ids_are_different_works(self):
        assert conflicting(make(pmid="1"), make(pmid="2"))
        assert conflicting(make(arxiv_id="2101.00001"), make(arxiv_id="2101.00002"))

    def test_an_identifier_in_common_outweighs_the_others(self):
        assert not conflicting(make(doi="10.1000/a", pmid="1"), make(doi="10.1000/a", pmid="2"))

    def test_papers_without_identifiers_do_not_conflict(self):
        assert not conflicting(make(), make(doi="10.1000/a", pmid="1"))


class TestMerge:
    def test_fills_gaps_and_changes_nothing_else(self):
        kept = make(year=2020, authors=("A",), original={"a": 1})
        other = make(
            "Another title",
            source_id="b",
            abstract="Text.",
            year=1999,
            authors=("B",),
            venue="V",
            keywords=("k",),
            doi="10.1000/b",
            arxiv_id="2101.00001",
            pmid="5",
            url="https://example.org",
            original={"b": 2},
        )

        assert merge(kept, other) == make(
            abstract="Text.",
            year=2020,
            authors=("A",),
            venue="V",
            keywords=("k",),
            doi="10.1000/b",
            arxiv_id="2101.00001",
            pmid="5",
            url="https://example.org",
            original={"a": 1},
        )
