"""Corrections: previewed, made, undone and redone."""

from functools import partial
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel
from sqlalchemy.orm import Session

from app.api.authentication import IdentityDep
from app.api.dependencies import FindPartsDep, SessionDep
from app.api.operations import CorrectionsIn
from app.api.papers import PaperBrief
from app.api.steps import StepRequestDep
from app.api.texts import Body, Name
from app.services import corrections, undoing
from app.services.papers import papers_in_order
from app.services.parts import Found

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


class PartOut(BaseModel):
    """A group that was found; ``keyphrases`` and ``exemplars``, the most central first, tell what it is."""

    label: str
    description: str
    papers: list[UUID]
    children: list[UUID]
    keyphrases: list[str]
    exemplars: list[PaperBrief]


class SplitOut(BaseModel):
    """The groups found for a split that says only how many, by its place in the batch."""

    operation: int
    groups: list[PartOut]


class PreviewOut(BaseModel):
    """What a batch would do to the present version; with any conflict, all of it would be refused."""

    version: int
    effect: EffectOut
    conflicts: list[ConflictOut]
    splits: list[SplitOut]


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
def post_corrections(body: CorrectionsIn, request: StepRequestDep, find: FindPartsDep) -> StepOut:
    """Make corrections: all operations of the batch, as one step, or none.

    A version that is no longer the present one will do if nothing the operations are about has changed.
    """
    apply = partial(corrections.apply_corrections, operations=body.to_operations(), find=find)
    return StepOut.model_validate(request.make("correct", body.model_dump(mode="json"), apply))


@router.post("/corrections/preview")
def post_preview(
    hierarchy_id: UUID, body: CorrectionsIn, session: SessionDep, identity: IdentityDep, find: FindPartsDep
) -> PreviewOut:
    """Ask what operations would do, without doing it; those that are not possible are told one by one.

    ``splits`` are the groups found for splits that only say how many: send them as they are, or changed.
    """
    found = corrections.preview_corrections(
        session, hierarchy_id, body.to_operations(), workspace_id=identity.workspace_id, find=find
    )
    return PreviewOut(
        version=found.version,
        effect=EffectOut.model_validate(found.effect),
        conflicts=[ConflictOut.model_validate(conflict) for conflict in found.conflicts],
        splits=[_show_split(session, one) for one in found.splits],
    )


@router.post("/undo", status_code=201)
def post_undo(body: UndoIn, request: StepRequestDep) -> StepOut:
    """Undo a step, or all of an actor's since a time; those that cannot be undone cleanly are listed."""
    which = undoing.Which(body.operation_id, body.actor, body.since)
    answer = request.make("undo", body.model_dump(mode="json"), partial(undoing.undo, which=which))
    return StepOut.model_validate(answer)


@router.post("/redo", status_code=201)
def post_redo(body: RedoIn, request: StepRequestDep) -> StepOut:
    """Do a step again that was undone."""
    which = undoing.Which(body.operation_id)
    answer = request.make("redo", body.model_dump(mode="json"), partial(undoing.redo, which=which))
    return StepOut.model_validate(answer)


def _show_split(session: Session, found: Found) -> SplitOut:
    shown = {one for part in found.parts for one in part.exemplars}
    papers = {row.id: row for row in papers_in_order(session, sorted(shown))}
    groups = [
        PartOut(
            label=part.label,
            description=part.description,
            papers=list(part.papers),
            children=list(part.children),
            keyphrases=list(part.keyphrases),
            exemplars=[PaperBrief.model_validate(papers[one]) for one in part.exemplars if one in papers],
        )
        for part in found.parts
    ]
    return SplitOut(operation=found.operation, groups=groups)
