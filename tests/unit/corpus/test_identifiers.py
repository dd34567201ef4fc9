import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.corpus.identifiers import find_year, normalise_arxiv_id, normalise_doi, normalise_pmid


class TestNormaliseDoi:
    @pytest.mark.parametrize(
        ("text", "doi"),
        [
            ("10.1000/ABC", "10.1000/abc"),
            ("https://doi.org/10.1000/abc", "10.1000/abc"),
            ("http://dx.doi.org/10.1000/Abc.", "10.1000/abc"),
            ("doi: 10.1000/abc;", "10.1000/abc"),
            ("10.1000/abc [doi]", "10.1000/abc"),
            ("(10.1000/abc)", "10.1000/abc"),
            ("10.1016/s0140-6736(05)67889-7", "10.1016/s0140-6736(05)67889-7"),
            ("10.1016/0304(94)", "10.1016/0304(94)"),
            (
                "10.1002/(SICI)1097(199)9:1<1::AID-X>3.0.CO;2-G",
                "10.1002/(sici)1097(199)9:1<1::aid-x>3.0.co;2-g",
            ),
            ("https://onlinelibrary.wiley.com/doi/10.1002/abc.1/full?x=1", "10.1002/abc.1"),
            ("https://doi.org/10.1000%2Fabc", "10.1000/abc"),
            ("10.1000.10/123", "10.1000.10/123"),
        ],
    )
    def test_finds_it_however_it_is_written(self, text, doi):
        assert normalise_doi(text) == doi

    @pytest.mark.parametrize(
        "text", ["", "none", "10.1/x", "10.1000/", "version 10.2 of it", "10.1000/" + "x" * 400]
    )
    def test_finds_none_where_there_is_none(self, text):
        assert normalise_doi(text) is None

    @settings(deadline=None)
    @given(st.text())
    def test_is_stable(self, text):
        doi = normalise_doi("10.1000/" + text)

        assert doi is None or normalise_doi(doi) == doi

    def test_takes_time_in_proportion_to_the_text(self):
        start = time.process_time()
        normalise_doi("10.1234." * 100_000)
        assert time.process_time() - start < 1


class TestNormaliseArxivId:
    @pytest.mark.parametrize(
        ("text", "arxiv_id"),
        [
            ("2101.00001", "2101.00001"),
            ("arXiv:2101.00001v3 [cs.CL]", "2101.00001"),
            ("http://arxiv.org/abs/0704.0001v1", "0704.0001"),
            ("https://arxiv.org/pdf/2101.00001v2.pdf", "2101.00001"),
            ("10.48550/arXiv.2101.00001", "2101.00001"),
            ("https://doi.org/10.48550/ARXIV.HEP-TH/9901001", "hep-th/9901001"),
            ("hep-th/9901001v2", "hep-th/9901001"),
            ("math.GT/0309136", "math/0309136"),
            ("arXiv preprint arXiv:1706.03762", "1706.03762"),
        ],
    )
    def test_finds_it_however_it_is_written(self, text, arxiv_id):
        assert normalise_arxiv_id(text) == arxiv_id

    @pytest.mark.parametrize(
        "text", ["", "2113.00001", "12345", "2101.000012", "see 2101.00001", "PMC1234567"]
    )
    def test_finds_none_where_there_is_none(self, text):
        assert normalise_arxiv_id(text) is None


class TestNormalisePmid:
    @pytest.mark.parametrize(
        "text",
        ["123456", "0123456", "PMID: 123456", "https://pubmed.ncbi.nlm.nih.gov/123456/", "123456.0",
         "http://www.ncbi.nlm.nih.gov/pubmed/123456?x=1"],
    )  # fmt: skip
    def test_finds_it_however_it_is_written(self, text):
        assert normalise_pmid(text) == "123456"

    @pytest.mark.parametrize("text", ["", "0", "PMC123456", "1234567890", "12 monkeys", "7.5", "abc"])
    def test_finds_none_where_there_is_none(self, text):
        assert normalise_pmid(text) is None


class TestFindYear:
    @pytest.mark.parametrize(
        ("value", "year"),
        [
            (2019, 2019), ("2019", 2019), (2019.0, 2019), ("12 May 2019", 2019), ("2019/05/12//", 2019),
            ("2019-05-12T00:00:00Z", 2019), ("20190512", 2019), ("c1987.", 1987), ("1999-2001", 1999),
            ("05/12/2019", 2019), ("2100", 2100), ("in press", None), ("", None), (None, None), (True, None),
            (99999, None), (2**70, None), ("123456", None), (0, None), ("2101", None), (float("nan"), None),
        ],
    )  # fmt: skip
    def test_takes_a_year_between_1000_and_2100(self, value, year):
        assert find_year(value) == year
