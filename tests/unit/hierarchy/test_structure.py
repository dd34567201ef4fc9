from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hierarchy.structure import measure_homes, measure_label_shape, measure_structure
from app.hierarchy.tree import NO_TOPIC, SecondHomes
from tests.unit.hierarchy.trees import build, grouped_vectors, make_tree


def small_tree():
    """Two topics of ten papers, the first divided into five and five."""
    return make_tree([-1, 0, 0, 1, 1], [3] * 5 + [4] * 5 + [2] * 10)


class TestMeasureStructure:
    def test_describes_the_shape(self):
        structure = measure_structure(small_tree())
        assert (structure.n_topics, structure.n_leaves, structure.depth) == (5, 3, 2)
        assert (structure.smallest_fan_out, structure.mean_fan_out, structure.largest_fan_out) == (2, 2.0, 2)
        assert (structure.smallest_leaf, structure.median_leaf, structure.largest_leaf) == (5, 5.0, 10)
        assert (structure.largest_share, structure.coverage, structure.n_single_children) == (0.5, 1.0, 0)

    def test_counts_single_children_and_unassigned_papers(self):
        structure = measure_structure(make_tree([-1, 0, 1], [2, 2, NO_TOPIC, NO_TOPIC]))
        assert structure.n_single_children == 2
        assert structure.coverage == 0.5

    def test_describes_a_root_alone(self):
        structure = measure_structure(make_tree([-1], [0, 0]))
        assert (structure.n_leaves, structure.depth, structure.largest_fan_out) == (1, 0, 0)

    def test_counts_papers_that_are_neither_filed_nor_unassigned(self):
        structure = measure_structure(make_tree([-1, 0, 0], [1, 2, NO_TOPIC, 3]))
        assert (structure.n_papers, structure.n_unassigned) == (4, 1)
        assert (structure.accounted_for, structure.coverage) == (0.75, 0.5)
        assert measure_structure(small_tree()).accounted_for == 1.0

    def test_describes_an_empty_corpus(self):
        structure = measure_structure(make_tree([-1], []))
        assert (structure.n_papers, structure.accounted_for, structure.coverage) == (0, 1.0, 1.0)


class TestMeasureLabelShape:
    PARENTS = np.array([-1, 0, 0, 1, 1, 1])

    def test_counts_labels_that_a_sibling_or_the_parent_has(self):
        shape = measure_label_shape(self.PARENTS, ["All", "Bees", "Buses", "wild  bees", "Wild Bees", "bees"])
        assert (shape.n_repeated_siblings, shape.n_repeated_parents) == (1, 1)

    def test_lets_cousins_share_a_label(self):
        shape = measure_label_shape(np.array([-1, 0, 0, 1, 2]), ["All", "Bees", "Buses", "Other", "Other"])
        assert (shape.n_repeated_siblings, shape.n_repeated_parents) == (0, 0)

    def test_tells_how_many_pairs_of_siblings_share_a_content_word(self):
        # Of the pairs (1, 2), (3, 4), (3, 5), (4, 5), one shares a word; "of the" is none.
        labels = ["All", "Wings of the bee", "Legs of the fly", "Wild bees", "Wild-flowers", "Buses"]
        assert measure_label_shape(self.PARENTS, labels).sibling_overlap == 0.25

    def test_takes_a_plural_for_its_singular(self):
        labels = ["All", "Neural networks", "A network & a bee"]
        assert measure_label_shape(np.array([-1, 0, 0]), labels).sibling_overlap == 1.0

    @given(st.lists(st.text(max_size=20), min_size=6, max_size=6))
    def test_overlap_is_a_share_whatever_labels_are(self, labels):
        assert 0.0 <= measure_label_shape(self.PARENTS, labels).sibling_overlap <= 1.0

    def test_counts_no_sign_as_a_word(self):
        labels = ["All", "Bees & buses", "Bees – and buses"]
        assert measure_label_shape(np.array([-1, 0, 0]), labels).mean_words == (2.5,)

    def test_averages_words_by_depth(self):
        labels = ["All papers there are", "Bees", "Bus timetables here", "a b", "c d e", "f g h i"]
        assert measure_label_shape(self.PARENTS, labels).mean_words == (2.0, 3.0)

    def test_has_no_depth_in_a_root_alone(self):
        shape = measure_label_shape(np.array([-1]), ["All"])
        assert (shape.mean_words, shape.sibling_overlap) == ((), 0.0)


def with_homes(hierarchy, *homes):
    papers, topics = zip(*homes, strict=True)
    ones = np.ones(len(homes), np.float32)
    return replace(hierarchy, second_homes=SecondHomes(np.array(papers), np.array(topics), ones))


class TestMeasureHomes:
    def test_counts_memberships_closed_under_ancestors(self):
        homes = measure_homes(small_tree())
        # Ten papers are in a leaf, topic 1 and the root; ten in topic 2 and the root.
        assert (homes.n_second_homes, homes.n_memberships) == (0, 10 * 3 + 10 * 2)

    def test_counts_what_a_second_home_adds_to_them(self):
        # Paper 0 is in 3, 1 and the root; 2 adds one. Paper 10 is in 2 and the root; 4 adds 4 and 1.
        homes = measure_homes(with_homes(small_tree(), (0, 2), (10, 4)))
        assert (homes.n_second_homes, homes.n_papers_with_several, homes.n_violations) == (2, 2, 0)
        assert homes.n_memberships == 50 + 1 + 2

    def test_lets_a_cousin_or_sibling_be_a_home(self):
        assert measure_homes(with_homes(small_tree(), (0, 4), (0, 2))).n_violations == 0

    @pytest.mark.parametrize(
        ("homes", "n_violations"),
        [
            (((0, 3),), 1),  # Its first home.
            (((0, 1),), 1),  # The parent of its first home.
            (((0, 0),), 1),  # The root.
            (((10, 3), (10, 1)), 2),  # One the other's ancestor.
            (((10, 3), (10, 3)), 2),  # One the other's double.
            (((0, 5), (1, -1)), 2),  # No topics.
        ],
    )
    def test_finds_homes_that_should_not_be(self, homes, n_violations):
        assert measure_homes(with_homes(small_tree(), *homes)).n_violations == n_violations

    def test_finds_a_home_of_an_unassigned_paper(self):
        tree = make_tree([-1, 0, 0], [1, 2, NO_TOPIC])
        homes = measure_homes(with_homes(tree, (2, 1)))
        assert homes.n_violations == 1

    def test_finds_none_in_what_is_built(self):
        homes = measure_homes(build(grouped_vectors([25] * 8)))
        assert homes.n_violations == 0
