"""An OpenAI-compatible server, through the ``openai`` client.

Each call has a connection of its own: nothing has to be closed, and none is found dead when it is needed.
It runs in an event loop, since only there can a call be ended at any moment, whatever it waits for:
a name that does not resolve, headers or a body that come byte by byte.
"""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import TimeoutError as StillRunning
from functools import cache
from ssl import SSLContext
from typing import Any

import httpx2
import openai
from pydantic import BaseModel, ValidationError

from app.labelling.llm.asking import LlmAnswerInvalid, LlmTimedOut, LlmUnreachable
from app.labelling.llm.dialect import Dialect
from app.labelling.llm.exchange import CallFailed, Completion, Request
from app.labelling.llm.refusals import refusal

MOST_BYTES = 1024 * 1024
_CONNECT_S = 10.0
_LOOK_S = 0.25
_LARGEST_COUNT = 2**31
_ANY_KEY = "none"
# Said by the client of its own accord: about this machine, or from variables meant for other programs.
_UNSAID = (
    "OpenAI-Organization",
    "OpenAI-Project",
    "X-Stainless-Lang",
    "X-Stainless-Package-Version",
    "X-Stainless-OS",
    "X-Stainless-Arch",
    "X-Stainless-Runtime",
    "X-Stainless-Runtime-Version",
    "X-Stainless-Async",
    "X-Stainless-Read-Timeout",
)


class OpenAiServer:
    """A server at a base URL, asked for one model.

    Parameters
    ----------
    base_url, model, api_key : str
        Where, which, and with what; a server that wants no key is given an empty one.
    most_bytes : int
        Larger answers are cut off.
    """

    def __init__(self, base_url: str, model: str, api_key: str = "", *, most_bytes: int = MOST_BYTES) -> None:
        self._base_url = base_url
        self._model = model
        self._api_key = api_key
        self._most_bytes = most_bytes
        self._dialect = Dialect()

    def complete(
        self, request: Request, *, time_limit_s: float, still_wanted: Callable[[], None]
    ) -> Completion:
        """Ask for the next message of a conversation, as ``LlmServer`` says."""
        call = asyncio.run_coroutine_threadsafe(self._limited(request, time_limit_s), _loop())
        try:
            while True:
                try:
                    return call.result(_LOOK_S)
                except StillRunning:
                    still_wanted()
        finally:
            call.cancel()

    async def _limited(self, request: Request, time_limit_s: float) -> Completion:
        try:
            async with asyncio.timeout(time_limit_s):
                return await self._in_a_dialect(request)
        except TimeoutError:
            detail = f"No whole answer came within {time_limit_s:.0f} seconds."
            raise CallFailed(LlmTimedOut(detail), repeatable=True) from None

    async def _in_a_dialect(self, request: Request) -> Completion:
        """Ask; when the server does not take how it is asked, ask more simply, and remember."""
        dialect = self._dialect
        while True:
            try:
                completion = _read(await self._send(request, dialect))
            except openai.APIStatusError as error:
                simpler = dialect.simpler_after(error.status_code, error.message)
                if simpler is None:
                    raise refusal(error, self._api_key) from None
                dialect = simpler
            else:
                self._dialect = dialect
                return completion

    async def _send(self, request: Request, dialect: Dialect) -> bytes:
        async with self._client() as client:
            asking: Any = client.chat.completions.with_raw_response
            try:
                reply = await asking.create(
                    model=self._model, messages=list(request.messages), **dialect.parameters(request)
                )
            except openai.APIConnectionError as error:
                raise _unreachable(error.__cause__) from None
        content: bytes = reply.content
        return content

    def _client(self) -> openai.AsyncOpenAI:
        async def bound(response: httpx2.Response) -> None:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise _unusable("The server packs its answers although it was asked not to.")
            assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - For the type checker.
            response.stream = _Bounded(response.stream, self._most_bytes)

        return openai.AsyncOpenAI(
            base_url=self._base_url,
            api_key=self._api_key or _ANY_KEY,
            max_retries=0,
            default_headers={"Accept-Encoding": "identity", **dict.fromkeys(_UNSAID, openai.omit)},  # type: ignore[arg-type]
            http_client=httpx2.AsyncClient(
                verify=_certificates(),
                follow_redirects=False,
                timeout=httpx2.Timeout(None, connect=_CONNECT_S),
                event_hooks={"response": [bound]},
            ),
        )


class _Bounded(httpx2.AsyncByteStream):
    """A body that is cut off where it gets too large."""

    def __init__(self, stream: httpx2.AsyncByteStream, most_bytes: int) -> None:
        self._stream = stream
        self._left = most_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._left -= len(chunk)
            if self._left < 0:
                raise _unusable("The server's answer is far larger than was asked for.")
            yield chunk

    async def aclose(self) -> None:
        """Close what is read."""
        await self._stream.aclose()


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Body(BaseModel):
    """What is read of a chat completion; servers add to it as they like."""

    choices: list[_Choice]
    usage: _Usage | None = None


def _read(content: bytes) -> Completion:
    try:
        body = _Body.model_validate_json(content)
        choice = body.choices[0]
    except (ValidationError, IndexError):
        raise _unusable("What the server answered is not a chat completion.") from None
    usage = body.usage or _Usage()
    return Completion(
        text=choice.message.content or "",
        cut_off=choice.finish_reason == "length",
        tokens_in=_sensible(usage.prompt_tokens),
        tokens_out=_sensible(usage.completion_tokens),
    )


def _sensible(count: int | None) -> int | None:
    return count if count is not None and 0 <= count < _LARGEST_COUNT else None


def _unusable(detail: str) -> CallFailed:
    return CallFailed(LlmAnswerInvalid(detail))


def _unreachable(cause: BaseException | None) -> CallFailed:
    before_sending = isinstance(cause, (httpx2.ConnectError, httpx2.ConnectTimeout))
    how = "does not take connections" if before_sending else "ended the connection without a whole answer"
    failure = LlmUnreachable(f"The language model's server {how} ({type(cause).__name__}).")
    return CallFailed(failure, repeatable=True, free=before_sending)


@cache
def _certificates() -> SSLContext:
    """Read the certificates that are trusted, once: it takes a while."""
    return httpx2.create_ssl_context()


def _loop() -> asyncio.AbstractEventLoop:
    return _loop_of(os.getpid())


@cache
def _loop_of(_process: int) -> asyncio.AbstractEventLoop:
    """Start the loop of a process; a forked one has only the memory of its parent's."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="language models", daemon=True).start()
    return loop
