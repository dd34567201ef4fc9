"""The nearest papers, found by PostgreSQL over all vectors of a corpus: exact."""

from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.db.tables import EmbeddingRow, PaperRow
from app.index.embedder import Vectors


def nearest_papers(
    session: Session,
    vector: Vectors,
    *,
    workspace_id: UUID,
    corpus_id: UUID,
    model: str,
    k: int,
    except_paper: UUID | None = None,
) -> list[Row[tuple[PaperRow, float]]]:
    """Find the papers of a corpus nearest to a unit vector, with their cosine similarity, best first.

    Notes
    -----
    Compares with every paper: exact, and about a microsecond each.
    """
    similarity = (-EmbeddingRow.vector.max_inner_product(vector)).label("similarity")
    query = (
        select(PaperRow, similarity)
        .join(
            EmbeddingRow,
            (EmbeddingRow.workspace_id == PaperRow.workspace_id)
            & (EmbeddingRow.model == model)
            & (EmbeddingRow.text_hash == PaperRow.text_hash),
        )
        .where(PaperRow.workspace_id == workspace_id, PaperRow.corpus_id == corpus_id)
        .order_by(similarity.desc(), PaperRow.position)
        .limit(k)
    )
    if except_paper is not None:
        query = query.where(PaperRow.id != except_paper)
    return list(session.execute(query))
