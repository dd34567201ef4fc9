"""Papers found by words, by meaning, or by being near another paper."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.corpus.identifiers import normalise_doi
from app.db.neighbours import nearest_papers
from app.db.tables import PaperKeyRow, PaperRow
from app.index.embedder import Embedder
from app.services.corpora import get_corpus
from app.services.papers import get_paper, matches
from app.services.vectors import NotEmbedded, model_of, vector_of

_ONE_DOI = re.compile(r"(?:doi:\s*)?\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A paper found; ``similarity`` is the cosine in [-1, 1], or None when words were matched."""

    paper: PaperRow
    similarity: float | None


def neighbours_of(session: Session, paper_id: UUID, *, workspace_id: UUID, k: int) -> list[Found]:
    """Find the papers of the same corpus nearest to a paper, itself left out.

    Raises
    ------
    PaperNotFound
        If the workspace has no such paper.
    NotEmbedded
        If the paper has no vector yet.
    """
    paper = get_paper(session, paper_id, workspace_id=workspace_id)
    model = model_of(session, paper.corpus_id)
    vector = vector_of(session, paper, model=model)
    rows = nearest_papers(
        session,
        vector,
        workspace_id=workspace_id,
        corpus_id=paper.corpus_id,
        model=model,
        k=k,
        except_paper=paper.id,
    )
    return [Found(row.PaperRow, _cosine(row.similarity)) for row in rows]


def search_by_meaning(
    session: Session, query: str, embedder: Embedder, *, workspace_id: UUID, corpus_id: UUID, k: int
) -> list[Found]:
    """Find the papers whose vectors are nearest to a text's."""
    check_searchable(session, corpus_id, embedder, workspace_id=workspace_id)
    vector = embedder.embed([query])[0]
    rows = nearest_papers(
        session, vector, workspace_id=workspace_id, corpus_id=corpus_id, model=embedder.model, k=k
    )
    return [Found(row.PaperRow, _cosine(row.similarity)) for row in rows]


def check_searchable(session: Session, corpus_id: UUID, embedder: Embedder, *, workspace_id: UUID) -> None:
    """Check that a corpus has vectors that a query's can be compared with.

    Raises
    ------
    CorpusNotFound
        If the workspace has no such corpus.
    NotEmbedded
        If it has no vectors, or only those of another model.
    """
    get_corpus(session, corpus_id, workspace_id=workspace_id)
    model = model_of(session, corpus_id)
    if model != embedder.model:
        detail = (
            f"The corpus was embedded with {model}, this server embeds with {embedder.model}; build it again."
        )
        raise NotEmbedded(detail)


def search_by_words(
    session: Session, query: str, *, workspace_id: UUID, corpus_id: UUID, k: int
) -> list[Found]:
    """Find the papers that hold words, typed as into a search box; title words weigh most.

    A DOI, also as an address, finds the paper that has it, if there is one.
    """
    get_corpus(session, corpus_id, workspace_id=workspace_id)
    named = _named_by_doi(session, query, workspace_id=workspace_id, corpus_id=corpus_id)
    if named:
        return [Found(row, None) for row in named[:k]]
    rank = func.ts_rank_cd(PaperRow.words, func.websearch_to_tsquery("english", query))
    statement = (
        select(PaperRow)
        .where(PaperRow.workspace_id == workspace_id, PaperRow.corpus_id == corpus_id, matches(query))
        .order_by(rank.desc(), PaperRow.position)
        .limit(k)
    )
    rows: Sequence[PaperRow] = session.scalars(statement).all()
    return [Found(row, None) for row in rows]


def _named_by_doi(session: Session, query: str, *, workspace_id: UUID, corpus_id: UUID) -> Sequence[PaperRow]:
    doi = normalise_doi(query)
    # A text that only mentions a DOI is looked for by its words.
    if doi is None or not _ONE_DOI.fullmatch(query.strip()):
        return ()
    statement = (
        select(PaperRow)
        .join(PaperKeyRow, PaperKeyRow.paper_id == PaperRow.id)
        .where(PaperRow.workspace_id == workspace_id, PaperRow.corpus_id == corpus_id)
        .where(PaperKeyRow.corpus_id == corpus_id, PaperKeyRow.key == f"doi:{doi}")
    )
    return session.scalars(statement).all()


def _cosine(value: float) -> float:
    return max(-1.0, min(1.0, float(value)))
