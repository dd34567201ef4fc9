"""Evaluations of hierarchies: asked for, read."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.authentication import IdentityDep
from app.api.dependencies import SendJobDep, SessionDep
from app.api.jobs import JobOut, accept
from app.api.texts import Body
from app.hierarchy.figures import (
    Found,
    Grounding,
    Homes,
    LabelShape,
    LevelAgreement,
    Stability,
    Structure,
)
from app.services import evaluations

router = APIRouter(prefix="/hierarchies/{hierarchy_id}", tags=["hierarchies"])


class EvaluationIn(Body):
    """What to measure: ``labels`` names the field of the imported records that holds categories."""

    labels: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    stability: bool = True


class CategoryFigures(BaseModel):
    """The hierarchy against categories: how many papers came with any, and the figures of each level."""

    field: str
    n_with: int
    n_without: int
    n_unreadable: int
    levels: list[LevelAgreement]


class WalkFigures(BaseModel):
    """Papers found again by a walk from the root, by what topics are called or by what they hold."""

    by: Literal["labels", "centroids"]
    query: Literal["title", "sentences"]
    beam: int
    n_queries: int
    found: Found
    random: Found
    shuffled: Found


class EvaluationOut(BaseModel):
    """What was measured of a hierarchy's present build.

    ``n_papers_since`` counts the papers that came after it; ``categories`` is null when no labels were asked
    for, ``stability`` when it was left out.
    """

    hierarchy_id: UUID
    version: int
    evaluated_at: datetime
    n_papers_since: int
    structure: Structure
    homes: Homes
    label_shape: LabelShape
    grounding: Grounding
    categories: CategoryFigures | None
    walks: list[WalkFigures]
    stability: Stability | None


@router.post("/evaluations", status_code=202)
def post_evaluation(
    hierarchy_id: UUID,
    body: EvaluationIn,
    session: SessionDep,
    identity: IdentityDep,
    send_job: SendJobDep,
    response: Response,
) -> JobOut:
    """Ask for a hierarchy to be evaluated; the same request made again meanwhile is the same job."""
    job = evaluations.ask_for_evaluation(
        session,
        hierarchy_id,
        workspace_id=identity.workspace_id,
        labels=body.labels,
        stability=body.stability,
    )
    return accept(job, session, send_job, response)


@router.get("/evaluation")
def get_evaluation(hierarchy_id: UUID, session: SessionDep, identity: IdentityDep) -> EvaluationOut:
    """Read the last evaluation of a hierarchy's present build."""
    row, evaluation = evaluations.get_evaluation(session, hierarchy_id, workspace_id=identity.workspace_id)
    return EvaluationOut(
        hierarchy_id=row.id,
        version=row.version,
        evaluated_at=evaluation.evaluated_at,
        **evaluation.figures,
    )
