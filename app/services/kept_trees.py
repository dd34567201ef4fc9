"""The arrays of a build as its row keeps them; loads no heavy library, so that the web may read them."""

import io
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.tables import BuildRow
from app.hierarchy.tree import Hierarchy, SecondHomes

_ARRAYS = ("parents", "assignments", "confidences", "best_guesses", "runners_up")
_HOMES = ("papers", "topics", "confidences")


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
