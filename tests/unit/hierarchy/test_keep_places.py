import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.hierarchy.keep_places import keep_places
from app.hierarchy.tree import NO_TOPIC, Hierarchy
from tests.factories import make_hierarchy

N_PAPERS = 8


def kept(tree: Hierarchy, stood: list[int]) -> Hierarchy:
    return keep_places(tree, np.array(stood), np.full(len(stood), 0.25, dtype=np.float32))


@st.composite
def trees(draw: st.DrawFn) -> Hierarchy:
    n_topics = draw(st.integers(1, 8))
    parents = [NO_TOPIC, *(draw(st.integers(0, topic - 1)) for topic in range(1, n_topics))]
    return make_hierarchy(parents, [draw(st.integers(-1, n_topics - 1)) for _ in range(N_PAPERS)])


class TestKeepPlaces:
    def test_puts_papers_back_and_says_where_they_would_have_gone(self) -> None:
        tree = make_hierarchy([-1, 0, 0], [1, 1, 1, 2, 2], second_homes=[(3, 1, 0.2), (4, 1, 0.2)])
        found = kept(tree, [1, 1, NO_TOPIC, 1, 2])
        assert found.assignments.tolist() == [1, 1, 1, 1, 2]
        assert (found.best_guesses[3], found.runners_up[3], found.confidences[3]) == (1, 2, 0.25)
        assert found.second_homes.papers.tolist() == [4]

    def test_lets_a_paper_go_down_into_a_part_of_its_topic(self) -> None:
        tree = make_hierarchy([-1, 0, 1, 1], [2, 2, 3])
        assert kept(tree, [1, 1, 1]).assignments.tolist() == [2, 2, 3]

    def test_takes_topics_away_that_are_left_empty(self) -> None:
        tree = make_hierarchy([-1, 0, 0, 2], [1, 3, 3])
        found = kept(tree, [1, 1, 1])
        assert found.parents.tolist() == [NO_TOPIC, 0]
        assert found.assignments.tolist() == [1, 1, 1]

    def test_shows_the_largest_topic_first(self) -> None:
        tree = make_hierarchy([-1, 0, 0], [1, 1, 1, 2, 2])
        assert kept(tree, [2, 2, NO_TOPIC, NO_TOPIC, NO_TOPIC]).assignments.tolist() == [1, 1, 2, 1, 1]

    @given(trees(), st.data())
    def test_gives_a_sound_tree_with_every_paper_in_its_topic(
        self, tree: Hierarchy, data: st.DataObject
    ) -> None:
        topics = st.integers(1, len(tree.parents) - 1) if len(tree.parents) > 1 else st.nothing()
        stood = [data.draw(st.just(NO_TOPIC) | topics) for _ in range(N_PAPERS)]
        found = kept(tree, stood)
        assert found.parents[0] == NO_TOPIC
        assert all(0 <= parent < topic for topic, parent in enumerate(found.parents.tolist()) if topic)
        assert found.assignments.max(initial=-1) < len(found.parents)
        together: dict[int, set[int]] = {}
        for paper, topic in enumerate(stood):
            if topic != NO_TOPIC:
                together.setdefault(topic, set()).add(paper)
        for papers in together.values():
            paths = [path(found, int(found.assignments[paper])) for paper in papers]
            assert set.intersection(*paths) - {0}
        again = kept(found, found.assignments.tolist())
        assert again.parents.tolist() == found.parents.tolist()
        assert again.assignments.tolist() == found.assignments.tolist()


def path(tree: Hierarchy, topic: int) -> set[int]:
    found = set()
    while topic != NO_TOPIC:
        found.add(topic)
        topic = int(tree.parents[topic])
    return found
