"""Hierarchies: built by a job, read whole, exported."""

from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from app.api.authentication import IdentityDep
from app.api.conditional import is_seen
from app.api.corpora import HierarchySummary
from app.api.dependencies import LlmDep, SendJobDep, SessionDep
from app.api.homes import TopicPathOut
from app.api.jobs import JobOut, accept
from app.api.paging import CursorQuery, LimitQuery, Page, next_cursor, position_after
from app.api.papers import PaperBrief
from app.api.texts import Body
from app.db.tables import EvaluationRow
from app.hierarchy.figures import Grounding, Stability
from app.hierarchy.parameters import BuildParameters, list_parameters
from app.labelling.label import NamedBy
from app.services import corpora, evaluations, hierarchies, hierarchy_export, homes, jobs, topics
from app.services.language_model import require_llm

router = APIRouter(tags=["hierarchies"])


class HierarchyIn(Body):
    """A hierarchy to build; ``parameters`` bounds it, and the same ``seed`` gives the same tree.

    ``labels`` says who names the topics: the papers' own ``keyphrases``, then the ``llm`` where it can, or
    ``auto``: the language model if one is configured.
    """

    facet: Annotated[str, Field(max_length=40)] = "topic"
    parameters: Annotated[dict[str, Any], Field(max_length=40)] = Field(default_factory=dict)
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    labels: Literal["auto", "keyphrases", "llm"] = "auto"


class TopicOut(BaseModel):
    """A topic; ``n_papers`` counts those below it too, ``n_papers_direct`` those filed right here.

    ``named_by`` says where the label comes from: the papers' own keyphrases, a language model, or a person.
    ``n_second_papers`` counts the papers that are in it or below it only by a second home.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    parent_id: UUID | None
    label: str
    named_by: NamedBy
    keyphrases: list[str]
    description: str
    depth: int
    n_papers: int
    n_papers_direct: int
    n_second_papers: int
    locked: bool


class EvaluationSummary(BaseModel):
    """What was measured of the build, in short; ``stability`` is null when it was left out."""

    evaluated_at: datetime
    stability: Stability | None
    grounding: Grounding


class HierarchyOut(BaseModel):
    """A whole hierarchy: parents before children, siblings in the order they are shown.

    ``n_papers_since`` counts the papers that came to the corpus after it was built: it knows none of them.
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
    n_papers_since: int
    evaluation: EvaluationSummary | None
    topics: list[TopicOut]


class Hierarchies(BaseModel):
    """The built hierarchies of a corpus."""

    items: list[HierarchySummary]


class UnassignedOut(BaseModel):
    """A paper that stands in no topic, where it would stand if it had to, and how sure that is."""

    model_config = ConfigDict(from_attributes=True)

    paper: PaperBrief
    best_guess: TopicPathOut | None
    runner_up: TopicPathOut | None
    confidence: float


class ParameterOut(BaseModel):
    """A parameter of a build, and the values it may have."""

    name: str
    description: str
    type: Literal["integer", "number"]
    default: int | float
    minimum: int | float
    maximum: int | float


class Parameters(BaseModel):
    """The parameters of a build."""

    items: list[ParameterOut]


@router.get("/build-parameters")
def get_build_parameters() -> Parameters:
    """List what may be set about a build, with defaults and ranges."""
    items = [
        ParameterOut(
            name=one.name,
            description=one.text,
            type="integer" if one.is_whole else "number",
            default=one.default,
            minimum=one.lowest,
            maximum=one.highest,
        )
        for one in list_parameters()
    ]
    return Parameters(items=items)


@router.post("/corpora/{corpus_id}/hierarchies", status_code=202)
def post_hierarchy(
    corpus_id: UUID,
    body: HierarchyIn,
    session: SessionDep,
    identity: IdentityDep,
    send_job: SendJobDep,
    configuration: LlmDep,
    response: Response,
) -> JobOut:
    """Ask for a hierarchy to be built; the same request made again meanwhile is the same job."""
    corpus = corpora.get_corpus(session, corpus_id, workspace_id=identity.workspace_id)
    if body.labels == "llm":
        require_llm(is_configured=configuration is not None)
    arguments = {
        "facet": hierarchies.check_facet(session, body.facet, corpus_id=corpus_id),
        "parameters": BuildParameters.from_json(body.parameters).to_json(),
        "seed": body.seed,
        "labels": body.labels,
    }
    job = jobs.add_job(
        session,
        workspace_id=identity.workspace_id,
        corpus_id=corpus_id,
        kind=hierarchies.BUILD_HIERARCHY,
        arguments=arguments,
        same_work=sha256(repr((corpus.version, sorted(arguments.items()))).encode()).hexdigest(),
    )
    return accept(job, session, send_job, response)


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
    """Read a whole hierarchy. Its ETag changes with it, its corpus and its evaluation."""
    row, build = hierarchies.get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    corpus = corpora.get_corpus(session, row.corpus_id, workspace_id=identity.workspace_id)
    evaluation = evaluations.find_evaluation(session, build)
    evaluated = "" if evaluation is None else f".{evaluation.evaluated_at.timestamp():.6f}"
    etag = f'"{row.version}-{corpus.version}{evaluated}"'
    if is_seen(if_none_match, etag):
        return Response(status_code=304, headers={"ETag": etag})
    response.headers["ETag"] = etag
    counts = hierarchies.count_papers(session, build, corpus)
    return HierarchyOut(
        id=row.id,
        corpus_id=row.corpus_id,
        facet=row.facet,
        version=row.version,
        built_at=build.built_at,
        model=build.model,
        parameters=build.parameters,
        notice=corpus.notice,
        n_papers=counts.n_papers,
        n_unassigned=counts.n_unassigned,
        n_papers_since=counts.n_papers_since,
        evaluation=_summary(evaluation),
        topics=[TopicOut.model_validate(topic) for topic in topics.list_topics(session, build)],
    )


@router.get("/hierarchies/{hierarchy_id}/unassigned")
def get_unassigned(
    hierarchy_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[UnassignedOut]:
    """List the papers that stand in no topic, in corpus order, each with its best guess."""
    row, build = hierarchies.get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    rows = homes.list_unassigned(session, row, build, after=position_after(cursor), limit=limit)
    items = [UnassignedOut.model_validate(paper) for paper in rows]
    return Page(items=items, next_cursor=next_cursor(rows, limit, rows[-1].position if rows else None))


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
    return JSONResponse(hierarchy_export.export_document(session, row, build), headers=headers)


def _summary(evaluation: EvaluationRow | None) -> EvaluationSummary | None:
    if evaluation is None:
        return None
    return EvaluationSummary.model_validate({"evaluated_at": evaluation.evaluated_at, **evaluation.figures})
