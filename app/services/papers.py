"""Papers, read one by one or in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from app.db.tables import AssignmentRow, HierarchyRow, PaperKeyRow, PaperRow, TopicRow
from app.errors import NotFoundError


class PaperNotFound(NotFoundError):
    """No such paper in this workspace."""

    slug = "paper-not-found"
    title = "There is no such paper"


@dataclass(frozen=True, slots=True)
class Home:
    """A topic a paper stands in, with the labels on the way to it from below the root."""

    topic_id: UUID
    label: str
    path: tuple[str, ...]
    confidence: float


def get_paper(session: Session, paper_id: UUID, *, workspace_id: UUID) -> PaperRow:
    """Find a paper.

    Raises
    ------
    PaperNotFound
        If the workspace has no such paper.
    """
    query = select(PaperRow).where(PaperRow.workspace_id == workspace_id, PaperRow.id == paper_id)
    row = session.scalar(query)
    if row is None:
        raise PaperNotFound("No paper of this id is in your workspace.")
    return row


def list_papers(
    session: Session,
    *,
    workspace_id: UUID,
    corpus_id: UUID,
    limit: int,
    after: int = -1,
    words: str | None = None,
    source_id: str | None = None,
    topic_id: UUID | None = None,
) -> Sequence[PaperRow]:
    """List papers of a corpus in its order, those after a position.

    ``words`` keeps those that match in web-search syntax; ``source_id`` those the source calls so, a
    merged duplicate's id included; ``topic_id`` those in a topic or below it.
    """
    query = (
        select(PaperRow)
        .where(PaperRow.workspace_id == workspace_id, PaperRow.corpus_id == corpus_id)
        .where(PaperRow.position > after)
        .order_by(PaperRow.position)
        .limit(limit)
    )
    if words is not None:
        query = query.where(matches(words))
    if source_id is not None:
        known = select(PaperKeyRow.paper_id)
        known = known.where(PaperKeyRow.corpus_id == corpus_id, PaperKeyRow.key == f"id:{source_id}")
        query = query.where(PaperRow.id.in_(known))
    if topic_id is not None:
        query = query.where(PaperRow.id.in_(papers_below(topic_id, workspace_id=workspace_id)))
    return session.scalars(query).all()


def papers_in_order(session: Session, ids: Sequence[UUID]) -> list[PaperRow]:
    """Read papers in the order their ids are given; those that are gone are left out."""
    found = {row.id: row for row in session.scalars(select(PaperRow).where(PaperRow.id.in_(ids)))}
    return [found[paper_id] for paper_id in ids if paper_id in found]


def matches(words: str) -> ColumnElement[bool]:
    """Make the condition that a paper matches words, as people type them into a search box."""
    query = func.websearch_to_tsquery("english", words)
    simple = func.websearch_to_tsquery("simple", words)
    return or_(PaperRow.words.bool_op("@@")(query), PaperRow.words.bool_op("@@")(simple))


def papers_below(topic_id: UUID, *, workspace_id: UUID, direct: bool = False) -> Select[UUID]:
    """Select the ids of the papers in a topic of a live build, or, not ``direct``, below it too."""
    live = select(HierarchyRow.live_build_id).where(HierarchyRow.workspace_id == workspace_id)
    start = select(TopicRow.build_id, TopicRow.id).where(TopicRow.id == topic_id, TopicRow.build_id.in_(live))
    topics = start.cte("below", recursive=not direct)
    if not direct:
        child = (TopicRow.build_id == topics.c.build_id) & (TopicRow.parent_id == topics.c.id)
        topics = topics.union_all(select(TopicRow.build_id, TopicRow.id).join(topics, child))
    here = (AssignmentRow.build_id == topics.c.build_id) & (AssignmentRow.topic_id == topics.c.id)
    return select(AssignmentRow.paper_id).join(topics, here)


def homes_of(session: Session, paper_ids: Sequence[UUID]) -> dict[UUID, list[Home]]:
    """Give the topics each of some papers stands in, with their paths, in all live hierarchies."""
    first = (
        select(
            AssignmentRow.paper_id,
            AssignmentRow.build_id,
            AssignmentRow.confidence,
            AssignmentRow.topic_id,
            TopicRow.parent_id,
            TopicRow.depth,
            TopicRow.label,
        )
        .join(HierarchyRow, HierarchyRow.live_build_id == AssignmentRow.build_id)
        .join(
            TopicRow, (TopicRow.build_id == AssignmentRow.build_id) & (TopicRow.id == AssignmentRow.topic_id)
        )
        .where(AssignmentRow.paper_id.in_(paper_ids))
        .cte("path", recursive=True)
    )
    up = (TopicRow.build_id == first.c.build_id) & (TopicRow.id == first.c.parent_id)
    path = first.union_all(
        select(
            first.c.paper_id,
            first.c.build_id,
            first.c.confidence,
            first.c.topic_id,
            TopicRow.parent_id,
            TopicRow.depth,
            TopicRow.label,
        ).join(TopicRow, up)
    )
    rows = session.execute(select(path).order_by(path.c.paper_id, path.c.build_id, path.c.depth)).all()
    homes: dict[UUID, list[Home]] = {paper_id: [] for paper_id in paper_ids}
    paths: dict[tuple[UUID, UUID], list[Row[Any]]] = {}
    for row in rows:
        paths.setdefault((row.paper_id, row.build_id), []).append(row)
    for (paper_id, _), steps in paths.items():
        labels = tuple(step.label for step in steps if step.depth > 0)
        leaf = steps[-1]
        homes[paper_id].append(Home(leaf.topic_id, leaf.label, labels, leaf.confidence))
    return homes
