"""Aspects of a corpus: ways of dividing it that a language model proposed, each a facet of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.db.ids import new_id
from app.db.tables import AspectPhraseRow, AspectRow, PaperRow
from app.labelling.aspects import Aspect
from app.services.claims import claims_of

PROPOSE_ASPECTS = "propose_aspects"


@dataclass(frozen=True, slots=True)
class PhrasedPaper:
    """A paper of a corpus with what it says under one aspect; None when it says nothing."""

    id: UUID
    title: str
    phrase: str | None


def papers_to_divide(session: Session, *, corpus_id: UUID) -> list[tuple[UUID, str, str, str]]:
    """Give id, title, abstract and, where they are known, the claims of each paper, in corpus order."""
    query = select(PaperRow.id, PaperRow.title, PaperRow.abstract).where(PaperRow.corpus_id == corpus_id)
    rows = session.execute(query.order_by(PaperRow.position)).all()
    claims = claims_of(session, [row.id for row in rows])
    return [(row.id, row.title, row.abstract, " ".join(claims[row.id])) for row in rows]


def save_aspect(
    session: Session,
    aspect: Aspect,
    phrases: Mapping[UUID, tuple[str, UUID | None]],
    *,
    workspace_id: UUID,
    corpus_id: UUID,
    llm_call_id: UUID | None,
) -> None:
    """Keep an aspect with the phrases of its papers; one of the same facet is replaced."""
    values = {"name": aspect.name, "question": aspect.question, "llm_call_id": llm_call_id}
    new = {"id": new_id(), "workspace_id": workspace_id, "corpus_id": corpus_id, "facet": aspect.facet}
    statement = upsert(AspectRow).values(**new, **values)
    statement = statement.on_conflict_do_update(index_elements=["corpus_id", "facet"], set_=values)
    aspect_id = session.scalars(statement.returning(AspectRow.id)).one()
    session.execute(delete(AspectPhraseRow).where(AspectPhraseRow.aspect_id == aspect_id))
    rows = [
        {
            "aspect_id": aspect_id,
            "paper_id": paper_id,
            "workspace_id": workspace_id,
            "phrase": phrase,
            "llm_call_id": call_id,
        }
        for paper_id, (phrase, call_id) in phrases.items()
    ]
    session.execute(insert(AspectPhraseRow), rows)


def list_aspects(session: Session, *, corpus_id: UUID) -> Sequence[tuple[AspectRow, int]]:
    """List the aspects of a corpus with how many papers say something under each."""
    n_papers = func.count(AspectPhraseRow.paper_id)
    query = (
        select(AspectRow, n_papers)
        .outerjoin(AspectPhraseRow, AspectPhraseRow.aspect_id == AspectRow.id)
        .where(AspectRow.corpus_id == corpus_id)
        .group_by(AspectRow.id)
        .order_by(AspectRow.facet)
    )
    return session.execute(query).all()


def phrased_papers(session: Session, *, corpus_id: UUID, facet: str) -> list[PhrasedPaper]:
    """Give all papers of a corpus, in its order, with their phrases under a facet."""
    aspect = (AspectRow.corpus_id == corpus_id) & (AspectRow.facet == facet)
    mine = (
        select(AspectPhraseRow.paper_id, AspectPhraseRow.phrase)
        .join(AspectRow, aspect & (AspectRow.id == AspectPhraseRow.aspect_id))
        .subquery()
    )
    query = (
        select(PaperRow.id, PaperRow.title, mine.c.phrase)
        .outerjoin(mine, mine.c.paper_id == PaperRow.id)
        .where(PaperRow.corpus_id == corpus_id)
        .order_by(PaperRow.position)
    )
    return [PhrasedPaper(*row) for row in session.execute(query)]
