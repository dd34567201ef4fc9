"""The papers of a hierarchy as pages list them: those of a filter, in an order, some at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, cast, func, literal, null, or_, select
from sqlalchemy.orm import Session

from app.corrections.state import PlacedBy
from app.db.score_tables import PaperScoreRow, ScorerRow
from app.db.tables import AssignmentRow, BuildRow, PaperRow, TopicRow
from app.services.homes import FIRST, HomeRank
from app.services.papers import matches
from app.services.topics import TopicNotFound, homes_in_topic

Sort = Literal["position", "year", "title", "confidence", "doubt"]
Order = Literal["asc", "desc"]
_TITLE_SORTED_BY = 80


@dataclass(frozen=True, slots=True)
class Filter:
    """Which papers: of a topic or below it (right in it if ``direct``), the unassigned ones, or all."""

    topic_id: UUID | None = None
    direct: bool = False
    unassigned: bool = False
    words: str | None = None
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """In which order, and after which of them: the value sorted by, and the place in the build.

    Papers without a year come last in either order.
    """

    sort: Sort = "position"
    order: Order = "asc"
    after: tuple[float | str, int] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper with the home by which it is listed; both are null of one that is unassigned.

    ``doubt`` is the chance that it does not belong there: 1 - ``confidence``, or what answers have taught
    since; 0 where a person placed it or locked it. ``sorted_by`` and ``position`` lead to what comes after.
    """

    paper: PaperRow
    home: HomeRank | None
    topic_id: UUID | None
    best_guess_id: UUID | None
    runner_up_id: UUID | None
    confidence: float
    doubt: float
    placed_by: PlacedBy
    locked: bool
    sorted_by: float | str
    position: int


def list_filed(
    session: Session, build: BuildRow, wanted: Filter, ordered: Ordered, *, limit: int
) -> list[Listed]:
    """List papers of a live build.

    Raises
    ------
    TopicNotFound
        If the build has no topic of the id that is asked for.
    """
    found = _find(session, build, wanted)
    key = _key(found, ordered)
    query = found.query.add_columns(key.label("sorted_by"))
    position = AssignmentRow.position
    if ordered.after is not None:
        value, place = ordered.after
        beyond = key > value if ordered.order == "asc" else key < value
        query = query.where(or_(beyond, and_(key == value, position > place)))
    query = query.order_by(key.asc() if ordered.order == "asc" else key.desc(), position).limit(limit)
    return [_listed(row) for row in session.execute(query)]


def count_filed(session: Session, build: BuildRow, wanted: Filter) -> int:
    """Count the papers of a filter."""
    ids = _find(session, build, wanted).query.with_only_columns(PaperRow.id).subquery()
    return session.scalars(select(func.count()).select_from(ids)).one()


def ids_of_filed(session: Session, build: BuildRow, wanted: Filter, *, limit: int) -> Sequence[UUID]:
    """Give the ids of the papers of a filter in the build's order, so many at most."""
    query = _find(session, build, wanted).query.with_only_columns(PaperRow.id)
    return session.scalars(query.order_by(AssignmentRow.position).limit(limit)).all()


@dataclass(frozen=True, slots=True)
class _Found:
    query: Select[*tuple[Any, ...]]
    confidence: ColumnElement[float]
    doubt: ColumnElement[float]


def _find(session: Session, build: BuildRow, wanted: Filter) -> _Found:
    """Select papers with their homes and doubts; a paper came to the list by the columns of ``home``."""
    own = (AssignmentRow.paper_id == PaperRow.id) & (AssignmentRow.build_id == build.id)
    home: ColumnElement[Any]
    topic_id: ColumnElement[Any]
    confidence: ColumnElement[float]
    placed_by: ColumnElement[str]
    if wanted.topic_id is not None:
        topic = session.get(TopicRow, (build.id, wanted.topic_id))
        if topic is None:
            raise TopicNotFound("The hierarchy has no topic of this id.")
        homes = homes_in_topic(topic, direct=wanted.direct).subquery("listed")
        home, topic_id, confidence, placed_by = (
            homes.c[name] for name in ("home", "topic_id", "confidence", "placed_by")
        )
        query = select(PaperRow).join(AssignmentRow, own).join(homes, homes.c.paper_id == PaperRow.id)
    else:
        is_filed = AssignmentRow.topic_id.is_not(None)
        home = case((is_filed, literal(FIRST)), else_=cast(null(), PaperRow.title.type))
        topic_id, confidence = AssignmentRow.topic_id, AssignmentRow.confidence  # type: ignore[assignment]
        placed_by = AssignmentRow.placed_by  # type: ignore[assignment]
        query = select(PaperRow).join(AssignmentRow, own)
        query = query.where(~is_filed) if wanted.unassigned else query
    taught = PaperScoreRow.build_id == build.id, ScorerRow.n_answered > 0
    query = query.outerjoin(ScorerRow, ScorerRow.build_id == build.id).outerjoin(
        PaperScoreRow,
        and_(
            PaperScoreRow.paper_id == PaperRow.id, PaperScoreRow.topic_id == topic_id, home == FIRST, *taught
        ),
    )
    is_settled = or_(placed_by == "person", AssignmentRow.locked)
    doubt = case((is_settled, 0.0), else_=1.0 - func.coalesce(PaperScoreRow.stays, confidence))
    query = _narrow(query, wanted).add_columns(
        home.label("home"),
        topic_id.label("topic_id"),
        confidence.label("confidence"),
        placed_by.label("placed_by"),
        AssignmentRow.best_guess_id,
        AssignmentRow.runner_up_id,
        AssignmentRow.locked,
        AssignmentRow.position,
        doubt.label("doubt"),
    )
    return _Found(query, confidence, doubt)


def _narrow(query: Select[Any], wanted: Filter) -> Select[Any]:
    if wanted.words is not None:
        query = query.where(matches(wanted.words))
    if wanted.first_year is not None:
        query = query.where(PaperRow.year >= wanted.first_year)
    if wanted.last_year is not None:
        query = query.where(PaperRow.year <= wanted.last_year)
    return query


def _key(found: _Found, ordered: Ordered) -> ColumnElement[Any]:
    match ordered.sort:
        case "position":
            return AssignmentRow.position  # type: ignore[return-value]
        case "year":
            return func.coalesce(PaperRow.year, 9_999 if ordered.order == "asc" else -1)
        case "title":
            # By code points: the same everywhere, whatever languages the database knows.
            return func.left(func.lower(PaperRow.title), _TITLE_SORTED_BY).collate("C")
        case "confidence":
            return found.confidence
        case "doubt":
            return found.doubt


def _listed(row: Row[Any]) -> Listed:
    return Listed(
        paper=row.PaperRow,
        home=row.home,
        topic_id=row.topic_id,
        best_guess_id=row.best_guess_id,
        runner_up_id=row.runner_up_id,
        confidence=row.confidence,
        doubt=row.doubt,
        placed_by=row.placed_by,
        locked=row.locked,
        sorted_by=row.sorted_by,
        position=row.position,
    )
