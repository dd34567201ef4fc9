"""From the text of a model to an answer: one JSON object, plain or in one fence, that fits its schema."""

import json
import math
from typing import Any, NoReturn

from pydantic import ValidationError

from app.labelling.llm.asking import Answer, Question

_MOST_REASONS = 10
_FENCE = "```"


class NotAcceptable(Exception):
    """An answer that is not what the question demands, with the reasons, for the model to read."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def read_answer(text: str, question: Question[Answer], *, is_last: bool = False) -> Answer:
    """Read an answer and hold it against everything its question demands; the last one, against the least.

    Raises
    ------
    NotAcceptable
        If it is not a JSON object, does not fit the schema, or fails the question's own check.
    """
    written = _only_json(text)
    _check_json(written)
    try:
        answer = question.schema.model_validate_json(written, strict=True)
    except ValidationError as error:
        raise NotAcceptable(_reasons(error)) from None
    check = question.enough if is_last and question.enough is not None else question.check
    reasons = check(answer) if check is not None else []
    if reasons:
        raise NotAcceptable(reasons[:_MOST_REASONS])
    return answer


def _only_json(text: str) -> str:
    """Leave out the thoughts some models write first, and a fence around the answer."""
    text = text.strip()
    if text.startswith("<think>"):
        text = text.partition("</think>")[2].strip()
    if text.startswith("{"):
        return text
    pieces = text.split(_FENCE)
    if len(pieces) != 3:
        raise NotAcceptable(["The answer is not one JSON object and nothing else."])
    return pieces[1].removeprefix("json").removeprefix("JSON").strip()


def _check_json(text: str) -> None:
    """Refuse what JSON readers disagree about, such as names that stand twice in an object."""
    try:
        json.loads(text, object_pairs_hook=_once_each, parse_constant=_not_a_number, parse_float=_finite)
    except NotAcceptable:
        raise
    except RecursionError:
        raise NotAcceptable(["The JSON is nested too deep."]) from None
    except ValueError as error:
        raise NotAcceptable([f"The JSON cannot be read: {error}."]) from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise NotAcceptable(["A member stands twice in an object."])
    return members


def _not_a_number(name: str) -> NoReturn:
    raise NotAcceptable([f"{name} is not JSON."])


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise NotAcceptable(["A number is too large."])
    return value


def _reasons(error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_context=False, include_input=False)[:_MOST_REASONS]
    return [f"{'.'.join(map(str, one['loc'])) or 'The answer'}: {one['msg']}." for one in found]
