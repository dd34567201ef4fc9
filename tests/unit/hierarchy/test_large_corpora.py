"""Corpora of the size the product is for: minutes, so they are left out of the usual run."""

import numpy as np
import pytest

from app.hierarchy.build import build_hierarchy
from app.hierarchy.measure import measure_structure
from app.hierarchy.structure import measure_homes
from app.hierarchy.tree import Hierarchy
from app.index.approximate import approximate_neighbours
from app.index.neighbours import find_neighbours
from tests.unit.hierarchy.trees import (
    PARAMETERS,
    assert_displayed_in_order,
    assert_sound,
    grouped_vectors,
)
from tests.unit.index.subjects import subject_vectors

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

N_PAPERS, N_MANY = 20_000, 100_000
PAPERS_A_GROUP = 40


def grow(vectors: np.ndarray) -> Hierarchy:
    neighbours = find_neighbours(vectors, PARAMETERS.neighbours, seed=0)
    return build_hierarchy(vectors, neighbours=neighbours, parameters=PARAMETERS, seed=0)


class TestTwentyThousandPapers:
    def test_come_out_the_same_again_sound_and_within_the_bounds(self) -> None:
        vectors = grouped_vectors([PAPERS_A_GROUP] * (N_PAPERS // PAPERS_A_GROUP), n_dimensions=96)
        hierarchy = grow(vectors)
        assert_sound(hierarchy, N_PAPERS)
        assert_displayed_in_order(hierarchy)
        structure = measure_structure(hierarchy)
        assert structure.depth <= PARAMETERS.max_depth
        assert structure.largest_fan_out <= PARAMETERS.max_children
        assert structure.smallest_leaf >= PARAMETERS.smallest_leaf
        assert structure.coverage >= 1 - PARAMETERS.max_unassigned
        assert structure.n_single_children == measure_homes(hierarchy).n_violations == 0
        np.testing.assert_array_equal(grow(vectors).assignments, hierarchy.assignments)

    def test_keep_the_bounds_where_subjects_overlap(self) -> None:
        structure = measure_structure(grow(subject_vectors(N_PAPERS, seed=1)))
        assert structure.accounted_for == 1
        assert structure.depth <= PARAMETERS.max_depth
        assert structure.largest_fan_out <= PARAMETERS.max_children
        assert structure.coverage >= 1 - PARAMETERS.max_unassigned


class TestAHundredThousandPapers:
    def test_find_nearly_all_their_neighbours(self) -> None:
        vectors = subject_vectors(N_MANY, seed=2)
        found, _ = approximate_neighbours(vectors, 10, seed=0)
        some = np.random.default_rng(0).choice(N_MANY, 500, replace=False)
        similarities = vectors[some] @ vectors.T
        similarities[np.arange(len(some)), some] = -2.0
        expected = np.argsort(-similarities, axis=1, kind="stable")[:, :10]
        shared = [len(np.intersect1d(*pair)) for pair in zip(found[some], expected, strict=True)]
        assert np.sum(shared) >= 0.95 * expected.size
