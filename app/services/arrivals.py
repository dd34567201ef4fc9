"""Papers that came after a build: who waits to be filed, and jobs that do it."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.bulk import driver_connection
from app.db.tables import AssignmentRow, BuildRow, CorpusRow, HierarchyRow, JobRow
from app.errors import ConflictError, InvalidError
from app.index.embedder import Vectors
from app.services.hierarchies import BUILD_HIERARCHY, FACETS, get_hierarchy
from app.services.jobs import get_job
from app.services.waiting_jobs import ask_soon

FILE_ARRIVALS = "file_arrivals"

_NEWCOMERS = """SELECT paper.id, embedding.vector FROM paper
    JOIN embedding ON embedding.workspace_id = paper.workspace_id AND embedding.model = %s
        AND embedding.text_hash = paper.text_hash
    WHERE paper.corpus_id = %s AND NOT EXISTS (SELECT FROM assignment
        WHERE assignment.build_id = %s AND assignment.paper_id = paper.id)
    ORDER BY paper.position"""


class AspectNotFiled(InvalidError):
    """A hierarchy under an aspect is built from phrases; filing would look at the papers' texts."""

    slug = "aspect-not-filed"
    title = "Papers cannot be filed under an aspect"


class OtherEncoder(ConflictError):
    """The topics were found by another encoder than the one that is there now."""

    slug = "other-encoder"
    title = "The hierarchy was built with another encoder"


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Papers of the corpus that a build does not know, in the order they came, with their vectors."""

    papers: list[UUID]
    vectors: Vectors


def ask_to_file(session: Session, hierarchy_id: UUID, *, workspace_id: UUID) -> JobRow:
    """Ask for the papers that a hierarchy does not know to be filed into the topics it has.

    Raises
    ------
    HierarchyNotFound
        If there is no such hierarchy.
    AspectNotFiled
        If it is one under an aspect.
    """
    hierarchy, _ = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    if hierarchy.facet not in FACETS:
        raise AspectNotFiled(f"Only those under the facet {' or '.join(FACETS)} take papers, for now.")
    return get_job(session, _ask(session, hierarchy), workspace_id=workspace_id)


def ask_for_arrivals(session: Session, corpus_id: UUID) -> None:
    """Have the papers filed that the hierarchies of a corpus do not know, if there are any; the sweep rings.

    To be called last in the transaction that brings papers, or another build.
    """
    query = select(HierarchyRow).where(
        HierarchyRow.corpus_id == corpus_id,
        HierarchyRow.live_build_id.is_not(None),
        HierarchyRow.facet.in_(FACETS),
    )
    for hierarchy in session.scalars(query.order_by(HierarchyRow.id)).all():
        known = select(func.count()).where(AssignmentRow.build_id == hierarchy.live_build_id)
        n_papers = select(CorpusRow.n_papers).where(CorpusRow.id == corpus_id)
        if session.scalars(n_papers).one() > session.scalars(known).one():
            _ask(session, hierarchy)


def live_build_for(session: Session, hierarchy_id: UUID, *, workspace_id: UUID, model: str) -> BuildRow:
    """Give the build that papers are to be filed into.

    Raises
    ------
    HierarchyNotFound
        If the hierarchy is gone.
    OtherEncoder
        If its vectors are another model's.
    """
    _, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    if build.model != model:
        raise OtherEncoder(
            f"Its topics were found by {build.model!r}, and {model!r} is there now. Build it again."
        )
    return build


def is_being_built(session: Session, corpus_id: UUID) -> bool:
    """Tell whether the corpus is being built: that will place its papers itself."""
    query = select(JobRow.id).where(JobRow.corpus_id == corpus_id, JobRow.kind == BUILD_HIERARCHY)
    query = query.where(JobRow.state.in_(("queued", "running")), JobRow.arguments["facet"].astext.in_(FACETS))
    return session.scalar(query.limit(1)) is not None


def load_newcomers(session: Session, build: BuildRow, *, corpus_id: UUID) -> Newcomers:
    """Load the papers that a build does not know, those that have their vector."""
    ids: list[UUID] = []
    blocks: list[Vectors] = []
    with driver_connection(session).cursor("newcomers", binary=True) as cursor:
        cursor.execute(_NEWCOMERS, (build.model, corpus_id, build.id))
        while rows := cursor.fetchmany(5000):
            ids.extend(paper for paper, _ in rows)
            blocks.append(np.stack([vector.to_numpy() for _, vector in rows]).astype(np.float32))
    return Newcomers(ids, np.concatenate(blocks) if blocks else np.zeros((0, 1), np.float32))


def _ask(session: Session, hierarchy: HierarchyRow) -> UUID:
    return ask_soon(
        session,
        workspace_id=hierarchy.workspace_id,
        corpus_id=hierarchy.corpus_id,
        kind=FILE_ARRIVALS,
        arguments={"hierarchy_id": str(hierarchy.id)},
    )
