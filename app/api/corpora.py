"""Corpora: papers organized together."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.authentication import IdentityDep
from app.api.dependencies import SessionDep
from app.api.paging import CursorQuery, LimitQuery, Page, id_after, next_cursor
from app.api.texts import Body, Name, Notice
from app.db.tables import CorpusRow
from app.services import corpora

router = APIRouter(prefix="/corpora", tags=["corpora"])


class CorpusIn(Body):
    """A corpus to make. ``notice`` is shown wherever its papers are."""

    name: Name
    notice: Notice | None = None


class HierarchySummary(BaseModel):
    """A built hierarchy, in short."""

    id: UUID
    facet: str
    version: int
    built_at: datetime
    n_topics: int


class CorpusOut(BaseModel):
    """A corpus with its built hierarchies. ``version`` grows with every change of its papers."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    notice: str | None
    n_papers: int
    version: int
    created_at: datetime
    hierarchies: list[HierarchySummary] = Field(default_factory=list)


@router.post("", status_code=201)
def post_corpus(body: CorpusIn, session: SessionDep, identity: IdentityDep, response: Response) -> CorpusOut:
    """Make an empty corpus."""
    row = corpora.add_corpus(session, workspace_id=identity.workspace_id, name=body.name, notice=body.notice)
    response.headers["Location"] = f"/api/v1/corpora/{row.id}"
    return CorpusOut.model_validate(row)


@router.get("")
def get_corpora(
    session: SessionDep,
    identity: IdentityDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
    name: Name | None = None,
) -> Page[CorpusOut]:
    """List corpora in the order they were made, or find one by its exact name."""
    rows = corpora.list_corpora(
        session, workspace_id=identity.workspace_id, limit=limit, after=id_after(cursor), name=name
    )
    return Page(
        items=_shown(session, rows), next_cursor=next_cursor(rows, limit, rows[-1].id if rows else None)
    )


@router.get("/{corpus_id}")
def get_corpus(corpus_id: UUID, session: SessionDep, identity: IdentityDep) -> CorpusOut:
    """Read one corpus."""
    row = corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    return _shown(session, [row])[0]


@router.delete("/{corpus_id}", status_code=204)
def delete_corpus(corpus_id: UUID, session: SessionDep, identity: IdentityDep) -> None:
    """Delete a corpus with its papers, hierarchies and jobs, for good."""
    corpora.delete_corpus(session, corpus_id, workspace_id=identity.workspace_id)


def _shown(session: SessionDep, rows: Sequence[CorpusRow]) -> list[CorpusOut]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    built = corpora.hierarchies_of(session, ids, workspace_id=rows[0].workspace_id)
    return [
        CorpusOut.model_validate(row).model_copy(
            update={"hierarchies": [HierarchySummary.model_validate(h) for h in built[row.id]]}
        )
        for row in rows
    ]
