"""Papers, read one by one or in pages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.db.tables import PaperKeyRow, PaperRow
from app.errors import NotFoundError
from app.services.topics import papers_below


class PaperNotFound(NotFoundError):
    """No such paper in this workspace."""

    slug = "paper-not-found"
    title = "There is no such paper"


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
    merged duplicate's id included; ``topic_id`` those in a topic or below it, by a second home too.
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
