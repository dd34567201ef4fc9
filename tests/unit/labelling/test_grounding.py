import pytest

from app.labelling.grounding import (
    content_words,
    fewest_papers_with,
    measure_grounding,
)
from tests.unit.hierarchy.trees import make_tree


class TestContentWords:
    def test_leaves_function_words_and_marks_out(self):
        assert content_words("The sleep of nurses, on night shifts!") == {"sleep", "nurse", "night", "shift"}

    def test_takes_compounds_apart_and_reads_latex(self):
        words = content_words(r"Multi–agent $\alpha$/G\"odel coding")
        assert words == {"multi", "agent", "α", "gödel", "coding"}


class TestFewestPapersWith:
    @pytest.mark.parametrize(
        ("n_papers", "fewest"), [(1, 1), (2, 2), (3, 3), (60, 3), (61, 4), (200, 10), (0, 1)]
    )
    def test_is_three_or_one_in_twenty_and_all_of_fewer(self, n_papers, fewest):
        assert fewest_papers_with(n_papers) == fewest


class TestMeasureGrounding:
    TEXTS = (
        ("Wild bees of hedgerows", ""),
        ("A wild bee", ""),
        ("Wild bees and flower strips", ""),
        ("Sleep", ""),
    )

    @staticmethod
    def found(label, texts):
        tree = make_tree([-1, 0], [1] * len(texts))
        return measure_grounding(["All papers", label], tree, texts, seed=0).found

    def test_wants_every_content_word_in_three_papers(self):
        assert self.found("Wild bees", self.TEXTS) == 1
        assert self.found("Wild bees of hedgerows", self.TEXTS) == 0

    def test_wants_one_paper_in_twenty_of_a_large_topic(self):
        texts = [("bees", "")] * 5 + [("buses", "")] * 95
        assert self.found("Bees", texts) == 1
        assert self.found("Bees", [*texts, ("buses", "")]) == 0

    def test_counts_papers_and_not_uses(self):
        assert self.found("Bees", [("bees bees", "bees bees"), ("buses", ""), ("buses", "")]) == 0

    def test_takes_no_label_without_content(self):
        assert self.found("The other", self.TEXTS) == 0

    def test_shares_grounded_labels_beside_shuffled_papers(self):
        tree = make_tree([-1, 0, 0, 0, 0], [1] * 5 + [2] * 5 + [3] * 5 + [4] * 5)
        subjects = ["bees", "buses", "nurses", "batteries"]
        texts = [(f"On {subject}", "We look.") for subject in subjects for _ in range(5)]
        labels = ["All papers", "Bees", "Bus", "Nurses of zoos", "Battery"]
        grounding = measure_grounding(labels, tree, texts, seed=0)
        assert (grounding.n_labels, grounding.found) == (4, 0.75)
        assert grounding.shuffled < 0.5

    def test_counts_papers_below_a_topic(self):
        tree = make_tree([-1, 0, 0, 1, 1], [3, 3, 4, 2, 2, 2])
        texts = [("bees", "")] * 3 + [("buses", "")] * 3
        labels = ["All papers", "Bees", "Buses", "Bees", "Buses"]
        assert measure_grounding(labels, tree, texts, seed=0).found == 0.75

    def test_has_no_label_in_a_root_alone(self):
        grounding = measure_grounding(["All papers"], make_tree([-1], [0]), [("a title", "")], seed=0)
        assert (grounding.n_labels, grounding.found) == (0, 1.0)
