import numpy as np
import pytest

from benchmarks.further_categories import measure_precision

FIRSTS = np.array([0, 0, 0, 1, 1, 1, 2, 2])
CATEGORIES = [["a", "b"], ["a"], ["a", "c"], ["b"], ["b", "a"], [], ["a"], ["a"]]


def precision_of(*homes, categories=CATEGORIES):
    papers, leaves = np.array(homes).T
    return measure_precision(papers, leaves, firsts=FIRSTS, categories=categories, by_first=True)


class TestMeasurePrecision:
    def test_counts_homes_that_lead_to_a_further_category(self):
        found = precision_of((0, 1), (2, 1))
        assert (found.n_homes, found.further, found.any, found.new) == (2, 0.5, 0.5, 0.5)

    def test_tells_a_further_category_from_the_one_a_paper_has_already(self):
        # The third leaf leads where the first does: it is one of the paper's, but nothing new.
        found = precision_of((0, 2))
        assert (found.further, found.any) == (0.0, 1.0)
        assert np.isnan(found.new)

    def test_does_not_judge_papers_without_a_category(self):
        assert precision_of((5, 0), (4, 0)).n_homes == 1

    def test_asks_only_papers_with_several_for_further_ones(self):
        assert precision_of((1, 1), (0, 1)).further == 1.0

    def test_lets_all_categories_count_where_none_is_the_main_one(self):
        categories = [["a", "b"], ["c", "b"], ["d", "b"], ["e"], ["e"], ["e"], ["b"], ["b"]]
        found = measure_precision(
            np.array([6]), np.array([0]), firsts=FIRSTS, categories=categories, by_first=False
        )
        assert found.any == pytest.approx(1.0)
