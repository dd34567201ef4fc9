"""What is learnt from corrections: the hierarchy as it stands and what people said of it, as arrays."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.corrections.changes import homes_in
from app.corrections.operations import Change
from app.corrections.state import PERSON, Placement, State
from app.corrector.answers import Answers
from app.corrector.chances import Chances
from app.corrector.review import ReviewQueue
from app.corrector.scorer import Scorer
from app.db.bulk import copy_rows, driver_connection
from app.db.correction_tables import CorrectionRow, CorrectionStepRow
from app.db.score_tables import PaperScoreRow, ScorerRow
from app.db.tables import BuildRow, HierarchyRow
from app.hierarchy.tree import NO_TOPIC, Indices, Similarities
from app.index.embedder import Vectors
from app.services.correction_log import undone_steps
from app.services.correction_states import load_whole
from app.services.jobs import Claim

_MARKED, _LIFTED = "reject_assignment", "lift_rejection"
_SPOKEN = ("assign_paper", "create_topic", "remove_paper", _MARKED)
"""Operations that say of a paper that it was wrong where it stood."""

_VECTORS = """SELECT assignment.paper_id, embedding.vector FROM assignment
    JOIN paper ON paper.id = assignment.paper_id
    JOIN embedding ON embedding.workspace_id = paper.workspace_id AND embedding.model = %s
        AND embedding.text_hash = paper.text_hash
    WHERE assignment.build_id = %s ORDER BY assignment.position"""
_COLUMNS = (
    ("build_id", "uuid"),
    ("paper_id", "uuid"),
    ("workspace_id", "uuid"),
    ("topic_id", "uuid"),
    ("stays", "float8"),
    ("gain", "float8"),
    ("topics", "uuid[]"),
    ("chances", "float8[]"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A hierarchy at one of its versions, and what people said of its papers.

    Attributes
    ----------
    papers, topics : list of UUID
        Ids, in the order of the arrays; parents come before children.
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        As the encoder gave them.
    parents, assignments, confidences
        As in `Hierarchy`, corrections included; of a paper that people moved the confidence is the machine's.
    answers : Answers
        What people said that still holds.
    settled : ndarray of int64
        Papers that people spoke about, or that are locked, as their topic may be.
    asked : ndarray of int64
        Topics that papers people spoke about were in before; one entry a paper.
    """

    build_id: UUID
    version: int
    papers: list[UUID]
    topics: list[UUID]
    vectors: Vectors
    parents: Indices
    assignments: Indices
    confidences: Similarities
    answers: Answers
    settled: Indices
    asked: Indices
    n_left_out: int


@dataclass(frozen=True, slots=True)
class Left:
    """A topic that a person took a paper out of, and how sure the machine had been of it."""

    topic: UUID
    confidence: float


def load_standing(session: Session, build_id: UUID) -> Standing:
    """Load the hierarchy of a build as it stands; papers without a vector are left out."""
    build = session.scalars(select(BuildRow).where(BuildRow.id == build_id)).one()
    hierarchy = session.scalars(select(HierarchyRow).where(HierarchyRow.id == build.hierarchy_id)).one()
    version = hierarchy.version
    state = load_whole(session, build.id).state
    papers, vectors = load_build_vectors(session, build)
    left = _topics_left(session, hierarchy.id)
    topics = list(state.in_order())
    numbers: dict[UUID | None, int] = {topic: number for number, topic in enumerate(topics)}
    placements = [state.papers[paper] for paper in papers]
    lefts = [_wrong(state, paper, left.get(paper, ())) for paper in papers]
    answers = _answers(state, papers, lefts, numbers)
    spoken = set(answers.papers.tolist())
    still = [
        row
        for row, one in enumerate(placements)
        if one.locked or _is_locked(state, one) or one.placed_by == PERSON
    ]
    before = [lefts[row][0].topic if lefts[row] else placements[row].topic for row in sorted(spoken)]
    sure = [
        found[0].confidence if found else one.confidence for found, one in zip(lefts, placements, strict=True)
    ]
    return Standing(
        build_id=build.id,
        version=version,
        papers=papers,
        topics=topics,
        vectors=vectors,
        parents=_indices(numbers.get(state.topics[topic].parent, NO_TOPIC) for topic in topics),
        assignments=_indices(numbers.get(one.topic, NO_TOPIC) for one in placements),
        confidences=np.array(sure, dtype=np.float32),
        answers=answers,
        settled=_indices(sorted(spoken.union(still))),
        asked=_indices(numbers.get(topic, NO_TOPIC) for topic in before),
        n_left_out=len(state.papers) - len(papers),
    )


def save_scores(
    session: Session, claim: Claim, standing: Standing, scorer: Scorer, chances: Chances, queue: ReviewQueue
) -> dict[str, object]:
    """Keep what was learnt in place of what earlier jobs did; gives what the job tells of it."""
    new = {
        "version": standing.version,
        "training": scorer.training,
        "n_answered": scorer.n_answered,
        "n_left_out": standing.n_left_out,
        "scorer": json.loads(scorer.to_json()),
        "scored_at": func.clock_timestamp(),
    }
    row = upsert(ScorerRow).values(build_id=standing.build_id, workspace_id=claim.workspace_id, **new)
    # Of two jobs that end in the wrong order the one that saw more is kept.
    kept = row.on_conflict_do_update(
        index_elements=["build_id"], set_=new, where=ScorerRow.version <= standing.version
    ).returning(ScorerRow.version)
    if session.scalar(kept) is not None:
        session.execute(delete(PaperScoreRow).where(PaperScoreRow.build_id == standing.build_id))
        copy_rows(session, "paper_score", _COLUMNS, _rows(claim.workspace_id, standing, chances, queue))
    return {"build_id": str(standing.build_id), "version": standing.version, "n_answered": scorer.n_answered}


def _rows(
    workspace_id: UUID, standing: Standing, chances: Chances, queue: ReviewQueue
) -> Iterable[Sequence[object]]:
    gains = dict(zip(queue.papers.tolist(), queue.gains.tolist(), strict=True))
    for row, paper in enumerate(standing.papers):
        likely = chances.topics[row][chances.topics[row] != NO_TOPIC].tolist()
        here = int(standing.assignments[row])
        yield (
            standing.build_id,
            paper,
            workspace_id,
            None if here == NO_TOPIC else standing.topics[here],
            float(chances.stays[row]),
            gains.get(row),
            [standing.topics[topic] for topic in likely],
            chances.chances[row][: len(likely)].astype(float).tolist(),
        )


def load_build_vectors(session: Session, build: BuildRow) -> tuple[list[UUID], Vectors]:
    """Load the papers of a build that have a vector, in the build's order, with the vectors row by row."""
    ids: list[UUID] = []
    blocks: list[Vectors] = []
    with driver_connection(session).cursor("standing_vectors", binary=True) as cursor:
        cursor.execute(_VECTORS, (build.model, build.id))
        while rows := cursor.fetchmany(5000):
            ids.extend(paper for paper, _ in rows)
            blocks.append(np.stack([vector.to_numpy() for _, vector in rows]).astype(np.float32))
    return ids, np.concatenate(blocks) if blocks else np.zeros((0, 1), np.float32)


def _topics_left(session: Session, hierarchy_id: UUID) -> dict[UUID, list[Left]]:
    """Read from the log which topics people took each paper out of, the first one first.

    What a mark took a paper out of counts no more once the mark is lifted.
    """
    undone = undone_steps(session, hierarchy_id)
    query = (
        select(CorrectionRow.step_id, CorrectionRow.operation, CorrectionRow.changes)
        .join(CorrectionStepRow, CorrectionStepRow.id == CorrectionRow.step_id)
        .where(CorrectionRow.hierarchy_id == hierarchy_id, CorrectionStepRow.kind == "correct")
        .where(CorrectionRow.operation["op"].astext.in_((*_SPOKEN, _LIFTED)))
        .order_by(CorrectionRow.version, CorrectionRow.number)
    )
    left: dict[UUID, list[tuple[object, Left]]] = {}
    for step, operation, changes in session.execute(query):
        if step in undone:
            continue
        if operation["op"] == _LIFTED:
            paper = UUID(operation["paper"])
            left[paper] = [one for one in left.get(paper, ()) if one[0] != operation["topic"]]
        by_mark = operation["topic"] if operation["op"] == _MARKED else None
        for change in changes:
            if "paper" in change and change.get("field") == "homes":
                found = ((by_mark, one) for one in _left_by(change))
                left.setdefault(UUID(change["paper"]), []).extend(found)
    return {paper: [one for _, one in found] for paper, found in left.items()}


def _left_by(change: Change) -> list[Left]:
    gone = homes_in(change, "before") - homes_in(change, "after")
    before = change["before"]
    sure = {topic: how_sure for topic, how_sure, _ in before["seconds"]}
    sure[before["topic"]] = before["confidence"]
    first = sorted(gone, key=lambda topic: (topic != before["topic"], topic))
    return [Left(UUID(topic), float(sure[topic])) for topic in first]


def _wrong(state: State, paper: UUID, left: Sequence[Left]) -> list[Left]:
    """Keep of the topics a paper left those that are there, and that it did not come back to."""
    homes = set(state.papers[paper].homes())
    return [one for one in left if one.topic in state.topics and one.topic not in homes]


def _answers(
    state: State, papers: Sequence[UUID], lefts: Sequence[Sequence[Left]], numbers: Mapping[UUID | None, int]
) -> Answers:
    """Say what people said: first what is wrong, the place the machine gave last, then what is right."""
    said: list[tuple[int, int, bool]] = []
    for row, paper in enumerate(papers):
        wrong = [*state.rejected.get(paper, ()), *(one.topic for one in reversed(lefts[row]))]
        said += [(row, numbers[topic], False) for topic in wrong if topic in numbers]
        said += [(row, numbers[topic], True) for topic in _right(state.papers[paper])]
    columns = list(zip(*said, strict=True)) or [(), (), ()]
    return Answers(_indices(columns[0]), _indices(columns[1]), np.array(columns[2], dtype=np.bool_))


def _right(placement: Placement) -> list[UUID]:
    """Give the homes that people gave a paper, or keep it in; its first home last."""
    seconds = [home.topic for home in placement.seconds if placement.locked or home.placed_by == PERSON]
    is_said = placement.locked or placement.placed_by == PERSON
    return [*seconds, placement.topic] if is_said and placement.topic is not None else seconds


def _is_locked(state: State, placement: Placement) -> bool:
    return placement.topic is not None and state.topics[placement.topic].locked


def _indices(numbers: Iterable[int]) -> Indices:
    return np.array(list(numbers), dtype=np.int64)
