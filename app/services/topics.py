"""Topics of live hierarchies, and the papers in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from app.corrections.state import PlacedBy
from app.db.tables import AssignmentRow, BuildRow, HierarchyRow, PaperRow, SecondHomeRow, TopicRow
from app.errors import NotFoundError
from app.services.homes import FIRST, SECOND, HomeRank, paths_of


class TopicNotFound(NotFoundError):
    """No such topic in a live hierarchy of this workspace."""

    slug = "topic-not-found"
    title = "There is no such topic"


def list_topics(session: Session, build: BuildRow) -> Sequence[TopicRow]:
    """List the topics of a build, level by level, siblings in the order they are shown."""
    rows = session.scalars(
        select(TopicRow).where(TopicRow.build_id == build.id).order_by(TopicRow.rank, TopicRow.id)
    )
    return by_level(rows)


class _Placed(Protocol):
    """What stands somewhere in a tree."""

    @property
    def id(self) -> UUID: ...
    @property
    def parent_id(self) -> UUID | None: ...


Placed = TypeVar("Placed", bound=_Placed)


def by_level(topics: Iterable[Placed]) -> list[Placed]:
    """Put topics level by level, siblings in the order they are given."""
    children: dict[UUID | None, list[Placed]] = {}
    for topic in topics:
        children.setdefault(topic.parent_id, []).append(topic)
    found = list(children.get(None, ()))
    for topic in found:
        found += children.get(topic.id, ())
    return found


def get_topic(session: Session, topic_id: UUID, *, workspace_id: UUID) -> TopicRow:
    """Find a topic of a live hierarchy.

    Raises
    ------
    TopicNotFound
        If the workspace has none of this id.
    """
    live = select(HierarchyRow.live_build_id).where(HierarchyRow.workspace_id == workspace_id)
    row = session.scalar(select(TopicRow).where(TopicRow.id == topic_id, TopicRow.build_id.in_(live)))
    if row is None:
        raise TopicNotFound("No topic of this id is in a current hierarchy of your workspace.")
    return row


@dataclass(frozen=True, slots=True)
class Around:
    """Where a topic stands: its hierarchy, the labels from below the root to it, its children."""

    hierarchy_id: UUID
    path: tuple[str, ...]
    children: Sequence[TopicRow]


def around_topic(session: Session, topic: TopicRow) -> Around:
    """Look around a topic of a live build."""
    same = TopicRow.build_id == topic.build_id
    children = session.scalars(
        select(TopicRow).where(same, TopicRow.parent_id == topic.id).order_by(TopicRow.rank, TopicRow.id)
    ).all()
    here = paths_of(session, [(topic.build_id, topic.id)])[topic.build_id, topic.id]
    hierarchy_id = session.scalars(select(BuildRow.hierarchy_id).where(BuildRow.id == topic.build_id)).one()
    return Around(hierarchy_id, here.path, children)


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A paper in a topic or below it, by the home that ``topic_id`` names.

    ``position`` is its place in the build's order; ``runner_up_id`` is known of first homes only.
    """

    position: int
    paper: PaperRow
    home: HomeRank
    topic_id: UUID
    confidence: float
    runner_up_id: UUID | None
    placed_by: PlacedBy


def papers_of_topic(
    session: Session, topic: TopicRow, *, after: int, limit: int, direct: bool
) -> list[FiledPaper]:
    """List the papers in a topic, in corpus order; those of the topics below it too, unless ``direct``.

    A paper with several homes there is listed once: by its first if it is one of them, else by the surest.
    """
    homes = homes_in_topic(topic, direct=direct, after=after).limit(limit)
    once = homes.subquery("once")
    query = select(once, PaperRow).join(PaperRow, PaperRow.id == once.c.paper_id).order_by(once.c.position)
    return [
        FiledPaper(
            row.position,
            row.PaperRow,
            row.home,
            row.topic_id,
            row.confidence,
            row.runner_up_id,
            row.placed_by,
        )
        for row in session.execute(query)
    ]


def homes_in_topic(topic: TopicRow, *, direct: bool, after: int = -1) -> Select[*tuple[Any, ...]]:
    """Select one home of each paper in a topic, or below it unless ``direct``, by its place in the build.

    The columns are ``paper_id``, ``position``, ``topic_id``, ``confidence``, ``placed_by``, ``home`` and
    ``runner_up_id``. The first home comes before the second ones, and they by falling confidence.
    """
    here = select(TopicRow.build_id, TopicRow.id)
    here = here.where(TopicRow.build_id == topic.build_id, TopicRow.id == topic.id)
    both = _homes_in(here.cte("here") if direct else _and_below(here)).subquery("homes")
    return (
        select(both)
        .ext(distinct_on(both.c.position))
        .where(both.c.position > after)
        .order_by(both.c.position, both.c.home, both.c.confidence.desc(), both.c.topic_id)
    )


def last_built_position(session: Session, build_id: UUID) -> int:
    """Give the place of the last paper that was there when a build was made; -1 if there was none.

    Papers that came later follow in the order they came.
    """
    query = select(func.max(AssignmentRow.position)).where(AssignmentRow.build_id == build_id)
    last = session.scalar(query.where(AssignmentRow.arrived.is_(False)))
    return -1 if last is None else last


def papers_below(topic_id: UUID, *, workspace_id: UUID) -> Select[UUID]:
    """Select the ids of the papers in a topic of a live build, or below it, by whichever home."""
    live = select(HierarchyRow.live_build_id).where(HierarchyRow.workspace_id == workspace_id)
    start = select(TopicRow.build_id, TopicRow.id).where(TopicRow.id == topic_id, TopicRow.build_id.in_(live))
    return select(_homes_in(_and_below(start)).subquery("homes").c.paper_id)


def _and_below(start: Select[UUID, UUID]) -> CTE:
    """Add to topics, given by their build's id and their own, all those below them."""
    topics = start.cte("below", recursive=True)
    child = (TopicRow.build_id == topics.c.build_id) & (TopicRow.parent_id == topics.c.id)
    return topics.union_all(select(TopicRow.build_id, TopicRow.id).join(topics, child))


def _homes_in(topics: CTE) -> CompoundSelect[Any]:
    """Select every home that a paper has right in one of some topics."""
    no_topic = cast(null(), AssignmentRow.runner_up_id.type)
    guess = aliased(TopicRow)
    there = (guess.build_id == AssignmentRow.build_id) & (guess.id == AssignmentRow.runner_up_id)
    # What the machine thought of may be a topic that people took away.
    runner_up = select(guess.id).where(there).correlate(AssignmentRow).scalar_subquery()
    first = _homes_from(AssignmentRow, topics, FIRST, runner_up)
    return union_all(first, _homes_from(SecondHomeRow, topics, SECOND, no_topic))


def _homes_from(
    table: type[AssignmentRow | SecondHomeRow],
    topics: CTE,
    home: HomeRank,
    runner_up: ColumnElement[UUID] | ColumnElement[UUID | None],
) -> Select[*tuple[Any, ...]]:
    columns = (table.paper_id, table.position, table.topic_id, table.confidence, table.placed_by)
    named = (literal(home).label("home"), runner_up.label("runner_up_id"))
    there = (table.build_id == topics.c.build_id) & (table.topic_id == topics.c.id)
    return select(*columns, *named).join(topics, there)
