import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.corrector.answers import Answers, gather_lessons
from app.corrector.evidence import COLUMNS, Pairs, as_found, digest, gather_evidence, likely_places, take
from app.corrector.scorer import (
    VERSION,
    Scorer,
    UnreadableScorer,
    Weights,
    fit_scorer,
    read_scorer,
    score_pairs,
)
from tests.unit.corrector.grounds import make_case, no_answers

ASKED = np.arange(0, 160, 3)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
WEIGHTS = st.builds(Weights, FINITE, st.tuples(*[FINITE] * len(COLUMNS)))


def scored(case, answers, asked=None):
    ground = case.ground(asked)
    lessons = gather_lessons(answers, ground.place_of)
    seen = as_found(ground.seen, lessons)
    pairs = likely_places(ground, seen)
    scorer = fit_scorer(ground, answers)
    chances = score_pairs(scorer.standing, ground, seen, digest(ground, lessons), pairs)
    return ground, seen, pairs, chances


class TestFitScorer:
    def test_is_the_same_every_time(self):
        case = make_case()
        ground, answers = case.ground(ASKED), case.answers(ASKED)
        assert fit_scorer(ground, answers) == fit_scorer(ground, answers)

    def test_says_what_it_was_taught(self):
        case = make_case()
        answers = case.answers(ASKED)
        scorer = fit_scorer(case.ground(ASKED), answers)
        assert (scorer.version, scorer.training) == (VERSION, answers.fingerprint())
        assert scorer.n_answered == len(ASKED)

    def test_learns_without_any_answer_that_papers_belong_where_they_are_near(self):
        case = make_case(share_wrong=0)
        ground, _, pairs, chances = scored(case, no_answers())
        is_right = ground.places[pairs.places] == case.truth[pairs.rows]
        assert chances[is_right].mean() > 0.8
        assert chances[~is_right].mean() < 0.1

    def test_gives_misfiled_papers_nobody_spoke_about_less_of_a_chance(self):
        case = make_case()
        _, seen, pairs, chances = scored(case, case.answers(ASKED), ASKED)
        stays = np.zeros(len(case.truth))
        here = pairs.places == seen.homes[pairs.rows]
        stays[pairs.rows[here]] = chances[here]
        silent = np.setdiff1d(np.arange(len(case.truth)), ASKED)
        is_wrong = np.isin(silent, case.wrong)
        assert stays[silent[is_wrong]].mean() < stays[silent[~is_wrong]].mean() - 0.3

    def test_learns_from_a_negative_alone(self):
        case = make_case()
        papers = case.wrong[:10]
        negatives = Answers(papers, case.filed[papers], np.zeros(10, dtype=np.bool_))
        assert fit_scorer(case.ground(), negatives).n_answered == 10

    def test_takes_a_second_home_for_as_right_as_the_first(self):
        case, papers = make_case(share_wrong=0), np.arange(0, 40, 4)
        twice, both = np.concatenate([papers, papers]), np.repeat([2, 3], len(papers))
        ground, pairs = case.ground(), Pairs(np.zeros(1, dtype=np.int64), np.array([1]))
        found = []
        for n_rows in (len(papers), len(twice)):
            answers = Answers(twice[:n_rows], both[:n_rows], np.ones(n_rows, dtype=np.bool_))
            taught = digest(ground, gather_lessons(answers, ground.place_of))
            near = take(ground.seen, np.array([1]))
            found.append(score_pairs(fit_scorer(ground, answers).standing, ground, near, taught, pairs)[0])
        assert found[1] > found[0]

    def test_knows_nothing_of_a_corpus_with_one_place(self):
        case = make_case()
        whole = replace(case, filed=np.full(len(case.filed), 2), truth=np.full(len(case.filed), 2))
        ground = whole.ground()
        assert np.isfinite(fit_scorer(ground, no_answers()).standing.columns).all()


class TestScorePairs:
    def test_gives_chances_of_excluding_alternatives(self):
        case = make_case()
        _, seen, pairs, chances = scored(case, case.answers(ASKED), ASKED)
        total = np.bincount(pairs.rows, chances, minlength=len(seen.rows))
        assert ((chances >= 0) & (chances <= 1)).all()
        assert (total < 1).all()


class TestGatherEvidence:
    def test_lets_an_answer_say_nothing_of_its_own_paper(self):
        case, paper = make_case(), np.array([0])
        ground = case.ground()
        pairs = Pairs(np.zeros(4, dtype=np.int64), np.arange(4))
        one = Answers(paper, case.filed[paper], np.array([True]))
        found = [
            gather_evidence(ground, take(ground.seen, paper), digest(ground, lessons), pairs)
            for lessons in (gather_lessons(answers, ground.place_of) for answers in (no_answers(), one))
        ]
        of_answers = [COLUMNS.index(name) for name in ("taught", "moved", "refused", "arrivals", "kept")]
        assert (found[0][:, of_answers] == found[1][:, of_answers]).all()

    def test_tells_similar_papers_what_was_said(self):
        case, answered = make_case(), np.array([0])
        ground = case.ground()
        lessons = gather_lessons(Answers(answered, np.array([6]), np.array([True])), ground.place_of)
        near, far = ground.seen.neighbours[0, :1], np.array([159])
        said = [
            gather_evidence(
                ground,
                take(ground.seen, paper),
                digest(ground, lessons),
                Pairs(np.zeros(1, np.int64), np.array([3])),
            )[0, COLUMNS.index("taught")]
            for paper in (near, far)
        ]
        assert said[0] > said[1]


class TestReadScorer:
    @given(WEIGHTS, WEIGHTS, st.integers(0, 10**6))
    def test_gives_back_what_was_written(self, standing, arriving, n_answered):
        scorer = Scorer(VERSION, "ab" * 32, n_answered, standing, arriving)
        assert read_scorer(scorer.to_json()) == scorer

    @pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"version": 1}', "1", "{"])
    def test_refuses_what_is_no_scorer(self, text):
        with pytest.raises(UnreadableScorer):
            read_scorer(text)

    def test_refuses_another_version(self):
        weights = Weights(0.0, (0.0,) * len(COLUMNS))
        with pytest.raises(UnreadableScorer, match="Version"):
            read_scorer(Scorer(VERSION + 1, "", 0, weights, weights).to_json())

    @pytest.mark.parametrize("weight", [float("nan"), float("inf")])
    def test_refuses_weights_that_are_no_numbers(self, weight):
        weights = Weights(0.0, (0.0,) * len(COLUMNS))
        stored = json.loads(Scorer(VERSION, "", 0, weights, weights).to_json())
        stored["standing"]["columns"][0] = weight
        with pytest.raises(UnreadableScorer):
            read_scorer(json.dumps(stored))
