"""The builds of a hierarchy, and the corrections that the live one could not obey."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.api.authentication import IdentityDep
from app.api.corrections import StepOut
from app.api.dependencies import SessionDep
from app.api.steps import StepRequestDep
from app.api.texts import Body
from app.services import builds, orphans
from app.services.orphans import Place

router = APIRouter(prefix="/hierarchies/{hierarchy_id}", tags=["corrections"])


class BuildOut(BaseModel):
    """A build that readers saw; ``version`` is the one it became live by, the last time."""

    id: UUID
    version: int
    live: bool
    built_at: datetime
    model: str
    parameters: dict[str, Any]


class Builds(BaseModel):
    """The builds of a hierarchy, the one that was made live last first."""

    items: list[BuildOut]


class OrphanOut(BaseModel):
    """A correction that the live build could not obey; ``version`` and ``number`` are its place in the log.

    ``topics`` and ``papers`` are what stands in its way.
    """

    operation_id: UUID
    version: int
    number: int
    operation: dict[str, Any]
    reason: Literal["cycle", "locked", "negative", "missing", "impossible", "changed"]
    detail: str
    topics: list[UUID]
    papers: list[UUID]


class Orphans(BaseModel):
    """Orphaned corrections, in the order they were made."""

    items: list[OrphanOut]


class SwitchOut(BaseModel):
    """A build that was made live: how many corrections it obeys, and those it could not."""

    operation_id: UUID
    kind: Literal["build"]
    version: int
    based_on: int
    build_id: UUID
    n_obeyed: int
    n_needless: int
    orphans: list[OrphanOut]


class PlaceIn(Body):
    """An orphaned correction, by its place in the log."""

    version: Annotated[int, Field(ge=0, lt=2**63)]
    number: Annotated[int, Field(ge=0, lt=2**31)]


class OrphansIn(Body):
    """Orphaned corrections to dismiss, or to make anew: all of them, or none."""

    orphans: Annotated[list[PlaceIn], Field(min_length=1, max_length=2_000)]

    def to_places(self) -> list[Place]:
        """Give the places as the service knows them."""
        return [Place(one.version, one.number) for one in self.orphans]


@router.get("/builds")
def get_builds(hierarchy_id: UUID, session: SessionDep, identity: IdentityDep) -> Builds:
    """List the builds of a hierarchy; none is thrown away."""
    found = builds.list_builds(session, hierarchy_id, workspace_id=identity.workspace_id)
    return Builds(
        items=[
            BuildOut(
                id=one.build.id,
                version=one.version,
                live=one.live,
                built_at=one.build.built_at,
                model=one.build.model,
                parameters=one.build.parameters,
            )
            for one in found
        ]
    )


@router.post("/builds/{build_id}/switch", status_code=201)
def post_switch(build_id: UUID, request: StepRequestDep) -> SwitchOut:
    """Have readers see another build, with all corrections that hold now."""
    switch = partial(builds.switch_build, build_id=build_id)
    return SwitchOut.model_validate(request.make("switch", {"build": str(build_id)}, switch))


@router.get("/orphans")
def get_orphans(hierarchy_id: UUID, session: SessionDep, identity: IdentityDep) -> Orphans:
    """List the corrections that the live build could not obey, with the reasons."""
    found = orphans.list_orphans(session, hierarchy_id, workspace_id=identity.workspace_id)
    return Orphans(items=[OrphanOut.model_validate(one) for one in found])


@router.post("/orphans/dismiss", status_code=201)
def post_dismissal(body: OrphansIn, request: StepRequestDep) -> StepOut:
    """Give orphaned corrections up: no build tries to obey them any more. This can be undone."""
    dismiss = partial(orphans.dismiss_orphans, places=body.to_places())
    return StepOut.model_validate(request.make("dismiss", body.model_dump(mode="json"), dismiss))


@router.post("/orphans/apply", status_code=201)
def post_application(body: OrphansIn, request: StepRequestDep) -> StepOut:
    """Make orphaned corrections anew, now that they are possible; to other topics they are made by hand."""
    apply = partial(orphans.apply_orphans, places=body.to_places())
    return StepOut.model_validate(request.make("apply", body.model_dump(mode="json"), apply))
