"""The builds of a hierarchy, and the corrections that the live one could not obey."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.authentication import IdentityDep
from app.api.conditional import IfMatchHeader, KeyHeader, read_asked
from app.api.corrections import StepOut, answering_stale, made_step
from app.api.dependencies import SessionDep
from app.api.texts import Body
from app.services import builds, orphans
from app.services.hierarchies import get_hierarchy
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
def post_switch(
    hierarchy_id: UUID,
    build_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    response: Response,
    if_match: IfMatchHeader = None,
    idempotency_key: KeyHeader = None,
) -> SwitchOut:
    """Have readers see another build, with all corrections that hold now."""
    get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    asked = read_asked(identity, if_match, idempotency_key, "switch", {"build": str(build_id)})
    with answering_stale():
        answer = builds.switch_build(
            session, hierarchy_id, build_id, asked, workspace_id=identity.workspace_id
        )
    response.headers["ETag"] = f'"{answer["version"]}"'
    return SwitchOut.model_validate(answer)


@router.get("/orphans")
def get_orphans(hierarchy_id: UUID, session: SessionDep, identity: IdentityDep) -> Orphans:
    """List the corrections that the live build could not obey, with the reasons."""
    found = orphans.list_orphans(session, hierarchy_id, workspace_id=identity.workspace_id)
    return Orphans(items=[OrphanOut.model_validate(one) for one in found])


@router.post("/orphans/dismiss", status_code=201)
def post_dismissal(
    hierarchy_id: UUID,
    body: OrphansIn,
    session: SessionDep,
    identity: IdentityDep,
    response: Response,
    if_match: IfMatchHeader = None,
    idempotency_key: KeyHeader = None,
) -> StepOut:
    """Give orphaned corrections up: no build tries to obey them any more. This can be undone."""
    get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    asked = read_asked(identity, if_match, idempotency_key, "dismiss", body.model_dump(mode="json"))
    with answering_stale():
        answer = orphans.dismiss_orphans(
            session, hierarchy_id, body.to_places(), asked, workspace_id=identity.workspace_id
        )
    return made_step(session, answer, response)


@router.post("/orphans/apply", status_code=201)
def post_application(
    hierarchy_id: UUID,
    body: OrphansIn,
    session: SessionDep,
    identity: IdentityDep,
    response: Response,
    if_match: IfMatchHeader = None,
    idempotency_key: KeyHeader = None,
) -> StepOut:
    """Make orphaned corrections anew, now that they are possible; to other topics they are made by hand."""
    get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    asked = read_asked(identity, if_match, idempotency_key, "apply", body.model_dump(mode="json"))
    with answering_stale():
        answer = orphans.apply_orphans(
            session, hierarchy_id, body.to_places(), asked, workspace_id=identity.workspace_id
        )
    return made_step(session, answer, response)
