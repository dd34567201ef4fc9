"""What all routes share that make a step of a hierarchy: conditional, repeatable, all of it or nothing."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import Depends, Response
from sqlalchemy.orm import Session

from app.api.authentication import Identity, IdentityDep
from app.api.conditional import IfMatchHeader, KeyHeader, outdated, read_asked
from app.api.dependencies import SessionDep
from app.db.session import after_commit
from app.services.corrections import Asked, StaleVersion
from app.services.hierarchies import get_hierarchy
from app.workers.failpoints import failpoint


class MakeStep(Protocol):
    """A service that makes a step, with all it needs but what every request has."""

    def __call__(
        self, session: Session, hierarchy_id: UUID, /, *, asked: Asked, workspace_id: UUID
    ) -> dict[str, Any]:
        """Make the step; gives its answer."""
        ...


@dataclass(frozen=True, slots=True)
class StepRequest:
    """A request for a step of a hierarchy, and where its answer goes."""

    hierarchy_id: UUID
    session: Session
    identity: Identity
    response: Response
    if_match: str | None
    key: str | None

    def make(self, kind: str, content: object, act: MakeStep) -> dict[str, Any]:
        """Make the step, and name the version it leads to in the answer.

        Parameters
        ----------
        kind : str
            What is asked for; the same content asked of another address is another request.
        content : object
            The body, as JSON values.
        act : MakeStep
            Makes the step; gives its answer.

        Raises
        ------
        HierarchyNotFound
            If there is no such hierarchy: that comes before faults of the headers.
        VersionNotNamed, BadVersion, KeyMissing, VersionOutdated
            If a header is not there or not as it must be, or what the step is about has changed since.
        """
        workspace_id = self.identity.workspace_id
        get_hierarchy(self.session, self.hierarchy_id, workspace_id=workspace_id)
        asked = read_asked(self.identity, self.if_match, self.key, kind, content)
        try:
            answer = act(self.session, self.hierarchy_id, asked=asked, workspace_id=workspace_id)
        except StaleVersion as stale:
            raise outdated(stale) from None
        failpoint("correction.before_commit")
        after_commit(self.session, partial(failpoint, "correction.after_commit"))
        self.response.headers["ETag"] = f'"{answer["version"]}"'
        return answer


def _step_request(
    hierarchy_id: UUID,
    session: SessionDep,
    identity: IdentityDep,
    response: Response,
    if_match: IfMatchHeader = None,
    idempotency_key: KeyHeader = None,
) -> StepRequest:
    return StepRequest(hierarchy_id, session, identity, response, if_match, idempotency_key)


StepRequestDep = Annotated[StepRequest, Depends(_step_request)]
