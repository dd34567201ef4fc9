"""Papers in bulk: COPY into staging, then one INSERT ... ON CONFLICT for all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import ARRAY, Text, any_, literal, select, text
from sqlalchemy.orm import Session

from app.corpus.paper import Paper
from app.db.bulk import copy_to_staging
from app.db.tables import CorpusRow, PaperKeyRow, PaperRow

_COLUMNS = (
    ("n", "int4"),
    ("id", "uuid"),
    ("workspace_id", "uuid"),
    ("corpus_id", "uuid"),
    ("source_id", "text"),
    ("title", "text"),
    ("abstract", "text"),
    ("year", "int4"),
    ("authors", "text[]"),
    ("venue", "text"),
    ("keywords", "text[]"),
    ("doi", "text"),
    ("arxiv_id", "text"),
    ("pmid", "text"),
    ("url", "text"),
    ("text_hash", "bytea"),
    ("original", "jsonb"),
)
_STORED = [name for name, _ in _COLUMNS if name != "n"]
_CHANGED = [name for name in _STORED if name not in ("id", "workspace_id", "corpus_id", "source_id")]

_INSERT_PAPERS = (
    f"INSERT INTO paper ({', '.join(_STORED)}) SELECT {', '.join(_STORED)} FROM paper_staging ORDER BY n "  # noqa: S608
    f"ON CONFLICT (corpus_id, source_id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in _CHANGED)}"
)
_INSERT_KEYS = (
    "INSERT INTO paper_key (workspace_id, corpus_id, key, paper_id) "
    "SELECT workspace_id, corpus_id, key, paper_id FROM paper_key_staging ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A paper with its row's id."""

    id: UUID
    paper: Paper


def paper_text(title: str, abstract: str) -> str:
    """Give the text that is embedded of a paper."""
    return f"{title}\n\n{abstract}".strip()


def hash_text(title: str, abstract: str) -> bytes:
    """Give the key under which the vector of a paper's text is stored."""
    return sha256(paper_text(title, abstract).encode()).digest()


def papers_by_key(session: Session, corpus_id: UUID, keys: Sequence[str]) -> dict[str, UUID]:
    """Find which of these keys belong to stored papers."""
    query = select(PaperKeyRow.key, PaperKeyRow.paper_id).where(PaperKeyRow.corpus_id == corpus_id)
    rows = session.execute(query.where(PaperKeyRow.key == any_(literal(list(keys), ARRAY(Text)))))
    return dict(rows.all())


def papers_by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, StoredPaper]:
    """Read stored papers, as papers."""
    rows = session.scalars(select(PaperRow).where(PaperRow.id.in_(set(ids))))
    return {row.id: StoredPaper(row.id, as_paper(row)) for row in rows}


def as_paper(row: PaperRow) -> Paper:
    """Give the paper a row holds."""
    return Paper(
        source_id=row.source_id,
        title=row.title,
        abstract=row.abstract,
        year=row.year,
        authors=tuple(row.authors),
        venue=row.venue,
        keywords=tuple(row.keywords),
        doi=row.doi,
        arxiv_id=row.arxiv_id,
        pmid=row.pmid,
        url=row.url,
        original=row.original,
    )


def write_papers(
    session: Session,
    corpus: CorpusRow,
    papers: Sequence[StoredPaper],
    keys: Mapping[str, UUID],
    *,
    n_new: int,
) -> None:
    """Insert new papers and rewrite changed ones, with the keys they are recognised by.

    Parameters
    ----------
    session : Session
        The transaction; it must hold the lock on the corpus's row.
    corpus : CorpusRow
        Where they belong; its version grows when anything changed.
    papers : sequence of StoredPaper
        New ones in the order they shall have, and changed ones.
    keys : mapping from str to UUID
        Keys to add, each with its paper.
    n_new : int
        How many of the papers are new.
    """
    if papers:
        rows = (_staged(n, corpus, stored) for n, stored in enumerate(papers))
        copy_to_staging(session, "paper_staging", _COLUMNS, rows)
        session.execute(text(_INSERT_PAPERS))
        corpus.n_papers += n_new
        corpus.version += 1
    if keys:
        columns = (("workspace_id", "uuid"), ("corpus_id", "uuid"), ("key", "text"), ("paper_id", "uuid"))
        found = ((corpus.workspace_id, corpus.id, key, paper_id) for key, paper_id in keys.items())
        copy_to_staging(session, "paper_key_staging", columns, found)
        session.execute(text(_INSERT_KEYS))


def _staged(n: int, corpus: CorpusRow, stored: StoredPaper) -> tuple[object, ...]:
    paper = stored.paper
    return (
        n,
        stored.id,
        corpus.workspace_id,
        corpus.id,
        paper.source_id,
        paper.title,
        paper.abstract,
        paper.year,
        list(paper.authors),
        paper.venue,
        list(paper.keywords),
        paper.doi,
        paper.arxiv_id,
        paper.pmid,
        paper.url,
        hash_text(paper.title, paper.abstract),
        Jsonb(dict(paper.original)),
    )
