"""The arrays of a build as its row keeps them; loads no heavy library, so that the web may read them."""

import io
from collections.abc import Sequence
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.tables import AssignmentRow, BuildRow
from app.hierarchy.tree import Hierarchy, Indices, SecondHomes

_ARRAYS = ("parents", "assignments", "confidences", "best_guesses", "runners_up")
_HOMES = ("papers", "topics", "confidences")
KEPT_NEIGHBOURS = 30
"""Neighbours of each paper that are kept with a build: 120 bytes a paper."""


def load_tree(session: Session, job_id: UUID) -> Hierarchy:
    """Give the arrays kept for a build."""
    return unpack_tree(session.scalars(select(BuildRow.tree).where(BuildRow.job_id == job_id)).one())


def pack_tree(tree: Hierarchy) -> bytes:
    """Write the arrays of a hierarchy as bytes."""
    file = io.BytesIO()
    arrays = {name: getattr(tree, name) for name in _ARRAYS}
    homes = {f"second_{name}": getattr(tree.second_homes, name) for name in _HOMES}
    np.savez_compressed(file, **arrays, **homes)
    return file.getvalue()


def unpack_tree(data: bytes) -> Hierarchy:
    """Read what `pack_tree` wrote; rows from before second homes have none."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        homes = {name: arrays[f"second_{name}"] for name in _HOMES if f"second_{name}" in arrays}
        return Hierarchy(**{name: arrays[name] for name in _ARRAYS}, second_homes=SecondHomes(**homes))


def pack_neighbours(neighbours: Indices) -> bytes:
    """Write the nearest neighbours of each paper as bytes, the first `KEPT_NEIGHBOURS` of them."""
    return neighbours[:, :KEPT_NEIGHBOURS].astype("<i4").tobytes()


def load_neighbours(session: Session, build_id: UUID, papers: Sequence[UUID]) -> Indices | None:
    """Give the neighbours kept with a build, for papers that begin with those it was grown from.

    Returns
    -------
    ndarray of shape (n_built, k), int64 or None
        Rows of ``papers``, of which the first ``n_built`` were there then. None if none were kept, or some of
        those papers are missing.
    """
    kept = session.scalars(select(BuildRow.neighbours).where(BuildRow.id == build_id)).one()
    grown_from = select(AssignmentRow.paper_id).where(
        AssignmentRow.build_id == build_id, AssignmentRow.arrived.is_(False)
    )
    built = session.scalars(grown_from.order_by(AssignmentRow.position)).all()
    if not kept or list(built) != list(papers[: len(built)]):
        return None
    return np.frombuffer(kept, dtype="<i4").reshape(len(built), -1).astype(np.int64)
