import numpy as np
import pytest

from app.hierarchy.confidence import first_evidence
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.surroundings import look_around
from app.hierarchy.tree import SecondHomes
from benchmarks.samples import (
    Pair,
    SampleBuild,
    at_home_again,
    build_sample,
    filed_again,
    keep_neighbours,
    match_leaves,
    pair_builds,
)
from tests.unit.hierarchy.trees import grouped_vectors, neighbours_of, random_vectors


def make_build(leaves, homes=()):
    """A build on papers 0, 1, 2 and so on; homes are pairs of a paper and a leaf."""
    vectors, filed = random_vectors(len(leaves)), np.array(leaves)
    papers, topics = np.array(list(homes), dtype=np.int64).reshape(-1, 2).T
    second = SecondHomes(papers, topics, np.full(len(papers), 0.25, dtype=np.float32))
    evidence = first_evidence(look_around(vectors, neighbours_of(vectors)[0], filed))
    return SampleBuild(np.arange(len(leaves)), filed, evidence, second)


class TestMatchLeaves:
    def test_finds_the_same_leaves_under_other_numbers(self):
        one = np.array([0, 0, 1, 1, 2, 2])
        assert match_leaves(one, np.array([2, 1, 0])[one]).tolist() == [2, 1, 0]

    def test_gives_each_leaf_to_one_only(self):
        # Leaf 0 was divided; the larger part is its match and the smaller one is nobody's.
        assert match_leaves(np.array([0] * 5), np.array([0, 0, 1, 1, 1])).tolist() == [1]
        assert match_leaves(np.array([0, 0, 1, 1, 1]), np.array([0] * 5)).tolist() == [-1, 0]


class TestKeepNeighbours:
    def test_gives_the_neighbours_that_the_sample_itself_has(self):
        vectors, papers = random_vectors(60), np.arange(0, 60, 2)
        indices, similarities = keep_neighbours(neighbours_of(vectors, 59), papers, 5)
        expected = neighbours_of(vectors[papers], 5)
        assert indices.tolist() == expected[0].tolist()
        assert similarities == pytest.approx(expected[1], abs=1e-6)

    def test_refuses_lists_that_are_too_short(self):
        with pytest.raises(SystemExit, match="too few"):
            keep_neighbours(neighbours_of(random_vectors(60), 6), np.arange(0, 60, 2), 5)


class TestBuildSample:
    def test_builds_on_nine_papers_in_ten(self):
        vectors = grouped_vectors([40] * 5)
        build = build_sample(vectors, neighbours_of(vectors, 60), BuildParameters(), seed=1)
        assert len(build.papers) == len(build.leaves) == 180
        assert np.unique(build.leaves).tolist() == list(range(build.leaves.max() + 1))
        assert build.homes.topics.max(initial=0) <= build.leaves.max()


class TestPairBuilds:
    def test_says_who_is_filed_again(self):
        one, other = make_build([0, 0, 0, 1, 1, 1]), make_build([1, 1, 0, 0, 0, 0])
        first, second = pair_builds([one, other])
        assert filed_again(first).tolist() == [True, True, False, True, True, True]
        assert filed_again(second).tolist() == [True, True, False, True, True, True]

    def test_says_who_is_at_home_again_by_either_home(self):
        one = make_build([0, 0, 0, 1, 1, 1], homes=[(0, 1), (1, 1), (2, 1)])
        other = make_build([0, 0, 1, 1, 1, 1], homes=[(1, 1)])
        again, sure = at_home_again(Pair(one, other, np.arange(6), np.arange(6), np.array([0, 1])))
        assert again.tolist() == [False, True, True]
        assert sure.tolist() == [0.25] * 3
