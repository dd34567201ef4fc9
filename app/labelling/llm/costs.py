"""What calls cost in tokens and money, before and after they are made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

_MILLION = Decimal(1_000_000)
_SMALLEST = Decimal("0.000000001")
_AROUND_A_MESSAGE = 16


@dataclass(frozen=True, slots=True)
class Amount:
    """Tokens, sent and received together, and what they cost in the currency of the prices."""

    tokens: int = 0
    money: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Prices:
    """Money for a million tokens; with zeros only tokens are counted."""

    tokens_in: Decimal = Decimal(0)
    tokens_out: Decimal = Decimal(0)

    def of(self, tokens_in: int, tokens_out: int) -> Amount:
        """Say what tokens cost, rounded up to a billionth.

        >>> Prices(Decimal("0.15"), Decimal("0.60")).of(1000, 100)
        Amount(tokens=1100, money=Decimal('0.000210000'))
        """
        money = (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / _MILLION
        return Amount(tokens_in + tokens_out, money.quantize(_SMALLEST, ROUND_UP))


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be spent by one build, and in one calendar month (UTC) by one workspace; None: anything."""

    tokens_per_build: int | None = None
    money_per_build: Decimal | None = None
    tokens_per_month: int | None = None
    money_per_month: Decimal | None = None


def tokens_at_most(messages: Iterable[Mapping[str, str]], schema: str) -> int:
    """Bound the tokens that messages and the schema of their answer can come to.

    A token is at least one byte of UTF-8, so the bytes bound the tokens without knowing the tokenizer;
    English text takes about a quarter of it.
    """
    size = sum(len(message["content"].encode("utf-8", "replace")) + _AROUND_A_MESSAGE for message in messages)
    return size + len(schema.encode())
