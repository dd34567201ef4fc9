"""Claims: what the papers of a small corpus say they found, as a language model reads them."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.authentication import IdentityDep
from app.api.dependencies import LlmDep, SendJobDep, SessionDep
from app.api.jobs import JobOut, accept
from app.api.paging import CursorQuery, LimitQuery, Page, next_cursor, position_after
from app.api.papers import PaperBrief
from app.services import claims, corpora, jobs, papers
from app.services.language_model import check_small, require_llm

router = APIRouter(tags=["claims"])


class ClaimsOut(BaseModel):
    """A paper and what it claims, the most important first; empty where it has not been read."""

    paper: PaperBrief
    claims: list[str]


@router.post("/corpora/{corpus_id}/claims", status_code=202)
def post_claims(
    corpus_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    send_job: SendJobDep,
    configuration: LlmDep,
    response: Response,
) -> JobOut:
    """Have the language model write down the claims of every paper that has none yet, one to three each.

    For corpora of at most 200 papers.
    """
    corpus = corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    require_llm(is_configured=configuration is not None)
    check_small(corpus)
    job = jobs.add_job(
        session,
        workspace_id=identity.workspace_id,
        corpus_id=corpus_id,
        kind=claims.EXTRACT_CLAIMS,
        arguments={},
        same_work=claims.EXTRACT_CLAIMS,
    )
    return accept(job, session, send_job, response)


@router.get("/corpora/{corpus_id}/claims")
def get_claims(
    corpus_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ClaimsOut]:
    """List the papers of a corpus in its order with what they claim."""
    corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    rows = papers.list_papers(
        session,
        workspace_id=identity.workspace_id,
        corpus_id=corpus_id,
        limit=limit,
        after=position_after(cursor),
    )
    known = claims.claims_of(session, [row.id for row in rows])
    items = [ClaimsOut(paper=PaperBrief.model_validate(row), claims=known[row.id]) for row in rows]
    return Page(items=items, next_cursor=next_cursor(rows, limit, rows[-1].position if rows else None))
