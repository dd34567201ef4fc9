from hypothesis import given
from hypothesis import strategies as st

from app.index.texts import distinct_texts


class TestDistinctTexts:
    @given(texts=st.lists(st.text(max_size=3)))
    def test_lists_each_text_once_and_says_where(self, texts: list[str]) -> None:
        distinct, rows = distinct_texts(texts)
        assert len(set(distinct)) == len(distinct)
        assert [distinct[row] for row in rows] == texts

    def test_replaces_half_of_a_surrogate_pair(self) -> None:
        assert distinct_texts(["moss \ud83d", "moss ?"]) == (["moss ?"], [0, 0])
