"""What naming the topics of a corpus would take, from what is stored; nothing is asked of anyone."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.db.tables import HierarchyRow, PaperRow, TopicRow
from app.labelling.estimate import Estimate, Texts, estimate_aspects, estimate_claims, estimate_naming
from app.labelling.quoting import LONGEST_ABSTRACT, LONGEST_TITLE
from app.services.claims import without_claims


def estimate_build(session: Session, *, corpus_id: UUID, facet: str) -> Estimate:
    """Estimate the questions for the topics of a corpus.

    From the hierarchy that is there, if there is one; otherwise from how many papers there are.
    """
    return estimate_naming(_texts(session, corpus_id), _families(session, corpus_id, facet) or None)


def estimate_claims_of(session: Session, *, corpus_id: UUID) -> Estimate:
    """Estimate the questions about the papers of a corpus whose claims are not known."""
    return estimate_claims(_texts(session, corpus_id, without_claims()))


def estimate_aspects_of(session: Session, *, corpus_id: UUID) -> Estimate:
    """Estimate the questions for aspects of a corpus and for the topics under the most there can be."""
    return estimate_aspects(_texts(session, corpus_id))


def _texts(session: Session, corpus_id: UUID, *of_which: ColumnElement[bool]) -> Texts:
    title = func.avg(func.least(func.length(PaperRow.title), LONGEST_TITLE))
    abstract = func.avg(func.least(func.length(PaperRow.abstract), LONGEST_ABSTRACT))
    query = select(func.count(), title, abstract).where(PaperRow.corpus_id == corpus_id, *of_which)
    n_papers, titles, abstracts = session.execute(query).one()
    return Texts(n_papers, float(titles or 0), float(abstracts or 0))


def _families(session: Session, corpus_id: UUID, facet: str) -> Sequence[int]:
    query = (
        select(func.count())
        .select_from(TopicRow)
        .join(HierarchyRow, HierarchyRow.live_build_id == TopicRow.build_id)
        .where(HierarchyRow.corpus_id == corpus_id, HierarchyRow.facet == facet)
        .where(TopicRow.parent_id.is_not(None))
        .group_by(TopicRow.parent_id)
    )
    return session.scalars(query).all()
