"""Corrections: previewed, made, undone and redone."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy.orm import Session

from app.api.authentication import IdentityDep
from app.api.conditional import IfMatchHeader, KeyHeader, outdated, read_asked
from app.api.dependencies import SessionDep
from app.api.operations import CorrectionsIn
from app.api.texts import Body, Name
from app.db.session import after_commit
from app.services import corrections, undoing
from app.services.corrections import StaleVersion
from app.services.hierarchies import get_hierarchy
from app.workers.failpoints import failpoint

router = APIRouter(prefix="/hierarchies/{hierarchy_id}", tags=["corrections"])


class EffectOut(BaseModel):
    """What operations do: papers whose homes change, papers that go along with moved topics, topics.

    ``topics_carried`` are below topics that move; ``locked_carried`` are the locked ones among them.
    """

    n_papers_moved: int
    n_papers_carried: int
    topics_touched: list[UUID]
    topics_created: list[UUID]
    topics_carried: list[UUID]
    locked_carried: list[UUID]


class ConflictOut(BaseModel):
    """An operation that is not possible now, by its place in the batch, and what stands against it."""

    operation: int
    reason: Literal["cycle", "locked", "negative", "missing", "impossible", "changed"]
    detail: str
    topics: list[UUID]
    papers: list[UUID]


class PreviewOut(BaseModel):
    """What a batch would do to the present version; with any conflict, all of it would be refused."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    effect: EffectOut
    conflicts: list[ConflictOut]


class NotDoneOut(BaseModel):
    """A step that could not be undone, or done again, and the reason."""

    op: Literal["undo", "redo"]
    step: UUID
    version: int
    reason: str
    detail: str
    topics: list[UUID]
    papers: list[UUID]


class StepOut(BaseModel):
    """A step that was made: the hierarchy is at ``version`` by it. ``operation_id`` names it for ever."""

    operation_id: UUID
    kind: Literal["correct", "undo", "redo"]
    version: int
    based_on: int
    n_operations: int
    effect: EffectOut
    not_done: list[NotDoneOut]


class UndoIn(Body):
    """What to undo: a step by its ``operation_id``, or all of an ``actor`` (a key's name or id) since a time.

    With neither, the last step of the key that asks.
    """

    operation_id: UUID | None = None
    actor: Name | UUID | None = None
    since: AwareDatetime | None = None


class RedoIn(Body):
    """Which undone step to do again; if none is named, the one that the key that asks undid last."""

    operation_id: UUID | None = None


@router.post("/corrections", status_code=201)
def post_corrections(
    hierarchy_id: UUID,
    body: CorrectionsIn,
    session: SessionDep,
    identity: IdentityDep,
    response: Response,
    if_match: IfMatchHeader = None,
    idempotency_key: KeyHeader = None,
) -> StepOut:
    """Make corrections: all operations of the batch, as one step, or none.

    A version that is no longer the present one will do if nothing the operations are about has changed.
    """
    get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    content = body.model_dump(mode="json")
    asked = read_asked(identity, if_match, idempotency_key, "correct", content)
    with answering_stale():
        answer = corrections.apply_corrections(
            session, hierarchy_id, body.to_operations(), asked, workspace_id=identity.workspace_id
        )
    return made_step(session, answer, response)


@router.post("/corrections/preview")
def post_preview(
    hierarchy_id: UUID, body: CorrectionsIn, session: SessionDep, identity: IdentityDep
) -> PreviewOut:
    """Ask what operations would do, without doing it; those that are not possible are told one by one."""
    found = corrections.preview_corrections(
        session, hierarchy_id, body.to_operations(), workspace_id=identity.workspace_id
    )
    return PreviewOut.model_validate(found)


@router.post("/undo", status_code=201)
def post_undo(
    hierarchy_id: UUID,
    body: UndoIn,
    session: SessionDep,
    identity: IdentityDep,
    response: Response,
    if_match: IfMatchHeader = None,
    idempotency_key: KeyHeader = None,
) -> StepOut:
    """Undo a step, or all of an actor's since a time; those that cannot be undone cleanly are listed."""
    get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    asked = read_asked(identity, if_match, idempotency_key, "undo", body.model_dump(mode="json"))
    which = undoing.Which(body.operation_id, body.actor, body.since)
    with answering_stale():
        answer = undoing.undo(session, hierarchy_id, which, asked, workspace_id=identity.workspace_id)
    return made_step(session, answer, response)


@router.post("/redo", status_code=201)
def post_redo(
    hierarchy_id: UUID,
    body: RedoIn,
    session: SessionDep,
    identity: IdentityDep,
    response: Response,
    if_match: IfMatchHeader = None,
    idempotency_key: KeyHeader = None,
) -> StepOut:
    """Do a step again that was undone."""
    get_hierarchy(session, hierarchy_id, workspace_id=identity.workspace_id)
    asked = read_asked(identity, if_match, idempotency_key, "redo", body.model_dump(mode="json"))
    which = undoing.Which(body.operation_id)
    with answering_stale():
        answer = undoing.redo(session, hierarchy_id, which, asked, workspace_id=identity.workspace_id)
    return made_step(session, answer, response)


@contextmanager
def answering_stale() -> Iterator[None]:
    """Answer 412 to a request that is based on a version of things that have changed since."""
    try:
        yield
    except StaleVersion as stale:
        raise outdated(stale) from None


def made_step(session: Session, answer: dict[str, Any], response: Response) -> StepOut:
    """Answer with a step that was made, and the version it led to."""
    failpoint("correction.before_commit")
    after_commit(session, partial(failpoint, "correction.after_commit"))
    response.headers["ETag"] = f'"{answer["version"]}"'
    return StepOut.model_validate(answer)
