import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.corrector.afresh import file_by_chance, queue_afresh, score_afresh
from app.corrector.chances import Chances
from app.corrector.ground import lay_ground
from app.hierarchy.smooth import to_unit
from app.hierarchy.tree import NO_TOPIC
from tests.unit.corrector.grounds import LEAVES, PARENTS, make_case, no_answers

NOBODY = np.empty(0, dtype=np.int64)


def labelled(case, asked=NOBODY, names=LEAVES):
    """A tree whose labels lie near the middles of what belongs there, and nothing filed but answers."""
    labels = np.zeros((len(PARENTS), case.vectors.shape[1]), np.float32)
    for leaf, name in zip(LEAVES, names, strict=True):
        labels[name] = case.vectors[case.truth == leaf][:3].mean(axis=0)
    filed = np.full(len(case.truth), NO_TOPIC, dtype=np.int64)
    filed[asked] = case.truth[asked]
    nothing = np.zeros(len(filed), np.float32)
    return lay_ground(case.vectors, case.neighbours, PARENTS, filed, nothing, to_unit(labels))


def likely(*rows):
    topics = np.array([[topic for topic, _ in row] for row in rows], dtype=np.int64)
    chances = np.array([[chance for _, chance in row] for row in rows], dtype=np.float32)
    return Chances(np.arange(len(rows)), topics[:, 0], chances[:, 0], topics, chances)


class TestScoreAfresh:
    def test_files_by_labels_where_nobody_said_anything(self):
        case = make_case()
        found = score_afresh(labelled(case), no_answers())
        assert (found.topics[:, 0] == case.truth).mean() > 0.9
        assert (found.present == NO_TOPIC).all()
        assert (found.stays == 0).all()

    def test_holds_answers_fast(self):
        case, asked = make_case(), np.array([0, 50, 100])
        found = score_afresh(labelled(case, asked), case.answers(asked))
        assert (found.topics[asked, 0] == case.truth[asked]).all()
        assert (found.stays[asked] == 1).all()


class TestFileByChance:
    @pytest.mark.parametrize(
        ("row", "topic"),
        [
            ([(2, 0.9), (5, 0.1)], 2),
            ([(2, 0.3), (3, 0.3), (5, 0.25), (6, 0.15)], 1),  # Neither leaf, but what is above both.
            ([(5, 0.4), (2, 0.3), (3, 0.3)], 1),
            ([(2, 0.1), (5, 0.05)], 1),  # Never the root.
        ],
    )
    def test_goes_as_deep_as_chances_carry(self, row, topic):
        row = row + [(NO_TOPIC, 0.0)] * (5 - len(row))
        assert file_by_chance(PARENTS, likely(row)).tolist() == [topic]

    @given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
    def test_loses_no_more_pairs_than_any_other_topic(self, weights):
        total = max(1.0, sum(weights))
        chances = [weight / total for weight in weights]
        found = file_by_chance(PARENTS, likely(list(zip(LEAVES, chances, strict=True))), least=0.25)
        of = dict(zip(LEAVES, chances, strict=True))
        of |= {1: of[2] + of[3], 4: of[5] + of[6]}
        worth = {
            topic: of[topic] - 0.25 + (of[int(PARENTS[topic])] - 0.25 if PARENTS[topic] else 0)
            for topic in of
        }
        assert worth[int(found[0])] == pytest.approx(max(worth.values()), abs=1e-5)


class TestQueueAfresh:
    def test_asks_about_each_paper_once_that_nobody_spoke_about(self):
        case, asked = make_case(), np.array([0, 50, 100])
        ground = labelled(case, asked)
        queue = queue_afresh(ground, score_afresh(ground, case.answers(asked)), asked)
        assert sorted(queue.papers.tolist()) == np.setdiff1d(np.arange(160), asked).tolist()
        assert (queue.gains > -1e-5).all()

    def test_asks_first_where_most_pairs_are_expected_to_be_wrong(self):
        sure, torn = [(2, 0.98), (3, 0.02)], [(2, 0.5), (5, 0.5)]
        ground = labelled(make_case())
        rows = [sure + [(NO_TOPIC, 0.0)] * 3] * 160
        rows[77] = torn + [(NO_TOPIC, 0.0)] * 3
        queue = queue_afresh(ground, likely(*rows), NOBODY)
        assert queue.papers[0] == 77
        assert queue.gains[0] == pytest.approx(2.0)

    def test_brings_a_tree_to_where_people_want_it(self):
        case = make_case()
        misnamed = (3, 2, 5, 6)
        before = score_afresh(labelled(case, names=misnamed), no_answers())
        asked = queue_afresh(labelled(case, names=misnamed), before, NOBODY).papers[:40]
        after = score_afresh(labelled(case, asked, misnamed), case.answers(asked))
        right = [(file_by_chance(PARENTS, one) == case.truth).mean() for one in (before, after)]
        assert right[0] < 0.6
        assert right[1] > 0.9
