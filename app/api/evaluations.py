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
from app.hierarchy.figures import Agreement, Found, Homes
from app.services import evaluations

router = APIRouter(prefix="/hierarchies/{hierarchy_id}", tags=["hierarchies"])


class EvaluationIn(Body):
    """What to measure: ``labels`` names the field of the imported records that holds categories."""

    labels: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    stability: bool = True


class StructureFigures(BaseModel):
    """The shape of a hierarchy.

    ``accounted_for`` is the share of papers that are filed under one topic of the tree or listed as
    unassigned, ``coverage`` the share that are filed; ``largest_share`` the greatest share of its parent's
    papers that any topic holds; sizes count papers of leaves. Null where there are no papers, or no topics.
    """

    n_papers: int
    n_unassigned: int
    accounted_for: float | None
    coverage: float | None
    n_topics: int
    n_leaves: int
    depth: int
    n_single_children: int
    smallest_fan_out: int
    mean_fan_out: float | None
    largest_fan_out: int
    smallest_leaf: int
    median_leaf: float
    largest_leaf: int
    largest_share: float | None


class LabelShapeFigures(BaseModel):
    """How the labels of a hierarchy are worded; the root's is left out.

    ``n_repeated_siblings`` counts topics whose label an earlier sibling has, ``n_repeated_parents`` those
    that are called as their parent is. ``sibling_overlap`` is the share of pairs of siblings whose labels
    have a content word in common; null where there are no siblings, and in evaluations of before it was
    measured. ``mean_words`` has one entry a depth, from 1.
    """

    n_repeated_siblings: int
    n_repeated_parents: int
    sibling_overlap: float | None
    mean_words: tuple[float, ...]


class GroundingFigures(BaseModel):
    """Share of labels whose words are the papers' own, beside the same labels over shuffled papers.

    Null where there are no labels.
    """

    n_labels: int
    found: float | None
    shuffled: float | None


class StabilityFigures(BaseModel):
    """Mean best-node F1 between two builds on samples, beside the same with the second's papers shuffled.

    ``n_shared`` counts the papers in both samples. Null of a root alone.
    """

    n_shared: int
    found: float | None
    shuffled: float | None


class LevelFigures(BaseModel):
    """A hierarchy against one level of categories, beside the same hierarchy with its papers shuffled.

    ``n_categories`` counts those that are scored, ``n_too_small`` those with too few papers, ``n_papers``
    the papers in any that is scored. Null where none is scored.
    """

    level: int
    n_categories: int
    n_too_small: int
    n_papers: int
    found: Agreement | None
    shuffled: Agreement | None


class CategoryFigures(BaseModel):
    """The hierarchy against categories: how many papers came with any, and the figures of each level."""

    field: str
    n_with: int
    n_without: int
    n_unreadable: int
    levels: list[LevelFigures]


class WalkFigures(BaseModel):
    """Papers found again by a walk from the root, by what topics are called or by what they hold.

    Null in a root alone.
    """

    by: Literal["labels", "centroids"]
    query: Literal["title", "sentences"]
    beam: int
    n_queries: int
    found: Found | None
    random: Found | None
    shuffled: Found | None


class EvaluationOut(BaseModel):
    """What was measured of a hierarchy's present build.

    ``n_papers_since`` counts the papers that came after it; ``categories`` is null when no labels were asked
    for, ``stability`` when it was left out.
    """

    hierarchy_id: UUID
    version: int
    evaluated_at: datetime
    n_papers_since: int
    structure: StructureFigures
    homes: Homes
    label_shape: LabelShapeFigures
    grounding: GroundingFigures
    categories: CategoryFigures | None
    walks: list[WalkFigures]
    stability: StabilityFigures | None


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
        **evaluations.told_figures(evaluation),
    )
