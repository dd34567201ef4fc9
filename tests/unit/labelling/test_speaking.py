import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from app.labelling.speaking import LEAST_WORTH, weigh_meanings, worth_of_clearness

N_FIELDS, N_EACH = 12, 10


def fields():
    """Ten papers in each of a dozen directions."""
    return np.repeat(np.eye(N_FIELDS, dtype=np.float32), N_EACH, axis=0)


def meanings_of(users, vectors):
    uses = np.zeros((N_FIELDS * N_EACH, len(users)), np.float32)
    for phrase, papers in enumerate(users):
        uses[papers, phrase] = 1.0
    return weigh_meanings(csr_array(uses), np.array(vectors, np.float32), fields())


class TestWeighMeanings:
    def test_speaks_of_papers_that_are_as_near_as_those_that_write_it(self):
        meanings = meanings_of([[0, 1, 2]], [np.eye(N_FIELDS)[0]])
        near = fields() @ meanings.vectors[0] >= meanings.least[0]
        assert np.flatnonzero(near).tolist() == list(range(N_EACH))

    def test_knows_a_phrase_that_all_fields_write_from_the_name_of_one(self):
        everywhere = list(range(0, N_FIELDS * N_EACH, N_EACH))
        vectors = np.eye(N_FIELDS)[[0, 0]]
        of_one_field, of_all = meanings_of([[0, 1, 2], everywhere], vectors).clearness
        assert of_one_field > 3
        assert of_all == pytest.approx(0, abs=1e-6)

    def test_works_without_phrases(self):
        meanings = weigh_meanings(
            csr_array((5, 0), dtype=np.float32), np.zeros((0, 1), np.float32), fields()[:5]
        )
        assert len(meanings.least) == len(meanings.clearness) == 0

    @given(arrays(np.float32, (3, N_FIELDS), elements=st.floats(-1, 1, width=32)))
    def test_needs_no_more_than_what_papers_have_that_write_a_phrase(self, vectors):
        users = [[0, 1], [5, 40, 90], list(range(60))]
        meanings = meanings_of(users, vectors)
        assert np.isfinite(meanings.clearness).all()
        for phrase, papers in enumerate(users):
            usual = (fields()[papers] @ meanings.vectors[phrase]).mean()
            anyone = (fields() @ meanings.vectors[phrase]).mean()
            assert meanings.least[phrase] <= max(usual, anyone) + 1e-4


class TestWorthOfClearness:
    def test_grows_from_the_least_worth_to_one(self):
        worths = worth_of_clearness(np.linspace(-2, 8, 50))
        assert worths[0] == LEAST_WORTH
        assert worths[-1] == 1.0
        assert (np.diff(worths) >= 0).all()
