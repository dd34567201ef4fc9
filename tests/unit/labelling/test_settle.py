import numpy as np

from app.labelling.settle import Offer, Reading, settle_siblings

EYE = np.eye(4, dtype=np.float32)


def unit(*weights):
    vector = np.array(weights, np.float32)
    return vector / np.linalg.norm(vector)


def never(offer, other):
    return False


class TestSettleSiblings:
    def test_prefers_the_label_by_which_papers_find_their_own(self):
        # Phrase 0 is near both topics, phrase 1 only the first, phrase 2 only the second.
        meanings = np.stack([unit(1, 1, 0, 0), unit(1, 0, 0, 1), unit(0, 1, 0, 1)])
        papers = [np.stack([EYE[0]] * 6), np.stack([EYE[1]] * 6)]
        offers = [[Offer((0,), 0.0), Offer((1,), -0.1)], [Offer((2,), 0.0)]]
        assert settle_siblings(offers, papers, meanings, never) == [1, 0]

    def test_keeps_what_is_liked_most_where_nothing_is_confused(self):
        meanings = np.stack([unit(1, 0, 0, 1), unit(1, 0, 0, 1), unit(0, 1, 0, 1)])
        papers = [np.stack([EYE[0]] * 3), np.stack([EYE[1]] * 3)]
        offers = [[Offer((0,), 0.0), Offer((1,), -0.1)], [Offer((2,), 0.0)]]
        assert settle_siblings(offers, papers, meanings, never) == [0, 0]

    def test_takes_a_pair_that_speaks_of_both_halves_of_a_topic(self):
        meanings = np.stack([EYE[0], EYE[1], EYE[2]])
        papers = [np.stack([EYE[0], EYE[1]] * 4), np.stack([EYE[2]] * 8)]
        offers = [[Offer((0,), 0.0), Offer((0, 1), -0.1)], [Offer((2,), 0.0)]]
        assert settle_siblings(offers, papers, meanings, never) == [1, 0]

    def test_lets_no_two_siblings_have_clashing_labels(self):
        def same(offer, other):
            return offer.phrases == other.phrases

        meanings = np.stack([EYE[0], EYE[1]])
        papers = [np.stack([EYE[0]] * 4), np.stack([EYE[0]] * 4)]
        offers = [[Offer((0,), 0.0), Offer((1,), -5.0)], [Offer((0,), 0.0)]]
        chosen = settle_siblings(offers, papers, meanings, same)
        taken = [own[place].phrases for own, place in zip(offers, chosen, strict=True) if place is not None]
        assert len(taken) == len(set(taken))

    def test_believes_what_a_label_says_as_it_is_written_more_than_its_phrases(self):
        meanings = np.stack([EYE[0], EYE[1], EYE[2]])
        papers = [np.stack([EYE[0]] * 6), np.stack([EYE[2]] * 6)]
        offers = [[Offer((0,), 0.0), Offer((1,), 0.0)], [Offer((2,), 0.0)]]
        written = {(0,): EYE[1], (1,): EYE[0], (2,): EYE[2]}
        reading = Reading(lambda own: np.stack([written[offer.phrases] for offer in own]), 2)
        assert settle_siblings(offers, papers, meanings, never) == [0, 0]
        assert settle_siblings(offers, papers, meanings, never, reading) == [1, 0]

    def test_reads_only_the_best_offers(self):
        def read(own):
            assert len(own) == 2 + 1
            return np.stack([EYE[offer.phrases[0]] for offer in own])

        papers = [np.stack([EYE[0]] * 6), np.stack([EYE[2]] * 6)]
        offers = [[Offer((3,), -1.0), Offer((1,), 0.0), Offer((0,), 0.0)], [Offer((2,), 0.0)]]
        assert settle_siblings(offers, papers, EYE, never, Reading(read, 2)) == [2, 0]

    def test_leaves_out_who_has_no_offer_or_no_paper(self):
        papers = [np.zeros((0, 4), np.float32), EYE[:2], EYE[:2]]
        offers = [[Offer((0,), 0.0)], [], [Offer((0,), 0.0)]]
        assert settle_siblings(offers, papers, EYE, never) == [None, None, 0]
        assert settle_siblings([], [], EYE, never) == []
