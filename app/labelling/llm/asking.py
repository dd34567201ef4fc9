"""A typed question to a language model, its answer, and what can go wrong: all that askers need to know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel

from app.errors import UnavailableError

Answer = TypeVar("Answer", bound=BaseModel)


class LlmFailed(UnavailableError):
    """A question was not answered; whoever asked goes on without."""


class LlmUnreachable(LlmFailed):
    """Nobody answers at the base URL, or only with failures of the server."""

    slug = "llm-unreachable"
    title = "The language model's server cannot be reached"


class LlmTimedOut(LlmFailed):
    """The answer did not come, or not all of it, before the deadline."""

    slug = "llm-timed-out"
    title = "The language model took too long"


class LlmRefused(LlmFailed):
    """The server refuses the request: a wrong key, model or address, or a prompt it does not take."""

    slug = "llm-refused"
    title = "The language model's server refused the request"


class LlmBusy(LlmFailed):
    """The server still answers 429 after all retries."""

    slug = "llm-busy"
    title = "The language model's server is busy"


class LlmAnswerInvalid(LlmFailed):
    """The answers were not what the question demands, not even after they were sent back."""

    slug = "llm-answer-invalid"
    title = "The language model's answers cannot be used"


class LlmBudgetSpent(LlmFailed):
    """The call could cost more than is left of a limit, so it was not made."""

    slug = "llm-budget-spent"
    title = "The language model's budget is spent"


class LlmBreakerOpen(LlmFailed):
    """The server failed so often in a row that it is left alone for a while."""

    slug = "llm-breaker-open"
    title = "The language model's server failed too often"


# Without slots: Python 3.11 cannot make a frozen generic class with slots by its subscripted name.
@dataclass(frozen=True)
class Question(Generic[Answer]):
    """What is asked, and what an acceptable answer is.

    Parameters
    ----------
    purpose : str
        What it is asked for, such as ``label_topics``; shown in the audit.
    system : str
        Instructions; the same for all questions of a purpose.
    prompt : str
        Everything about the papers, marked as data. Nothing else is sent.
    schema : type of BaseModel
        What the answer must be: a pydantic model that forbids further members.
    subjects : tuple of str
        Numbers of topics or ids of papers it is about; for the audit, never sent.
    max_output_tokens : int
        Longest answer.
    check : callable, optional
        Further demands: gives the reasons why an answer is not acceptable, none when it is. The
        model is told them and asked again.
    enough : callable, optional
        What even the last answer, or one that was kept, must meet; as ``check`` if it is left out. An answer
        of many parts is thus not lost for the one part that could not be mended.
    """

    purpose: str
    system: str
    prompt: str
    schema: type[Answer]
    subjects: tuple[str, ...] = ()
    max_output_tokens: int = 1000
    check: Callable[[Answer], list[str]] | None = None
    enough: Callable[[Answer], list[str]] | None = None


@dataclass(frozen=True)
class Reply(Generic[Answer]):
    """An acceptable answer; ``call_id`` names the row of the audit that tells how it came about."""

    answer: Answer
    call_id: UUID | None
    from_cache: bool


class Asker(Protocol):
    """Answers questions."""

    def ask(self, question: Question[Answer]) -> Reply[Answer]:
        """Answer one question.

        Raises
        ------
        LlmFailed
            If there is no acceptable answer; the subclasses say why.
        """
        ...

    def ask_all(self, questions: Sequence[Question[Answer]]) -> list[Reply[Answer] | LlmFailed]:
        """Answer questions side by side, in their order; a failure stands in the place of its answer."""
        ...
