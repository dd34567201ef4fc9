"""Corpora: made, listed, deleted."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.db.tables import BuildRow, CorpusRow, HierarchyRow, TopicRow
from app.errors import ConflictError, NotFoundError


class CorpusNotFound(NotFoundError):
    """No such corpus in this workspace."""

    slug = "corpus-not-found"
    title = "There is no such corpus"


class CorpusNameTaken(ConflictError):
    """Another corpus of the workspace has this name."""

    slug = "corpus-name-taken"
    title = "A corpus of this name exists"


def add_corpus(session: Session, *, workspace_id: UUID, name: str, notice: str | None = None) -> CorpusRow:
    """Make an empty corpus.

    Raises
    ------
    CorpusNameTaken
        If the workspace has a corpus of this name.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{workspace_id} {name}", 0))))
    same = select(CorpusRow.id).where(CorpusRow.workspace_id == workspace_id, CorpusRow.name == name)
    if (taken := session.scalar(same)) is not None:
        detail = f"A corpus named {name!r} exists already; add papers to it, or choose another name."
        raise CorpusNameTaken(detail, corpus_id=str(taken))
    row = CorpusRow(workspace_id=workspace_id, name=name, notice=notice)
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def get_corpus(session: Session, corpus_id: UUID, *, workspace_id: UUID, lock: bool = False) -> CorpusRow:
    """Find a corpus; with ``lock`` its papers cannot be changed by anyone else meanwhile.

    Raises
    ------
    CorpusNotFound
        If the workspace has no such corpus.
    """
    query = select(CorpusRow).where(CorpusRow.workspace_id == workspace_id, CorpusRow.id == corpus_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalar(query)
    if row is None:
        detail = "No corpus of this id is in your workspace; GET /api/v1/corpora lists those that are."
        raise CorpusNotFound(detail)
    return row


def list_corpora(
    session: Session, *, workspace_id: UUID, limit: int, after: UUID | None = None, name: str | None = None
) -> Sequence[CorpusRow]:
    """List corpora in the order they were made."""
    query = (
        select(CorpusRow).where(CorpusRow.workspace_id == workspace_id).order_by(CorpusRow.id).limit(limit)
    )
    if after is not None:
        query = query.where(CorpusRow.id > after)
    if name is not None:
        query = query.where(CorpusRow.name == name)
    return session.scalars(query).all()


def delete_corpus(session: Session, corpus_id: UUID, *, workspace_id: UUID) -> None:
    """Delete a corpus with its papers, hierarchies and jobs.

    Raises
    ------
    CorpusNotFound
        If the workspace has no such corpus.
    """
    get_corpus(session, corpus_id, workspace_id=workspace_id, lock=True)
    session.execute(
        delete(CorpusRow).where(CorpusRow.workspace_id == workspace_id, CorpusRow.id == corpus_id)
    )


def hierarchies_of(
    session: Session, corpus_ids: Sequence[UUID], *, workspace_id: UUID
) -> dict[UUID, list[dict[str, object]]]:
    """Summarise the built hierarchies of several corpora, by corpus."""
    n_topics = (
        select(func.count())
        .where(TopicRow.build_id == HierarchyRow.live_build_id)
        .correlate(HierarchyRow)
        .scalar_subquery()
    )
    query = (
        select(HierarchyRow, BuildRow.built_at, n_topics)
        .join(BuildRow, BuildRow.id == HierarchyRow.live_build_id)
        .where(HierarchyRow.workspace_id == workspace_id, HierarchyRow.corpus_id.in_(corpus_ids))
        .order_by(HierarchyRow.facet)
    )
    found: dict[UUID, list[dict[str, object]]] = {corpus_id: [] for corpus_id in corpus_ids}
    for row, built_at, count in session.execute(query):
        summary = {"id": row.id, "facet": row.facet, "version": row.version}
        found[row.corpus_id].append({**summary, "built_at": built_at, "n_topics": count})
    return found
