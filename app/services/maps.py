"""Maps of the papers of a build: asked for, and read with the topics as they are now."""

from hashlib import sha256
from uuid import UUID

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from app.db.page_tables import MapRow
from app.db.tables import AssignmentRow, BuildRow, HierarchyRow, JobRow
from app.errors import NotFoundError
from app.services.hierarchies import get_hierarchy
from app.services.jobs import add_job
from app.services.topics import list_topics

LAY_OUT_MAP = "lay_out_map"
NOWHERE = -1
"""Number of the topic of a paper that stands in none."""


class MapNotFound(NotFoundError):
    """The live build of a hierarchy has no map yet."""

    slug = "map-not-found"
    title = "There is no map of the papers yet"


def ask_for_map(session: Session, hierarchy_id: UUID, *, workspace_id: UUID) -> JobRow:
    """Ask for the papers of a hierarchy's live build to be laid out; asked again meanwhile, it is one job.

    Raises
    ------
    HierarchyNotFound
        If there is no such hierarchy.
    """
    hierarchy, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    return add_job(
        session,
        workspace_id=workspace_id,
        corpus_id=hierarchy.corpus_id,
        kind=LAY_OUT_MAP,
        arguments={"build_id": str(build.id)},
        same_work=sha256(repr((LAY_OUT_MAP, build.id)).encode()).hexdigest(),
    )


def get_map(session: Session, hierarchy_id: UUID, *, workspace_id: UUID) -> tuple[HierarchyRow, MapRow]:
    """Find the map of a hierarchy's live build, without its bytes.

    Raises
    ------
    HierarchyNotFound
        If there is no such hierarchy.
    MapNotFound
        If none was made of its live build.
    """
    hierarchy, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    row = session.get(MapRow, build.id)
    if row is None:
        raise MapNotFound(f"POST /api/v1/hierarchies/{hierarchy_id}/map asks for one of the present build.")
    return hierarchy, row


def read_points(session: Session, row: MapRow) -> bytes:
    """Give x, y and the number of the topic of each paper: three little-endian float32 each.

    Topics are numbered as `list_topics` lists them; `NOWHERE` is that of an unassigned paper.
    """
    papers, places = _read(session, row)
    build = session.get_one(BuildRow, row.build_id)
    numbers: dict[UUID | None, int] = {
        topic.id: number for number, topic in enumerate(list_topics(session, build))
    }
    rows = {paper: number for number, paper in enumerate(_split(papers))}
    points = np.full((len(rows), 3), NOWHERE, dtype="<f4")
    points[:, :2] = np.frombuffer(places, dtype="<f4").reshape(-1, 2)
    query = select(AssignmentRow.topic_id, func.array_agg(AssignmentRow.paper_id))
    query = query.where(AssignmentRow.build_id == row.build_id, AssignmentRow.topic_id.is_not(None))
    for topic_id, ids in session.execute(query.group_by(AssignmentRow.topic_id)):
        # A paper that a person put in since the map was made is not on it.
        found = [rows[paper.bytes] for paper in ids if paper.bytes in rows]
        points[found, 2] = numbers.get(topic_id, NOWHERE)
    return points.tobytes()


def read_paper_ids(session: Session, row: MapRow) -> bytes:
    """Give the ids of the papers in the order of the points, 16 bytes each."""
    return _read(session, row)[0]


def _read(session: Session, row: MapRow) -> tuple[bytes, bytes]:
    query = select(MapRow).options(undefer(MapRow.papers), undefer(MapRow.places))
    query = query.where(MapRow.build_id == row.build_id).execution_options(populate_existing=True)
    found = session.scalars(query).one()
    return found.papers, found.places


def _split(papers: bytes) -> list[bytes]:
    return [papers[start : start + 16] for start in range(0, len(papers), 16)]
