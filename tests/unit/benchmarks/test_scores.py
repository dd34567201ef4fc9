import numpy as np

from app.hierarchy.categories import category_levels
from app.hierarchy.tree import NO_TOPIC
from benchmarks.peers.peer_tree import Papers, PeerTree, from_merges
from benchmarks.peers.shapes import nest_layers
from benchmarks.scores import coverage, score, shuffle_gold, topics_by_depth

FINE = np.repeat(np.arange(4), 5)
GOLD = category_levels([[(str(group // 2), str(group))] for group in FINE])


def merges_of(groups):
    """Join the papers of each group one by one, then the groups in turn."""
    merges, n_papers, tops = [], len(groups), []
    for group in np.unique(groups):
        top, *others = np.flatnonzero(groups == group).tolist()
        for other in others:
            merges.append((other, top))
            top = n_papers + len(merges) - 1
        tops.append(top)
    merges += [(tops[0], tops[1]), (tops[2], tops[3])]
    merges.append((n_papers + len(merges) - 2, n_papers + len(merges) - 1))
    return np.array(merges, dtype=np.int64)


class TestScore:
    def test_is_one_throughout_for_the_same_tree(self):
        layers = PeerTree(nest_layers([FINE, FINE // 2])[0], {})
        dendrogram = from_merges(merges_of(FINE), np.arange(20), {})
        for tree in (layers, dendrogram):
            found = score(tree, GOLD)
            assert found["f1"] == found["ami"] == found["purity"] == [1.0, 1.0]

    def test_gives_a_dendrogram_of_papers_no_more_topics_than_there_are_categories(self):
        # Five papers of each of two groups change places: no cut has the groups, deeper nodes come nearer.
        mixed = FINE.copy()
        mixed[[0, 1, 5, 6]] = mixed[[5, 6, 0, 1]]
        found = score(from_merges(merges_of(mixed), np.arange(20), {}), GOLD)
        assert found["f1"][1] < found["f1_any_node"][1]
        assert found["purity_of_cuts"][1] < found["purity"][1]

    def test_cuts_a_binary_tree_of_topics_for_ami_only(self):
        merges = np.array([[0, 1], [2, 3], [4, 5]])
        found = score(from_merges(merges, FINE, {}), GOLD)
        assert found["f1"] == found["ami"] == [1.0, 1.0]
        assert "f1_any_node" not in found

    def test_takes_the_layer_with_the_nearest_number_of_groups_for_ami(self):
        # The coarse layer leaves half of the papers out: their groups hang under the root.
        coarse = np.where(FINE < 2, 0, NO_TOPIC)
        hierarchy, _ = nest_layers([FINE, coarse])
        without = score(PeerTree(hierarchy, {}), GOLD)
        found = score(PeerTree(hierarchy, {}, layers=np.array([FINE, coarse])), GOLD)
        assert found["ami"] == [1.0, 1.0]
        assert without["ami"][0] < 1.0

    def test_is_lower_for_shuffled_categories(self):
        tree = PeerTree(nest_layers([FINE, FINE // 2])[0], {})
        control = score(tree, shuffle_gold(GOLD, seed=0))
        assert max(control["f1"]) < 0.9
        assert max(control["ami"]) < 0.5


class TestStructure:
    def test_counts_topics_and_papers_that_have_one(self):
        tree = PeerTree(nest_layers([np.array([0, 0, 1, NO_TOPIC])])[0], {})
        assert topics_by_depth(tree) == [1, 2]
        assert coverage(tree) == 0.75

    def test_says_nothing_of_the_levels_of_a_dendrogram_of_papers(self):
        assert topics_by_depth(from_merges(merges_of(FINE), np.arange(20), {})) == []


class TestPassingBetweenProcesses:
    def test_brings_papers_and_trees_through_unchanged(self, tmp_path):
        vectors = np.eye(3, dtype=np.float32)
        Papers([("a", "b"), ("c", ""), ("d", "e")], vectors).save(tmp_path)
        papers = Papers.load(tmp_path, 7)
        assert (papers.texts, papers.seed) == ([("a", "b"), ("c", ""), ("d", "e")], 7)
        assert (papers.vectors == vectors).all()
        tree = from_merges(np.array([[0, 1]]), np.array([0, 1, 1]), {"cluster": 1.5}, ["all", "x", "y"])
        tree.save(tmp_path / "tree")
        found = PeerTree.load(tmp_path / "tree")
        assert (found.labels, found.seconds) == (tree.labels, tree.seconds)
        assert (found.merges == tree.merges).all()
        assert (found.hierarchy.assignments == tree.hierarchy.assignments).all()
        assert found.layers is None
