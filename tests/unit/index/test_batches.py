from hypothesis import given
from hypothesis import strategies as st

from app.index.batches import equal_length_batches


class TestEqualLengthBatches:
    @given(lengths=st.lists(st.integers(1, 300)), token_budget=st.integers(1, 1000))
    def test_puts_every_text_in_one_batch_of_its_length(self, lengths: list[int], token_budget: int) -> None:
        batches = list(equal_length_batches(lengths, token_budget))
        assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
        for batch in batches:
            assert len({lengths[i] for i in batch}) == 1
            assert len(batch) == 1 or sum(lengths[i] for i in batch) <= token_budget

    @given(lengths=st.lists(st.integers(1, 9)))
    def test_starts_with_the_longest(self, lengths: list[int]) -> None:
        order = [lengths[batch[0]] for batch in equal_length_batches(lengths, 20)]
        assert order == sorted(order, reverse=True)

    def test_fills_batches(self) -> None:
        assert [len(batch) for batch in equal_length_batches([10] * 25, 100)] == [10, 10, 5]
