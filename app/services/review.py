"""The review queue: asked for, read as it was last scored, without what was settled since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from app.corrections.operations import AssignPaper, Lock, RejectAssignment
from app.corrections.state import PERSON
from app.db.correction_tables import RejectedHomeRow
from app.db.score_tables import PaperScoreRow, ScorerRow
from app.db.tables import AssignmentRow, BuildRow, HierarchyRow, JobRow, PaperRow, TopicRow
from app.errors import InvalidError, NotFoundError
from app.services.hierarchies import FACETS, get_hierarchy
from app.services.homes import TopicPath, paths_of
from app.services.jobs import add_job
from app.services.waiting_jobs import ask_soon

SCORE_ASSIGNMENTS = "score_assignments"
SETTLED_S = 5.0
"""People who correct go on correcting: so long after the last correction it is learnt from them."""


class ReviewNotFound(NotFoundError):
    """The live build of a hierarchy has not been scored."""

    slug = "review-not-found"
    title = "The assignments have not been scored"


class AspectNotScored(InvalidError):
    """A hierarchy under an aspect is built from phrases; scoring would look at the papers' texts."""

    slug = "aspect-not-scored"
    title = "Assignments under an aspect cannot be scored"


@dataclass(frozen=True, slots=True)
class Likely:
    """A topic that a paper may belong in, the chance that it does, and the operation that puts it there."""

    topic: TopicPath
    chance: float
    operation: AssignPaper


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An assignment to look at, and the operations that answer it.

    ``topic``, ``stays`` and ``reject`` are None of an unassigned paper. ``stays`` is the chance that it
    belongs where it is, None before there are answers too; ``keep`` says that it does.
    """

    paper: PaperRow
    topic: TopicPath | None
    stays: float | None
    gain: float
    likely: tuple[Likely, ...]
    keep: Lock
    reject: RejectAssignment | None


@dataclass(frozen=True, slots=True)
class Review:
    """The head of the queue, and what it was learnt from.

    ``version`` is the present one, ``scored_version`` that of which it was learnt.
    """

    version: int
    scored_version: int
    scorer: ScorerRow
    items: tuple[Doubtful, ...]


def ask_for_scores(session: Session, hierarchy_id: UUID, *, workspace_id: UUID) -> JobRow:
    """Ask for what people said of a hierarchy to be learnt, and its assignments to be scored by it.

    Raises
    ------
    HierarchyNotFound
        If there is no such hierarchy.
    AspectNotScored
        If it is one under an aspect.
    """
    hierarchy, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    if hierarchy.facet not in FACETS:
        raise AspectNotScored(f"Only those under the facet {' or '.join(FACETS)} can be, for now.")
    about = (SCORE_ASSIGNMENTS, build.id, hierarchy.version)
    return add_job(
        session,
        workspace_id=workspace_id,
        corpus_id=hierarchy.corpus_id,
        kind=SCORE_ASSIGNMENTS,
        arguments={"build_id": str(build.id)},
        same_work=sha256(repr(about).encode()).hexdigest(),
    )


def ask_for_scores_soon(session: Session, hierarchy: HierarchyRow) -> None:
    """Have the assignments of a hierarchy scored once it has come to rest; costs a statement or two."""
    if hierarchy.live_build_id is not None and hierarchy.facet in FACETS:
        ask_soon(
            session,
            workspace_id=hierarchy.workspace_id,
            corpus_id=hierarchy.corpus_id,
            kind=SCORE_ASSIGNMENTS,
            arguments={"hierarchy_id": str(hierarchy.id)},
            wait_s=SETTLED_S,
        )


def build_to_score(session: Session, arguments: Mapping[str, Any]) -> UUID | None:
    """Give the build that a job is to score: the one it names, or a hierarchy's live one unless scored."""
    if "build_id" in arguments:
        return UUID(arguments["build_id"])
    query = select(HierarchyRow.live_build_id, HierarchyRow.version, ScorerRow.version)
    query = query.outerjoin(ScorerRow, ScorerRow.build_id == HierarchyRow.live_build_id)
    row = session.execute(query.where(HierarchyRow.id == UUID(arguments["hierarchy_id"]))).one_or_none()
    return None if row is None or row[1] == row[2] else row[0]


def read_review(
    session: Session, hierarchy_id: UUID, *, workspace_id: UUID, limit: int, arrived: bool = False
) -> Review:
    """Read the assignments that are most worth an answer, as they were last scored.

    With ``arrived`` only those of papers that came after the build. What was answered, locked or moved since
    is left out. Chances are told and other topics proposed only once people have given answers: before that
    nothing is known of how far a placement can be trusted.

    Raises
    ------
    HierarchyNotFound
        If there is no such hierarchy.
    ReviewNotFound
        If its live build has not been scored.
    """
    hierarchy, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    scorer = session.scalar(select(ScorerRow).where(ScorerRow.build_id == build.id))
    if scorer is None:
        raise ReviewNotFound(f"POST /api/v1/hierarchies/{hierarchy_id}/review asks for it.")
    rows = _open_rows(session, build, limit, arrived=arrived)
    is_taught = scorer.n_answered > 0
    proposed = _open_topics(session, build, rows) if is_taught else set()
    named = proposed | {row.topic_id for row, _ in rows if row.topic_id is not None}
    paths = {one: path for (_, one), path in paths_of(session, [(build.id, one) for one in named]).items()}
    items = tuple(_show(row, paper, proposed, paths, is_taught=is_taught) for row, paper in rows)
    return Review(hierarchy.version, scorer.version, scorer, items)


def chances_of(session: Session, build: BuildRow, paper_id: UUID) -> dict[UUID, float] | None:
    """Give the chances of a paper's likeliest topics, as last scored; None if it was not, or on no answers.

    The chance of the topic where it stood is among them, unless people spoke about the paper.
    """
    query = select(PaperScoreRow).join(ScorerRow, ScorerRow.build_id == PaperScoreRow.build_id)
    query = query.where(ScorerRow.build_id == build.id, ScorerRow.n_answered > 0)
    row = session.scalar(query.where(PaperScoreRow.paper_id == paper_id))
    if row is None:
        return None
    here = {} if row.topic_id is None or row.gain is None else {row.topic_id: row.stays}
    return here | dict(zip(row.topics, row.chances, strict=True))


def _open_rows(
    session: Session, build: BuildRow, limit: int, *, arrived: bool
) -> Sequence[tuple[PaperScoreRow, PaperRow]]:
    rejected = exists().where(
        RejectedHomeRow.build_id == build.id, RejectedHomeRow.paper_id == PaperScoreRow.paper_id
    )
    home = aliased(TopicRow)
    own = (AssignmentRow.build_id == PaperScoreRow.build_id) & (
        AssignmentRow.paper_id == PaperScoreRow.paper_id
    )
    query = (
        select(PaperScoreRow, PaperRow)
        .join(AssignmentRow, own)
        .join(PaperRow, PaperRow.id == PaperScoreRow.paper_id)
        .outerjoin(home, (home.build_id == build.id) & (home.id == AssignmentRow.topic_id))
        .where(PaperScoreRow.build_id == build.id, PaperScoreRow.gain.is_not(None))
        .where(AssignmentRow.topic_id.is_not_distinct_from(PaperScoreRow.topic_id))
        .where(~AssignmentRow.locked, AssignmentRow.placed_by != PERSON, home.locked.is_not(True), ~rejected)
        .order_by(PaperScoreRow.gain.desc(), PaperScoreRow.paper_id)
        .limit(limit)
    )
    if arrived:
        query = query.where(AssignmentRow.arrived)
    return [(row.PaperScoreRow, row.PaperRow) for row in session.execute(query)]


def _open_topics(
    session: Session, build: BuildRow, rows: Sequence[tuple[PaperScoreRow, PaperRow]]
) -> set[UUID]:
    """Give those of the likely topics that are still there and take papers."""
    likely = {topic for row, _ in rows for topic in row.topics}
    query = select(TopicRow.id).where(TopicRow.build_id == build.id, TopicRow.id.in_(likely))
    return set(session.scalars(query.where(~TopicRow.locked)))


def _show(
    row: PaperScoreRow,
    paper: PaperRow,
    proposed: set[UUID],
    paths: dict[UUID, TopicPath],
    *,
    is_taught: bool,
) -> Doubtful:
    likely = (
        Likely(paths[topic], chance, AssignPaper(row.paper_id, topic))
        for topic, chance in zip(row.topics, row.chances, strict=True)
        if topic in proposed and topic != row.topic_id
    )
    here = row.topic_id
    is_known = is_taught and here is not None
    return Doubtful(
        paper=paper,
        topic=None if here is None else paths[here],
        stays=row.stays if is_known else None,
        gain=row.gain or 0.0,
        likely=tuple(likely),
        keep=Lock(paper=row.paper_id),
        reject=None if here is None else RejectAssignment(row.paper_id, here),
    )
