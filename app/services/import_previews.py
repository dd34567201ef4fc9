"""What importing a file would do, without doing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.corpus.readers import Record
from app.services.corpora import get_corpus
from app.services.taking import Taken, take_papers


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A record, and what would become of its paper; of one that is rejected there is nothing."""

    record: Record
    taken: Taken | None


def foresee(
    session: Session, records: Sequence[Record], *, corpus_id: UUID, workspace_id: UUID
) -> list[Foreseen]:
    """Tell which records would be taken, merged or rejected, exactly as an import would decide it.

    Papers are taken and the taking is undone at once. The corpus is locked for as long as that takes.

    Raises
    ------
    CorpusNotFound
        If the workspace has none of this id.
    """
    get_corpus(session, corpus_id, workspace_id=workspace_id)
    undone = session.begin_nested()
    corpus = get_corpus(session, corpus_id, workspace_id=workspace_id, lock=True)
    papers = [record.paper for record in records if record.paper is not None]
    outcomes = iter(take_papers(session, corpus, papers, update=False))
    found = [Foreseen(one, None if one.paper is None else next(outcomes)) for one in records]
    undone.rollback()
    session.expire_all()
    return found
