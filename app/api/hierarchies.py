"""Hierarchies: built by a job, read whole, exported."""

from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from app.api.authentication import IdentityDep
from app.api.corpora import HierarchySummary
from app.api.dependencies import SendJobDep, SessionDep
from app.api.jobs import JobOut
from app.api.texts import Body
from app.db.session import after_commit
from app.db.tables import EvaluationRow
from app.hierarchy.figures import Grounding, Stability
from app.hierarchy.parameters import BuildParameters
from app.services import corpora, evaluations, hierarchies, jobs

router = APIRouter(tags=["hierarchies"])


class HierarchyIn(Body):
    """A hierarchy to build; ``parameters`` bounds it, and the same ``seed`` gives the same tree."""

    facet: Annotated[str, Field(max_length=40)] = "topic"
    parameters: Annotated[dict[str, Any], Field(max_length=40)] = Field(default_factory=dict)
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0


class TopicOut(BaseModel):
    """A topic; ``n_papers`` counts those below it too, ``n_papers_direct`` those filed right here."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    parent_id: UUID | None
    label: str
    keyphrases: list[str]
    description: str
    depth: int
    n_papers: int
    n_papers_direct: int


class EvaluationSummary(BaseModel):
    """What was measured of the build, in short; ``stability`` is null when it was left out."""

    evaluated_at: datetime
    stability: Stability | None
    grounding: Grounding


class HierarchyOut(BaseModel):
    """A whole hierarchy: parents before children, siblings in the order they are shown.

    ``evaluation`` is null until the present build has been evaluated.
    """

    id: UUID
    corpus_id: UUID
    facet: str
    version: int
    built_at: datetime
    model: str
    parameters: dict[str, Any]
    notice: str | None
    n_papers: int
    n_unassigned: int
    evaluation: EvaluationSummary | None
    topics: list[TopicOut]


class Hierarchies(BaseModel):
    """The built hierarchies of a corpus."""

    items: list[HierarchySummary]


@router.post("/corpora/{corpus_id}/hierarchies", status_code=202)
def post_hierarchy(
    corpus_id: UUID,
    body: HierarchyIn,
    session: SessionDep,
    identity: IdentityDep,
    send_job: SendJobDep,
    response: Response,
) -> JobOut:
    """Ask for a hierarchy to be built; the same request made again meanwhile is the same job."""
    corpus = corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    arguments = {
        "facet": hierarchies.check_facet(body.facet),
        "parameters": BuildParameters.from_json(body.parameters).to_json(),
        "seed": body.seed,
    }
    job = jobs.add_job(
        session,
        workspace_id=identity.workspace_id,
        corpus_id=corpus_id,
        kind=hierarchies.BUILD_HIERARCHY,
        arguments=arguments,
        same_work=sha256(repr((corpus.version, sorted(arguments.items()))).encode()).hexdigest(),
    )
    after_commit(session, lambda: send_job(job.id))
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return JobOut.model_validate(job)


@router.get("/corpora/{corpus_id}/hierarchies")
def get_hierarchies(corpus_id: UUID, session: SessionDep, identity: IdentityDep) -> Hierarchies:
    """List the built hierarchies of a corpus."""
    corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    built = corpora.hierarchies_of(session, [corpus_id], workspace_id=identity.workspace_id)
    return Hierarchies(items=[HierarchySummary.model_validate(one) for one in built[corpus_id]])


@router.get("/hierarchies/{hierarchy_id}", response_model=HierarchyOut)
def get_hierarchy(
    hierarchy_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    response: Response,
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Any:  # noqa: ANN401
    """Read a whole hierarchy. Its ETag is its version, and when it was evaluated."""
    row, build = hierarchies.get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    evaluation = evaluations.find_evaluation(session, build)
    etag = (
        f'"{row.version}"'
        if evaluation is None
        else f'"{row.version}.{evaluation.evaluated_at.timestamp():.6f}"'
    )
    if if_none_match == etag:
        return Response(status_code=304, headers={"ETag": etag})
    response.headers["ETag"] = etag
    corpus = corpora.get_corpus(session, row.corpus_id, workspace_id=identity.workspace_id)
    n_papers, n_unassigned = hierarchies.count_papers(session, build)
    return HierarchyOut(
        id=row.id,
        corpus_id=row.corpus_id,
        facet=row.facet,
        version=row.version,
        built_at=build.built_at,
        model=build.model,
        parameters=build.parameters,
        notice=corpus.notice,
        n_papers=n_papers,
        n_unassigned=n_unassigned,
        evaluation=_summary(evaluation),
        topics=[TopicOut.model_validate(topic) for topic in hierarchies.list_topics(session, build)],
    )


@router.get("/hierarchies/{hierarchy_id}/export")
def get_export(
    hierarchy_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    format: Annotated[Literal["json"], Query()] = "json",  # noqa: A002
) -> JSONResponse:
    """Export a hierarchy with the source ids of its papers."""
    row, build = hierarchies.get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    headers = {"Content-Disposition": f'attachment; filename="hierarchy-{row.id}.{format}"'}
    return JSONResponse(hierarchies.export_document(session, row, build), headers=headers)


def _summary(evaluation: EvaluationRow | None) -> EvaluationSummary | None:
    if evaluation is None:
        return None
    return EvaluationSummary.model_validate({"evaluated_at": evaluation.evaluated_at, **evaluation.figures})
