"""Where papers stand: in which topics, by a first home or a second one, or in none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.corrections.state import PlacedBy
from app.db.tables import AssignmentRow, BuildRow, HierarchyRow, PaperRow, SecondHomeRow, TopicRow

HomeRank = Literal["first", "second"]
FIRST: HomeRank = "first"
SECOND: HomeRank = "second"


@dataclass(frozen=True, slots=True)
class TopicPath:
    """A topic, with the labels on the way to it from below the root."""

    topic_id: UUID
    label: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """A topic a paper stands in; the one it is assigned to is its ``first`` home.

    ``placed_by`` says who or what put it there; ``locked`` whether the paper's homes may not be changed;
    ``arrived`` whether the paper came after the build.
    """

    hierarchy_id: UUID
    facet: str
    home: HomeRank
    topic: TopicPath
    confidence: float
    placed_by: PlacedBy
    locked: bool
    arrived: bool


@dataclass(frozen=True, slots=True)
class Guess:
    """Where an unassigned paper would stand if it had to, and where next."""

    hierarchy_id: UUID
    facet: str
    best_guess: TopicPath | None
    runner_up: TopicPath | None
    confidence: float


@dataclass(frozen=True, slots=True)
class UnassignedPaper:
    """A paper without a topic, with its guess; ``position`` is its place in the build's order."""

    position: int
    paper: PaperRow
    best_guess: TopicPath | None
    runner_up: TopicPath | None
    confidence: float


def homes_of(session: Session, paper_ids: Sequence[UUID]) -> dict[UUID, list[Home]]:
    """Give the topics each of some papers stands in, in all live hierarchies.

    The first home in a hierarchy comes before the second ones, and they by falling confidence.
    """
    first = select(
        AssignmentRow.paper_id,
        AssignmentRow.build_id,
        AssignmentRow.topic_id,
        AssignmentRow.confidence,
        AssignmentRow.placed_by,
        literal(FIRST).label("home"),
    ).where(AssignmentRow.paper_id.in_(paper_ids), AssignmentRow.topic_id.is_not(None))
    second = select(
        SecondHomeRow.paper_id,
        SecondHomeRow.build_id,
        SecondHomeRow.topic_id,
        SecondHomeRow.confidence,
        SecondHomeRow.placed_by,
        literal(SECOND),
    ).where(SecondHomeRow.paper_id.in_(paper_ids))
    both = union_all(first, second).subquery()
    own = (AssignmentRow.build_id == both.c.build_id) & (AssignmentRow.paper_id == both.c.paper_id)
    query = (
        select(
            both,
            HierarchyRow.id.label("hierarchy_id"),
            HierarchyRow.facet,
            AssignmentRow.locked,
            AssignmentRow.arrived,
        )
        .join(HierarchyRow, HierarchyRow.live_build_id == both.c.build_id)
        .join(AssignmentRow, own)
        .order_by(HierarchyRow.facet, both.c.home, both.c.confidence.desc(), both.c.topic_id)
    )
    rows = session.execute(query).all()
    paths = paths_of(session, ((row.build_id, row.topic_id) for row in rows))
    homes: dict[UUID, list[Home]] = {paper_id: [] for paper_id in paper_ids}
    for row in rows:
        topic = paths[row.build_id, row.topic_id]
        homes[row.paper_id].append(
            Home(
                row.hierarchy_id,
                row.facet,
                row.home,
                topic,
                row.confidence,
                row.placed_by,
                row.locked,
                row.arrived,
            )
        )
    return homes


def guesses_of(session: Session, paper_id: UUID) -> list[Guess]:
    """Tell where a paper would stand in the live hierarchies that leave it unassigned."""
    query = (
        select(AssignmentRow, HierarchyRow)
        .join(HierarchyRow, HierarchyRow.live_build_id == AssignmentRow.build_id)
        .where(AssignmentRow.paper_id == paper_id, AssignmentRow.topic_id.is_(None))
        .order_by(HierarchyRow.facet)
    )
    return _guesses(session, session.execute(query).all())


def list_unassigned(
    session: Session, hierarchy: HierarchyRow, build: BuildRow, *, after: int, limit: int
) -> list[UnassignedPaper]:
    """List the papers that a build left unassigned, in corpus order, those after a position."""
    query = (
        select(AssignmentRow, PaperRow)
        .join(PaperRow, PaperRow.id == AssignmentRow.paper_id)
        .where(AssignmentRow.build_id == build.id, AssignmentRow.topic_id.is_(None))
        .where(AssignmentRow.position > after)
        .order_by(AssignmentRow.position)
        .limit(limit)
    )
    rows = session.execute(query).all()
    guesses = _guesses(session, [(row.AssignmentRow, hierarchy) for row in rows])
    return [
        UnassignedPaper(
            row.AssignmentRow.position, row.PaperRow, guess.best_guess, guess.runner_up, guess.confidence
        )
        for row, guess in zip(rows, guesses, strict=True)
    ]


def paths_of(session: Session, topics: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], TopicPath]:
    """Give the paths of topics that are named by their build's id and their own."""
    wanted = set(topics)
    start = select(
        TopicRow.build_id, TopicRow.id.label("topic_id"), TopicRow.parent_id, TopicRow.depth, TopicRow.label
    )
    up = start.where(tuple_(TopicRow.build_id, TopicRow.id).in_(wanted)).cte("up", recursive=True)
    parent = (TopicRow.build_id == up.c.build_id) & (TopicRow.id == up.c.parent_id)
    step = select(up.c.build_id, up.c.topic_id, TopicRow.parent_id, TopicRow.depth, TopicRow.label)
    up = up.union_all(step.join(up, parent))
    labels: dict[tuple[UUID, UUID], list[str]] = {}
    for row in session.execute(select(up).order_by(up.c.depth)):
        labels.setdefault((row.build_id, row.topic_id), []).append(row.label)
    return {key: TopicPath(key[1], path[-1], tuple(path[1:])) for key, path in labels.items()}


def _guesses(session: Session, places: Sequence[tuple[AssignmentRow, HierarchyRow]]) -> list[Guess]:
    guessed = [(row.build_id, topic) for row, _ in places for topic in (row.best_guess_id, row.runner_up_id)]
    paths = paths_of(session, ((build_id, topic) for build_id, topic in guessed if topic is not None))

    def path(row: AssignmentRow, topic_id: UUID | None) -> TopicPath | None:
        return None if topic_id is None else paths.get((row.build_id, topic_id))

    return [
        Guess(
            hierarchy.id,
            hierarchy.facet,
            path(row, row.best_guess_id),
            path(row, row.runner_up_id),
            row.confidence,
        )
        for row, hierarchy in places
    ]
