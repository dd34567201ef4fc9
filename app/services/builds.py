"""The builds of a hierarchy: all are kept, and readers can be taken back to any of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.correction_tables import CorrectionStepRow
from app.db.tables import BuildRow, HierarchyRow
from app.errors import ConflictError, NotFoundError
from app.services.correction_states import keep_output
from app.services.corrections import Asked, StaleVersion, answer_again, lock_hierarchy
from app.services.hierarchies import get_hierarchy
from app.services.obeying import GoingLive, go_live, obey_corrections


class BuildNotFound(NotFoundError):
    """The hierarchy has no such build that was ever live."""

    slug = "build-not-found"
    title = "There is no such build"


class BuildIsLive(ConflictError):
    """Readers see this build already."""

    slug = "build-is-live"
    title = "The build is the live one"


@dataclass(frozen=True, slots=True)
class PublishedBuild:
    """A build that readers saw, since ``version`` of the hierarchy; ``live`` if they see it now."""

    build: BuildRow
    version: int
    live: bool


def list_builds(session: Session, hierarchy_id: UUID, *, workspace_id: UUID) -> list[PublishedBuild]:
    """List the builds of a hierarchy that were live, the one that was last made so first.

    Raises
    ------
    HierarchyNotFound
        If there is no such hierarchy.
    """
    hierarchy, _ = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    query = (
        select(BuildRow, CorrectionStepRow.version)
        .join(CorrectionStepRow, CorrectionStepRow.build_id == BuildRow.id)
        .where(BuildRow.hierarchy_id == hierarchy.id, CorrectionStepRow.kind == "build")
        .order_by(CorrectionStepRow.version.desc())
    )
    found: dict[UUID, PublishedBuild] = {}
    for build, version in session.execute(query):
        live = build.id == hierarchy.live_build_id
        found.setdefault(build.id, PublishedBuild(build, version, live))
    return list(found.values())


def switch_build(
    session: Session, hierarchy_id: UUID, build_id: UUID, asked: Asked, *, workspace_id: UUID
) -> dict[str, Any]:
    """Have readers see another build, with the corrections that hold now, as one step.

    Raises
    ------
    HierarchyNotFound, BuildNotFound, BuildIsLive
        If there is no such hierarchy or build, or it is the live one.
    KeyReused, StillRunning
        As of any correction.
    StaleVersion
        If the hierarchy has changed since the version this is based on.
    """
    answered = answer_again(session, hierarchy_id, asked.request, workspace_id=workspace_id)
    if answered is not None:
        return answered
    hierarchy, live = lock_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    build = _find(session, hierarchy, build_id)
    if build.id == live.id:
        raise BuildIsLive("Readers see it already.")
    if asked.version != hierarchy.version:
        detail = f"It is at version {hierarchy.version} now. Look at it again, then decide again."
        raise StaleVersion(detail, version=hierarchy.version)
    keep_output(session, build.id)
    found = obey_corrections(session, hierarchy, build)
    return go_live(session, hierarchy, build, found, GoingLive(asked.actor, asked.version, asked.request))


def _find(session: Session, hierarchy: HierarchyRow, build_id: UUID) -> BuildRow:
    was_live = select(CorrectionStepRow.build_id).where(
        CorrectionStepRow.hierarchy_id == hierarchy.id, CorrectionStepRow.kind == "build"
    )
    own = (BuildRow.id == build_id, BuildRow.hierarchy_id == hierarchy.id)
    build = session.scalar(select(BuildRow).where(*own, BuildRow.id.in_(was_live)))
    if build is None:
        raise BuildNotFound("The hierarchy has no build of this id that was ever finished.")
    return build
