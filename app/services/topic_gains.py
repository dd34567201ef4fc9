"""What changes do to how topics are shown, without counting all papers anew."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.corrections.operations import Change
from app.corrections.state import State
from app.services.correction_states import Loaded, Shown

SecondHomes = Iterable[tuple[UUID, UUID, UUID]]
"""Second homes as (topic, paper, first home of the paper)."""

_Homes = tuple[UUID | None, tuple[UUID, ...]]
_NOWHERE: _Homes = (None, ())
_NEW = Shown(0, 0, 0, 0)


def changed_topics(
    loaded: Loaded, changes: Sequence[Change], find_seconds: Callable[[list[UUID]], SecondHomes]
) -> dict[UUID, Shown]:
    """Tell how those topics are shown that came, moved, or hold other papers after some changes.

    Parameters
    ----------
    loaded : Loaded
        The state after the changes, and how topics were shown before them.
    changes : sequence of dict
        All of them, in their order.
    find_seconds : callable
        Gives all second homes, as they are after the changes, of papers that stand in one of some topics by
        any home. It is asked for those that have other topics above them now, if there are any.

    Returns
    -------
    dict from UUID to Shown
        Topics that are shown as before may be left out.
    """
    tree = _Trees(loaded.state, _parents_before(changes))
    direct = _direct_gains(changes)
    papers: Counter[UUID] = Counter()
    for topic in tree.moved | direct.keys():
        before = loaded.shown.get(topic, _NEW).n_direct
        for above in tree.up_before(topic):
            papers[above] -= before
        for above in tree.up_after(topic):
            papers[above] += before + direct[topic]
    seconds = _second_gains(loaded.state, tree, changes, find_seconds)
    touched = tree.moved | direct.keys() | papers.keys() | seconds.keys()
    return {
        topic: _gaining(
            loaded.shown.get(topic, _NEW),
            depth=len(tree.up_after(topic)) - 1,
            n_papers=papers[topic],
            n_direct=direct[topic],
            n_second=seconds[topic],
        )
        for topic in touched
        if topic in loaded.state.topics
    }


def _gaining(old: Shown, *, depth: int, n_papers: int, n_direct: int, n_second: int) -> Shown:
    return Shown(depth, old.n_papers + n_papers, old.n_direct + n_direct, old.n_second + n_second)


@dataclass(frozen=True, slots=True)
class _Was:
    """Where a topic stood; ``is_there`` is false of one that was not there."""

    parent: UUID | None
    is_there: bool = True


class _Trees:
    """The topics above each one before and after changes.

    ``moved`` are those that came, went, or have others above them; ``carried`` those of them that were there
    before and still are.
    """

    def __init__(self, state: State, before: dict[UUID, _Was]) -> None:
        self._state, self._before = state, before
        self._up_before: dict[UUID, tuple[UUID, ...]] = {}
        self._up_after: dict[UUID, tuple[UUID, ...]] = {}
        there = [topic for topic in before if topic in state.topics]
        self.moved = {below for topic in there for below in state.below(topic)} | before.keys()
        self.carried = [topic for topic in self.moved if topic in state.topics and self._was(topic).is_there]

    def up_after(self, topic: UUID) -> tuple[UUID, ...]:
        if topic not in self._up_after:
            self._up_after[topic] = tuple(self._state.up_from(topic))
        return self._up_after[topic]

    def up_before(self, topic: UUID) -> tuple[UUID, ...]:
        if topic not in self._up_before:
            was = self._was(topic)
            above = () if was.parent is None else self.up_before(was.parent)
            self._up_before[topic] = (topic, *above) if was.is_there else ()
        return self._up_before[topic]

    def _was(self, topic: UUID) -> _Was:
        return self._before.get(topic) or _Was(self._state.topics[topic].parent)


def _parents_before(changes: Iterable[Change]) -> dict[UUID, _Was]:
    """Tell where the topics stood that were moved, made or taken away."""
    found: dict[UUID, _Was] = {}
    for change in changes:
        if "topic" in change and change["field"] in ("parent", "whole"):
            before = change["before"]
            if change["field"] == "whole":
                was = _Was(None, is_there=False) if before is None else _Was(_as_id(before["parent"]))
            else:
                was = _Was(_as_id(before))
            found.setdefault(UUID(change["topic"]), was)
    return found


def _direct_gains(changes: Iterable[Change]) -> Counter[UUID]:
    gains: Counter[UUID] = Counter()
    for change in changes:
        for side, sign in (("before", -1), ("after", 1)):
            first, _ = _homes_in(change, side)
            if first is not None:
                gains[first] += sign
    return gains


def _second_gains(
    state: State,
    tree: _Trees,
    changes: Sequence[Change],
    find_seconds: Callable[[list[UUID]], SecondHomes],
) -> Counter[UUID]:
    before: dict[UUID, _Homes] = {}
    after: dict[UUID, _Homes] = {}
    for second, paper, home in find_seconds(tree.carried) if tree.carried else ():
        before[paper] = after[paper] = (home, (*after.get(paper, _NOWHERE)[1], second))
    for paper, homes in _homes_before(changes).items():
        now = state.papers.get(paper)
        before[paper] = homes
        after[paper] = _NOWHERE if now is None else (now.topic, tuple(home.topic for home in now.seconds))
    gains: Counter[UUID] = Counter()
    for homes, up_from, sign in (
        *((homes, tree.up_before, -1) for homes in before.values()),
        *((homes, tree.up_after, 1) for homes in after.values()),
    ):
        first, seconds = homes
        by_first = up_from(first) if first is not None and seconds else ()
        for topic in {above for second in seconds for above in up_from(second)}.difference(by_first):
            gains[topic] += sign
    return gains


def _homes_before(changes: Iterable[Change]) -> dict[UUID, _Homes]:
    found: dict[UUID, _Homes] = {}
    for change in changes:
        if "paper" in change and change.get("field") in ("homes", "whole"):
            found.setdefault(UUID(change["paper"]), _homes_in(change, "before"))
    return found


def _homes_in(change: Change, side: str) -> _Homes:
    value: Any = change[side] if "paper" in change else None
    if not isinstance(value, dict):
        return _NOWHERE
    homes = value.get("homes", value)
    return _as_id(homes["topic"]), tuple(UUID(home) for home, *_ in homes["seconds"])


def _as_id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
