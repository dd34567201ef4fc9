from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hierarchy.found_again import (
    N_RANDOM_WALKS,
    Found,
    find_again,
    random_walking,
    score_walks,
    topic_centroids,
    walk_down,
)
from app.hierarchy.smooth import to_unit
from app.hierarchy.tree import NO_TOPIC
from tests.unit.hierarchy.trees import build, grouped_vectors, make_tree

PARENTS = np.array([-1, 0, 0, 1, 1, 2, 2])
"""Two topics of two leaves each."""

UNEVEN = np.array([-1, 0, 0, 1, 1])
"""The first topic has two leaves, the second is one."""


def topics_with(*similarities):
    """Topics whose similarities to the query (1, 0) are given, the root's left out."""
    cosines = np.array([0.0, *similarities], np.float32)
    return np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1)


QUERY = np.array([[1.0, 0.0]], np.float32)


class TestWalkDown:
    def test_takes_the_nearer_child_at_each_step(self):
        topics = topics_with(0.5, 0.4, 0.1, 0.2, 0.9, 0.9)
        assert walk_down(PARENTS, QUERY, topics, beam=1).tolist() == [[4]]

    def test_recovers_from_a_wrong_first_step_with_a_beam(self):
        topics = topics_with(0.5, 0.4, 0.1, 0.2, 0.9, 0.8)
        # Means on the way: (.4 + .9) / 2 = .65 and (.4 + .8) / 2 = .6 against (.5 + .2) / 2 = .35.
        assert walk_down(PARENTS, QUERY, topics, beam=2).tolist() == [[5, 6]]
        assert walk_down(PARENTS, QUERY, topics, beam=3).tolist() == [[5, 6, 4]]

    def test_compares_leaves_of_different_depths_by_the_mean_on_the_way(self):
        # The leaf 2 stays with .5; the ways to 3 and 4 have means (.6 + .3) / 2 and (.6 + .5) / 2 = .55.
        assert walk_down(UNEVEN, QUERY, topics_with(0.6, 0.5, 0.3, 0.5), beam=2).tolist() == [[4, 2]]

    def test_prefers_the_lowest_index_on_a_tie(self):
        assert walk_down(PARENTS, QUERY, topics_with(0.5, 0.5, 0.1, 0.1, 0.1, 0.1), beam=1).tolist() == [[3]]

    def test_leaves_places_empty_where_there_are_fewer_leaves(self):
        assert walk_down(UNEVEN, QUERY, topics_with(0.6, 0.5, 0.3, 0.5), beam=4).tolist() == [
            [4, 2, 3, NO_TOPIC]
        ]

    def test_stays_at_a_root_alone(self):
        assert walk_down(np.array([-1]), QUERY, topics_with(), beam=2).tolist() == [[0, NO_TOPIC]]

    def test_gives_nothing_for_no_query(self):
        assert walk_down(PARENTS, QUERY[:0], topics_with(*[0.5] * 6), beam=3).shape == (0, 3)

    @given(seed=st.integers(0, 1000), beam=st.integers(1, 4))
    @settings(max_examples=50, deadline=None)
    def test_equals_a_walk_step_by_step(self, seed, beam):
        random = np.random.default_rng(seed)
        parents = np.array([-1, *(random.integers(0, topic) for topic in range(1, 15))])
        queries = to_unit(random.normal(size=(5, 4)).astype(np.float32))
        topics = to_unit(random.normal(size=(15, 4)).astype(np.float32))
        walked = walk_down(parents, queries, topics, beam=beam)
        for query, ends in zip(queries, walked.tolist(), strict=True):
            expected = step_by_step(parents, topics @ query, beam)
            assert ends == expected + [NO_TOPIC] * (beam - len(expected))


def step_by_step(parents, similarities, beam):
    def way(topic):
        return [] if topic == 0 else [*way(parents[topic]), topic]

    def mean(topic):
        return np.mean([similarities[own] for own in way(topic)])

    kept = [0]
    while True:
        candidates = []
        for topic in kept:
            children = [child for child in range(1, len(parents)) if parents[child] == topic]
            candidates.extend(children or [topic])
        candidates = sorted(candidates, key=lambda topic: -mean(topic))[:beam]
        if candidates == kept:
            return kept
        kept = candidates


class TestScoreWalks:
    def test_counts_ends_and_shares_of_the_way(self):
        own = np.array([3, 3, 3, 3])
        ends = np.array([[3, 4], [4, 3], [5, 6], [4, 5]])
        # The first walk took all of the way, the second and fourth half, the third none.
        assert score_walks(PARENTS, own, ends) == Found(exact=0.25, exact_in_beam=0.5, path=0.5)

    def test_never_finds_an_unassigned_paper(self):
        assert score_walks(PARENTS, np.array([NO_TOPIC, 3]), np.array([[0], [3]])) == Found(0.5, 0.5, 0.5)

    def test_finds_a_paper_of_an_inner_topic_where_the_walk_passes(self):
        assert score_walks(PARENTS, np.array([1, 1]), np.array([[4], [5]])) == Found(0.5, 0.5, 0.5)

    def test_tells_topics_by_index_and_not_by_label(self):
        # Leaves 3 and 5 have one label, so one vector: the walk takes the first, and one paper is lost.
        topics = topics_with(0.5, 0.5, 0.9, 0.1, 0.9, 0.1)
        again = find_again(PARENTS, np.array([3, 5]), QUERY[[0, 0]], topics, beam=1, seed=0)
        assert again.found.exact == 0.5

    def test_scores_no_walks_with_zero(self):
        assert score_walks(PARENTS, np.empty(0, np.int64), np.empty((0, 1), np.int64)) == Found(0.0, 0.0, 0.0)


class TestRandomWalking:
    def test_is_exact_for_a_single_walk(self):
        # Leaf 2 is reached with 1/2, leaves 3 and 4 with 1/4; their ways with (1/2 + 1/4) / 2.
        found = random_walking(UNEVEN, np.array([2, 3, NO_TOPIC, 4]), beam=1, seed=0)
        assert found.exact == found.exact_in_beam == (1 / 2 + 1 / 4 + 0 + 1 / 4) / 4
        assert found.path == (1 / 2 + 3 / 8 + 0 + 3 / 8) / 4

    def test_reaches_everything_with_a_beam_as_wide_as_the_tree(self):
        assert random_walking(PARENTS, np.array([3, 4, 5, 6]), beam=4, seed=0).exact_in_beam == 1.0

    def test_comes_near_the_expectation_with_a_beam(self):
        # Nine leaves by three: a beam of 3 keeps 3 of the 9 with equal chance, and any of these is the best.
        nine = np.array([-1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
        found = random_walking(nine, np.arange(4, 13), beam=3, seed=0)
        assert found.exact_in_beam == pytest.approx(1 / 3, abs=0.015)
        assert found.exact == pytest.approx(1 / 9, abs=0.01)
        assert found.path == pytest.approx((1 / 3 + 1 / 9) / 2, abs=0.015)

    def test_counts_all_queries_alike_where_there_are_more_than_walks(self):
        own = np.repeat([NO_TOPIC, 3], N_RANDOM_WALKS)
        assert random_walking(PARENTS, own, beam=4, seed=0).exact_in_beam == 0.5

    def test_is_certain_in_a_root_alone(self):
        assert random_walking(np.array([-1]), np.array([0, 0]), beam=1, seed=0) == Found(1.0, 1.0, 1.0)

    @given(fan_outs=st.lists(st.integers(1, 4), min_size=1, max_size=3))
    @settings(max_examples=20, deadline=None)
    def test_multiplies_fan_outs(self, fan_outs):
        parents, layer = [NO_TOPIC], [0]
        for fan_out in fan_outs:
            following = []
            for topic in layer:
                following.extend(range(len(parents), len(parents) + fan_out))
                parents.extend([topic] * fan_out)
            layer = following
        found = random_walking(np.array(parents), np.array(layer), beam=1, seed=0)
        assert found.exact == pytest.approx(1 / np.prod(fan_outs))


class TestFindAgain:
    def test_finds_papers_by_the_centroids_of_clear_groups_and_not_when_shuffled(self):
        vectors = grouped_vectors([25] * 8, spread=0.2)
        hierarchy = build(vectors)
        centroids = topic_centroids(hierarchy, vectors)
        results = [
            find_again(hierarchy.parents, hierarchy.assignments, vectors, centroids, beam=beam, seed=0)
            for beam in (1, 3)
        ]
        for one in results:
            assert one.n_queries == 200
            assert one.found.exact > 0.6
            assert one.random.exact < 0.3
            assert one.shuffled.exact < 0.3
        assert results[1].found.exact_in_beam >= results[0].found.exact
        assert results[1].random.exact_in_beam > results[0].random.exact

    def test_multiplies_coverage_in(self):
        own = np.array([3, NO_TOPIC])
        topics = topics_with(0.5, 0.4, 0.3, 0.2, 0.9, 0.9)
        again = find_again(PARENTS, own, QUERY[[0, 0]], topics, beam=1, seed=0)
        assert again.found == Found(0.5, 0.5, 0.5)
        assert again.random.exact == 0.25 / 2

    def test_gives_the_same_figures_for_the_same_seed(self):
        vectors = grouped_vectors([10] * 6)
        hierarchy = build(vectors)
        centroids = topic_centroids(hierarchy, vectors)
        one, two = (
            find_again(hierarchy.parents, hierarchy.assignments, vectors, centroids, beam=3, seed=5)
            for _ in range(2)
        )
        assert one == two


class TestTopicCentroids:
    def test_averages_papers_of_descendants_too(self):
        hierarchy = make_tree([-1, 0, 0], [1, 1, 2])
        vectors = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
        root, one, two = topic_centroids(hierarchy, vectors)
        assert root.tolist() == [0.0, 1.0]
        assert one == pytest.approx(np.sqrt([0.5, 0.5]))
        assert two.tolist() == [-1.0, 0.0]


def test_wider_beams_find_no_less_within_them():
    vectors = grouped_vectors([12] * 10, spread=0.8)
    hierarchy = build(vectors)
    centroids = topic_centroids(hierarchy, vectors)
    rates = [
        find_again(hierarchy.parents, hierarchy.assignments, vectors, centroids, beam=beam, seed=0)
        for beam in (1, 3, 10)
    ]
    assert all(one.found.exact_in_beam <= two.found.exact_in_beam for one, two in pairwise(rates))
