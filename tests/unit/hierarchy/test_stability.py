import numpy as np
import pytest

from app.hierarchy.stability import compare_builds, measure_stability, take_papers
from app.hierarchy.tree import NO_TOPIC
from tests.unit.hierarchy.trees import build, grouped_vectors, make_tree


class TestCompareBuilds:
    def test_is_one_for_the_same_tree(self):
        tree = make_tree([-1, 0, 0, 1, 1], [3] * 5 + [4] * 5 + [2] * 10)
        assert compare_builds(tree, tree) == 1.0

    def test_averages_the_best_f1_both_ways_by_size(self):
        one = make_tree([-1, 0, 0], [1] * 6 + [2] * 14)
        other = make_tree([-1, 0, 0], [1] * 10 + [2] * 10)
        # Forth: 6 papers in one of 10 make 12/16, 14 find 10 of them: 20/24.
        # Back: 10 papers find 6: 12/16; 10 in one of 14: 20/24.
        forth = (6 * 12 / 16 + 14 * 20 / 24) / 20
        back = (10 * 12 / 16 + 10 * 20 / 24) / 20
        assert compare_builds(one, other) == pytest.approx((forth + back) / 2)

    def test_leaves_the_root_and_small_topics_out(self):
        one = make_tree([-1, 0, 0], [1] * 4 + [2] * 16)
        other = make_tree([-1, 0, 0], [1] * 2 + [2] * 18)
        # Forth, 16 papers are found among 18; back, 18 find 16.
        assert compare_builds(one, other) == pytest.approx(32 / 34)

    def test_is_one_for_two_undivided_trees_and_zero_for_one(self):
        root, divided = make_tree([-1], [0] * 10), make_tree([-1, 0, 0], [1] * 5 + [2] * 5)
        assert compare_builds(root, root) == 1.0
        assert compare_builds(root, divided) == compare_builds(divided, root) == 0.0


class TestTakePapers:
    def test_keeps_the_places_of_the_papers_taken(self):
        taken = take_papers(make_tree([-1, 0, 0], [1, 2, NO_TOPIC, 2]), np.array([1, 2]))
        assert taken.assignments.tolist() == [2, NO_TOPIC]


class TestMeasureStability:
    def test_is_high_for_clear_groups_and_low_when_shuffled(self):
        vectors = grouped_vectors([25] * 8, spread=0.3)
        stability = measure_stability(200, lambda papers: build(vectors[papers]), seed=3)
        assert stability.found > 0.7 > 0.5 > stability.shuffled
        assert 150 < stability.n_shared < 180

    def test_compares_only_papers_in_both_samples(self):
        asked = []

        def build_by_number(papers):
            asked.append(papers)
            return make_tree([-1, 0, 0], [1 + paper % 2 for paper in papers.tolist()])

        stability = measure_stability(50, build_by_number, seed=0)
        assert [len(papers) for papers in asked] == [45, 45]
        assert all((np.diff(papers) > 0).all() for papers in asked)
        assert stability.n_shared == len(np.intersect1d(*asked)) < 45
        assert stability.found == 1.0
        assert stability.shuffled < 0.9

    def test_is_the_same_for_the_same_seed(self):
        vectors = grouped_vectors([20] * 4, spread=0.6)
        one, two = (measure_stability(80, lambda papers: build(vectors[papers]), seed=9) for _ in range(2))
        assert one == two

    def test_works_without_papers(self):
        assert measure_stability(0, lambda papers: make_tree([-1], [0] * len(papers)), seed=0).found == 1.0
