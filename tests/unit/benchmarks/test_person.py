import numpy as np
import pytest

from app.hierarchy.categories import category_levels
from app.hierarchy.tree import NO_TOPIC
from benchmarks.person import closed_f1, make_person, narrowest_categories
from tests.unit.corrector.grounds import LEAVES, PARENTS, make_case

CASE = make_case(share_wrong=0.2)
CATEGORIES = np.unique(CASE.truth, return_inverse=True)[1].astype(np.int64)


def person(*, tolerant=False, categories=CATEGORIES):
    return make_person(CASE.ground(), categories, int(categories.max()) + 1, tolerant=tolerant)


class TestMakePerson:
    def test_takes_a_topic_to_be_about_what_most_of_its_papers_are(self):
        assert person().means[list(LEAVES)].argmax(axis=1).tolist() == [0, 1, 2, 3]

    def test_leaves_papers_where_they_are_right_and_knows_where_the_others_belong(self):
        assert (person().belongs == CASE.truth).all()

    def test_gives_each_category_a_topic(self):
        categories = CATEGORIES.copy()
        categories[:3] = 4
        assert person(categories=categories).means.any(axis=0).all()

    def test_is_no_less_content_when_tolerant(self):
        mixed = np.arange(len(CATEGORIES)) % 5
        strict, tolerant = (person(tolerant=kind, categories=mixed) for kind in (False, True))
        assert tolerant.accuracy(CASE.filed) > strict.accuracy(CASE.filed)


class TestPerson:
    def test_answers_what_makes_all_papers_right(self):
        one, papers = person(), np.arange(len(CASE.truth))
        answers = one.answer(papers, CASE.filed)
        assert answers.papers[~answers.right].tolist() == CASE.wrong.tolist()
        assert one.accuracy(one.belongs) == 1

    def test_says_of_an_unassigned_paper_only_where_it_belongs(self):
        homes = np.full(len(CASE.truth), NO_TOPIC)
        answers = person().answer(np.array([3]), homes)
        assert (answers.topics.tolist(), answers.right.tolist()) == ([2], [True])


class TestNarrowestCategories:
    def test_takes_the_last_step_of_the_first_path(self):
        gold = category_levels([[("a", "b")], [("a",)], [("a", "b"), ("c",)], [("c",)]])
        found = narrowest_categories(gold)
        assert found[0] == found[2]
        assert len(set(found.tolist())) == 3


class TestClosedF1:
    def test_is_one_for_the_truth(self):
        assert closed_f1(PARENTS, CASE.truth, CASE.truth) == 1

    def test_counts_a_sibling_half_right(self):
        assert closed_f1(PARENTS, np.array([2]), np.array([3])) == pytest.approx(0.5)

    def test_counts_the_parent_as_precise_and_incomplete(self):
        assert closed_f1(PARENTS, np.array([1]), np.array([2])) == pytest.approx(2 / 3)

    def test_counts_nowhere_as_nothing(self):
        assert closed_f1(PARENTS, np.array([NO_TOPIC]), np.array([2])) == 0
