from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.labelling.llm.costs import Amount, Prices, tokens_at_most


class TestPrices:
    def test_are_for_a_million_tokens(self) -> None:
        cost = Prices(Decimal("0.15"), Decimal("0.60")).of(1_000_000, 500_000)
        assert cost == Amount(1_500_000, Decimal("0.45"))

    def test_are_rounded_up(self) -> None:
        assert Prices(Decimal("0.0001"), Decimal(0)).of(1, 0).money == Decimal("0.000000001")


class TestTokensAtMost:
    @given(st.text(min_size=1))
    def test_is_more_than_a_token_for_every_byte(self, text: str) -> None:
        size = len(text.encode("utf-8", "replace"))
        assert tokens_at_most([{"role": "user", "content": text}], "{}") > size

    @pytest.mark.parametrize("n", [1, 2, 4])
    def test_allows_for_what_stands_around_each_message(self, n: int) -> None:
        assert tokens_at_most([{"content": ""}] * n, "") >= 10 * n
