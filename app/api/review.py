"""The review queue: assignments that are most worth an answer."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.api.authentication import IdentityDep
from app.api.dependencies import SendJobDep, SessionDep
from app.api.homes import TopicPathOut
from app.api.jobs import JobOut, accept
from app.api.paging import LimitQuery
from app.api.papers import PaperBrief
from app.corrections.operations import operation_to_json
from app.services import review

router = APIRouter(prefix="/hierarchies/{hierarchy_id}", tags=["corrections"])


class LikelyOut(BaseModel):
    """A topic that the paper may belong in, the chance that it does, and the operation that puts it there."""

    topic: TopicPathOut
    chance: float
    operation: dict[str, Any]


class DoubtfulOut(BaseModel):
    """An assignment to look at; send one of its operations to the corrections of the hierarchy to answer.

    ``topic`` is null of an unassigned paper. ``stays`` is the chance that it belongs where it is, null of an
    unassigned paper and before there are answers; ``gain`` what an answer is expected to settle. ``keep``
    says that it is right, ``reject`` that it is wrong.
    """

    paper: PaperBrief
    topic: TopicPathOut | None
    stays: float | None
    gain: float
    likely: list[LikelyOut]
    keep: dict[str, Any]
    reject: dict[str, Any] | None


class ReviewOut(BaseModel):
    """The head of the review queue, without what was answered, locked or moved since it was made.

    It was learnt from ``n_answered`` papers at ``scored_version``; ``version`` is the present one, to be
    named in ``If-Match`` of an answer. ``training`` is the fingerprint of the answers. Without answers no
    other topics are proposed.
    """

    hierarchy_id: UUID
    version: int
    scored_version: int
    scored_at: datetime
    training: str
    n_answered: int
    n_left_out: int
    items: list[DoubtfulOut]


@router.post("/review", status_code=202)
def post_review(
    hierarchy_id: UUID, session: SessionDep, identity: IdentityDep, send_job: SendJobDep, response: Response
) -> JobOut:
    """Ask for what people said to be learnt, and the assignments to be ordered by what an answer gains."""
    job = review.ask_for_scores(session, hierarchy_id, workspace_id=identity.workspace_id)
    return accept(job, session, send_job, response)


@router.get("/review")
def get_review(
    hierarchy_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    response: Response,
    limit: LimitQuery = 20,
    arrived: Annotated[bool, Query(description="Only papers that came after the build.")] = False,
) -> ReviewOut:
    """Read the assignments that are most worth an answer, as last scored, each with ready operations."""
    found = review.read_review(
        session, hierarchy_id, workspace_id=identity.workspace_id, limit=limit, arrived=arrived
    )
    response.headers["ETag"] = f'"{found.version}"'
    scorer = found.scorer
    return ReviewOut(
        hierarchy_id=hierarchy_id,
        version=found.version,
        scored_version=found.scored_version,
        scored_at=scorer.scored_at,
        training=scorer.training,
        n_answered=scorer.n_answered,
        n_left_out=scorer.n_left_out,
        items=[_show(one) for one in found.items],
    )


def _show(one: review.Doubtful) -> DoubtfulOut:
    return DoubtfulOut(
        paper=PaperBrief.model_validate(one.paper),
        topic=None if one.topic is None else TopicPathOut.model_validate(one.topic),
        stays=one.stays,
        gain=one.gain,
        likely=[
            LikelyOut(
                topic=TopicPathOut.model_validate(likely.topic),
                chance=likely.chance,
                operation=operation_to_json(likely.operation),
            )
            for likely in one.likely
        ],
        keep=operation_to_json(one.keep),
        reject=None if one.reject is None else operation_to_json(one.reject),
    )
