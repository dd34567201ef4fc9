"""The papers of a hierarchy for pages: filtered, sorted, in pages or all ids at once; one paper's history."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict

from app.api.authentication import IdentityDep
from app.api.dependencies import SessionDep
from app.api.operations import MAX_PAPERS
from app.api.paging import BadCursor, CursorQuery, LimitQuery, Page, id_after, next_cursor
from app.api.papers import PaperBrief
from app.api.texts import QueryText
from app.corrections.state import PlacedBy
from app.services import filed_papers, hierarchies, papers
from app.services.filed_papers import Filter, Listed, Order, Ordered, Sort
from app.services.homes import HomeRank
from app.services.paper_history import PaperStep, history_of_paper

router = APIRouter(tags=["papers"])

_AUTHORS = 3
_YEAR = Query(ge=0, le=9_999)


class ListedPaper(PaperBrief):
    """A paper in a list; ``authors`` names the first three of ``n_authors``."""

    authors: list[str]
    n_authors: int


class ListedOut(BaseModel):
    """A paper of a hierarchy, and the home by which it is listed; none of one that is unassigned.

    ``doubt`` is the chance that it does not belong there: 1 - ``confidence``, or what answers have taught
    since; 0 where a person placed or locked it.
    """

    paper: ListedPaper
    home: HomeRank | None
    topic_id: UUID | None
    best_guess_id: UUID | None
    runner_up_id: UUID | None
    confidence: float
    doubt: float
    placed_by: PlacedBy
    locked: bool


class ListedPage(Page[ListedOut]):
    """Some papers of a filter; ``total`` counts all of them, on the first page."""

    total: int | None = None


class PaperIds(BaseModel):
    """The ids of all papers of a filter, as one step of corrections takes them; ``total`` counts all."""

    ids: list[UUID]
    total: int
    is_complete: bool


class NamedTopicOut(BaseModel):
    """A topic as it is called now; ``label`` is null of one that is no longer there."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    label: str | None


class PaperChangeOut(BaseModel):
    """What an operation did to a paper: to its homes, its lock, or a mark that it is wrong in a topic.

    Homes are told before and after, the first one first. ``now`` tells whether it is locked, or marked
    wrong in the topic that ``after`` then names.
    """

    model_config = ConfigDict(from_attributes=True)

    op: str
    part: Literal["homes", "locked", "rejected"]
    before: list[NamedTopicOut]
    after: list[NamedTopicOut]
    now: bool | None


class PaperStepOut(BaseModel):
    """A step of a hierarchy that touched a paper."""

    operation_id: UUID
    hierarchy_id: UUID
    facet: str
    version: int
    kind: Literal["build", "correct", "undo", "redo", "file"]
    actor: str
    at: datetime
    undone: bool
    changes: list[PaperChangeOut]


def _filter(
    topic: Annotated[UUID | None, Query(description="Papers of this topic, and those below it.")] = None,
    direct: Annotated[bool, Query(description="Only with a home right in the topic.")] = False,
    unassigned: Annotated[bool, Query(description="Only papers in no topic, where none is named.")] = False,
    q: QueryText | None = None,
    year_from: Annotated[int | None, _YEAR] = None,
    year_to: Annotated[int | None, _YEAR] = None,
) -> Filter:
    return Filter(topic, direct, unassigned, q, year_from, year_to)


FilterDep = Annotated[Filter, Depends(_filter)]


@router.get("/hierarchies/{hierarchy_id}/papers")
def get_filed_papers(
    hierarchy_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    wanted: FilterDep,
    sort: Sort = "position",
    order: Order = "asc",
    limit: LimitQuery = 50,
    cursor: Annotated[str | None, Query(max_length=1_000)] = None,
) -> ListedPage:
    """List papers of a hierarchy: of a topic, unassigned or all; with words, of years; in an order.

    Papers without a year come last in either order.
    """
    _, build = hierarchies.get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    ordered = Ordered(sort, order, None if cursor is None else _read_cursor(cursor, sort))
    rows = filed_papers.list_filed(session, build, wanted, ordered, limit=limit)
    last = _write_cursor(rows[-1]) if rows else None
    return ListedPage(
        items=[_show_listed(row) for row in rows],
        next_cursor=next_cursor(rows, limit, last),
        total=None if cursor else filed_papers.count_filed(session, build, wanted),
    )


@router.get("/hierarchies/{hierarchy_id}/papers/ids")
def get_ids_of_filed_papers(
    hierarchy_id: UUID, session: SessionDep, identity: IdentityDep, wanted: FilterDep
) -> PaperIds:
    """Give the ids of all papers of a filter, 20,000 at most, to act on them in one step."""
    _, build = hierarchies.get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    ids = list(filed_papers.ids_of_filed(session, build, wanted, limit=MAX_PAPERS))
    total = len(ids)
    if total == MAX_PAPERS:
        total = filed_papers.count_filed(session, build, wanted)
    return PaperIds(ids=ids, total=total, is_complete=len(ids) == total)


@router.get("/papers/{paper_id}/history")
def get_paper_history(
    paper_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[PaperStepOut]:
    """List what people and builds did to one paper in all hierarchies, the newest first."""
    paper = papers.get_paper(session, paper_id, workspace_id=identity.workspace_id)
    steps = history_of_paper(session, paper, before=id_after(cursor), limit=limit)
    last = steps[-1].step.id if steps else None
    return Page(items=[_show_step(one) for one in steps], next_cursor=next_cursor(steps, limit, last))


def _show_listed(row: Listed) -> ListedOut:
    paper = row.paper
    shown = ListedPaper(
        **PaperBrief.model_validate(paper).model_dump(),
        authors=paper.authors[:_AUTHORS],
        n_authors=len(paper.authors),
    )
    return ListedOut(
        paper=shown,
        home=row.home,
        topic_id=row.topic_id,
        best_guess_id=row.best_guess_id,
        runner_up_id=row.runner_up_id,
        confidence=row.confidence,
        doubt=row.doubt,
        placed_by=row.placed_by,
        locked=row.locked,
    )


def _show_step(one: PaperStep) -> PaperStepOut:
    step = one.step
    return PaperStepOut(
        operation_id=step.id,
        hierarchy_id=step.hierarchy_id,
        facet=one.facet,
        version=step.version,
        kind=step.kind,  # type: ignore[arg-type]
        actor=step.actor,
        at=step.at,
        undone=one.undone,
        changes=[PaperChangeOut.model_validate(change) for change in one.changes],
    )


def _write_cursor(row: Listed) -> str:
    text = json.dumps([row.sorted_by, row.position], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode()


def _read_cursor(cursor: str, sort: Sort) -> tuple[float | str, int]:
    wrong = BadCursor("Give the next_cursor of the page before as it is, with the same sort, or none.")
    try:
        value, position = json.loads(urlsafe_b64decode(cursor.encode("ascii")))
        text = value if isinstance(value, str) else ""
        text.encode()
    except (ValueError, TypeError, RecursionError):
        raise wrong from None
    is_number = type(value) in (int, float) and abs(value) < 2**62
    fits = isinstance(value, str) and "\0" not in text if sort == "title" else is_number
    if not fits or type(position) is not int or not 0 <= position < 2**62:
        raise wrong
    return value, position
