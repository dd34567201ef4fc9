import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hierarchy.cut import cut_levels
from app.hierarchy.linkage import ward_linkage
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import topic_children, topic_depths
from tests.unit.hierarchy.trees import random_vectors


def nested_points():
    """Three groups of four pairs each, on a line."""
    return np.array(
        [[100 * field + 10 * area + pair] for field in range(3) for area in range(4) for pair in range(2)],
        dtype=np.float32,
    )


class TestCutLevels:
    def test_finds_the_levels_there_are(self):
        dendrogram = ward_linkage(nested_points(), np.full(24, 60.0))
        parents, topics = cut_levels(dendrogram, np.full(24, 60.0), BuildParameters())
        children = topic_children(parents)
        assert len(children[0]) == 3
        fields = {frozenset(np.flatnonzero(np.isin(topics, below(children, field)))) for field in children[0]}
        assert fields == {frozenset(range(start, start + 8)) for start in (0, 8, 16)}

    def test_ends_when_the_last_leaves_have_the_same_mean(self):
        points = np.zeros((2, 3), dtype=np.float32)
        parents, topics = cut_levels(
            ward_linkage(points, np.array([6.0, 4.0])), np.array([6.0, 4.0]), BuildParameters()
        )
        assert (parents.tolist(), topics.tolist()) == ([-1, 0, 0], [1, 2])

    @given(
        n_points=st.integers(1, 120),
        max_depth=st.integers(1, 5),
        max_children=st.integers(3, 12),
        weight=st.integers(1, 60),
        seed=st.integers(0, 300),
    )
    @settings(max_examples=60, deadline=None)
    def test_makes_a_tree_within_bounds(self, n_points, max_depth, max_children, weight, seed):
        weights = np.full(n_points, float(weight))
        dendrogram = ward_linkage(random_vectors(n_points, 3, seed), weights)
        parameters = BuildParameters(max_depth=max_depth, max_children=max_children)
        parents, topics = cut_levels(dendrogram, weights, parameters)
        children = topic_children(parents)
        assert topic_depths(parents).max() <= max_depth
        assert all(own == [] or 2 <= len(own) <= max_children for own in children)
        assert set(topics.tolist()) == {topic for topic in range(len(parents)) if not children[topic]}

    def test_puts_few_leaves_side_by_side(self):
        weights = np.full(12, 20.0)
        parents, topics = cut_levels(ward_linkage(random_vectors(12, 3), weights), weights, BuildParameters())
        assert parents.tolist() == [-1] + [0] * 12
        assert sorted(topics.tolist()) == list(range(1, 13))


def below(children, topic):
    found = [topic]
    for child in children[topic]:
        found.extend(below(children, child))
    return found
