from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from app.hierarchy.categories import category_levels
from app.hierarchy.measure import (
    Agreement,
    best_depth_ami,
    best_node_f1,
    category_members,
    dendrogram_purity,
    measure_agreement,
    measure_structure,
    partition_at,
    shuffle_papers,
)
from app.hierarchy.structure import measure_homes
from app.hierarchy.tree import NO_TOPIC, SecondHomes, topic_children
from tests.unit.hierarchy.trees import build, grouped_vectors, make_tree


def small_tree():
    """Two topics of ten papers, the first divided into five and five."""
    return make_tree([-1, 0, 0, 1, 1], [3] * 5 + [4] * 5 + [2] * 10)


class TestBestNodeF1:
    def test_is_one_where_every_category_is_a_topic(self):
        categories = np.array([0] * 10 + [1] * 10)
        assert best_node_f1(small_tree(), category_members(categories)) == 1.0

    def test_weighs_the_best_f1_of_each_category_by_its_size(self):
        # Papers 0-5 best match topic 3 (5 shared, sizes 6 and 5), papers 6-19 topic 2 (10, sizes 14 and 10).
        categories = np.array([0] * 6 + [1] * 14)
        expected = (6 * (10 / 11) + 14 * (20 / 24)) / 20
        assert best_node_f1(small_tree(), category_members(categories)) == pytest.approx(expected)

    def test_leaves_small_categories_out(self):
        categories = np.array([0] * 4 + [1] * 6 + [NO_TOPIC] * 10)
        # Papers 4-9: topic 4 shares 5 of 6.
        assert best_node_f1(small_tree(), category_members(categories)) == pytest.approx(10 / 11)
        assert best_node_f1(small_tree(), category_members(np.full(20, NO_TOPIC))) == 0.0

    def test_takes_papers_with_several_categories(self):
        members = csr_array(np.array([[1] * 10 + [0] * 10, [1] * 20]))
        assert best_node_f1(small_tree(), members) == 1.0


class TestDendrogramPurity:
    def test_is_one_for_pure_leaves(self):
        assert dendrogram_purity(small_tree(), np.array([0] * 10 + [1] * 10)) == 1.0

    def test_averages_over_all_pairs(self):
        # Category 0 is papers 0-4 and 10-14: 10 pairs meet in topic 3 (pure), 10 in topic 2 (half pure),
        # 25 in the root (half pure).
        categories = np.array([0] * 5 + [NO_TOPIC] * 5 + [0] * 5 + [NO_TOPIC] * 5)
        assert dendrogram_purity(small_tree(), categories) == pytest.approx((10 + 10 * 0.5 + 25 * 0.5) / 45)

    @given(seed=st.integers(0, 200))
    @settings(max_examples=20, deadline=None)
    def test_equals_the_definition_pair_by_pair(self, seed):
        random = np.random.default_rng(seed)
        hierarchy = make_tree([-1, 0, 0, 1, 1, 2, 2], random.integers(3, 7, 30).tolist())
        categories = random.integers(0, 3, 30)
        categories[: 3 * 5] = np.repeat(np.arange(3), 5)
        assert dendrogram_purity(hierarchy, categories) == pytest.approx(
            purity_by_pairs(hierarchy, categories)
        )

    def test_counts_unassigned_papers_under_the_root(self):
        hierarchy = make_tree([-1, 0, 0], [1] * 5 + [2] * 4 + [NO_TOPIC])
        categories = np.array([0] * 5 + [1] * 5)
        assert dendrogram_purity(hierarchy, categories) == pytest.approx((10 + 6 + 4 * 0.5) / 20)


def purity_by_pairs(hierarchy, categories):
    def path(topic):
        return [topic] if topic == 0 else [topic, *path(hierarchy.parents[topic])]

    children = topic_children(hierarchy.parents)

    def below(topic):
        return {topic}.union(*(below(child) for child in children[topic]))

    purities = []
    for i in range(len(categories)):
        for j in range(i):
            if categories[i] == categories[j]:
                others = set(path(hierarchy.assignments[j]))
                meeting = next(topic for topic in path(hierarchy.assignments[i]) if topic in others)
                inside = np.isin(hierarchy.assignments, list(below(meeting)))
                purities.append((categories[inside] == categories[i]).mean())
    return np.mean(purities)


class TestBestDepthAmi:
    def test_uses_the_depth_with_the_nearest_number_of_topics(self):
        assert best_depth_ami(small_tree(), np.array([0] * 10 + [1] * 10)) == pytest.approx(1.0)
        assert best_depth_ami(small_tree(), np.array([0] * 5 + [1] * 5 + [2] * 10)) == pytest.approx(1.0)

    def test_is_about_zero_for_unrelated_categories(self):
        categories = np.tile([0, 1], 10)
        assert abs(best_depth_ami(small_tree(), categories)) < 0.1


class TestPartitionAt:
    def test_takes_the_leaf_where_a_branch_ends_above(self):
        assert partition_at(small_tree(), 1).tolist() == [1] * 10 + [2] * 10
        assert partition_at(small_tree(), 2).tolist() == [3] * 5 + [4] * 5 + [2] * 10

    def test_leaves_unassigned_papers_out(self):
        assert partition_at(make_tree([-1, 0, 0], [1, 2, NO_TOPIC]), 1).tolist() == [1, 2, NO_TOPIC]


class TestMeasureAgreement:
    def test_scores_each_level_beside_a_shuffled_control(self):
        paths = [[("a", "x")]] * 5 + [[("a", "y")]] * 5 + [[("b", "z")]] * 10
        one, two = measure_agreement(small_tree(), category_levels(paths), seed=0)
        assert (one.level, one.n_categories, one.n_papers) == (1, 2, 20)
        assert (two.level, two.n_categories, two.n_papers) == (2, 3, 20)
        assert one.found == Agreement(1.0, 1.0, pytest.approx(1.0))
        assert two.found == Agreement(1.0, 1.0, pytest.approx(1.0))
        assert one.shuffled.best_node_f1 < 0.9
        assert one.shuffled.dendrogram_purity < 0.9
        assert one.shuffled.ami < 0.5

    def test_tells_how_much_is_scored(self):
        paths = [[("a",)]] * 8 + [[("b",)]] * 4 + [[]] * 8
        (level,) = measure_agreement(small_tree(), category_levels(paths), seed=0)
        assert (level.n_categories, level.n_too_small, level.n_papers) == (1, 1, 8)

    def test_counts_further_paths_for_f1_alone(self):
        paths = [[("a",), ("b",)]] * 10 + [[("b",)]] * 10
        (level,) = measure_agreement(small_tree(), category_levels(paths), seed=0)
        assert level.found == Agreement(1.0, 1.0, pytest.approx(1.0))

    def test_scores_a_level_that_no_first_path_reaches(self):
        paths = [[("a",), ("b", "x")]] * 10 + [[]] * 10
        assert measure_agreement(small_tree(), category_levels(paths), seed=0)[1].found == Agreement(
            1.0, 0.0, 0.0
        )


class TestShufflePapers:
    def test_keeps_sizes_and_loses_agreement(self):
        categories = np.repeat(np.arange(8), 25)
        hierarchy = build(grouped_vectors([25] * 8, spread=0.3))
        shuffled = shuffle_papers(hierarchy, seed=1)
        assert measure_structure(shuffled) == measure_structure(hierarchy)
        members = category_members(categories)
        assert best_node_f1(shuffled, members) < 0.5 < best_node_f1(hierarchy, members)
        assert dendrogram_purity(shuffled, categories) < 0.25 < dendrogram_purity(hierarchy, categories)
        assert abs(best_depth_ami(shuffled, categories)) < 0.1

    @given(seed=st.integers(0, 100))
    @settings(max_examples=20, deadline=None)
    def test_moves_second_homes_with_the_places_they_belong_to(self, seed):
        homes = SecondHomes(np.array([0, 0, 6]), np.array([4, 2, 3]), np.array([0.5, 0.4, 0.3], np.float32))
        hierarchy = replace(small_tree(), runners_up=np.arange(20), second_homes=homes)
        shuffled = shuffle_papers(hierarchy, seed=seed)
        moved = shuffled.second_homes
        assert (np.diff(moved.papers) >= 0).all()
        # The runner-up stands for the paper's old number here.
        old = shuffled.runners_up[moved.papers]
        assert sorted(zip(old.tolist(), moved.topics.tolist(), strict=True)) == [(0, 2), (0, 4), (6, 3)]
        first = moved.confidences[old == 0]
        assert first.tolist() == [np.float32(0.5), np.float32(0.4)]
        assert measure_homes(shuffled) == measure_homes(hierarchy)
