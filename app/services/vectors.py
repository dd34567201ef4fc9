"""Vectors in PostgreSQL, keyed by model and text, so that nothing is embedded twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from app.db.bulk import copy_to_staging, driver_connection
from app.db.tables import BuildRow, EmbeddingRow, HierarchyRow, PaperRow
from app.errors import ConflictError, InvalidError
from app.index.embedder import Vectors
from app.services.storing import paper_text


class NotEmbedded(ConflictError):
    """The vector asked for has not been computed yet."""

    slug = "not-embedded"
    title = "The paper has no vector yet"


class VectorsUnfit(InvalidError):
    """The encoder gave something that has no direction."""

    slug = "vectors-unfit"
    title = "The encoder gave vectors that cannot be used"


@dataclass(frozen=True, slots=True)
class Text:
    """A text that waits for its vector."""

    hash: bytes
    text: str


@dataclass(frozen=True, slots=True)
class PaperVectors:
    """Papers of a corpus in its order, with their vectors, row by row."""

    ids: list[UUID]
    vectors: Vectors


def count_texts(session: Session, *, corpus_id: UUID, model: str) -> tuple[int, int]:
    """Count the different texts of a corpus: those that have their vector, and all."""
    query = (
        select(func.count(EmbeddingRow.text_hash.distinct()), func.count(PaperRow.text_hash.distinct()))
        .select_from(PaperRow)
        .outerjoin(EmbeddingRow, _same_text(model))
        .where(PaperRow.corpus_id == corpus_id)
    )
    embedded, total = session.execute(query).one()
    return embedded, total


def texts_to_embed(
    session: Session, *, corpus_id: UUID, model: str, after: int, limit: int
) -> tuple[list[Text], int]:
    """Give the next texts without a vector, in corpus order, and the position reached."""
    query = (
        select(PaperRow.position, PaperRow.text_hash, PaperRow.title, PaperRow.abstract)
        .outerjoin(EmbeddingRow, _same_text(model))
        .where(PaperRow.corpus_id == corpus_id, EmbeddingRow.text_hash.is_(None), PaperRow.position > after)
        .order_by(PaperRow.position)
        .limit(limit)
    )
    rows = session.execute(query).all()
    texts = {row.text_hash: Text(row.text_hash, paper_text(row.title, row.abstract)) for row in rows}
    return list(texts.values()), rows[-1].position if rows else after


def save_vectors(
    session: Session, *, workspace_id: UUID, model: str, hashes: Sequence[bytes], vectors: Vectors
) -> None:
    """Store vectors; one that is there already stays.

    Raises
    ------
    VectorsUnfit
        If one holds NaN, an infinity or only zeros; none is stored then.
    """
    unfit = np.flatnonzero(~np.isfinite(vectors).all(axis=1) | ~vectors.any(axis=1)).tolist()
    if unfit:
        raise VectorsUnfit(
            f"The encoder {model!r} gave NaN, an infinity or only zeros for {len(unfit)} of {len(hashes)}"
            f" texts; the first is that of {_some_paper(session, workspace_id, hashes[unfit[0]])}.",
            model=model,
        )
    columns = (("workspace_id", "uuid"), ("model", "text"), ("text_hash", "bytea"), ("vector", "vector"))
    rows = (
        (workspace_id, model, text_hash, vector) for text_hash, vector in zip(hashes, vectors, strict=True)
    )
    copy_to_staging(session, "embedding_staging", columns, rows)
    session.execute(
        text(
            "INSERT INTO embedding (workspace_id, model, text_hash, vector) "
            "SELECT workspace_id, model, text_hash, vector FROM embedding_staging ON CONFLICT DO NOTHING"
        )
    )


def load_vectors(session: Session, *, corpus_id: UUID, model: str, up_to: int) -> PaperVectors:
    """Load the vectors of a corpus's papers up to a position, in its order.

    Raises
    ------
    NotEmbedded
        If one of the papers has no vector.

    Notes
    -----
    Streams in binary from a server-side cursor: 4 bytes a dimension, and as much again for a moment.
    """
    statement = """SELECT paper.id, embedding.vector FROM paper LEFT JOIN embedding
        ON embedding.workspace_id = paper.workspace_id AND embedding.model = %s
           AND embedding.text_hash = paper.text_hash
        WHERE paper.corpus_id = %s AND paper.position <= %s ORDER BY paper.position"""
    ids: list[UUID] = []
    blocks: list[Vectors] = []
    with driver_connection(session).cursor("vectors", binary=True) as cursor:
        cursor.execute(statement, (model, corpus_id, up_to))
        while rows := cursor.fetchmany(5000):
            if any(vector is None for _, vector in rows):
                raise NotEmbedded("Papers were added or changed meanwhile; they must be embedded first.")
            ids.extend(paper_id for paper_id, _ in rows)
            blocks.append(np.stack([vector.to_numpy() for _, vector in rows]).astype(np.float32))
    vectors = np.concatenate(blocks) if blocks else np.zeros((0, 1), np.float32)
    return PaperVectors(ids, vectors)


def last_position(session: Session, *, corpus_id: UUID) -> int:
    """Give the position of the last paper of a corpus; 0 when it has none."""
    return session.scalar(select(func.max(PaperRow.position)).where(PaperRow.corpus_id == corpus_id)) or 0


def load_texts(session: Session, *, corpus_id: UUID, up_to: int) -> list[tuple[str, str]]:
    """Load the titles and abstracts of a corpus's papers up to a position, in its order."""
    query = select(PaperRow.title, PaperRow.abstract).where(PaperRow.corpus_id == corpus_id)
    rows = session.execute(query.where(PaperRow.position <= up_to).order_by(PaperRow.position))
    return [(title, abstract) for title, abstract in rows.yield_per(5000)]


def model_of(session: Session, corpus_id: UUID) -> str:
    """Give the model whose vectors the corpus's newest live build was made from.

    Raises
    ------
    NotEmbedded
        If no hierarchy has been built.
    """
    query = (
        select(BuildRow.model)
        .join(HierarchyRow, HierarchyRow.live_build_id == BuildRow.id)
        .where(HierarchyRow.corpus_id == corpus_id)
        .order_by(BuildRow.built_at.desc())
        .limit(1)
    )
    model = session.scalar(query)
    if model is None:
        raise NotEmbedded("The papers of a corpus are embedded when its hierarchy is built; build one first.")
    return model


def vector_of(session: Session, paper: PaperRow, *, model: str) -> Vectors:
    """Give the vector of a paper, shape (n_dimensions,).

    Raises
    ------
    NotEmbedded
        If the paper has none yet.
    """
    query = select(EmbeddingRow.vector).where(
        EmbeddingRow.workspace_id == paper.workspace_id,
        EmbeddingRow.model == model,
        EmbeddingRow.text_hash == paper.text_hash,
    )
    vector = session.scalar(query)
    if vector is None:
        detail = (
            "The papers of this corpus are embedded when a hierarchy is built; build one, then ask again."
        )
        raise NotEmbedded(detail)
    return np.asarray(vector, dtype=np.float32)


def _some_paper(session: Session, workspace_id: UUID, text_hash: bytes) -> str:
    query = select(PaperRow.source_id).where(
        PaperRow.workspace_id == workspace_id, PaperRow.text_hash == text_hash
    )
    source_id = session.scalar(query.order_by(PaperRow.id).limit(1))
    return "a paper that is gone" if source_id is None else f"the paper {source_id!r}"


def _same_text(model: str) -> ColumnElement[bool]:
    return (
        (EmbeddingRow.workspace_id == PaperRow.workspace_id)
        & (EmbeddingRow.model == model)
        & (EmbeddingRow.text_hash == PaperRow.text_hash)
    )
