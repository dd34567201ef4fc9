import numpy as np

from app.corrector.arrivals import file_arrivals
from app.corrector.scorer import fit_scorer
from app.corrector.trust import FEWEST, Stand, Trust, file_trusted, learn_trust
from tests.unit.corrector.grounds import make_case, no_answers


def stand_of(case):
    ground = case.ground()
    confidences = np.full(len(case.filed), 0.9, np.float32)
    return Stand(case.vectors, case.neighbours, ground.parents, case.filed, confidences)


class TestLearnTrust:
    def test_takes_chances_as_they_are_where_hardly_anything_stands(self):
        stand = stand_of(make_case())
        few = Stand(stand.vectors[:9], stand.neighbours[:9] % 9, stand.parents, *_first(stand, 9))
        assert learn_trust(few, no_answers(), seed=0).n_cases < FEWEST
        assert learn_trust(few, no_answers(), seed=0) == Trust(n_cases=0)

    def test_is_the_same_for_the_same_seed_and_moves_nothing(self):
        stand = stand_of(make_case())
        before = stand.assignments.copy()
        assert learn_trust(stand, no_answers(), seed=1) == learn_trust(stand, no_answers(), seed=1)
        assert (stand.assignments == before).all()

    def test_trusts_filing_as_far_as_it_gives_the_place_papers_have(self):
        means, came_true = zip(*(self.file_again(share_wrong) for share_wrong in (0.1, 0.5)), strict=True)
        assert abs(means[0] - came_true[0]) < 0.12
        assert means[1] < means[0] - 0.2

    def file_again(self, share_wrong):
        case = make_case(share_wrong=share_wrong)
        stand, ground, vectors, near = stand_of(case), case.ground(), case.vectors, case.neighbours
        found = file_arrivals(fit_scorer(ground, no_answers()), ground, no_answers(), vectors, near)
        trusted = file_trusted(learn_trust(stand, no_answers(), seed=0), found)
        assert (trusted.assignments == found.assignments).all()
        return trusted.confidences.mean(), (found.chances.topics[:, 0] == case.filed).mean()


def _first(stand, n):
    return stand.assignments[:n], stand.confidences[:n]
