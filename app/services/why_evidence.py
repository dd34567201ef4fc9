"""What an explanation of a paper's place quotes: representative papers with vectors, and the log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.db.bulk import driver_connection
from app.db.correction_tables import CorrectionRow, CorrectionStepRow
from app.db.tables import BuildRow, EmbeddingRow, PaperRow, TopicRow
from app.index.embedder import Vectors
from app.labelling.exemplars import MOST_EXEMPLARS
from app.services.correction_log import MACHINE

_SUREST = """SELECT topic_id, paper_id FROM (
        SELECT topic_id, paper_id, row_number() OVER (
            PARTITION BY topic_id ORDER BY confidence DESC, position) AS place
        FROM assignment WHERE build_id = %s AND topic_id = ANY(%s::uuid[])) AS filed
    WHERE place <= %s ORDER BY place, topic_id"""


@dataclass(frozen=True, slots=True)
class PutBy:
    """The step by which somebody put a paper where it stands."""

    operation_id: UUID
    actor: str
    at: datetime


def exemplars_of(
    session: Session, build: BuildRow, topics: Mapping[UUID, TopicRow], wanted: Iterable[UUID]
) -> dict[UUID, Sequence[UUID]]:
    """Give the exemplars of some topics; of a topic that people made, the surest papers in it or below."""
    found: dict[UUID, Sequence[UUID]] = {one: topics[one].exemplars for one in wanted}
    bare = {one for one, papers in found.items() if not papers}
    if not bare:
        return found
    inside = {one: bare.intersection(_up_from(topics, one)) for one in topics}
    below = [one for one, above in inside.items() if above]
    with driver_connection(session).cursor() as cursor:
        filed = cursor.execute(_SUREST, (build.id, below, MOST_EXEMPLARS)).fetchall()
    own: dict[UUID, list[UUID]] = {one: [] for one in bare}
    for topic, paper in filed:
        for one in inside[topic]:
            own[one].append(paper)
    return found | {one: papers[:MOST_EXEMPLARS] for one, papers in own.items()}


def vectors_of(session: Session, build: BuildRow, papers: Iterable[UUID]) -> dict[UUID, Vectors]:
    """Load the vectors that the build was made from; papers that were changed since may have none."""
    same = (EmbeddingRow.workspace_id == PaperRow.workspace_id) & (
        EmbeddingRow.text_hash == PaperRow.text_hash
    )
    query = select(PaperRow.id, EmbeddingRow.vector).join(EmbeddingRow, same)
    rows = session.execute(query.where(EmbeddingRow.model == build.model, PaperRow.id.in_(set(papers))))
    return {paper: np.asarray(vector, dtype=np.float32) for paper, vector in rows}


def put_by(session: Session, hierarchy_id: UUID, paper_id: UUID) -> PutBy | None:
    """Find the last step that changed where a paper stands; of what a build obeyed, the step it obeyed."""
    step, obeyed = CorrectionStepRow, aliased(CorrectionStepRow)
    fields = [[{"paper": str(paper_id), "field": field}] for field in ("homes", "whole")]
    query = (
        select(step, obeyed)
        .join(CorrectionRow, CorrectionRow.step_id == step.id)
        .outerjoin(obeyed, (obeyed.id == CorrectionRow.target_id) & (step.kind == "build"))
        .where(CorrectionRow.hierarchy_id == hierarchy_id, step.touched.contains([paper_id]))
        .where(or_(*(CorrectionRow.changes.contains(field) for field in fields)))
        .order_by(CorrectionRow.version.desc(), CorrectionRow.number.desc())
    )
    row = session.execute(query.limit(1)).one_or_none()
    if row is None:
        return None
    found = row[1] or row[0]
    return None if found.actor == MACHINE else PutBy(found.id, found.actor, found.at)


def _up_from(topics: Mapping[UUID, TopicRow], topic: UUID) -> list[UUID]:
    path: list[UUID] = []
    here: UUID | None = topic
    while here is not None:
        path.append(here)
        here = topics[here].parent_id
    return path
