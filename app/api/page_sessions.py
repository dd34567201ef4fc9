"""The session of a web page: it shows a key once, and gets a cookie that stands for it."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.authentication import Identity, IdentityDep
from app.api.dependencies import SessionDep
from app.api.page_cookies import delete_cookie, set_cookie
from app.services import page_sessions

router = APIRouter(prefix="/session", tags=["session"])


class SessionOut(BaseModel):
    """Who asks: the name of the key, and until when the page's session lasts.

    ``expires_at`` is null where the key itself is sent.
    """

    name: str
    read_only: bool
    expires_at: datetime | None


@router.post("", status_code=201)
def post_session(
    request: Request, response: Response, session: SessionDep, identity: IdentityDep
) -> SessionOut:
    """Begin the session of a page: the answer to a key sets a cookie that no script can read.

    To a page that has one already nothing happens: a session never makes itself longer.
    """
    if identity.session_id is not None:
        return _show(identity, identity.expires_at)
    begun = page_sessions.begin_session(session, key_id=identity.key_id)
    set_cookie(response, request.scope, begun.token, begun.expires_at)
    return _show(identity, begun.expires_at)


@router.get("")
def get_session(identity: IdentityDep) -> SessionOut:
    """Tell who asks."""
    return _show(identity, identity.expires_at)


@router.delete("", status_code=204)
def delete_session(request: Request, response: Response, session: SessionDep, identity: IdentityDep) -> None:
    """End the session of a page; its cookie opens nothing any more. A key stays as it is."""
    if identity.session_id is not None:
        page_sessions.end_session(session, identity.session_id)
    delete_cookie(response, request.scope)


def _show(identity: Identity, expires_at: datetime | None) -> SessionOut:
    return SessionOut(name=identity.name, read_only=identity.read_only, expires_at=expires_at)
