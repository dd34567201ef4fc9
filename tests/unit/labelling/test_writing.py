from app.labelling.phrases import find_phrases


class TestUsualWriting:
    def test_drops_the_capitals_of_titles(self):
        titles = [("Speech Enhancement", "We use speech. An enhancement of it is good.")] * 5
        assert "speech enhancement" in find_phrases(titles, fewest_papers=1).texts

    def test_keeps_the_capitals_of_names(self):
        titles = [("Snow on Mount Etna", "The snow of Etna.")] * 5
        assert "Mount Etna" in find_phrases(titles, fewest_papers=1).texts

    def test_drops_a_possessive_at_the_end(self):
        texts = [("", "The teacher's is this. The teacher's was that.")] * 3
        assert list(find_phrases(texts, fewest_papers=1).texts) == ["teacher"]
