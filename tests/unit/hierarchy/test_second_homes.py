from dataclasses import replace

import numpy as np
import pytest

from app.hierarchy.confidence import first_evidence, weigh
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.second_homes import find_second_homes
from app.hierarchy.smooth import to_unit
from app.hierarchy.surroundings import look_around
from app.hierarchy.tree import NO_TOPIC, topic_depths
from tests.unit.hierarchy.trees import assert_sound, build, grouped_vectors, neighbours_of, random_vectors

GROUPS = np.repeat(np.arange(6), 50)
PAIR, TRIPLE = 300, 301


def groups_and_papers_between():
    """Six groups, a paper half way between the first two, and one between three others; both filed by one."""
    vectors = grouped_vectors([50] * 6, n_dimensions=24)
    centres = [vectors[group == GROUPS].mean(axis=0) for group in range(6)]
    between = np.stack([centres[0] + centres[1], centres[2] + centres[3] + centres[4]])
    return np.concatenate([vectors, to_unit(between)]), np.concatenate([GROUPS, [0, 2]])


def homes_of(vectors, leaves, *, most=2, unassigned=()):
    around = look_around(vectors, neighbours_of(vectors)[0], leaves)
    assignments = leaves.copy()
    assignments[list(unassigned)] = NO_TOPIC
    confidences = weigh(first_evidence(around))
    return find_second_homes(around, assignments, confidences, most=most), confidences


class TestFindSecondHomes:
    def test_gives_a_paper_between_two_groups_both(self):
        vectors, leaves = groups_and_papers_between()
        homes, _ = homes_of(vectors, leaves)
        assert homes.topics[homes.papers == PAIR].tolist() == [1]

    def test_gives_papers_within_a_group_none(self):
        vectors, leaves = groups_and_papers_between()
        homes, _ = homes_of(vectors, leaves)
        assert set(homes.papers.tolist()) <= {PAIR, TRIPLE}

    def test_gives_none_for_a_centroid_that_is_near_where_no_neighbours_are(self):
        vectors, leaves = groups_and_papers_between()
        around = look_around(vectors, neighbours_of(vectors)[0], leaves)
        elsewhere = replace(around.rivals, shares=np.full_like(around.rivals.shares, 0.1))
        homes = find_second_homes(
            replace(around, rivals=elsewhere), leaves, weigh(first_evidence(around)), most=2
        )
        assert len(homes.papers) == 0

    def test_gives_none_for_neighbours_in_a_leaf_that_is_far_nearer_or_farther(self):
        vectors, leaves = groups_and_papers_between()
        around = look_around(vectors, neighbours_of(vectors)[0], leaves)
        surer = replace(around, own=around.own + 10 * around.spread)
        homes = find_second_homes(surer, leaves, weigh(first_evidence(around)), most=2)
        assert len(homes.papers) == 0

    @pytest.mark.parametrize("most", [0, 1, 2, 3])
    def test_gives_no_more_than_may_be(self, most):
        homes, _ = homes_of(random_vectors(300, 6), np.arange(300) % 5, most=most)
        counts = np.bincount(homes.papers, minlength=300)
        assert counts.max() <= most
        assert most == 0 or counts.max() > 0

    def test_gives_unassigned_papers_none(self):
        vectors, leaves = groups_and_papers_between()
        homes, _ = homes_of(vectors, leaves, unassigned=[PAIR])
        assert PAIR not in homes.papers

    def test_is_never_surer_of_a_second_home_than_of_the_first(self):
        homes, confidences = homes_of(random_vectors(300, 6), np.arange(300) % 5)
        assert len(homes.papers) > 20
        assert (homes.confidences <= confidences[homes.papers]).all()

    def test_stands_by_paper_and_then_by_falling_confidence(self):
        homes, _ = homes_of(random_vectors(300, 6), np.arange(300) % 5)
        keys = list(zip(homes.papers.tolist(), (-homes.confidences).tolist(), strict=True))
        assert keys == sorted(keys)

    def test_takes_a_single_neighbour_for_no_proof(self):
        vectors, leaves = groups_and_papers_between()
        around = look_around(vectors, neighbours_of(vectors)[0], leaves)
        lonely = replace(around.rivals, counts=np.ones_like(around.rivals.counts))
        homes = find_second_homes(
            replace(around, rivals=lonely), leaves, weigh(first_evidence(around)), most=2
        )
        assert len(homes.papers) == 0


class TestSecondHomesOfABuild:
    @pytest.mark.parametrize("vectors", [random_vectors(500, 12), grouped_vectors([40] * 10, spread=1.2)])
    def test_are_other_leaves_of_assigned_papers(self, vectors):
        hierarchy = build(vectors)
        assert_sound(hierarchy, len(vectors))
        homes = hierarchy.second_homes
        assert len(homes.papers) > 0
        assert topic_depths(hierarchy.parents)[homes.topics].min() > 0

    def test_are_none_where_none_may_be(self):
        hierarchy = build(random_vectors(500, 12), BuildParameters(most_second_homes=0))
        assert len(hierarchy.second_homes.papers) == 0
        assert hierarchy.second_homes.topics.dtype == np.int64
