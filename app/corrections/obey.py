"""Carries the corrections of a hierarchy out anew on what another build gave."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from app.corrections.adapt import adapt, ids_made
from app.corrections.carry_out import carry_out
from app.corrections.changes import put_changes, reverse
from app.corrections.conflicts import Conflict
from app.corrections.keeping import bring_back, keep_locked, locked_in
from app.corrections.operations import (
    AddHome,
    AssignPaper,
    Change,
    DeleteTopic,
    LiftRejection,
    Lock,
    MergeTopics,
    Operation,
    RejectAssignment,
    Unlock,
    operation_to_json,
)
from app.corrections.state import PERSON, State

KEEP_LOCKED = "keep_locked"
BRING_BACK = "bring_back"
BY_MACHINE = (KEEP_LOCKED, BRING_BACK)
"""What obeying itself does, beside operations of people: told by its changes, not by an operation."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A correction that holds: the log names it by the version it led to and its number in the batch."""

    step: UUID
    version: int
    number: int
    operation: Operation


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done to obey; ``step`` is the correction's, none where the machine saw to it itself."""

    operation: dict[str, Any]
    changes: list[Change]
    step: UUID | None = None


@dataclass(frozen=True, slots=True)
class Orphan:
    """A correction that could not be obeyed, with the reason."""

    entry: Entry
    reason: str
    detail: str
    topics: list[str]
    papers: list[str]


@dataclass(slots=True)
class Obeyed:
    """What became of corrections: ``n_needless`` of those obeyed were so without doing anything."""

    deeds: list[Deed] = field(default_factory=list)
    n_obeyed: int = 0
    n_needless: int = 0
    orphans: list[Orphan] = field(default_factory=list)


def obey(state: State, before: State, entries: Sequence[Entry]) -> Obeyed:
    """Have a state obey corrections: as they were made where that is possible, else as they are meant.

    Parameters
    ----------
    state : State
        What a build gave, with the papers that it does not know as newcomers. It is changed.
    before : State
        What readers see until then, by an earlier build with the same corrections.
    entries : sequence of Entry
        All corrections that hold, in their order.

    Returns
    -------
    Obeyed
        What was done, in its order, and what could not be.

    Notes
    -----
    Nothing is locked while the others are carried out: when they were made they were allowed. What is locked
    in ``before`` is made to be as it was there when they are through.
    """
    run = _Run(state, before, entries)
    run.bring_back_locked()
    for entry in entries:
        if not isinstance(entry.operation, Lock | Unlock):
            run.obey(entry)
    run.place_late()
    run.do(None, {"op": KEEP_LOCKED}, keep_locked(state, before))
    run.lock()
    run.found.orphans.sort(key=lambda one: (one.entry.version, one.entry.number))
    return run.found


class _Run:
    def __init__(self, state: State, before: State, entries: Sequence[Entry]) -> None:
        self.state, self.before, self.entries = state, before, entries
        self.found = Obeyed()
        self._made = {one for entry in entries for one in ids_made(entry.operation)}
        self._removed = _removals(entries)
        self._lifted = _lifted(entries)
        self._late: list[tuple[Entry, Conflict]] = []

    def do(self, entry: Entry | None, operation: dict[str, Any], changes: list[Change]) -> None:
        if changes:
            self.found.deeds.append(Deed(operation, changes, None if entry is None else entry.step))

    def obey(self, entry: Entry) -> None:
        """Do what one correction means, all of it or nothing; of a mark that is lifted later, nothing."""
        if (entry.version, entry.number) in self._lifted:
            self._count(len(self.found.deeds))
            return
        adapted = adapt(self.state, self.before, entry.operation, made=self._made)
        n_deeds = len(self.found.deeds)
        for topic in adapted.needed:
            self._bring_back(topic)
        try:
            for operation in adapted.operations:
                self.do(entry, operation_to_json(operation), carry_out(self.state, operation))
        except Conflict as conflict:
            self._take_back(n_deeds)
            self._not_obeyed(entry, conflict)
        else:
            self._count(n_deeds)

    def place_late(self) -> None:
        """Put papers where they are now because a topic that a person put them in became part of it."""
        for entry, conflict in self._late:
            operation = entry.operation
            n_deeds = len(self.found.deeds)
            if isinstance(operation, AssignPaper | AddHome):
                now = self.before.papers.get(operation.paper)
                if now is not None and now.placed_by == PERSON and now.topic in self.state.topics:
                    again = AssignPaper(operation.paper, now.topic)
                    try:
                        self.do(entry, operation_to_json(again), carry_out(self.state, again))
                    except Conflict as other:
                        self._orphan(entry, other)
                        continue
                elif not self._is_moot(entry):
                    self._orphan(entry, conflict)
                    continue
            self._count(n_deeds)

    def lock(self) -> None:
        """Lock what is locked by the last word on it."""
        last = {_target(entry.operation): entry for entry in self.entries}
        for entry in self.entries:
            operation = entry.operation
            n_deeds = len(self.found.deeds)
            if _target(operation) is None:
                continue
            if last[_target(operation)] is entry:
                try:
                    self.do(entry, operation_to_json(operation), carry_out(self.state, operation))
                except Conflict as conflict:
                    if isinstance(operation, Lock) and not self._is_moot(entry):
                        self._orphan(entry, conflict)
                        continue
            self._count(n_deeds)

    def bring_back_locked(self) -> None:
        """Have the topics that cannot go, so that corrections of them can be carried out."""
        locked = locked_in(self.before)
        homes = {home for paper in locked.papers for home in self.before.papers[paper].homes()}
        for topic in sorted(locked.topics | homes):
            gone = {one for one in self.before.up_from(topic) if one not in self.state.topics}
            if gone and not gone & self._made:
                self._bring_back(topic)

    def _take_back(self, n_deeds: int) -> None:
        for deed in reversed(self.found.deeds[n_deeds:]):
            put_changes(self.state, reverse(deed.changes))
        self.state.take_notes()
        del self.found.deeds[n_deeds:]

    def _bring_back(self, topic: UUID) -> None:
        self.do(None, {"op": BRING_BACK, "topic": str(topic)}, bring_back(self.state, self.before, topic))

    def _count(self, n_deeds: int) -> None:
        self.found.n_obeyed += 1
        self.found.n_needless += len(self.found.deeds) == n_deeds

    def _not_obeyed(self, entry: Entry, conflict: Conflict) -> None:
        operation = entry.operation
        if isinstance(operation, AssignPaper | AddHome) and operation.topic not in self.state.topics:
            self._late.append((entry, conflict))
        elif self._is_moot(entry):
            self._count(len(self.found.deeds))
        else:
            self._orphan(entry, conflict)

    def _is_moot(self, entry: Entry) -> bool:
        """Tell whether all it is about is a topic that a later correction takes away."""
        topic = _subject(entry.operation)
        place = (entry.version, entry.number)
        return topic not in self.state.topics and self._removed.get(topic, (0, 0)) > place

    def _orphan(self, entry: Entry, conflict: Conflict) -> None:
        topics, papers = _members(conflict, "topics"), _members(conflict, "papers")
        gone = [UUID(topic) for topic in topics if UUID(topic) not in self.state.topics]
        known = [self.before.topics[topic].label for topic in gone if topic in self.before.topics]
        detail = f"The build has no topic like {', '.join(map(repr, known))}." if known else conflict.detail
        self.found.orphans.append(Orphan(entry, conflict.reason, detail, topics, papers))


def _members(conflict: Conflict, name: str) -> list[str]:
    return cast("list[str]", conflict.members[name])


def _removals(entries: Sequence[Entry]) -> dict[UUID | None, tuple[int, int]]:
    """Tell where in the log each topic that goes is taken away, at last."""
    removed: dict[UUID | None, tuple[int, int]] = {}
    for entry in entries:
        operation = entry.operation
        gone: tuple[UUID, ...] = ()
        if isinstance(operation, DeleteTopic):
            gone = (operation.topic,)
        elif isinstance(operation, MergeTopics):
            gone = operation.topics
        removed |= dict.fromkeys(gone, (entry.version, entry.number))
    return removed


def _lifted(entries: Sequence[Entry]) -> set[tuple[int, int]]:
    """Tell where in the log the marks stand that are lifted later."""
    standing: dict[tuple[UUID, UUID], list[tuple[int, int]]] = {}
    lifted: set[tuple[int, int]] = set()
    for entry in entries:
        operation = entry.operation
        if isinstance(operation, RejectAssignment):
            standing.setdefault((operation.paper, operation.topic), []).append((entry.version, entry.number))
        elif isinstance(operation, LiftRejection):
            lifted.update(standing.pop((operation.paper, operation.topic), ()))
    return lifted


def _subject(operation: Operation) -> UUID | None:
    """Give the topic that an operation is lost without."""
    return operation.into if isinstance(operation, MergeTopics) else operation.topic


def _target(operation: Operation) -> UUID | None:
    return (operation.topic or operation.paper) if isinstance(operation, Lock | Unlock) else None
