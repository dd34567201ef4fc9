"""Topics of live hierarchies, and the papers in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.tables import AssignmentRow, BuildRow, HierarchyRow, PaperRow, TopicRow
from app.errors import NotFoundError


class TopicNotFound(NotFoundError):
    """No such topic in a live hierarchy of this workspace."""

    slug = "topic-not-found"
    title = "There is no such topic"


def list_topics(session: Session, build: BuildRow) -> Sequence[TopicRow]:
    """List the topics of a build, parents before children, siblings in the order they are shown."""
    return session.scalars(
        select(TopicRow).where(TopicRow.build_id == build.id).order_by(TopicRow.number)
    ).all()


def get_topic(session: Session, topic_id: UUID, *, workspace_id: UUID) -> TopicRow:
    """Find a topic of a live hierarchy.

    Raises
    ------
    TopicNotFound
        If the workspace has none of this id.
    """
    live = select(HierarchyRow.live_build_id).where(HierarchyRow.workspace_id == workspace_id)
    row = session.scalar(select(TopicRow).where(TopicRow.id == topic_id, TopicRow.build_id.in_(live)))
    if row is None:
        raise TopicNotFound("No topic of this id is in a current hierarchy of your workspace.")
    return row


@dataclass(frozen=True, slots=True)
class Around:
    """Where a topic stands: its hierarchy, the labels from below the root to it, its children."""

    hierarchy_id: UUID
    path: tuple[str, ...]
    children: Sequence[TopicRow]


def around_topic(session: Session, topic: TopicRow) -> Around:
    """Look around a topic of a live build."""
    same = TopicRow.build_id == topic.build_id
    children = session.scalars(
        select(TopicRow).where(same, TopicRow.parent_id == topic.id).order_by(TopicRow.number)
    ).all()
    start = select(TopicRow.id, TopicRow.parent_id, TopicRow.depth, TopicRow.label)
    up = start.where(same, TopicRow.id == topic.id).cte("up", recursive=True)
    up = up.union_all(start.join(up, same & (TopicRow.id == up.c.parent_id)))
    labels = session.scalars(select(up.c.label).where(up.c.depth > 0).order_by(up.c.depth)).all()
    hierarchy_id = session.scalars(select(BuildRow.hierarchy_id).where(BuildRow.id == topic.build_id)).one()
    return Around(hierarchy_id, tuple(labels), children)


def papers_of_topic(
    session: Session, topic: TopicRow, *, after: int, limit: int, direct: bool
) -> Sequence[tuple[AssignmentRow, PaperRow]]:
    """List the papers in a topic, in corpus order; those of the topics below it too, unless ``direct``."""
    topics = select(TopicRow.id).where(TopicRow.build_id == topic.build_id, TopicRow.id == topic.id)
    if not direct:
        start = topics.cte("below", recursive=True)
        child = (TopicRow.parent_id == start.c.id) & (TopicRow.build_id == topic.build_id)
        topics = select(start.union_all(select(TopicRow.id).join(start, child)).c.id)
    query = (
        select(AssignmentRow, PaperRow)
        .join(PaperRow, PaperRow.id == AssignmentRow.paper_id)
        .where(AssignmentRow.build_id == topic.build_id, AssignmentRow.topic_id.in_(topics))
        .where(AssignmentRow.position > after)
        .order_by(AssignmentRow.position)
        .limit(limit)
    )
    return session.execute(query).all()
