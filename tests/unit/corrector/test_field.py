from dataclasses import replace

import numpy as np

from app.corrector.answers import Answers, gather_lessons
from app.corrector.field import look, spread_answers
from app.corrector.ground import see_new
from app.hierarchy.tree import NO_TOPIC
from tests.unit.corrector.grounds import LEAVES, make_case, no_answers

ONE_EACH = np.array([0, 40, 80, 120])


def unfiled():
    case = make_case(share_wrong=0)
    return replace(case, filed=np.full_like(case.filed, NO_TOPIC))


def field_of(case, answers):
    ground = case.ground(np.unique(answers.papers))
    return ground, spread_answers(ground, gather_lessons(answers, ground.place_of))


def said(papers, topics, right=True):
    return Answers(np.array(papers), np.array(topics), np.full(len(papers), right))


class TestSpreadAnswers:
    def test_carries_one_answer_to_all_papers_like_it(self):
        case = unfiled()
        ground, field = field_of(case, said(ONE_EACH, LEAVES))
        found = ground.places[field.chances.toarray().argmax(axis=1)]
        assert (found == case.truth).mean() > 0.95

    def test_holds_answers_fast(self):
        case = make_case(share_wrong=0)
        _, field = field_of(case, said([3, 3, 90], [5, 6, 2]))
        assert field.chances[[3, 90]].toarray().tolist() == [[0, 0, 0.5, 0.5], [1, 0, 0, 0]]

    def test_keeps_papers_from_what_was_said_to_be_wrong(self):
        case = make_case(share_wrong=0)
        _, field = field_of(case, said([3], [2], right=False))
        row = field.chances[[3]].toarray()[0]
        assert row[0] == 0
        assert abs(row.sum() - 1) < 1e-5

    def test_is_the_same_every_time(self):
        case = make_case()
        one, other = (field_of(case, case.answers(ONE_EACH))[1] for _ in range(2))
        assert (one.chances != other.chances).nnz == 0


class TestLook:
    def test_gives_chances_of_excluding_alternatives(self):
        case = make_case()
        ground, field = field_of(case, no_answers())
        chances = look(field, ground.seen)
        assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)
        assert (chances >= 0).all()

    def test_leaves_out_what_was_said_of_a_paper_itself(self):
        case = make_case(share_wrong=0)
        ground, field = field_of(case, said([3], [6]))
        assert ground.places[look(field, ground.seen)[3].argmax()] == case.truth[3]

    def test_knows_new_papers_by_those_they_are_near(self):
        case = make_case(share_wrong=0)
        ground, field = field_of(case, no_answers())
        new = see_new(ground, case.vectors[ONE_EACH], case.neighbours[ONE_EACH])
        assert ground.places[look(field, new).argmax(axis=1)].tolist() == list(LEAVES)
