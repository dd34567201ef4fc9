import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hierarchy.fan_out import divide_few
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import topic_children
from tests.unit.hierarchy.trees import grouped_vectors, random_vectors

PAIR_BESIDE_THREE = np.array([-1, 0, 0, 1, 1, 2, 2, 2])
"""Topic 1 has the leaves 3 and 4, topic 2 the leaves 5, 6 and 7."""


def divide(points, parents, filed, smallest=5, **changes):
    weights = np.ones(len(points))
    return divide_few(
        points, weights, parents, filed, smallest=smallest, parameters=BuildParameters(**changes)
    )


class TestDivideFew:
    def test_divides_the_larger_leaf_of_a_pair(self):
        points = grouped_vectors([12, 9, 9, 10, 10, 10])
        filed = np.repeat([3, 4, 5, 6, 7], [21, 9, 10, 10, 10])
        parents, filed = divide(points, PAIR_BESIDE_THREE, filed)
        assert [len(own) for own in topic_children(parents)][:3] == [2, 3, 3]
        assert np.bincount(filed).tolist() == [0, 0, 0, 12, 9, 10, 10, 10, 9]
        assert parents[8] == 1
        assert len(set(filed[:12])) == 1

    def test_makes_one_leaf_of_a_pair_that_cannot_be_divided(self):
        filed = np.repeat([3, 4, 5, 6, 7], [6, 6, 10, 10, 10])
        parents, filed = divide(random_vectors(42), PAIR_BESIDE_THREE, filed)
        assert parents.tolist() == [-1, 0, 0, 2, 2, 2]
        assert np.bincount(filed).tolist() == [0, 12, 0, 10, 10, 10]

    def test_lifts_a_pair_that_is_too_large_for_one_leaf(self):
        filed = np.repeat([3, 4, 5, 6, 7], [6, 6, 10, 10, 10])
        parents, filed = divide(random_vectors(42), PAIR_BESIDE_THREE, filed, smallest=4, largest_leaf=11)
        assert parents.tolist() == [-1, 0, 0, 0, 1, 1, 1]
        assert np.bincount(filed).tolist() == [0, 0, 6, 6, 10, 10, 10]

    def test_leaves_a_pair_that_has_no_room_elsewhere(self):
        filed = np.repeat([3, 4, 5, 6, 7], [6, 6, 10, 10, 10])
        points, bounds = random_vectors(42), {"smallest": 4, "largest_leaf": 11, "max_children": 3}
        parents, _ = divide(points, np.array([-1, 0, 0, 1, 1, 2, 2, 2, 0]), filed, **bounds)
        assert parents.tolist() == [-1, 0, 0, 1, 1, 2, 2, 2, 0]

    def test_keeps_what_has_children_enough(self):
        filed = np.repeat([3, 4, 5, 6, 7], 10)
        parents, found = divide(random_vectors(50), PAIR_BESIDE_THREE, filed, min_children=2)
        assert parents.tolist() == PAIR_BESIDE_THREE.tolist()
        assert found.tolist() == filed.tolist()

    @given(sizes=st.lists(st.integers(1, 26), min_size=5, max_size=5), wanted=st.integers(2, 6))
    @settings(deadline=None)
    def test_keeps_every_paper_under_its_topic(self, sizes, wanted):
        filed = np.repeat([3, 4, 5, 6, 7], sizes)
        parents, found = divide(random_vectors(sum(sizes)), PAIR_BESIDE_THREE, filed, min_children=wanted)
        under = np.where(parents[found] == 0, found, parents[found])
        assert under.tolist() == PAIR_BESIDE_THREE[filed].tolist()
        children = topic_children(parents)
        assert all(len(own) != 1 for own in children)
        assert set(found.tolist()) == {topic for topic in range(len(parents)) if not children[topic]}
        assert np.bincount(found)[np.unique(found)].min() >= min(5, *sizes)
