"""The map of the papers: asked for as a job, then read as two short binary bodies."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from app.api.authentication import IdentityDep
from app.api.conditional import REVALIDATED, is_seen
from app.api.dependencies import SendJobDep, SessionDep
from app.api.jobs import JobOut, accept
from app.services import maps

router = APIRouter(prefix="/hierarchies/{hierarchy_id}/map", tags=["maps"])

_BINARY = "application/octet-stream"
_BODY = {"content": {_BINARY: {"schema": {"type": "string", "format": "binary"}}}}
SeenHeader = Annotated[str | None, Header(alias="If-None-Match", max_length=1_000)]


@router.post("", status_code=202)
def post_map(
    hierarchy_id: UUID, session: SessionDep, identity: IdentityDep, send_job: SendJobDep, response: Response
) -> JobOut:
    """Ask for the papers to be laid out in the plane; the same papers always lie the same way."""
    job = maps.ask_for_map(session, hierarchy_id, workspace_id=identity.workspace_id)
    return accept(job, session, send_job, response)


@router.get("", response_class=Response, responses={200: _BODY})
def get_map(
    hierarchy_id: UUID, session: SessionDep, identity: IdentityDep, if_none_match: SeenHeader = None
) -> Response:
    """Read the points: for each paper three little-endian float32 (12 bytes): x, y, number of its topic.

    x and y are in [-1, 1]. The number is the place of the topic in `GET /hierarchies/{id}/tree` of the same
    version, from 0; -1 of an unassigned paper. There is no header: the length tells how many there are. The
    ETag begins with the version of the hierarchy.
    """
    hierarchy, row = maps.get_map(session, hierarchy_id, workspace_id=identity.workspace_id)
    headers = {"ETag": f'"{hierarchy.version}-{row.made_at.timestamp():.6f}"', **REVALIDATED}
    if is_seen(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(maps.read_points(session, row), media_type=_BINARY, headers=headers)


@router.get("/papers", response_class=Response, responses={200: _BODY})
def get_map_papers(
    hierarchy_id: UUID, session: SessionDep, identity: IdentityDep, if_none_match: SeenHeader = None
) -> Response:
    """Read which paper each point is: the 16 bytes of its id, in the order of the points."""
    _, row = maps.get_map(session, hierarchy_id, workspace_id=identity.workspace_id)
    headers = {"ETag": f'"{row.made_at.timestamp():.6f}"', **REVALIDATED}
    if is_seen(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(maps.read_paper_ids(session, row), media_type=_BINARY, headers=headers)
