"""A cache and a book of calls that last as long as the process: for asking without a database."""

import threading
from uuid import UUID, uuid4

from app.labelling.llm.asking import LlmBudgetSpent
from app.labelling.llm.calls import Call, CallEnd
from app.labelling.llm.costs import Amount, Limits


class MemoryCache:
    """Keeps acceptable answers, as ``AnswerCache`` says."""

    def __init__(self) -> None:
        self._answers: dict[bytes, str] = {}

    def look_up(self, key: bytes) -> str | None:
        """Give the JSON text of an answer, if it is there."""
        return self._answers.get(key)

    def keep(self, key: bytes, model: str, answer: str) -> None:
        """Keep the text of an acceptable answer."""
        self._answers[key] = answer


class MemoryBook:
    """Reserves, settles and remembers calls, as ``CallBook`` says; the limits of a build apply."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._spent: dict[UUID, Amount] = {}
        self.calls: dict[UUID, Call] = {}
        self.ends: dict[UUID, CallEnd] = {}

    @property
    def spent(self) -> Amount:
        """All that is spent or reserved."""
        amounts = list(self._spent.values())
        money = sum((amount.money for amount in amounts), Amount().money)
        return Amount(sum(amount.tokens for amount in amounts), money)

    def begin(self, call: Call) -> UUID:
        """Reserve the most a call can cost, and remember it."""
        with self._lock:
            tokens, money = self.spent.tokens + call.at_most.tokens, self.spent.money + call.at_most.money
            most_tokens, most_money = self._limits.tokens_per_build, self._limits.money_per_build
            if (most_tokens is not None and tokens > most_tokens) or (
                most_money is not None and money > most_money
            ):
                raise LlmBudgetSpent("The next call could cost more than is left of the limit.")
            return self._add(call, call.at_most)

    def end(self, call_id: UUID, end: CallEnd) -> None:
        """Settle a call."""
        with self._lock:
            self.ends[call_id] = end
            if end.spent is not None:
                self._spent[call_id] = end.spent

    def note(self, call: Call, end: CallEnd) -> UUID:
        """Remember a question for which no call was made."""
        with self._lock:
            call_id = self._add(call, Amount())
            self.ends[call_id] = end
            return call_id

    def _add(self, call: Call, spent: Amount) -> UUID:
        call_id = uuid4()
        self.calls[call_id], self._spent[call_id] = call, spent
        return call_id
