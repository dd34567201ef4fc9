from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from app.corrections.matching import SAME_TOPIC, TopicPapers, match_topics
from tests.unit.corrections.states import named


def topic(*names: str, depth: int = 1) -> TopicPapers:
    return TopicPapers(depth, frozenset(map(named, names)))


def papers(numbers: set[int]) -> TopicPapers:
    return TopicPapers(1, frozenset(uuid5(UUID(int=0), str(number)) for number in numbers))


class TestMatchTopics:
    def test_finds_the_topic_with_the_same_papers(self) -> None:
        old = {named("a"): topic("1", "2", "3"), named("b"): topic("4", "5")}
        found = match_topics(old, [topic("4", "5"), topic("1", "2", "3")])
        assert [match and match.topic for match in found] == [named("b"), named("a")]
        assert [match and match.jaccard for match in found] == [1.0, 1.0]

    def test_takes_the_best_pairs_together(self) -> None:
        old = {named("a"): topic("1", "2", "3", "4"), named("b"): topic("3", "4", "5")}
        found = match_topics(old, [topic("1", "2", "3", "4", "5"), topic("1", "2")])
        assert [match and match.topic for match in found] == [named("b"), named("a")]

    def test_leaves_a_topic_alone_that_shares_too_little(self) -> None:
        old = {named("a"): topic(*"12345"), named("b"): topic(*"6789")}
        found = match_topics(old, [topic("1", *"6789"), topic(*"345", "new"), topic("2")])
        assert [match and match.topic for match in found] == [named("b"), named("a"), None]

    def test_looks_only_at_papers_that_both_know(self) -> None:
        old = {named("a"): topic("1", "gone"), named("b"): topic("2")}
        found = match_topics(old, [topic("1", "new", "newer"), topic("2", "newest")])
        assert [match and match.jaccard for match in found] == [1.0, 1.0]

    def test_tells_an_only_child_from_its_parent(self) -> None:
        old = {named("child"): topic("1", "2", depth=2), named("parent"): topic("1", "2", depth=1)}
        found = match_topics(old, [topic("1", "2", depth=1), topic("1", "2", depth=2)])
        assert [match and match.topic for match in found] == [named("parent"), named("child")]

    def test_knows_none_among_none(self) -> None:
        assert match_topics({}, [topic("1")]) == [None]
        assert match_topics({named("a"): topic("1")}, []) == []
        assert match_topics({named("a"): topic()}, [topic()]) == [None]

    @given(
        st.lists(st.sets(st.integers(0, 30), min_size=1), max_size=12),
        st.lists(st.sets(st.integers(0, 30), min_size=1), max_size=12),
        st.randoms(use_true_random=False),
    )
    def test_gives_each_topic_once_and_the_same_whatever_the_order(
        self, one: list[set[int]], other: list[set[int]], random: object
    ) -> None:
        old = {named(f"old {n}"): papers(numbers) for n, numbers in enumerate(one)}
        new = [papers(numbers) for numbers in other]
        found = match_topics(old, new)
        taken = [match.topic for match in found if match is not None]
        assert len(set(taken)) == len(taken)
        assert all(match.jaccard >= SAME_TOPIC for match in found if match is not None)
        items = list(old.items())
        random.shuffle(items)  # type: ignore[attr-defined]
        assert match_topics(dict(items), new) == found

    @given(st.lists(st.sets(st.integers(0, 30), min_size=1), max_size=12, unique_by=frozenset))
    def test_finds_every_topic_of_the_same_build_again(self, topics: list[set[int]]) -> None:
        old = {named(f"old {n}"): papers(numbers) for n, numbers in enumerate(topics)}
        found = match_topics(old, list(old.values()))
        assert [match and match.topic for match in found] == list(old)
