"""Says when asking a language model further questions is of no use."""

from collections.abc import Sequence

from app.labelling.llm.asking import Answer, LlmBreakerOpen, LlmBudgetSpent, LlmFailed, LlmRefused, Reply


def reason_to_stop(replies: Sequence[Reply[Answer] | LlmFailed]) -> LlmFailed | None:
    """Give the failure after which the next questions would fail as well.

    Nothing is left to spend, the server is left alone for a while, or it refused all of these.
    """
    failures = [reply for reply in replies if isinstance(reply, LlmFailed)]
    for failure in failures:
        if isinstance(failure, LlmBudgetSpent | LlmBreakerOpen):
            return failure
    refused = [failure for failure in failures if isinstance(failure, LlmRefused)]
    return refused[0] if refused and len(refused) == len(replies) else None
