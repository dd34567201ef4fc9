from hypothesis import given
from hypothesis import strategies as st

from app.labelling.plain_text import tokens
from app.labelling.reading import MARK, read_row


def words_of(row):
    return [row.written[number] for number in row.position]


class TestReadRow:
    def test_reads_titles_first_with_a_mark_after_each_part(self):
        row = read_row([("Ice cores", "Old ice."), ("Snow", "")])
        assert words_of(row) == ["Ice", "cores", MARK, "Old", "ice", ".", MARK, "Snow", MARK, MARK]
        assert row.paper.tolist() == [0] * 7 + [1] * 3
        assert row.from_title.tolist() == [True] * 3 + [False] * 4 + [True] * 2 + [False]

    def test_numbers_words_by_their_first_use(self):
        assert read_row([("b a b", "c, a")]).written == [MARK, "b", "a", "c", ","]

    def test_reads_nothing_of_nothing(self):
        assert read_row([]).position.shape == (0,)
        assert words_of(read_row([("", "")])) == [MARK, MARK]

    @given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=80)), max_size=6))
    def test_divides_any_text_as_if_it_were_read_whole(self, texts):
        parts = [word for paper in texts for text in paper for word in [*tokens(text), MARK]]
        assert words_of(read_row(texts)) == parts
