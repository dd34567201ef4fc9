import numpy as np
import pytest

from app.hierarchy.surroundings import look_around
from tests.unit.hierarchy.trees import grouped_vectors, neighbours_of

SIZES = [30, 30, 4]
LEAVES = np.repeat(np.arange(3), SIZES)


def around_groups(**changes):
    vectors = grouped_vectors(SIZES, **changes)
    return look_around(vectors, neighbours_of(vectors)[0], LEAVES)


class TestLookAround:
    def test_finds_each_paper_nearest_to_its_own_group(self):
        around = around_groups()
        assert (around.own > around.other).all()
        assert (around.runners_up != LEAVES).all()
        assert around.sizes.tolist() == SIZES

    def test_leaves_a_paper_out_of_the_centroid_it_is_compared_with(self):
        around = around_groups()
        rest = around.points[1:30].sum(axis=0)
        assert around.own[0] == pytest.approx(around.points[0] @ rest / np.linalg.norm(rest), abs=1e-5)

    def test_counts_neighbours_by_leaf(self):
        vectors = grouped_vectors(SIZES, spread=2.0)
        neighbours = neighbours_of(vectors, 15)[0]
        around = look_around(vectors, neighbours, LEAVES)
        counts = np.zeros((64, 3), dtype=np.int64)
        counts[around.rivals.papers, around.rivals.leaves] = around.rivals.counts
        for paper, near in enumerate(neighbours):
            expected = np.bincount(LEAVES[near], minlength=3)
            expected[LEAVES[paper]] = 0
            assert counts[paper].tolist() == expected.tolist()

    def test_counts_the_nearest_neighbours_only(self):
        vectors = grouped_vectors(SIZES, spread=2.0)
        few, many = (look_around(vectors, neighbours_of(vectors, k)[0], LEAVES) for k in (15, 40))
        assert few.agreement.tolist() == many.agreement.tolist()
        assert few.rivals.shares.tolist() == many.rivals.shares.tolist()

    def test_asks_no_more_of_a_small_leaf_than_it_can_hold(self):
        # Of 15 neighbours, three are all that a leaf of four has to offer, and four to a paper elsewhere.
        around = around_groups()
        assert around.agreement[-4:].tolist() == [1.0] * 4
        into_small = around.rivals.leaves == 2
        counts, shares = around.rivals.counts[into_small], around.rivals.shares[into_small]
        assert shares.tolist() == pytest.approx((counts / 4).tolist())

    def test_measures_margins_in_units_that_do_not_depend_on_their_size(self):
        narrow, wide = around_groups(spread=0.1), around_groups(spread=0.6)
        for around in (narrow, wide):
            assert np.median(np.abs(around.own - around.other)) == pytest.approx(around.spread)
        assert narrow.spread > wide.spread
