"""One question on its way to an answer."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Generic
from uuid import UUID

from app.labelling.llm.answers import NotAcceptable, read_answer
from app.labelling.llm.asking import Answer, LlmAnswerInvalid, LlmFailed, LlmTimedOut, Question, Reply
from app.labelling.llm.breaker import Breaker
from app.labelling.llm.calls import AnswerCache, Call, CallBook, CallEnd, Message, Outcome
from app.labelling.llm.configuration import LlmConfiguration, without_key
from app.labelling.llm.conversation import key_of, opening, sent_back, written_schema
from app.labelling.llm.costs import Amount, tokens_at_most
from app.labelling.llm.exchange import CallFailed, Completion, LlmServer, Request
from app.labelling.llm.timing import Timing

MOST_REPAIRS = 2
MOST_TRIES = 5
LOOK_S = 0.25
_LONGEST_KEPT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a gateway works with. ``still_wanted`` raises when the answers are of no more use."""

    server: LlmServer
    cache: AnswerCache
    book: CallBook
    breaker: Breaker
    timing: Timing = field(default_factory=Timing)
    still_wanted: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class _Heard:
    """A completion, and the open call in the book that gave it."""

    call_id: UUID
    completion: Completion
    seconds: float


class Turn(Generic[Answer]):
    """A question's turn: looked up, asked, repeated, repaired.

    Parameters
    ----------
    configuration : LlmConfiguration
        How to ask.
    means : Means
        With what.
    question : Question
        What to ask.
    until : float
        When, on the clock of ``means``, an answer comes too late.
    """

    def __init__(
        self, configuration: LlmConfiguration, means: Means, question: Question[Answer], until: float
    ) -> None:
        self._configuration = configuration
        self._means = means
        self._now = means.timing.clock
        self._question = question
        self._schema = question.schema.model_json_schema()
        self._until = until
        self._opening = opening(question, self._schema)
        place = configuration.base_url, configuration.model
        self._key = key_of(*place, self._opening, question.max_output_tokens)

    def from_cache(self) -> Reply[Answer] | None:
        """Give the answer that was acceptable before, if it still is."""
        known = self._means.cache.look_up(self._key)
        if known is None:
            return None
        try:
            answer = read_answer(known, self._question, is_last=True)
        except NotAcceptable:
            return None  # The question has learned to demand more.
        end = CallEnd("cached", answer=known[:_LONGEST_KEPT], tokens_in=0, tokens_out=0, spent=Amount())
        return Reply(answer, self._means.book.note(self._call(self._opening), end), from_cache=True)

    def from_model(self) -> Reply[Answer]:
        """Ask, and send answers back that are not acceptable, a few times.

        Raises
        ------
        CallFailed
            If the model gave no answer.
        LlmAnswerInvalid
            If none of its answers was acceptable.
        LlmBudgetSpent, LlmTimedOut
            If the question cannot be asked (again).
        """
        messages = self._opening
        for n_repairs in range(1 + MOST_REPAIRS):
            heard = self._exchange(messages)
            try:
                answer = self._judge(heard.completion, is_last=n_repairs == MOST_REPAIRS)
            except NotAcceptable as fault:
                reasons = fault.reasons
                self._end(heard, "invalid", str(fault))
                messages = sent_back(self._opening, heard.completion.text, reasons)
            else:
                self._means.cache.keep(self._key, self._configuration.model, heard.completion.text)
                self._end(heard, "answered")
                return Reply(answer, heard.call_id, from_cache=False)
        raise LlmAnswerInvalid(f"The model was asked {1 + MOST_REPAIRS} times. {' '.join(reasons)}")

    def note_unasked(self, failure: LlmFailed) -> None:
        """Record why the question was not asked."""
        call = replace(self._call(self._opening), messages=())
        end = CallEnd("not_asked", problem=failure.slug, detail=failure.detail, spent=Amount())
        self._means.book.note(call, end)

    def _judge(self, completion: Completion, *, is_last: bool) -> Answer:
        if completion.cut_off:
            most = self._question.max_output_tokens
            raise NotAcceptable([f"The answer was cut off after {most} tokens: it must be shorter."])
        return read_answer(completion.text, self._question, is_last=is_last)

    def _exchange(self, messages: list[Message]) -> _Heard:
        """Call the server, and again when it may help, as long as there is time."""
        call = self._call(messages)
        request = Request(messages, self._schema, self._question.max_output_tokens)
        n_failures = 0
        while True:
            self._means.still_wanted()
            time_limit_s = self._time_for_a_try()
            call_id, started = self._means.book.begin(call), self._now()
            try:
                completion = self._means.server.complete(
                    request, time_limit_s=time_limit_s, still_wanted=self._means.still_wanted
                )
            except CallFailed as failed:
                n_failures += 1
                self._fail(call_id, failed, self._now() - started)
                self._pause_after(failed, n_failures)
            else:
                text = without_key(completion.text, self._configuration.api_key)
                return _Heard(call_id, replace(completion, text=text), self._now() - started)

    def _call(self, messages: list[Message]) -> Call:
        question, configuration = self._question, self._configuration
        tokens_in = tokens_at_most(messages, written_schema(self._schema))
        return Call(
            purpose=question.purpose,
            subjects=question.subjects,
            base_url=configuration.base_url,
            model=configuration.model,
            messages=messages,
            at_most=configuration.prices.of(tokens_in, question.max_output_tokens),
        )

    def _time_for_a_try(self) -> float:
        left_s = self._until - self._now()
        if left_s <= 0:
            raise LlmTimedOut("No time was left to ask.")
        return min(left_s, self._configuration.attempt_s)

    def _pause_after(self, failed: CallFailed, n_failures: int) -> None:
        """Wait until the next try; raise the failure again when there is to be none."""
        pause_s = self._means.timing.pause_s(n_failures, failed.wait_s)
        resume = self._now() + pause_s
        if not failed.repeatable or n_failures == MOST_TRIES or resume >= self._until:
            raise failed
        while (left_s := resume - self._now()) > 0:
            self._means.still_wanted()
            self._means.timing.sleep(min(left_s, LOOK_S))

    def _fail(self, call_id: UUID, failed: CallFailed, seconds: float) -> None:
        spent = Amount() if failed.free else None
        slug, detail = failed.failure.slug, failed.failure.detail
        end = CallEnd("failed", problem=slug, detail=detail, spent=spent, seconds=seconds)
        self._means.book.end(call_id, end)

    def _end(self, heard: _Heard, outcome: Outcome, detail: str | None = None) -> None:
        said = heard.completion
        known = said.tokens_in is not None and said.tokens_out is not None
        spent = self._configuration.prices.of(said.tokens_in or 0, said.tokens_out or 0) if known else None
        end = CallEnd(
            outcome,
            answer=said.text[:_LONGEST_KEPT],
            problem=LlmAnswerInvalid.slug if outcome == "invalid" else None,
            detail=detail,
            tokens_in=said.tokens_in,
            tokens_out=said.tokens_out,
            spent=spent,
            seconds=heard.seconds,
        )
        self._means.book.end(heard.call_id, end)
