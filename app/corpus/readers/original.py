"""Keeps what a source wrote, field by field, in a form any database and any JSON reader takes."""

import math
from collections.abc import Mapping

from app.corpus.clean import storable_text

MAX_ORIGINAL = 1 << 18
"""Characters kept of one record, names of fields included."""
_MAX_STRING = 1 << 16
_MAX_NAME = 300
_MAX_DEPTH = 16


class _Room:
    """Counts down the characters that may still be kept."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.enough = True

    def take(self, size: int) -> bool:
        self.left -= size
        if self.left < 0:
            self.enough = False
        return self.left >= 0


def keep_original(fields: Mapping[str, object]) -> tuple[dict[str, object], bool]:
    """Copy the fields of a source as JSON values, without NUL, lone surrogates or non-finite numbers.

    Returns
    -------
    kept : dict
        At most ``MAX_ORIGINAL`` characters; what is beyond is left out.
    whole : bool
        Whether everything was kept.
    """
    room = _Room(MAX_ORIGINAL)
    return _keep_mapping(fields, room, _MAX_DEPTH), room.enough


def _keep_mapping(fields: Mapping[str, object], room: _Room, depth: int) -> dict[str, object]:
    kept: dict[str, object] = {}
    for name, value in fields.items():
        if not room.take(len(name)):
            break
        kept[storable_text(name[:_MAX_NAME])] = _keep(value, room, depth)
    return kept


def _keep(value: object, room: _Room, depth: int) -> object:
    if isinstance(value, str):
        return _keep_text(value, room)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if room.take(1 + value.bit_length() // 3) else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth == 0:
        room.enough = False
        return None
    if isinstance(value, dict):
        return _keep_mapping({str(name): inner for name, inner in value.items()}, room, depth - 1)
    if isinstance(value, list | tuple):
        return [_keep(inner, room, depth - 1) for inner in value if room.take(1)]
    return _keep_text(str(value), room)


def _keep_text(text: str, room: _Room) -> str:
    limit = min(_MAX_STRING, max(room.left, 0))
    if len(text) > limit:
        room.enough = False
        text = text[:limit]
    room.take(len(text))
    return storable_text(text)
