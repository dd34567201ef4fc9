"""Topics: what one holds, and why its papers are there."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from app.api.authentication import IdentityDep
from app.api.dependencies import SessionDep
from app.api.hierarchies import TopicOut
from app.api.paging import CursorQuery, LimitQuery, Page, id_after, next_cursor, position_after
from app.api.papers import PaperBrief
from app.corrections.state import PlacedBy
from app.services import papers, topics
from app.services.homes import HomeRank
from app.services.llm_calls import list_calls

router = APIRouter(prefix="/topics", tags=["topics"])


class TopicDetail(TopicOut):
    """A topic with its path, children and exemplar papers."""

    hierarchy_id: UUID
    path: list[str]
    children: list[TopicOut]
    exemplars: list[PaperBrief]


class FiledPaper(BaseModel):
    """A paper in a topic: by which home, how sure that is, who put it there, and where it would stand next.

    ``topic_id`` is the home: the topic itself or one below it. ``runner_up_id`` is told of first homes only.
    """

    model_config = ConfigDict(from_attributes=True)

    paper: PaperBrief
    home: HomeRank
    topic_id: UUID
    confidence: float
    runner_up_id: UUID | None
    placed_by: PlacedBy


class LlmCallOut(BaseModel):
    """A call to the language model: exactly what was sent, and what became of it.

    ``outcome``: ``answered``; ``invalid``, the answer was sent back; ``failed``, there was none; ``cached``,
    an answer to the same question was there; ``not_asked``; ``asked``, it is not over, or never ended.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    purpose: str
    model: str
    messages: list[dict[str, str]]
    outcome: str
    answer: str | None
    problem: str | None
    detail: str | None
    tokens_in: int | None
    tokens_out: int | None
    money: float | None
    seconds: float | None
    begun_at: datetime


@router.get("/{topic_id}")
def get_topic(topic_id: UUID, session: SessionDep, identity: IdentityDep) -> TopicDetail:
    """Read one topic of a current hierarchy."""
    topic = topics.get_topic(session, topic_id, workspace_id=identity.workspace_id)
    around = topics.around_topic(session, topic)
    shown = papers.papers_in_order(session, topic.exemplars)
    return TopicDetail(
        **TopicOut.model_validate(topic).model_dump(),
        hierarchy_id=around.hierarchy_id,
        path=list(around.path),
        children=[TopicOut.model_validate(child) for child in around.children],
        exemplars=[PaperBrief.model_validate(paper) for paper in shown],
    )


@router.get("/{topic_id}/papers")
def get_topic_papers(
    topic_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
    direct: Annotated[bool, Query(description="Only papers with a home right here, not below.")] = False,
    arrived: Annotated[bool, Query(description="Only papers that came after the build.")] = False,
) -> Page[FiledPaper]:
    """List the papers in a topic, in corpus order, each once: by its first home if that is here or below."""
    topic = topics.get_topic(session, topic_id, workspace_id=identity.workspace_id)
    after = position_after(cursor)
    if arrived:
        after = max(after, topics.last_built_position(session, topic.build_id))
    rows = topics.papers_of_topic(session, topic, after=after, limit=limit, direct=direct)
    items = [FiledPaper.model_validate(row) for row in rows]
    return Page(items=items, next_cursor=next_cursor(rows, limit, rows[-1].position if rows else None))


@router.get("/{topic_id}/llm-calls")
def get_llm_calls(
    topic_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[LlmCallOut]:
    """List the calls in which the language model was asked about a topic, in its present build."""
    topic = topics.get_topic(session, topic_id, workspace_id=identity.workspace_id)
    calls = list_calls(
        session,
        workspace_id=identity.workspace_id,
        build_id=topic.build_id,
        subject=str(topic.id),
        after=id_after(cursor),
        limit=limit,
    )
    items = [LlmCallOut.model_validate(call) for call in calls]
    return Page(items=items, next_cursor=next_cursor(calls, limit, calls[-1].id if calls else None))
