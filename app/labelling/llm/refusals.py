"""What a status other than 200 means: whether to try again, when, and what to tell."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

import openai

from app.labelling.llm.asking import LlmBusy, LlmRefused, LlmUnreachable
from app.labelling.llm.configuration import without_key
from app.labelling.llm.exchange import CallFailed

_LONGEST_MESSAGE = 300
_ABOUT_THE_PROMPT = (400, 413, 422)


def refusal(error: openai.APIStatusError, api_key: str) -> CallFailed:
    """Tell what a refused request means; a refused request costs nothing."""
    status = error.status_code
    said = f"The language model's server refused: {without_key(error.message, api_key)[:_LONGEST_MESSAGE]}"
    wait_s = seconds_to_wait(error.response.headers.get("retry-after"), datetime.now(UTC))
    if status == 429 and error.code != "insufficient_quota":
        return CallFailed(LlmBusy(said), repeatable=True, free=True, wait_s=wait_s)
    if status >= 500 or status == 408:
        return CallFailed(LlmUnreachable(said), repeatable=True, free=True, wait_s=wait_s)
    return CallFailed(LlmRefused(said), free=True, server_at_fault=status not in _ABOUT_THE_PROMPT)


def seconds_to_wait(retry_after: str | None, now: datetime) -> float | None:
    """Read a Retry-After, in seconds or as an HTTP date (RFC 9110, section 10.2.3).

    >>> seconds_to_wait("Thu, 01 Jan 1970 00:01:00 GMT", datetime(1970, 1, 1, 0, 0, 30, tzinfo=UTC))
    30.0
    """
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(retry_after).replace(tzinfo=UTC) - now).total_seconds()
        except ValueError:
            return None
    return max(0.0, seconds) if isfinite(seconds) else None
