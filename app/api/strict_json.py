"""Checks a JSON body before anything is built from it, more strictly than Python's own parser.

What parsers take differently is refused rather than guessed: duplicate names, numbers that are none or
that do not fit 64 bits, and halves of surrogate pairs.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from app.api.problems import Refusal

MAX_DEPTH = 32
MAX_ITEMS = 200_000
_MAX_INTEGER = 2**63 - 1
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_QUOTE, _COMMA, _OPENING, _CLOSING, _CASE_BIT = 0x22, 0x2C, 0x7B, 0x7D, 0x20


class BrokenJson(Refusal):
    """A body that is not JSON in UTF-8."""

    slug = "broken-json"
    title = "The body is not valid JSON"
    status = 400


class JsonTooDeep(Refusal):
    """A body with more levels than any of ours."""

    slug = "json-too-deep"
    title = "The JSON is nested too deeply"
    status = 400


class JsonTooMany(Refusal):
    """A body with more values than one request may have."""

    slug = "json-too-many-values"
    title = "The JSON holds too many values"
    status = 413


class AmbiguousJson(Refusal):
    """A body that two parsers may read as two different things."""

    slug = "ambiguous-json"
    title = "The JSON is ambiguous"
    status = 422


def check_json(body: bytes, *, max_depth: int = MAX_DEPTH, max_items: int = MAX_ITEMS) -> None:
    """Refuse a body that is not sound JSON, or is more than a request may ask to be read.

    Parameters
    ----------
    body : bytes
        UTF-8, with or without a byte order mark.
    max_depth : int
        Levels of arrays and objects.
    max_items : int
        Commas and opening brackets outside strings: about the number of values.

    Raises
    ------
    BrokenJson, JsonTooDeep, JsonTooMany, AmbiguousJson
        Each says what to change.

    Notes
    -----
    Size and depth are counted on the bytes, before the parser builds anything: 0.1 to 0.2 s for 8 MiB.
    """
    n_items, depth = count_structure(body)
    if depth > max_depth:
        raise JsonTooDeep(f"Nest arrays and objects at most {max_depth} deep.")
    if n_items > max_items:
        raise JsonTooMany(f"Send at most {max_items} values in one request; split the batch.")
    document = _parse(body)
    if _SURROGATE_ESCAPE.search(body):
        _refuse_lone_surrogates(document)


def count_structure(body: bytes) -> tuple[int, int]:
    """Count values (commas and opening brackets outside strings) and levels.

    Examples
    --------
    >>> count_structure(b'{"a": [1, 2, "[,"]}')
    (4, 2)

    Notes
    -----
    Exact up to the first place where the body stops being JSON, and so is the parser.
    """
    if b"\\" in body:
        body = body.replace(b"\\\\", b"  ").replace(b'\\"', b"  ")
    data = np.frombuffer(body, dtype=np.uint8)
    if data.size == 0:
        return 0, 0
    outside = data[~np.logical_xor.accumulate(data == _QUOTE)]
    n_commas = int(np.count_nonzero(outside == _COMMA))
    # Square and curly brackets differ in one bit, which also tells no other byte apart from them.
    brackets = outside | _CASE_BIT
    opening, closing = brackets == _OPENING, brackets == _CLOSING
    steps = opening.astype(np.int8) - closing.astype(np.int8)
    depth = int(np.cumsum(steps, dtype=np.int32).max(initial=0))
    return n_commas + int(np.count_nonzero(opening)), depth


def _parse(body: bytes) -> object:
    try:
        return json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_int=_bounded,
            parse_float=_finite,
            parse_constant=_no_number,
        )
    except UnicodeDecodeError as error:
        raise BrokenJson(f"Encode the body in UTF-8; byte {error.start} is something else.") from None
    except json.JSONDecodeError as error:
        raise BrokenJson(f"{error.msg}: line {error.lineno}, column {error.colno}.") from None


def _unique(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise AmbiguousJson(f"Name each member of an object once; {twice[:100]!a} is there twice.")
    return members


def _bounded(digits: str) -> int:
    # The length first: converting takes time that grows with its square.
    if len(digits) > 20 or not -_MAX_INTEGER - 1 <= int(digits) <= _MAX_INTEGER:
        raise AmbiguousJson(f"Keep integers within 64 bits; {digits[:20]}... is beyond.")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise AmbiguousJson(f"Keep numbers finite; {digits[:20]} is too large.")
    return number


def _no_number(name: str) -> NoReturn:
    raise AmbiguousJson(f"Write null or leave out what has no value; {name} is not JSON.")


def _refuse_lone_surrogates(document: object) -> None:
    """Refuse halves of surrogate pairs; pairs are how some programs write emoji, and are fine."""
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise AmbiguousJson(
            "Send whole characters; a text holds half of a surrogate pair (\\ud800 to \\udfff alone)."
        ) from None
