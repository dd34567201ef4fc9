from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.corrector.chances import propose_moves, score_corpus
from app.corrector.review import queue_review, spread_out
from app.corrector.scorer import fit_scorer
from app.hierarchy.tree import NO_TOPIC
from tests.unit.corrector.grounds import LEAVES, make_case, no_answers

ASKED = np.arange(0, 160, 3)
MANY = 100_000
"""Answers beside which first doubts do not count."""


def chances_of(case, asked=ASKED):
    ground, answers = case.ground(asked), case.answers(asked)
    return ground, score_corpus(fit_scorer(ground, answers), ground, answers)


def queue_of(case, asked=ASKED):
    ground, chances = chances_of(case, asked)
    return queue_review(ground, chances, asked, case.filed[asked])


class TestScoreCorpus:
    def test_offers_places_by_falling_chance(self):
        _, found = chances_of(make_case())
        assert (np.diff(found.chances, axis=1) <= 0).all()
        assert np.isin(found.topics[found.topics != NO_TOPIC], LEAVES).all()

    def test_knows_of_an_unassigned_paper_that_it_is_nowhere(self):
        case = make_case(share_wrong=0)
        filed = case.filed.copy()
        filed[1] = NO_TOPIC
        _, found = chances_of(replace(case, filed=filed), np.array([0, 50]))
        assert (found.present[1], found.stays[1], found.topics[1, 0]) == (NO_TOPIC, 0, case.truth[1])


class TestProposeMoves:
    def test_finds_the_same_mistake_elsewhere(self):
        case = make_case()
        _, chances = chances_of(case)
        moves = propose_moves(chances, ASKED)
        assert len(moves.papers) > 5
        assert (moves.topics == case.truth[moves.papers]).mean() > 0.9

    def test_touches_nothing_that_people_spoke_about(self):
        case = make_case()
        _, chances = chances_of(case)
        locked = case.wrong
        assert not np.isin(propose_moves(chances, locked, least=0.0).papers, locked).any()

    def test_proposes_nothing_below_the_chance_that_is_asked_for(self):
        _, chances = chances_of(make_case())
        assert (propose_moves(chances, ASKED, least=0.8).chances > 0.8).all()
        assert len(propose_moves(chances, ASKED, least=1.0).papers) == 0


class TestQueueReview:
    def test_asks_about_misfiled_papers_first(self):
        case = make_case()
        queue = queue_of(case)
        left = len(np.setdiff1d(case.wrong, ASKED))
        assert np.isin(queue.papers[:left], case.wrong).mean() > 0.7

    def test_holds_all_that_nobody_spoke_about_each_once(self):
        case = make_case()
        assert sorted(queue_of(case).papers.tolist()) == np.setdiff1d(np.arange(160), ASKED).tolist()

    def test_is_in_the_order_of_gains_and_the_same_every_time(self):
        case = make_case()
        one, other = queue_of(case), queue_of(case)
        assert (np.diff(one.gains) <= 0).all()
        assert (one.papers == other.papers).all()

    def test_prefers_of_two_doubts_the_topic_nobody_was_asked_about(self):
        case = make_case()
        ground, chances = chances_of(case)
        even = replace(chances, stays=np.full(160, 0.5, np.float32))
        queue = queue_review(ground, even, ASKED, np.full(MANY, 2))
        assert 2 not in case.filed[queue.papers[:60]]

    def test_doubts_badly_fitting_papers_until_much_was_learnt(self):
        case = make_case()
        ground, chances = chances_of(case)
        learnt = replace(chances, stays=np.where(case.filed == case.truth, 0.4, 0.6).astype(np.float32))
        heads = [
            queue_review(ground, learnt, ASKED, np.full(n_answers, 2)).papers[:15]
            for n_answers in (len(ASKED), MANY)
        ]
        few, many = (np.isin(head, case.wrong).mean() for head in heads)
        assert few > 0.7
        assert many == 0

    def test_asks_first_where_unassigned_papers_belong(self):
        case = make_case()
        filed = case.filed.copy()
        filed[[1, 50]] = NO_TOPIC
        assert set(queue_of(replace(case, filed=filed)).papers[:2].tolist()) == {1, 50}

    def test_works_where_no_paper_is_in_a_topic(self):
        case = make_case()
        nowhere = replace(case, filed=np.full_like(case.filed, NO_TOPIC))
        assert len(queue_of(nowhere, np.array([0, 50])).papers) == 158

    def test_works_before_the_first_answer(self):
        case, nobody = make_case(), np.empty(0, dtype=np.int64)
        ground = case.ground()
        chances = score_corpus(fit_scorer(ground, no_answers()), ground, no_answers())
        queue = queue_review(ground, chances, nobody, nobody)
        assert np.isin(queue.papers[:20], case.wrong).mean() > 0.7


class TestSpreadOut:
    @given(st.permutations(range(12)), st.integers(0, 10_000))
    def test_holds_neighbours_back_and_loses_none(self, papers, seed):
        neighbours = np.random.default_rng(seed).integers(0, 12, (12, 3))
        found = spread_out(np.array(papers), neighbours).tolist()
        assert sorted(found) == list(range(12))
        assert found[0] == papers[0]
        near: set[int] = set()
        for paper in papers:  # Whoever is nobody's neighbour comes in the first turn, in the old order.
            if paper not in near:
                assert found.pop(0) == paper
                near.update(neighbours[paper].tolist())

    def test_spreads_nothing(self):
        assert len(spread_out(np.empty(0, dtype=np.int64), np.zeros((3, 1), dtype=np.int64))) == 0
