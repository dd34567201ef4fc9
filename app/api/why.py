"""Why a paper stands where it does."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from app.api.authentication import IdentityDep
from app.api.dependencies import SessionDep
from app.api.homes import HomeOut, TopicPathOut, show_home
from app.api.papers import PaperBrief
from app.services import why

router = APIRouter(prefix="/hierarchies/{hierarchy_id}", tags=["corrections"])


class LevelOut(BaseModel):
    """A topic, and what speaks for the paper's being in it.

    ``similarity`` is the cosine to the middle of its exemplars, null where there are none to compare with.
    ``chance`` is what the last review learnt from answers, null where there were none: of a broader topic the
    sum over the likely ones below it.
    """

    model_config = ConfigDict(from_attributes=True)

    topic: TopicPathOut
    similarity: float | None
    chance: float | None


class ExemplarOut(BaseModel):
    """A representative paper of the topic, and its cosine similarity to the paper asked about."""

    model_config = ConfigDict(from_attributes=True)

    paper: PaperBrief
    similarity: float


class PutByOut(BaseModel):
    """The step by which somebody put the paper there."""

    model_config = ConfigDict(from_attributes=True)

    operation_id: UUID
    actor: str
    at: datetime


class WhyOut(BaseModel):
    """What speaks for a paper's being in a topic.

    ``home`` tells how it stands there or below, who or what put it there, and whether it is locked; null
    where it does not stand there. ``put_by`` tells by which step, if a person did. ``path`` leads from below
    the root to the topic; ``runners_up`` are the likeliest of the topics beside it, or the nearest where
    nothing was learnt yet.
    """

    paper: PaperBrief
    topic: TopicPathOut
    home: HomeOut | None
    put_by: PutByOut | None
    exemplars: list[ExemplarOut]
    shared_terms: list[str]
    path: list[LevelOut]
    runners_up: list[LevelOut]


@router.get("/papers/{paper_id}/why")
def get_why(
    hierarchy_id: UUID,
    paper_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    topic: Annotated[UUID | None, Query(description="Its first home, or best guess, if not given.")] = None,
) -> WhyOut:
    """Explain why a paper stands in a topic, or what speaks for its standing there."""
    found = why.explain(session, hierarchy_id, paper_id, topic_id=topic, workspace_id=identity.workspace_id)
    return WhyOut(
        paper=PaperBrief.model_validate(found.paper),
        topic=TopicPathOut.model_validate(found.topic),
        home=None if found.home is None else show_home(found.home),
        put_by=None if found.put_by is None else PutByOut.model_validate(found.put_by),
        exemplars=[ExemplarOut.model_validate(one) for one in found.exemplars],
        shared_terms=list(found.shared_terms),
        path=[LevelOut.model_validate(one) for one in found.path],
        runners_up=[LevelOut.model_validate(one) for one in found.runners_up],
    )
