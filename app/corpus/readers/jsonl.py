"""Reads JSON Lines: one paper a line."""

import re
from collections.abc import Iterator, Mapping

from app.corpus.readers.objects import DECODER, draft_of_object
from app.corpus.readers.record import MAX_FIELD, MAX_RECORD, TOO_LONG, Draft, Parsed
from app.corpus.readers.text import TextFile

_FEW_BRACKETS = 16
_UNSTORABLE = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)
_NOT_OBJECT = "The line is not a JSON object."


def read_jsonl(source: TextFile, mapping: Mapping[str, str] | None = None) -> Iterator[Parsed]:
    """Read one paper from each line that is not empty."""
    for number, text in source.lines():
        if len(text) > MAX_RECORD:
            yield Parsed(number, TOO_LONG)
        elif text := text.strip(" \t\x00\x1e\ufeff"):
            yield Parsed(number, _draft_or_reason(text, mapping))


def _draft_or_reason(text: str, mapping: Mapping[str, str] | None) -> Draft | str:
    try:
        value, end = DECODER.raw_decode(text)
    except RecursionError:
        return "The line is nested too deeply."
    except ValueError as error:
        return f"The line is not valid JSON: {error}."
    if text[end:].strip(" \t,"):
        return f"The line is not valid JSON: there is more after its end, at character {end + 1}."
    if not isinstance(value, dict):
        return _NOT_OBJECT
    return draft_of_object(value, mapping, storable=_is_storable(text))


def _is_storable(text: str) -> bool:
    """Whether a line is short and flat, and holds no NUL or surrogate: those can only come escaped."""
    return (
        len(text) <= MAX_FIELD
        and text.count("[") + text.count("{") <= _FEW_BRACKETS
        and not ("\\u" in text and _UNSTORABLE.search(text))
        and "\x00" not in text
    )
