"""Aspects: ways of dividing a small corpus that a language model proposes, each with its hierarchy."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.authentication import IdentityDep
from app.api.dependencies import LlmDep, SendJobDep, SessionDep
from app.api.jobs import JobOut, accept
from app.services import aspects, corpora, jobs
from app.services.language_model import check_small, require_llm

router = APIRouter(tags=["aspects"])


class AspectOut(BaseModel):
    """An aspect; ``facet`` names its hierarchy, ``n_papers`` counts those that say something under it."""

    facet: str
    name: str
    question: str
    n_papers: int


class Aspects(BaseModel):
    """The aspects of a corpus."""

    items: list[AspectOut]


@router.post("/corpora/{corpus_id}/aspects", status_code=202)
def post_aspects(
    corpus_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    send_job: SendJobDep,
    configuration: LlmDep,
    response: Response,
) -> JobOut:
    """Have the language model propose two to five aspects, and build a hierarchy under each.

    For corpora of at most 200 papers. The job ends when the aspects are known; it names the jobs that build.
    """
    corpus = corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    require_llm(is_configured=configuration is not None)
    check_small(corpus)
    job = jobs.add_job(
        session,
        workspace_id=identity.workspace_id,
        corpus_id=corpus_id,
        kind=aspects.PROPOSE_ASPECTS,
        arguments={},
        same_work=aspects.PROPOSE_ASPECTS,
    )
    return accept(job, session, send_job, response)


@router.get("/corpora/{corpus_id}/aspects")
def get_aspects(corpus_id: UUID, session: SessionDep, identity: IdentityDep) -> Aspects:
    """List the aspects that were proposed for a corpus; each is a facet that can be built again."""
    corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    rows = aspects.list_aspects(session, corpus_id=corpus_id)
    items = [
        AspectOut(facet=row.facet, name=row.name, question=row.question, n_papers=n_papers)
        for row, n_papers in rows
    ]
    return Aspects(items=items)
