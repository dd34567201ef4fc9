"""A whole tree in one reading: what its topics hold, how doubtful that is, and what people did to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from app.db.correction_tables import CorrectionRow, CorrectionStepRow
from app.db.tables import AssignmentRow, BuildRow, HierarchyRow, PaperRow, TopicRow
from app.services.correction_log import undone_steps
from app.services.topics import by_level, list_topics

DOUBTFUL = 0.5
"""A paper is doubtful when the chance that it stands in the right topic is less than that."""
# The rank of a topic changes whenever one is put before it, and a lock is shown by itself.
_EDITS = (
    '$[*] ? (@.field == "label" || @.field == "description" || @.field == "parent" || @.field == "whole")'
)

_SHOWN = (
    *("id", "parent_id", "label", "named_by", "keyphrases", "locked"),
    *("n_papers", "n_papers_direct", "n_second_papers"),
)


@dataclass(frozen=True, slots=True)
class Branch:
    """A topic with what is summed up over the papers assigned to it or below it.

    ``topic`` has the columns of `TopicRow` that pages show. ``mean_confidence`` is null of a topic without
    papers; ``n_doubtful`` counts the papers less sure than `DOUBTFUL` that no person placed; ``edited`` says
    that a person made, named, described or moved it.
    """

    topic: Row[Any]
    mean_confidence: float | None
    n_doubtful: int
    edited: bool


@dataclass(frozen=True, slots=True)
class Years:
    """How many papers of each year stand in topics or below them: row of ``first`` + i is ``counts[i]``.

    Papers without a year are counted nowhere; a topic without papers that have one is left out.
    """

    first: int | None
    last: int | None
    counts: dict[UUID, list[int]]


def read_branches(session: Session, hierarchy: HierarchyRow, build: BuildRow) -> list[Branch]:
    """Read the topics of a live build, parents before children, siblings in the order they are shown."""
    topics = _list_shown(session, build)
    sums = {topic.id: [0.0, 0.0, 0.0] for topic in topics}
    query = select(
        AssignmentRow.topic_id, func.count(), func.sum(AssignmentRow.confidence), func.sum(_is_doubtful())
    )
    query = query.where(AssignmentRow.build_id == build.id, AssignmentRow.topic_id.is_not(None))
    for topic_id, *own in session.execute(query.group_by(AssignmentRow.topic_id)):
        sums[topic_id] = own
    for topic in reversed(topics):
        if topic.parent_id is not None:
            above = sums[topic.parent_id]
            sums[topic.parent_id] = [a + b for a, b in zip(above, sums[topic.id], strict=True)]
    edited = _edited_topics(session, hierarchy)
    return [
        Branch(
            topic=topic,
            mean_confidence=confidence / n if n else None,
            n_doubtful=int(n_doubtful),
            edited=topic.id in edited or topic.named_by == "person",
        )
        for topic in topics
        for n, confidence, n_doubtful in [sums[topic.id]]
    ]


def count_years(session: Session, build: BuildRow) -> Years:
    """Count the papers that topics of a build gained in each year, those below them too."""
    topics = list_topics(session, build)
    query = (
        select(AssignmentRow.topic_id, PaperRow.year, func.count())
        .join(PaperRow, PaperRow.id == AssignmentRow.paper_id)
        .where(AssignmentRow.build_id == build.id, AssignmentRow.topic_id.is_not(None))
        .where(PaperRow.year.is_not(None))
        .group_by(AssignmentRow.topic_id, PaperRow.year)
    )
    found: Sequence[tuple[UUID, int, int]] = session.execute(query).all()  # type: ignore[assignment]
    if not found:
        return Years(None, None, {})
    first, last = min(year for _, year, _ in found), max(year for _, year, _ in found)
    counts: dict[UUID, dict[int, int]] = {}
    for topic_id, year, n in found:
        counts.setdefault(topic_id, {})[year] = n
    for topic in reversed(topics):
        if topic.parent_id is not None and topic.id in counts:
            above = counts.setdefault(topic.parent_id, {})
            for year, n in counts[topic.id].items():
                above[year] = above.get(year, 0) + n
    span = range(first, last + 1)
    return Years(first, last, {one: [own.get(year, 0) for year in span] for one, own in counts.items()})


def _list_shown(session: Session, build: BuildRow) -> list[Row[Any]]:
    # Whole rows of 5,000 topics take ten times as long to read.
    columns = [getattr(TopicRow, name) for name in _SHOWN]
    query = select(*columns).where(TopicRow.build_id == build.id).order_by(TopicRow.rank, TopicRow.id)
    return by_level(session.execute(query).all())


def _is_doubtful() -> ColumnElement[int]:
    doubtful = (AssignmentRow.confidence < DOUBTFUL) & (AssignmentRow.placed_by != "person")
    return case((doubtful & ~AssignmentRow.locked, 1), else_=0)


def _edited_topics(session: Session, hierarchy: HierarchyRow) -> set[UUID]:
    step = CorrectionStepRow.id == CorrectionRow.step_id
    changed = func.jsonb_path_query(CorrectionRow.changes, cast(_EDITS, JSONPATH)).op("->>")("topic")
    query = (
        select(changed)
        .join(CorrectionStepRow, step)
        .where(CorrectionRow.hierarchy_id == hierarchy.id, CorrectionStepRow.kind == "correct")
        .where(CorrectionRow.step_id.not_in(undone_steps(session, hierarchy.id)))
        .distinct()
    )
    return {UUID(topic) for topic in session.scalars(query) if topic is not None}
