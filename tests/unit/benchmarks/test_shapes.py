import numpy as np
from scipy.cluster.hierarchy import cut_tree, linkage

from app.hierarchy.members import topic_members
from app.hierarchy.tree import NO_TOPIC
from benchmarks.peers.shapes import cut_merges, cut_papers, nest_layers, tree_of_merges


def array(*values):
    return np.array(values, dtype=np.int64)


class TestNestLayers:
    def test_puts_a_group_under_the_one_that_holds_most_of_it(self):
        fine, coarse = array(0, 0, 0, 1, 1, 1), array(0, 0, 1, 1, 1, 1)
        hierarchy, sources = nest_layers([fine, coarse])
        assert hierarchy.parents.tolist() == [-1, 0, 0, 1, 2]
        assert sources == [(-1, -1), (1, 0), (1, 1), (0, 0), (0, 1)]
        assert hierarchy.assignments.tolist() == [3, 3, 3, 4, 4, 4]

    def test_files_a_paper_in_the_finest_layer_that_has_it(self):
        fine, coarse = array(0, 0, NO_TOPIC, NO_TOPIC), array(0, 0, 0, NO_TOPIC)
        hierarchy, _ = nest_layers([fine, coarse])
        assert hierarchy.parents.tolist() == [-1, 0, 1]
        assert hierarchy.assignments.tolist() == [2, 2, 1, NO_TOPIC]

    def test_looks_past_a_layer_in_which_a_group_is_all_noise(self):
        fine, middle, coarse = array(0, 0, 1), array(NO_TOPIC, NO_TOPIC, 0), array(0, 0, 1)
        hierarchy, sources = nest_layers([fine, middle, coarse])
        parent = hierarchy.parents[sources.index((0, 0))]
        assert sources[parent] == (2, 0)

    def test_puts_what_no_other_layer_has_under_the_root(self):
        hierarchy, sources = nest_layers([array(0, 0, 1), array(NO_TOPIC, NO_TOPIC, 0)])
        assert hierarchy.parents[sources.index((0, 0))] == 0

    def test_has_every_parent_before_its_children(self):
        random = np.random.default_rng(0)
        layers = [random.integers(-1, count, 200) for count in (40, 12, 3)]
        parents = nest_layers(layers)[0].parents
        assert (parents[1:] < np.arange(1, len(parents))).all()


class TestTreeOfMerges:
    def test_has_a_topic_for_every_point_and_merge(self):
        hierarchy = tree_of_merges(np.array([[0, 1], [2, 3]]), array(0, 1, 2, NO_TOPIC))
        # The root is the last merge, then the first, then points 2, 1 and 0.
        assert hierarchy.parents.tolist() == [-1, 0, 0, 1, 1]
        assert hierarchy.assignments.tolist() == [4, 3, 2, NO_TOPIC]

    def test_holds_in_each_merge_what_scipy_counts(self):
        points = np.random.default_rng(0).normal(size=(30, 3))
        dendrogram = linkage(points, "ward")
        hierarchy = tree_of_merges(dendrogram[:, :2].astype(np.int64), np.arange(30))
        sizes = np.asarray(topic_members(hierarchy).sum(axis=1))
        assert sizes[:29].tolist() == dendrogram[::-1, 3].tolist()


class TestCutMerges:
    def test_divides_as_scipy_does(self):
        dendrogram = linkage(np.random.default_rng(1).normal(size=(40, 3)), "ward")
        for count in (1, 2, 7, 40):
            found = cut_merges(dendrogram[:, :2].astype(np.int64), count)
            expected = cut_tree(dendrogram, n_clusters=count).ravel()
            together = found[:, None] == found[None, :]
            assert (together == (expected[:, None] == expected[None, :])).all()

    def test_leaves_single_points_where_more_groups_are_asked_for_than_there_are(self):
        assert cut_merges(np.array([[0, 1], [2, 3]]), 9).tolist() == [0, 1, 2]


class TestCutPapers:
    def test_keeps_noise_apart(self):
        groups = cut_papers(np.array([[0, 1], [2, 3]]), array(0, 0, 1, 2, NO_TOPIC), 2)
        assert groups[0] == groups[2] != groups[3]
        assert groups[4] == NO_TOPIC
