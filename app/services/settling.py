"""Keeps papers where they are when a hierarchy is built again the same way."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.tables import BuildRow, HierarchyRow
from app.hierarchy.keep_places import keep_places
from app.hierarchy.tree import NO_TOPIC, Hierarchy
from app.services.correction_states import load_output
from app.services.inheriting import match_tree


def find_live_build(session: Session, *, corpus_id: UUID, facet: str) -> BuildRow | None:
    """Look for the build of a corpus under a facet that readers see."""
    query = select(BuildRow).join(HierarchyRow, HierarchyRow.live_build_id == BuildRow.id)
    return session.scalar(query.where(HierarchyRow.corpus_id == corpus_id, HierarchyRow.facet == facet))


def settle(
    session: Session,
    live: BuildRow | None,
    tree: Hierarchy,
    paper_ids: Sequence[UUID],
    *,
    model: str,
    parameters: Mapping[str, object],
) -> Hierarchy:
    """Leave papers in the topics that the live build put them in, if it was made the same way.

    Who asks for other parameters, another seed or another encoder wants another tree, and gets it as grown.
    """
    if live is None or live.model != model or live.parameters != dict(parameters):
        return tree
    state = load_output(session, live.id)
    matches = match_tree(state, tree, paper_ids)
    numbers = {match.topic: number for number, match in enumerate(matches) if match is not None}
    places = [state.papers.get(paper) for paper in paper_ids]
    stood = [NO_TOPIC if place is None else numbers.get(place.topic, NO_TOPIC) for place in places]  # type: ignore[arg-type]
    sure = [0.0 if place is None else place.confidence for place in places]
    return keep_places(tree, np.array(stood, dtype=np.int64), np.array(sure, dtype=np.float32))
