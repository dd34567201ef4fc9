"""Hierarchies that have been built: found and counted."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.tables import AspectRow, AssignmentRow, BuildRow, CorpusRow, HierarchyRow
from app.errors import InvalidError, NotFoundError

BUILD_HIERARCHY = "build_hierarchy"
FACETS = ("topic",)
NO_HIERARCHY = "No hierarchy of this id is in your workspace, or it is still being built."


class HierarchyNotFound(NotFoundError):
    """No such hierarchy in this workspace, or it has not been built."""

    slug = "hierarchy-not-found"
    title = "There is no such hierarchy"


class UnknownFacet(InvalidError):
    """Nobody taught the system to divide papers this way."""

    slug = "unknown-facet"
    title = "The facet is not known"


def check_facet(session: Session, facet: str, *, corpus_id: UUID) -> str:
    """Give the facet back.

    Raises
    ------
    UnknownFacet
        If the papers of the corpus cannot be divided by it.
    """
    if facet in FACETS:
        return facet
    proposed = session.scalars(select(AspectRow.facet).where(AspectRow.corpus_id == corpus_id)).all()
    if facet not in proposed:
        known = [*FACETS, *sorted(proposed)]
        raise UnknownFacet(f"A hierarchy can be built for the facet {' or '.join(known)}.", facets=known)
    return facet


def get_hierarchy(
    session: Session, hierarchy_id: UUID, *, workspace_id: UUID
) -> tuple[HierarchyRow, BuildRow]:
    """Find a hierarchy and its live build.

    Raises
    ------
    HierarchyNotFound
        If the workspace has none of this id, or it was never finished.
    """
    query = select(HierarchyRow, BuildRow).join(BuildRow, BuildRow.id == HierarchyRow.live_build_id)
    query = query.where(HierarchyRow.workspace_id == workspace_id, HierarchyRow.id == hierarchy_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise HierarchyNotFound(NO_HIERARCHY)
    return row.HierarchyRow, row.BuildRow


@dataclass(frozen=True, slots=True)
class PaperCounts:
    """The papers of a build, the unassigned ones among them, and those that came to the corpus since."""

    n_papers: int
    n_unassigned: int
    n_papers_since: int


def count_papers(session: Session, build: BuildRow, corpus: CorpusRow) -> PaperCounts:
    """Count what a build knows and does not know of the papers of its corpus."""
    unassigned = func.count().filter(AssignmentRow.topic_id.is_(None))
    n_papers, n_unassigned = session.execute(
        select(func.count(), unassigned).where(AssignmentRow.build_id == build.id)
    ).one()
    return PaperCounts(n_papers, n_unassigned, corpus.n_papers - n_papers)
