import numpy as np
import pytest

from app.labelling.offers import (
    MOST_OFFERED,
    MOST_OFFERED_ABOVE,
    choose_varied,
    lift_in_children,
    list_offers,
)

NO_CHILDREN = np.zeros((2, 0))
EVERYONE = np.ones((2, 4), np.float32)
HALVES = np.array([[1, 1, 0, 0], [0, 0, 1, 1]], np.float32)
APART = np.ones((2, 2), np.bool_)


def always(first, second):
    return True


def best(offers):
    return max(offers, key=lambda offer: offer.liking).phrases


class TestListOffers:
    def test_offers_each_phrase_and_each_pair_the_better_first(self):
        offers = list_offers([(7, 1.0), (3, 0.5)], [2, 2], NO_CHILDREN, HALVES, 2, APART, always)
        assert [offer.phrases for offer in offers] == [(7,), (3,), (7, 3)]

    @pytest.mark.parametrize("second", [[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0.6, 0.6, 0.6, 0.6]])
    def test_pairs_nothing_with_what_speaks_of_no_other_papers(self, second):
        spoken = np.array([[1, 1, 0.6, 0.6], second], np.float32)
        offers = list_offers([(7, 1.0), (3, 0.5)], [2, 2], NO_CHILDREN, spoken, 2, APART, always)
        assert [offer.phrases for offer in offers] == [(7,), (3,)]

    def test_pairs_only_what_goes_together(self):
        offers = list_offers([(7, 1.0), (3, 0.5)], [2, 2], NO_CHILDREN, HALVES, 2, APART, lambda *_: False)
        assert [offer.phrases for offer in offers] == [(7,), (3,)]

    def test_pairs_nothing_that_means_the_same(self):
        same = np.zeros((2, 2), np.bool_)
        offers = list_offers([(7, 1.0), (3, 0.5)], [2, 2], NO_CHILDREN, HALVES, 2, same, always)
        assert [offer.phrases for offer in offers] == [(7,), (3,)]

    def test_likes_a_pair_that_speaks_of_all_papers_best(self):
        assert best(list_offers([(7, 1.0), (3, 0.9)], [2, 2], NO_CHILDREN, HALVES, 3, APART, always)) == (
            7,
            3,
        )

    def test_wants_a_broad_topic_named_by_what_all_its_children_use(self):
        lift = np.array([[2.0, 0.0], [1.0, 1.0]])
        assert best(
            list_offers([(7, 1.0), (3, 0.9)], [1, 1], lift, EVERYONE, 1, APART, lambda *_: False)
        ) == (3,)

    def test_keeps_labels_short_near_the_root(self):
        lift = np.ones((2, 2))
        offers = list_offers([(7, 1.0), (3, 0.95)], [4, 1], lift, EVERYONE, 1, APART, lambda *_: False)
        assert best(offers) == (3,)

    def test_asks_more_than_one_word_of_a_leaf(self):
        assert best(
            list_offers([(7, 1.0), (3, 0.9)], [1, 2], NO_CHILDREN, EVERYONE, 3, APART, lambda *_: False)
        ) == (3,)

    def test_has_nothing_to_offer_without_candidates(self):
        assert (
            list_offers(
                [], [], np.zeros((0, 0)), np.zeros((0, 4), np.float32), 1, np.ones((0, 0), np.bool_), always
            )
            == []
        )


class TestChooseVaried:
    def test_adds_a_phrase_for_a_child_that_the_best_do_not_speak_of(self):
        weights = [1.0 / (1 + place) for place in range(MOST_OFFERED_ABOVE + 5)]
        lift = np.zeros((len(weights), 2))
        lift[:, 0] = 1.0
        lift[-1] = [0.0, 2.0]
        assert choose_varied(weights, lift) == [*range(MOST_OFFERED_ABOVE), MOST_OFFERED_ABOVE + 4]

    def test_has_less_to_pair_for_a_leaf(self):
        weights = [1.0 / (1 + place) for place in range(MOST_OFFERED_ABOVE)]
        no_children = np.zeros((len(weights), 0))
        assert choose_varied(weights, no_children) == [*range(MOST_OFFERED)]

    def test_chooses_nothing_of_nothing(self):
        assert choose_varied([], np.zeros((0, 3))) == []


class TestLiftInChildren:
    def test_is_above_one_where_a_child_uses_a_phrase_more(self):
        spoken = np.array([[1, 1, 0, 0]], np.float32)
        children = [np.array([0, 1]), np.array([2, 3])]
        assert lift_in_children(spoken, children).tolist() == [[2.0, 0.0]]

    def test_has_no_columns_for_a_leaf(self):
        assert lift_in_children(np.ones((3, 4), np.float32), []).shape == (3, 0)
