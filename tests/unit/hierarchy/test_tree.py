from dataclasses import replace

import numpy as np

from app.hierarchy.members import topic_members
from app.hierarchy.tree import SecondHomes, ancestors_at, topic_children, topic_depths
from tests.unit.hierarchy.trees import make_tree

PARENTS = np.array([-1, 0, 1, 1, 0, 4, 4])


class TestTopicDepths:
    def test_counts_steps_from_the_root(self):
        assert topic_depths(PARENTS).tolist() == [0, 1, 2, 2, 1, 2, 2]


class TestTopicChildren:
    def test_keeps_the_order_of_display(self):
        assert topic_children(PARENTS) == [[1, 4], [2, 3], [], [], [5, 6], [], []]


class TestAncestorsAt:
    def test_climbs_to_the_depth_and_no_further(self):
        assert ancestors_at(PARENTS, 1).tolist() == [0, 1, 1, 1, 4, 4, 4]
        assert ancestors_at(PARENTS, 0).tolist() == [0] * 7
        assert ancestors_at(PARENTS, 5).tolist() == list(range(7))


class TestTopicMembers:
    def test_counts_papers_of_descendants_in_and_leaves_unassigned_ones_to_the_root(self):
        members = topic_members(make_tree(PARENTS.tolist(), [2, 3, 5, 6, -1, 4])).toarray()
        assert members[0].tolist() == [1, 1, 1, 1, 1, 1]
        assert members[1].tolist() == [1, 1, 0, 0, 0, 0]
        assert members[4].tolist() == [0, 0, 1, 1, 0, 1]
        assert members[5].tolist() == [0, 0, 1, 0, 0, 0]

    def test_counts_a_paper_once_in_every_topic_above_any_of_its_homes(self):
        tree = make_tree(PARENTS.tolist(), [2, 5, -1])
        homes = SecondHomes(
            papers=np.array([0, 0, 0]), topics=np.array([3, 5, 6]), confidences=np.full(3, 0.2, np.float32)
        )
        tree = replace(tree, second_homes=homes)
        both = topic_members(tree, homes=True).toarray()
        assert both[:, 0].tolist() == [1] * 7
        assert both[:, 1:].tolist() == topic_members(tree).toarray()[:, 1:].tolist()
        assert topic_members(tree).toarray()[:, 0].tolist() == [1, 1, 1, 0, 0, 0, 0]

    def test_works_for_an_empty_corpus(self):
        assert topic_members(make_tree([-1], [])).shape == (1, 0)
