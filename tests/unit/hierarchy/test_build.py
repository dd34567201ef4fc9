import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hierarchy.build import UnusableVectors, build_hierarchy
from app.hierarchy.leaf_plan import leaf_plan
from app.hierarchy.measure import best_depth_ami, best_node_f1, category_members, measure_structure
from app.hierarchy.members import topic_members
from app.hierarchy.parameters import BuildParameters
from app.hierarchy.tree import NO_TOPIC
from tests.unit.hierarchy.trees import (
    PARAMETERS,
    assert_displayed_in_order,
    assert_sound,
    build,
    grouped_vectors,
    neighbours_of,
    random_vectors,
)


class TestBuildHierarchy:
    @pytest.mark.parametrize("n_papers", [0, 1, 2, 3, 5])
    def test_leaves_a_handful_of_papers_under_the_root(self, n_papers):
        hierarchy = build(random_vectors(n_papers))
        assert_sound(hierarchy, n_papers)
        assert hierarchy.parents.tolist() == [NO_TOPIC]
        assert (hierarchy.assignments == 0).all()

    def test_divides_ten_papers_into_a_few_topics(self):
        hierarchy = build(grouped_vectors([4, 3, 3]))
        assert_sound(hierarchy, 10)
        assert 3 <= len(hierarchy.parents) <= 5
        assert (hierarchy.assignments != NO_TOPIC).all()

    def test_keeps_identical_papers_under_the_root(self):
        vectors = np.repeat(random_vectors(1), 300, axis=0)
        hierarchy = build(vectors)
        assert_sound(hierarchy, 300)
        assert hierarchy.parents.tolist() == [NO_TOPIC]

    def test_tells_two_vectors_apart_that_many_papers_share(self):
        vectors = np.repeat(random_vectors(2), 100, axis=0)
        hierarchy = build(vectors)
        assert_sound(hierarchy, 200)
        assert len(set(hierarchy.best_guesses[:100])) == len(set(hierarchy.best_guesses[100:])) == 1

    @given(
        n_papers=st.integers(0, 140),
        n_dimensions=st.integers(1, 12),
        n_copies=st.integers(0, 40),
        seed=st.integers(0, 1000),
    )
    @settings(max_examples=60, deadline=None)
    def test_gives_a_sound_tree_for_any_vectors(self, n_papers, n_dimensions, n_copies, seed):
        vectors = random_vectors(n_papers, n_dimensions, seed)
        if n_papers:
            copied = np.random.default_rng(seed).integers(0, n_papers, n_copies)
            vectors = np.concatenate([vectors, vectors[copied]])
        hierarchy = build(vectors)
        assert_sound(hierarchy, len(vectors))
        assert_displayed_in_order(hierarchy)
        if n_papers:
            assert (hierarchy.best_guesses[n_papers:] == hierarchy.best_guesses[copied]).all()

    @given(
        min_children=st.integers(2, 6),
        more_children=st.integers(0, 10),
        smallest_leaf=st.integers(1, 10),
        largest_leaf=st.integers(20, 60),
        max_depth=st.integers(1, 5),
    )
    @settings(max_examples=30, deadline=None)
    def test_keeps_the_bounds_that_are_set(
        self, min_children, more_children, smallest_leaf, largest_leaf, max_depth
    ):
        parameters = BuildParameters(
            min_children=min_children,
            max_children=max(3, min_children + more_children),
            smallest_leaf=smallest_leaf,
            largest_leaf=largest_leaf,
            max_depth=max_depth,
        )
        hierarchy = build(grouped_vectors([30, 60, 10, 45, 25, 80], seed=1), parameters)
        assert_sound(hierarchy, 250)
        structure = measure_structure(hierarchy)
        assert structure.depth <= max_depth
        assert structure.largest_fan_out <= parameters.max_children
        assert structure.smallest_leaf >= smallest_leaf or structure.n_leaves == 1

    def test_finds_the_groups_there_are(self):
        sizes = [20] * 12
        vectors = grouped_vectors(sizes, spread=0.4)
        groups = np.repeat(np.arange(12), 20)
        hierarchy = build(vectors)
        assert best_node_f1(hierarchy, category_members(groups)) > 0.95
        assert best_depth_ami(hierarchy, groups) > 0.9

    def test_gives_a_small_group_its_own_topic_beside_a_large_one(self):
        vectors = grouped_vectors([500] + [8] * 20, spread=0.4, n_dimensions=48, seed=3)
        hierarchy = build(vectors)
        groups = np.repeat(np.arange(21), [500] + [8] * 20)
        assert_sound(hierarchy, 660)
        small = category_members(np.where(groups == 0, NO_TOPIC, groups - 1))
        assert best_node_f1(hierarchy, small) > 0.8

    def test_bounds_its_leaves_in_a_corpus_of_noise(self):
        structure = measure_structure(build(random_vectors(2000, 32)))
        assert structure.largest_leaf <= 1.5 * PARAMETERS.largest_leaf
        assert structure.smallest_leaf >= PARAMETERS.smallest_leaf
        assert structure.n_single_children == 0

    def test_gives_the_same_bytes_again(self):
        vectors = grouped_vectors([40] * 10, spread=0.8)
        first, second = build(vectors), build(vectors, seed=7)
        for name in ("parents", "assignments", "confidences", "best_guesses", "runners_up"):
            assert getattr(first, name).tobytes() == getattr(second, name).tobytes()
        assert len(first.second_homes.papers) > 0
        for name in ("papers", "topics", "confidences"):
            one, other = getattr(first.second_homes, name), getattr(second.second_homes, name)
            assert one.tobytes() == other.tobytes()

    def test_files_both_copies_of_a_corpus_alike(self):
        vectors = grouped_vectors([15] * 8)
        hierarchy = build(np.concatenate([vectors, vectors]))
        assert (hierarchy.best_guesses[:120] == hierarchy.best_guesses[120:]).all()
        assert len(hierarchy.parents) > 4

    def test_lists_a_paper_unlike_all_others_as_unassigned(self):
        vectors = grouped_vectors([40] * 6, spread=0.2, n_dimensions=32)
        stray = np.zeros((1, 32), dtype=np.float32)
        stray[0, 31] = -1.0
        hierarchy = build(np.concatenate([vectors, stray]))
        assert_sound(hierarchy, 241)
        assert hierarchy.assignments[240] == NO_TOPIC
        assert hierarchy.best_guesses[240] != NO_TOPIC
        assert (hierarchy.assignments == NO_TOPIC).mean() <= PARAMETERS.max_unassigned

    def test_assigns_every_paper_where_none_may_be_left_out(self):
        vectors = grouped_vectors([40] * 6, spread=0.2, n_dimensions=32)
        stray = -vectors[:1]
        hierarchy = build(np.concatenate([vectors, stray]), BuildParameters(max_unassigned=0.0))
        assert (hierarchy.assignments != NO_TOPIC).all()

    def test_is_surer_of_a_paper_in_the_middle_of_its_topic(self):
        vectors = grouped_vectors([50] * 6, spread=0.3)
        between = vectors[10] + vectors[60]
        vectors = np.concatenate([vectors, between[None, :] / np.linalg.norm(between)])
        hierarchy = build(vectors, BuildParameters(smallest_leaf=40, largest_leaf=100))
        assert hierarchy.confidences[300] < np.median(hierarchy.confidences[:300])

    def test_reports_progress_to_the_end(self):
        vectors = grouped_vectors([20] * 5)
        seen = []
        build_hierarchy(
            vectors,
            neighbours=neighbours_of(vectors),
            parameters=PARAMETERS,
            seed=0,
            progress=lambda step, done, total: seen.append((step, done, total)),
        )
        assert [done for _, done, _ in seen] == list(range(6))
        assert {total for _, _, total in seen} == {5}

    def test_has_every_paper_in_the_root_at_most_once(self):
        hierarchy = build(random_vectors(400, 20))
        assert topic_members(hierarchy).toarray()[0].sum() == 400
        assert topic_members(hierarchy).toarray().max() == 1

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_refuses_vectors_that_are_no_numbers(self, value):
        vectors = random_vectors(20)
        neighbours = neighbours_of(vectors)
        vectors[7, 3] = value
        with pytest.raises(UnusableVectors, match="paper 7"):
            build_hierarchy(vectors, neighbours=neighbours, parameters=PARAMETERS, seed=0)

    def test_refuses_zero_vectors(self):
        vectors = random_vectors(20)
        neighbours = neighbours_of(vectors)
        vectors[4] = 0.0
        with pytest.raises(UnusableVectors, match="paper 4"):
            build_hierarchy(vectors, neighbours=neighbours, parameters=PARAMETERS, seed=0)

    def test_refuses_neighbours_of_another_corpus(self):
        vectors = random_vectors(20)
        with pytest.raises(UnusableVectors, match="shape"):
            build_hierarchy(vectors, neighbours=neighbours_of(vectors[:10]), parameters=PARAMETERS, seed=0)
        indices, similarities = neighbours_of(vectors)
        with pytest.raises(UnusableVectors, match="not in the corpus"):
            build_hierarchy(vectors, neighbours=(indices + 5, similarities), parameters=PARAMETERS, seed=0)


class TestLeafPlan:
    def test_gives_larger_corpora_more_and_larger_leaves(self):
        plans = [leaf_plan(n_papers, PARAMETERS) for n_papers in (100, 1000, 10_000)]
        counts = [n_leaves for _, n_leaves in plans]
        assert counts == sorted(counts)
        assert 100 / counts[0] <= 1000 / counts[1] <= 10_000 / counts[2] <= PARAMETERS.largest_leaf

    def test_allows_smaller_leaves_in_a_small_corpus(self):
        assert leaf_plan(10, PARAMETERS) == (2, 4)
        assert leaf_plan(1000, PARAMETERS)[0] == PARAMETERS.smallest_leaf
