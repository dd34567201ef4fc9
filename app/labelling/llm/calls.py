"""What is kept of calls: answers for another time, money before and after, and the audit.

Protocols: this package knows no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from app.labelling.llm.costs import Amount

Message = dict[str, str]
Outcome = Literal["answered", "invalid", "failed", "cached", "not_asked"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call about to be made: exactly what is sent, and the most it can cost."""

    purpose: str
    subjects: tuple[str, ...]
    base_url: str
    model: str
    messages: Sequence[Message]
    at_most: Amount


@dataclass(frozen=True, slots=True)
class CallEnd:
    """How a call ended.

    ``outcome``: ``answered``; ``invalid``, an answer that was not acceptable; ``failed``, no answer;
    ``cached``, no call was needed; ``not_asked``, none was made. ``spent`` is None when the server did
    not say: what was reserved then counts as spent.
    """

    outcome: Outcome
    answer: str | None = None
    problem: str | None = None
    detail: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    spent: Amount | None = None
    seconds: float = 0.0


class AnswerCache(Protocol):
    """Acceptable answers, by the hash of everything they depend on."""

    def look_up(self, key: bytes) -> str | None:
        """Give the JSON text of an answer, if it is there."""
        ...

    def keep(self, key: bytes, model: str, answer: str) -> None:
        """Keep the JSON text of an acceptable answer."""
        ...


class CallBook(Protocol):
    """The ledger and the audit: what may be spent, what was sent, and what became of it."""

    def begin(self, call: Call) -> UUID:
        """Reserve the most a call can cost and record what is to be sent, durably.

        Raises
        ------
        LlmBudgetSpent
            If less than that is left of a limit.
        """
        ...

    def end(self, call_id: UUID, end: CallEnd) -> None:
        """Settle a call with what it did cost, and record how it ended."""
        ...

    def note(self, call: Call, end: CallEnd) -> UUID:
        """Record a question for which no call was made."""
        ...
