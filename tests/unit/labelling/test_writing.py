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


class TestWritings:
    def test_writes_some_in_the_order_asked_for(self):
        found = find_phrases([("Snow", "Ice cores and hail.")] * 4, fewest_papers=1)
        some = found.texts.of([2, 0])
        assert list(some) == [found.texts[2], found.texts[0]]
        assert some.of([1])[0] == found.texts[0]
        assert found.texts[:2] == list(found.texts)[:2]
