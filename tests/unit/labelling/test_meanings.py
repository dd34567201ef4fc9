import numpy as np
import pytest

from app.labelling.meanings import CHUNK, tell_meanings
from tests.fakes import HashEmbedder

KEYS = [("ice", "core"), ("ice", "sheet"), ("bee",), ("wild", "bee")]
TEXTS = [" ".join(key) for key in KEYS]
FIELDS = np.eye(3, dtype=np.float32)[[0, 0, 1, 1]]
"""What the papers of each phrase are about."""


def embed_fields(texts):
    return np.array([FIELDS[TEXTS.index(text)] for text in texts])


class TestTellMeanings:
    def test_takes_the_encoders_word_where_all_are_embedded(self):
        vectors = tell_meanings(TEXTS, KEYS, FIELDS, np.arange(4), HashEmbedder().embed)
        assert vectors == pytest.approx(HashEmbedder().embed(TEXTS))

    def test_tells_a_phrase_from_others_of_its_papers_and_words(self):
        told = tell_meanings(TEXTS, KEYS, FIELDS, np.array([0, 2]), embed_fields)
        assert told[1] @ FIELDS[1] > 2 * told[1] @ FIELDS[2]
        assert told[3] @ FIELDS[3] > 2 * told[3] @ FIELDS[0]

    def test_makes_what_it_tells_shorter_than_what_it_knows(self):
        told = tell_meanings(TEXTS, KEYS, FIELDS, np.array([0, 2]), embed_fields)
        assert np.linalg.norm(told[[0, 2]], axis=1) == pytest.approx(1)
        assert np.all(np.linalg.norm(told[[1, 3]], axis=1) < 1)

    def test_tells_by_words_alone_where_papers_say_nothing(self):
        told = tell_meanings(TEXTS, KEYS, np.zeros((4, 3), np.float32), np.array([0, 2]), embed_fields)
        assert told[1] @ FIELDS[0] > told[1] @ FIELDS[2]

    def test_embeds_only_what_it_is_told_to_and_few_at_a_time(self):
        seen = []

        def embed(texts):
            seen.append(len(texts))
            return HashEmbedder().embed(texts)

        keys = [(f"word{number}",) for number in range(CHUNK + 50)]
        centroids = HashEmbedder().embed([key[0] for key in keys])
        tell_meanings([key[0] for key in keys], keys, centroids, np.arange(CHUNK + 10), embed)
        assert seen == [CHUNK, 10]

    def test_has_no_vectors_of_no_phrases(self):
        nothing = np.empty(0, np.int64)
        assert len(tell_meanings([], [], np.zeros((0, 3), np.float32), nothing, embed_fields)) == 0
