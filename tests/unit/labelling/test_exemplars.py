import numpy as np

from app.hierarchy.smooth import to_unit
from app.labelling.exemplars import choose_exemplars, choose_sentence, shorten


class TestChooseExemplars:
    def test_begins_with_the_most_central_paper(self):
        vectors = to_unit(np.array([[1, 1], [1, 0], [0, 1], [-1, -1]], dtype=np.float32))
        assert choose_exemplars(vectors, np.array([0, 1, 2]))[0] == 0

    def test_prefers_variety_to_copies(self):
        vectors = to_unit(np.array([[1, 0, 0]] * 12 + [[0.9, 0.5, 0], [0.9, 0, 0.5]], dtype=np.float32))
        assert {12, 13} <= set(choose_exemplars(vectors, np.arange(14))[:3])

    def test_gives_at_most_eight_and_none_for_none(self):
        vectors = to_unit(np.random.default_rng(0).normal(size=(100, 4)).astype(np.float32))
        chosen = choose_exemplars(vectors, np.arange(100))
        assert len(chosen) == len(set(chosen)) == 8
        assert choose_exemplars(vectors, np.array([], dtype=np.int64)) == ()


class TestChooseSentence:
    texts = (
        (
            "Old ice",
            "Short. Ice cores keep the air of a hundred thousand winters in small bubbles. We thank all.",
        ),
        ("Snow", "Nothing of interest is said in this rather long sentence about other things entirely."),
    )

    def test_takes_the_one_with_the_keyphrases(self):
        sentence = choose_sentence(self.texts, [1, 0], {("ice", "core"): 1.0})
        assert sentence.startswith("Ice cores keep")

    def test_falls_back_to_the_title(self):
        assert choose_sentence(self.texts, [1, 0], {("zebra",): 1.0}) == "Snow"
        assert choose_sentence(self.texts, [], {}) == ""


class TestShorten:
    def test_cuts_between_words(self):
        assert shorten("one two three", 9) == "one two…"
        assert shorten("one", 9) == "one"
        assert len(shorten("x" * 200, 80)) <= 80
