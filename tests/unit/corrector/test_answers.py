import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.corrector.answers import Answers, gather_lessons
from app.hierarchy.tree import NO_TOPIC

PLACE_OF = np.array([NO_TOPIC, 0, 1, 2])


def make_answers(*rows):
    papers, topics, right = zip(*rows, strict=True)
    return Answers(np.array(papers), np.array(topics), np.array(right, dtype=np.bool_))


ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.booleans()), min_size=1, max_size=30)


class TestGatherLessons:
    def test_puts_both_halves_of_a_move_together(self):
        lessons = gather_lessons(make_answers((7, 1, False), (7, 2, True)), PLACE_OF)
        assert (lessons.papers.tolist(), lessons.left.tolist(), lessons.right.tolist()) == ([7], [0], [1])

    def test_knows_a_negative_without_a_right_place(self):
        lessons = gather_lessons(make_answers((7, 1, False)), PLACE_OF)
        assert lessons.right.tolist() == [NO_TOPIC]
        assert lessons.wrong_places.tolist() == [0]

    def test_lets_the_later_of_two_contradicting_answers_hold(self):
        lessons = gather_lessons(make_answers((7, 1, False), (7, 1, True)), PLACE_OF)
        assert (lessons.right.tolist(), lessons.left.tolist()) == ([0], [NO_TOPIC])
        assert len(lessons.wrong_rows) == 0

    def test_leaves_out_what_is_said_of_topics_that_hold_no_papers(self):
        assert len(gather_lessons(make_answers((7, 0, True)), PLACE_OF).papers) == 0

    @given(ROWS)
    def test_agrees_with_a_dictionary_of_the_last_words(self, rows):
        lessons = gather_lessons(make_answers(*rows), PLACE_OF)
        last = {(paper, topic): right for paper, topic, right in rows if topic}
        wrong = {(paper, topic - 1) for (paper, topic), right in last.items() if not right}
        assert set(lessons.papers.tolist()) == {paper for paper, _ in last}
        found = zip(lessons.papers[lessons.wrong_rows], lessons.wrong_places, strict=True)
        assert {(int(paper), int(place)) for paper, place in found} == wrong
        for paper, right in zip(lessons.papers, lessons.right, strict=True):
            places = {topic - 1 for (own, topic), is_right in last.items() if own == paper and is_right}
            assert int(right) in places if places else right == NO_TOPIC

    def test_keeps_all_homes_and_the_last_one_said_apart(self):
        lessons = gather_lessons(make_answers((7, 1, True), (7, 2, True), (7, 1, True)), PLACE_OF)
        assert lessons.right.tolist() == [0]
        assert sorted(lessons.right_places.tolist()) == [0, 1]


class TestFingerprint:
    def test_does_not_depend_on_the_order(self):
        one, other = make_answers((1, 2, True), (3, 1, False)), make_answers((3, 1, False), (1, 2, True))
        assert one.fingerprint() == other.fingerprint()

    def test_tells_an_answer_from_its_opposite(self):
        assert make_answers((1, 2, True)).fingerprint() != make_answers((1, 2, False)).fingerprint()
