"""Papers that came after a hierarchy was built, filed into the topics it has."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.authentication import IdentityDep
from app.api.dependencies import SendJobDep, SessionDep
from app.api.jobs import JobOut, accept
from app.services.arrivals import ask_to_file

router = APIRouter(prefix="/hierarchies/{hierarchy_id}", tags=["corrections"])


@router.post("/arrivals", status_code=202)
def post_arrivals(
    hierarchy_id: UUID, session: SessionDep, identity: IdentityDep, send_job: SendJobDep, response: Response
) -> JobOut:
    """Ask for the papers that came since the hierarchy was built to be filed into its topics.

    This is asked for by itself whenever papers come. Nothing that stands moves.
    """
    job = ask_to_file(session, hierarchy_id, workspace_id=identity.workspace_id)
    return accept(job, session, send_job, response)
