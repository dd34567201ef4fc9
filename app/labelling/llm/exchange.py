"""One call to a server: what it gives, and how it fails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.labelling.llm.asking import LlmFailed
from app.labelling.llm.calls import Message

JsonSchema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote; ``cut_off`` when it ran into the limit of its answer.

    The counts of tokens are the server's; None when it gives none that make sense.
    """

    text: str
    cut_off: bool
    tokens_in: int | None
    tokens_out: int | None


class CallFailed(Exception):
    """A call that gave no text.

    Parameters
    ----------
    failure : LlmFailed
        What the asker is told.
    repeatable : bool
        Whether the same call may succeed a little later.
    free : bool
        Whether it surely costs nothing: nothing was sent, or the server refused it.
    server_at_fault : bool
        Whether any other question would have failed as well.
    wait_s : float, optional
        How long the server asks to be left alone.
    """

    def __init__(
        self,
        failure: LlmFailed,
        *,
        repeatable: bool = False,
        free: bool = False,
        server_at_fault: bool = True,
        wait_s: float | None = None,
    ) -> None:
        super().__init__(failure.detail)
        self.failure = failure
        self.repeatable = repeatable
        self.free = free
        self.server_at_fault = server_at_fault
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, apart from what is the same for all calls to a server."""

    messages: Sequence[Message]
    schema: JsonSchema
    max_output_tokens: int


class LlmServer(Protocol):
    """A server that completes conversations."""

    def complete(
        self, request: Request, *, time_limit_s: float, still_wanted: Callable[[], None]
    ) -> Completion:
        """Ask for the next message of a conversation.

        Parameters
        ----------
        request : Request
            The conversation and what its answer must be.
        time_limit_s : float
            For everything, from looking up the server's name to the last byte.
        still_wanted : callable
            Called several times a second; what it raises ends the call.

        Raises
        ------
        CallFailed
            If there is no answer.
        """
        ...
