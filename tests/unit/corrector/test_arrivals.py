import numpy as np
import pytest

from app.corrector.arrivals import file_arrivals
from app.corrector.scorer import fit_scorer
from app.hierarchy.smooth import to_unit
from app.hierarchy.tree import NO_TOPIC
from tests.unit.corrector.grounds import LEAVES, make_case, no_answers


def split(case):
    """Every tenth paper comes later."""
    new = np.arange(0, len(case.truth), 10)
    old = np.setdiff1d(np.arange(len(case.truth)), new)
    near = np.argsort(-(case.vectors[:, None] @ case.vectors[old].T)[:, 0], axis=1)[:, :15]
    standing = type(case)(case.vectors[old], _among(near[old], old), case.truth[old], case.filed[old])
    return standing, case.vectors[new], near[new], case.truth[new]


def _among(near, old):
    """Neighbours of standing papers without themselves."""
    return np.stack([row[row != place][:14] for place, row in enumerate(near)])


def file_in(standing, vectors, near, answers=None):
    ground = standing.ground()
    answers = answers or no_answers()
    return file_arrivals(fit_scorer(ground, answers), ground, answers, vectors, near)


class TestFileArrivals:
    def test_files_papers_with_their_like(self):
        standing, vectors, near, truth = split(make_case())
        assert (file_in(standing, vectors, near).assignments == truth).mean() > 0.9

    def test_moves_nothing_that_stands(self):
        standing, vectors, near, _ = split(make_case())
        before, ground = standing.filed.copy(), standing.ground()
        filed, sums = ground.filed.copy(), ground.sums.copy()
        file_arrivals(fit_scorer(ground, no_answers()), ground, no_answers(), vectors, near)
        assert (standing.filed == before).all()
        assert (ground.filed == filed).all()
        assert (ground.sums == sums).all()

    def test_files_a_paper_unlike_all_nowhere_and_says_its_best_guess(self):
        standing, _, near, _ = split(make_case(share_wrong=0))
        ground = standing.ground()
        aside = np.linalg.svd(ground.centroids)[2][-1:].astype(np.float32)
        strange = to_unit(ground.middle + 5 * aside)
        found = file_in(standing, strange, near[:1])
        assert found.assignments.tolist() == [NO_TOPIC]
        assert found.chances.topics[0, 0] in LEAVES

    def test_gives_no_other_confidence_than_that_of_the_likeliest_place(self):
        standing, vectors, near, _ = split(make_case())
        found = file_in(standing, vectors, near)
        assert (found.confidences == found.chances.chances[:, 0]).all()
        assert ((found.confidences > 0) & (found.confidences < 1)).all()

    @pytest.mark.parametrize("n_new", [0, 1])
    def test_files_few_and_none(self, n_new):
        standing, vectors, near, _ = split(make_case())
        assert len(file_in(standing, vectors[:n_new], near[:n_new]).assignments) == n_new

    def test_files_each_paper_as_if_it_came_alone(self):
        standing, vectors, near, _ = split(make_case())
        together = file_in(standing, vectors, near).assignments
        alone = [file_in(standing, vectors[i : i + 1], near[i : i + 1]).assignments[0] for i in range(4)]
        assert together[:4].tolist() == alone
