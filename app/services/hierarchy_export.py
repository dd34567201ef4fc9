"""A hierarchy with its papers as one JSON document."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.tables import AssignmentRow, BuildRow, CorpusRow, HierarchyRow, PaperRow
from app.services.topics import list_topics


def export_document(session: Session, hierarchy: HierarchyRow, build: BuildRow) -> dict[str, Any]:
    """Give a hierarchy with its papers as one JSON document.

    Every paper's source id stands once: in its topic's ``papers`` or in ``unassigned``, where those that
    came after the build are too.
    """
    corpus = session.scalars(select(CorpusRow).where(CorpusRow.id == hierarchy.corpus_id)).one()
    papers: dict[UUID | None, list[str]] = {}
    query = (
        select(AssignmentRow.topic_id, PaperRow.source_id)
        .select_from(PaperRow)
        .outerjoin(
            AssignmentRow, (AssignmentRow.paper_id == PaperRow.id) & (AssignmentRow.build_id == build.id)
        )
        .where(PaperRow.corpus_id == corpus.id)
        .order_by(PaperRow.position)
    )
    for topic_id, source_id in session.execute(query):
        papers.setdefault(topic_id, []).append(source_id)
    topics = [
        {
            "id": str(topic.id),
            "parent_id": str(topic.parent_id) if topic.parent_id else None,
            "label": topic.label,
            "named_by": topic.named_by,
            "keyphrases": topic.keyphrases,
            "description": topic.description,
            "depth": topic.depth,
            "n_papers": topic.n_papers,
            "papers": papers.get(topic.id, []),
        }
        for topic in list_topics(session, build)
    ]
    return {
        "corpus": {
            "id": str(corpus.id),
            "name": corpus.name,
            "notice": corpus.notice,
            "n_papers": corpus.n_papers,
        },
        "hierarchy": {
            "id": str(hierarchy.id),
            "facet": hierarchy.facet,
            "version": hierarchy.version,
            "built_at": build.built_at.isoformat(),
            "parameters": build.parameters,
            "model": build.model,
        },
        "topics": topics,
        "unassigned": papers.get(None, []),
    }
