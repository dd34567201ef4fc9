"""What a worker needs to make a map: the papers of a build, and a place to keep it."""

from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.db.page_tables import MapRow
from app.db.tables import BuildRow
from app.index.embedder import Vectors
from app.services.jobs import Claim
from app.services.scoring import load_build_vectors

Plane = NDArray[np.float32]


def load_papers(session: Session, claim: Claim) -> tuple[list[UUID], Vectors]:
    """Load the papers a map is to show, in the build's order, with their vectors row by row."""
    build = session.scalars(select(BuildRow).where(BuildRow.id == UUID(claim.arguments["build_id"]))).one()
    return load_build_vectors(session, build)


def save_map(session: Session, claim: Claim, papers: list[UUID], places: Plane) -> dict[str, object]:
    """Keep a map in place of an earlier one; gives what the job tells of it."""
    build_id = UUID(claim.arguments["build_id"])
    new = {
        "papers": b"".join(one.bytes for one in papers),
        "places": places.astype("<f4").tobytes(),
        "made_at": func.clock_timestamp(),
    }
    statement = upsert(MapRow).values(build_id=build_id, workspace_id=claim.workspace_id, **new)
    session.execute(statement.on_conflict_do_update(index_elements=["build_id"], set_=new))
    hierarchy_id = session.scalars(select(BuildRow.hierarchy_id).where(BuildRow.id == build_id)).one()
    return {"hierarchy_id": str(hierarchy_id), "build_id": str(build_id), "n_papers": len(papers)}
