"""Checks of what is stored: each hierarchy is what its build and its corrections say, and sound."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.corrections.compare import fingerprint
from app.corrections.conflicts import Conflict
from app.db.correction_tables import CorrectionStepRow
from app.db.tables import AssignmentRow, HierarchyRow, SecondHomeRow
from app.services.correction_states import Loaded, load_whole
from app.services.hierarchies import get_hierarchy
from app.services.topic_counts import count_seconds, show_topics
from app.services.versions import replay


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether something that must be so is so; ``detail`` tells what is not."""

    invariant: str
    holds: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a hierarchy; ``sha256`` is of its whole present state."""

    hierarchy_id: UUID
    version: int
    n_steps: int
    sha256: str
    findings: list[Finding]


def check_hierarchy(session: Session, hierarchy_id: UUID, *, workspace_id: UUID) -> Checked:
    """Check a hierarchy; nothing is changed.

    Raises
    ------
    HierarchyNotFound
        If there is no such hierarchy.
    """
    hierarchy, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    loaded = load_whole(session, build.id)
    sha256 = fingerprint(loaded.state)
    n_steps, findings = _check_log(session, hierarchy)
    findings += [
        *_check_replay(session, hierarchy, sha256),
        *_check_tree(loaded),
        *_check_papers(loaded),
        *_check_counts(session, build.id, loaded),
    ]
    return Checked(hierarchy.id, hierarchy.version, n_steps, sha256, findings)


def _check_log(session: Session, hierarchy: HierarchyRow) -> tuple[int, list[Finding]]:
    step = CorrectionStepRow
    query = select(func.count(), func.min(step.version), func.max(step.version))
    n_steps, first, last = session.execute(query.where(step.hierarchy_id == hierarchy.id)).one()
    gapless = n_steps > 0 and last == hierarchy.version and last - first + 1 == n_steps
    detail = "" if gapless else f"{n_steps} steps from {first} to {last}; the version is {hierarchy.version}"
    return n_steps, [Finding("every version has its step", gapless, detail)]


def _check_replay(session: Session, hierarchy: HierarchyRow, sha256: str) -> Iterator[Finding]:
    try:
        state, wrong = replay(session, hierarchy)
    except Conflict as conflict:
        yield Finding("the log can be replayed", False, f"{conflict.detail} {conflict.members}")
        return
    yield Finding("each operation does what the log says", not wrong, ", ".join(wrong[:5]))
    again = fingerprint(state)
    same = again == sha256
    yield Finding(
        "readers see the build with its corrections", same, "" if same else f"the log gives {again}"
    )


def _check_tree(loaded: Loaded) -> Iterator[Finding]:
    topics = loaded.state.topics
    roots = [topic for topic in topics.values() if topic.parent is None]
    yield Finding("there is one root", len(roots) == 1, "" if len(roots) == 1 else f"{len(roots)} roots")
    reached = set(loaded.state.in_order())
    lost = sorted(topics.keys() - reached)
    yield Finding("every topic is below the root", not lost, f"not {lost[:5]}" if lost else "")


def _check_papers(loaded: Loaded) -> Iterator[Finding]:
    state = loaded.state
    dangling = [
        paper
        for paper, placement in state.papers.items()
        if any(home not in state.topics for home in placement.homes())
        or (placement.seconds and placement.topic is None)
        or len(set(placement.homes())) < len(placement.homes())
    ]
    yield Finding(
        "papers stand in topics that are there", not dangling, f"not {dangling[:5]}" if dangling else ""
    )
    wrong = [
        paper
        for paper, marked in state.rejected.items()
        if paper in state.papers
        and any(marked.intersection(state.up_from(home)) for home in state.papers[paper].homes())
    ]
    yield Finding("no paper stands where it was marked wrong", not wrong, f"not {wrong[:5]}" if wrong else "")


def _check_counts(session: Session, build_id: UUID, loaded: Loaded) -> Iterator[Finding]:
    state = loaded.state
    n_direct = Counter(place.topic for place in state.papers.values() if place.topic is not None)
    homes = [
        (home.topic, paper, place.topic)
        for paper, place in state.papers.items()
        if place.topic is not None
        for home in place.seconds
    ]
    counted = show_topics(state, n_direct, count_seconds(state, homes))
    wrong = [one for one, shown in counted.items() if loaded.shown[one] != shown]
    yield Finding("topics tell how many papers they hold", not wrong, f"not {wrong[:5]}" if wrong else "")
    rows = {
        table: session.scalar(select(func.count()).where(table.build_id == build_id))
        for table in (AssignmentRow, SecondHomeRow)
    }
    known = rows[AssignmentRow] == len(state.papers) and rows[SecondHomeRow] == len(homes)
    yield Finding("every home is of a paper", known, "" if known else f"{list(rows.values())} rows")
