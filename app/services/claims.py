"""What papers claim, as a language model read it: kept with each paper, listed by corpus."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, insert, select
from sqlalchemy.orm import Session

from app.db.tables import PaperClaimRow, PaperRow

EXTRACT_CLAIMS = "extract_claims"


@dataclass(frozen=True, slots=True)
class Unread:
    """A paper whose claims are not known, or were taken from another text of it."""

    id: UUID
    title: str
    abstract: str
    text_hash: bytes


def without_claims() -> ColumnElement[bool]:
    """Condition on papers: there is an abstract, and nobody read its present text for claims."""
    known = exists().where(
        PaperClaimRow.paper_id == PaperRow.id, PaperClaimRow.text_hash == PaperRow.text_hash
    )
    return and_(PaperRow.abstract != "", ~known)


def papers_without_claims(session: Session, *, corpus_id: UUID) -> list[Unread]:
    """List the papers with an abstract that have no claims of their present text, in corpus order."""
    query = (
        select(PaperRow.id, PaperRow.title, PaperRow.abstract, PaperRow.text_hash)
        .where(PaperRow.corpus_id == corpus_id, without_claims())
        .order_by(PaperRow.position)
    )
    return [Unread(*row) for row in session.execute(query)]


def save_claims(
    session: Session, paper: Unread, claims: Sequence[str], *, workspace_id: UUID, llm_call_id: UUID | None
) -> None:
    """Keep what a paper claims, in place of what was known before."""
    session.execute(delete(PaperClaimRow).where(PaperClaimRow.paper_id == paper.id))
    rows = [
        {
            "paper_id": paper.id,
            "number": number,
            "workspace_id": workspace_id,
            "text": text,
            "text_hash": paper.text_hash,
            "llm_call_id": llm_call_id,
        }
        for number, text in enumerate(claims, start=1)
    ]
    if rows:
        session.execute(insert(PaperClaimRow), rows)


def claims_of(session: Session, paper_ids: Iterable[UUID]) -> Mapping[UUID, list[str]]:
    """Give the claims of some papers, the most important first; papers without any have an empty list."""
    found: dict[UUID, list[str]] = {paper_id: [] for paper_id in paper_ids}
    query = (
        select(PaperClaimRow.paper_id, PaperClaimRow.text)
        .join(PaperRow, PaperRow.id == PaperClaimRow.paper_id)
        .where(PaperClaimRow.paper_id.in_(found), PaperClaimRow.text_hash == PaperRow.text_hash)
        .order_by(PaperClaimRow.paper_id, PaperClaimRow.number)
    )
    for paper_id, text in session.execute(query):
        found[paper_id].append(text)
    return found
