"""A hierarchy with its papers as one JSON document."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.tables import AssignmentRow, BuildRow, CorpusRow, HierarchyRow, PaperRow, SecondHomeRow, TopicRow
from app.services.topics import list_topics


def export_document(session: Session, hierarchy: HierarchyRow, build: BuildRow) -> dict[str, Any]:
    """Give a hierarchy with its papers as one JSON document.

    Every paper's source id stands once: in its topic's ``papers`` or in ``unassigned``, where those that
    came after the build are too. It stands again in ``second_papers`` of each topic that is a second home,
    and ``best_guesses`` tells where an unassigned paper that the build knows would stand. ``exemplars`` are
    source ids too, the most typical first.
    """
    corpus = session.scalars(select(CorpusRow).where(CorpusRow.id == hierarchy.corpus_id)).one()
    filed = _read_filed(session, corpus, build)
    seconds = _read_seconds(session, build)
    topics = list_topics(session, build)
    source_ids = _read_source_ids(session, {paper for topic in topics for paper in topic.exemplars})
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
        "topics": [
            {
                "id": str(topic.id),
                "parent_id": str(topic.parent_id) if topic.parent_id else None,
                "label": topic.label,
                "named_by": topic.named_by,
                "keyphrases": topic.keyphrases,
                "description": topic.description,
                "exemplars": [source_ids[paper] for paper in topic.exemplars if paper in source_ids],
                "depth": topic.depth,
                "n_papers": topic.n_papers,
                "n_second_papers": topic.n_second_papers,
                "papers": filed.papers.get(topic.id, []),
                "second_papers": seconds.get(topic.id, []),
            }
            for topic in topics
        ],
        "unassigned": filed.papers.get(None, []),
        "best_guesses": filed.best_guesses,
    }


@dataclass(frozen=True, slots=True)
class _Filed:
    """Source ids in corpus order, by the topic they are assigned to; the best guesses of those by none."""

    papers: dict[UUID | None, list[str]]
    best_guesses: dict[str, str]


def _read_filed(session: Session, corpus: CorpusRow, build: BuildRow) -> _Filed:
    here = (AssignmentRow.paper_id == PaperRow.id) & (AssignmentRow.build_id == build.id)
    query = (
        select(PaperRow.source_id, AssignmentRow.topic_id, AssignmentRow.best_guess_id)
        .select_from(PaperRow)
        .outerjoin(AssignmentRow, here)
        .where(PaperRow.corpus_id == corpus.id)
        .order_by(PaperRow.position)
    )
    filed = _Filed({}, {})
    there = set(session.scalars(select(TopicRow.id).where(TopicRow.build_id == build.id)))
    for source_id, topic_id, best_guess_id in session.execute(query):
        filed.papers.setdefault(topic_id, []).append(source_id)
        if topic_id is None and best_guess_id in there:
            filed.best_guesses[source_id] = str(best_guess_id)
    return filed


def _read_source_ids(session: Session, papers: set[UUID]) -> dict[UUID, str]:
    query = select(PaperRow.id, PaperRow.source_id).where(PaperRow.id.in_(papers))
    return {row.id: row.source_id for row in session.execute(query)}


def _read_seconds(session: Session, build: BuildRow) -> dict[UUID, list[str]]:
    query = (
        select(SecondHomeRow.topic_id, PaperRow.source_id)
        .join(PaperRow, PaperRow.id == SecondHomeRow.paper_id)
        .where(SecondHomeRow.build_id == build.id)
        .order_by(SecondHomeRow.position)
    )
    papers: dict[UUID, list[str]] = {}
    for topic_id, source_id in session.execute(query):
        papers.setdefault(topic_id, []).append(source_id)
    return papers
