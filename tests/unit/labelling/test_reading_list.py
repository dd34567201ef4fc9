import numpy as np
import pytest

from app.labelling import reading_list
from app.labelling.reading_list import papers_to_read
from tests.unit.hierarchy.trees import make_tree
from tests.unit.labelling.papers import field_vectors


@pytest.fixture
def _hundred(monkeypatch):
    monkeypatch.setattr(reading_list, "MOST_READ", 100)


def read_of(sizes, *, unassigned=0):
    """Choose of leaves of these sizes; gives the papers and their topics."""
    fields = [field for field, size in enumerate(sizes) for _ in range(size)]
    topics = np.array([*(field + 1 for field in fields), *[-1] * unassigned])
    tree = make_tree([-1, *[0] * len(sizes)], topics.tolist())
    vectors = field_vectors([*fields, *[0] * unassigned])
    read = papers_to_read(tree, vectors)
    return read, topics[read], vectors


@pytest.mark.usefixtures("_hundred")
class TestPapersToRead:
    def test_reads_all_of_a_small_corpus(self):
        assert read_of([40, 60])[0].tolist() == list(range(100))

    def test_reads_the_same_share_of_each_topic_but_not_too_few(self):
        read, topics, _ = read_of([400, 80, 15, 5])
        assert np.all(np.diff(read) > 0)
        assert np.bincount(topics).tolist() == [0, 80, 16, 12, 5]

    def test_reads_the_most_central_papers_of_a_topic(self):
        read, topics, vectors = read_of([300, 300])
        own = vectors[:300] @ vectors[:300].sum(axis=0)
        assert set(np.argsort(-own)[:25].tolist()) <= set(read[topics == 1].tolist())

    def test_reads_papers_that_are_not_central_either(self):
        read, topics, vectors = read_of([300, 300])
        own = vectors[:300] @ vectors[:300].sum(axis=0)
        assert own[read[topics == 1]].min() == own.min()

    def test_reads_some_of_the_unassigned(self):
        assert np.any(read_of([300, 300], unassigned=60)[1] == -1)
