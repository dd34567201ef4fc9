"""What an operation changed, field by field: kept with it, and taken back from it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any, cast
from uuid import UUID

from app.corrections.conflicts import ChangedSince, IsLocked, NotPossible, NotThere, WasRejected
from app.corrections.operations import Change
from app.corrections.placing import rejections_against
from app.corrections.state import Home, Placement, State, Topic


def take_changes(state: State) -> list[Change]:
    """Tell what has changed in a state since this was last asked."""
    changes: list[Change] = []
    for (kind, one, other), before in state.take_notes().items():
        if kind == "topic":
            changes += _fields("topic", one, _topic(cast("Topic", before)), _topic(state.topics.get(one)))
        elif kind == "paper":
            changes += _fields("paper", one, _paper(cast("Placement", before)), _paper(state.papers.get(one)))
        else:
            now = other in state.rejected.get(one, ())
            if now != before:
                changes.append({"paper": str(one), "rejected": str(other), "before": before, "after": now})
    return changes


def reverse(changes: Sequence[Change]) -> list[Change]:
    """Give the changes that take others back, last first."""
    return [{**change, "before": change["after"], "after": change["before"]} for change in reversed(changes)]


def touched_ids(changes: Iterable[Change]) -> set[UUID]:
    """Name the topics and papers that changes are about."""
    return {UUID(change.get("topic") or change["paper"]) for change in changes}


def put_changes(state: State, changes: Sequence[Change]) -> None:
    """Make changes to a state that is known to be the one they were made to."""
    for change in changes:
        if "rejected" in change:
            paper, topic = UUID(change["paper"]), UUID(change["rejected"])
            state.put_rejection(paper, topic, rejected=change["after"])
        elif "topic" in change:
            _put_topic(state, UUID(change["topic"]), change)
        else:
            _put_paper(state, UUID(change["paper"]), change)


def restore(state: State, changes: Sequence[Change]) -> None:
    """Make changes to a state that may have changed meanwhile, if all they speak of is as they say.

    Raises
    ------
    Conflict
        If something is not, is locked, or would be left without what it needs; the state is then to be
        put back by whoever holds it.
    """
    for change in changes:
        _check_unchanged(state, change)
        _check_unlocked(state, change)
        put_changes(state, [change])
    _check_sound(state, touched_ids(changes))
    if any(change.get("field") == "parent" for change in changes):
        for one in [paper for paper in state.rejected if paper in state.papers]:
            _check_paper(state, one, state.papers[one])


def homes_in(change: Change, side: str) -> set[str]:
    """Name the topics a paper stands right in, before or after a change of it."""
    value = change[side] if "paper" in change else None
    homes = value.get("homes", value) if isinstance(value, dict) else {}
    return {home for home in (homes.get("topic"), *(one[0] for one in homes.get("seconds", ()))) if home}


def _check_unchanged(state: State, change: Change) -> None:
    if _present(state, change) != change["before"]:
        paper, topic = change.get("paper"), change.get("topic")
        what = f"The {change.get('field') or 'mark'} of the {'paper' if paper else 'topic'} {paper or topic}"
        raise ChangedSince(
            f"{what} was changed by a later step.",
            topics=[UUID(topic)] if topic else (),
            papers=[UUID(paper)] if paper else (),
        )


def _check_unlocked(state: State, change: Change) -> None:
    if change.get("field") == "locked" or "rejected" in change:
        return
    topics = (
        [change["topic"]] if "topic" in change else homes_in(change, "before") ^ homes_in(change, "after")
    )
    locked = [topic for topic in map(UUID, topics) if state.topics.get(topic, _NO_TOPIC).locked]
    if locked:
        raise IsLocked("A topic that would change is locked.", topics=locked)
    if "paper" in change and state.papers.get(UUID(change["paper"]), _NO_PAPER).locked:
        raise IsLocked("The paper is locked.", papers=[UUID(change["paper"])])


def _check_sound(state: State, touched: set[UUID]) -> None:
    for one in touched:
        topic, paper = state.topics.get(one), state.papers.get(one)
        if topic is None and paper is None and (state.children.get(one) or state.residents.get(one)):
            papers = sorted(state.residents.get(one, ()))[:20]
            raise NotPossible("The topic that would go has children or papers.", topics=[one], papers=papers)
        if topic is not None and topic.parent is not None:
            if topic.parent not in state.topics:
                raise NotThere("The topic above it is no longer there.", topics=[topic.parent])
            if state.topics[state.up_from(one)[-1]].parent is not None:
                raise NotPossible("The topic would be below itself.", topics=[one])
        if paper is not None:
            _check_paper(state, one, paper)


def _check_paper(state: State, one: UUID, paper: Placement) -> None:
    gone = [home for home in paper.homes() if home not in state.topics]
    if gone:
        raise NotThere("The topic the paper stood in is no longer there.", topics=gone, papers=[one])
    for home in paper.homes():
        if rejections_against(state, one, home):
            raise WasRejected("The paper was marked wrong there since.", topics=[home], papers=[one])


def _present(state: State, change: Change) -> object:
    if "rejected" in change:
        return UUID(change["rejected"]) in state.rejected.get(UUID(change["paper"]), ())
    if "topic" in change:
        whole = _topic(state.topics.get(UUID(change["topic"])))
    else:
        whole = _paper(state.papers.get(UUID(change["paper"])))
    if change["field"] == "whole":
        return whole
    return "absent" if whole is None else whole[change["field"]]


def _fields(
    kind: str, one: UUID, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> list[Change]:
    if before is None or after is None:
        if before is after:
            return []
        return [{kind: str(one), "field": "whole", "before": before, "after": after}]
    return [
        {kind: str(one), "field": name, "before": before[name], "after": after[name]}
        for name in before
        if before[name] != after[name]
    ]


def _topic(topic: Topic | None) -> dict[str, Any] | None:
    if topic is None:
        return None
    return {**asdict(topic), "parent": topic.parent and str(topic.parent)}


def _paper(paper: Placement | None) -> dict[str, Any] | None:
    if paper is None:
        return None
    return {"homes": _homes(paper), "locked": paper.locked}


def _homes(paper: Placement) -> dict[str, Any]:
    seconds = [[str(home.topic), home.confidence, home.placed_by] for home in paper.seconds]
    first = paper.topic and str(paper.topic)
    return {
        "topic": first,
        "confidence": paper.confidence,
        "placed_by": paper.placed_by,
        "seconds": seconds,
    }


def _put_topic(state: State, one: UUID, change: Change) -> None:
    after = change["after"]
    if change["field"] != "whole":
        after = {change["field"]: after}
    elif after is None:
        state.put_topic(one, None)
        return
    if after.get("parent"):
        after = {**after, "parent": UUID(after["parent"])}
    known = state.topics.get(one, _NO_TOPIC)
    state.put_topic(one, replace(known, **after))


def _put_paper(state: State, one: UUID, change: Change) -> None:
    if change["field"] == "locked":
        state.put_paper(one, replace(state.papers[one], locked=change["after"]))
    elif change["field"] == "homes":
        state.put_paper(one, read_homes(change["after"], locked=state.papers[one].locked))
    elif change["after"] is None:
        state.put_paper(one, None)
    else:
        state.put_paper(one, read_homes(change["after"]["homes"], locked=change["after"]["locked"]))


def read_homes(homes: dict[str, Any], *, locked: bool) -> Placement:
    """Read where a paper stands from what a change says of it."""
    return Placement(
        topic=homes["topic"] and UUID(homes["topic"]),
        confidence=homes["confidence"],
        placed_by=homes["placed_by"],
        seconds=tuple(Home(UUID(topic), sure, by) for topic, sure, by in homes["seconds"]),
        locked=locked,
    )


_NO_TOPIC = Topic(parent=None, rank=0, label="")
_NO_PAPER = Placement(topic=None, confidence=0.0)
