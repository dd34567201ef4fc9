"""Corrections of a live hierarchy: asked about first, carried out whole or not at all, kept for ever."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.corrections.carry_out import carry_out, effect_of, named_ids, needs_of
from app.corrections.conflicts import Conflict
from app.corrections.operations import (
    Change,
    Operation,
    name_new_topics,
    operation_to_json,
)
from app.corrections.state import State
from app.db.correction_tables import CorrectionStepRow
from app.db.ids import new_id
from app.db.tables import BuildRow, HierarchyRow
from app.errors import ConflictError, InvalidError
from app.services.correction_log import Actor, Done, Request, Step, add_step, find_step
from app.services.correction_states import Loaded, keep_output, load_state
from app.services.correction_writing import write_changes
from app.services.hierarchies import NO_HIERARCHY, HierarchyNotFound, get_hierarchy
from app.services.parts import FindParts, Found, Splitting
from app.services.review import ask_for_scores_soon


class StaleVersion(Exception):
    """What a request is about was changed after the version that it was based on.

    No `Problem`: HTTP has a status of its own for it, and the API answers with that.

    Parameters
    ----------
    detail : str
        What the author of the request should do.
    **members : object
        The present version and state, as JSON values.
    """

    def __init__(self, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


class KeyReused(InvalidError):
    """The key of a request was used before, for another one."""

    slug = "idempotency-key-reused"
    title = "The Idempotency-Key belongs to another request"


class StillRunning(ConflictError):
    """The same request is being carried out at this moment."""

    slug = "still-running"
    title = "The same request is still being carried out"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a step, on the strength of which version, and how the request is known again."""

    actor: Actor
    version: int
    request: Request


@dataclass(frozen=True, slots=True)
class Preview:
    """What operations would do, and those of them that could not be done, by their place in the batch.

    ``splits`` are the parts found for those that ask for them by number.
    """

    version: int
    effect: dict[str, Any]
    conflicts: list[dict[str, Any]]
    splits: list[Found]


def apply_corrections(
    session: Session,
    hierarchy_id: UUID,
    operations: Sequence[Operation],
    asked: Asked,
    *,
    workspace_id: UUID,
    find: FindParts,
) -> dict[str, Any]:
    """Carry out a batch of operations as one step; all of them or none.

    Returns
    -------
    dict
        What became of it: the same for a request that is repeated.

    Raises
    ------
    HierarchyNotFound
        If there is no such hierarchy.
    KeyReused, StillRunning
        If the request's key belongs to another one, or to one that is not over.
    StaleVersion
        If something the operations are about has changed since the version they are based on.
    SplitNeedsGroups
        If a split asks for parts by number that cannot be found.
    Conflict
        If one of them is not possible; its place in the batch is told.
    """
    answered = answer_again(session, hierarchy_id, asked.request, workspace_id=workspace_id)
    if answered is not None:
        return answered
    hierarchy, build = lock_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    operations = [name_new_topics(one, new_id) for one in operations]
    loaded = load_state(session, build.id, needs_of(operations), corpus_id=hierarchy.corpus_id)
    named = {one for operation in operations for one in named_ids(operation)}
    check_version(session, hierarchy, loaded.state, asked.version, named)
    done = []
    splitting = Splitting(session, hierarchy, build, find)
    for number, operation in enumerate(operations):
        whole, _ = splitting.fill(loaded.state, operation)
        try:
            done.append(Done(operation_to_json(whole), carry_out(loaded.state, whole)))
        except Conflict as conflict:
            conflict.members["operation"] = number
            raise
    step = Step("correct", asked.actor, asked.version, done, asked.request)
    check_version(session, hierarchy, loaded.state, asked.version, set(map(_subject, step.changes())))
    return finish_step(session, hierarchy, loaded, step)


def preview_corrections(
    session: Session,
    hierarchy_id: UUID,
    operations: Sequence[Operation],
    *,
    workspace_id: UUID,
    find: FindParts,
) -> Preview:
    """Tell what operations would do to the hierarchy as it is, without doing it.

    Raises
    ------
    HierarchyNotFound, SplitNeedsGroups
        If there is no such hierarchy, or parts that are asked for by number cannot be found.
    """
    hierarchy, build = get_hierarchy(session, hierarchy_id, workspace_id=workspace_id)
    operations = [name_new_topics(one, new_id) for one in operations]
    loaded = load_state(session, build.id, needs_of(operations), corpus_id=hierarchy.corpus_id)
    changes: list[Change] = []
    conflicts = []
    splits = []
    splitting = Splitting(session, hierarchy, build, find)
    for number, operation in enumerate(operations):
        whole, parts = splitting.fill(loaded.state, operation)
        if parts:
            splits.append(Found(number, tuple(parts)))
        try:
            changes += carry_out(loaded.state, whole)
        except Conflict as conflict:
            conflicts.append({"operation": number, "detail": conflict.detail, **conflict.members})
    return Preview(hierarchy.version, describe_effect(loaded, changes), conflicts, splits)


def answer_again(
    session: Session, hierarchy_id: UUID, request: Request, *, workspace_id: UUID
) -> dict[str, Any] | None:
    """Give the answer of a request that was carried out before; else keep others from carrying it out.

    Raises
    ------
    KeyReused, StillRunning
        If the key belongs to another request, or to one that is not over.
    """
    # The lock ends with the transaction, however that ends: no request is "running" after a crash.
    key = func.hashtextextended(f"{hierarchy_id} {request.key}", 0)
    if not session.scalar(select(func.pg_try_advisory_xact_lock(key))):
        raise StillRunning("Repeat it shortly: the answer will be that of the first one.")
    step = find_step(session, hierarchy_id, request_key=request.key, workspace_id=workspace_id)
    if step is None:
        return None
    if step.request_sha256 != request.sha256:
        raise KeyReused("Choose another key: one was used for a request with other content.")
    return step.answer


def lock_hierarchy(
    session: Session, hierarchy_id: UUID, *, workspace_id: UUID
) -> tuple[HierarchyRow, BuildRow]:
    """Find a hierarchy and its live build, and keep others from changing it until the transaction ends.

    Raises
    ------
    HierarchyNotFound
        If the workspace has none of this id, or it was never finished.
    """
    own = (HierarchyRow.id == hierarchy_id, HierarchyRow.workspace_id == workspace_id)
    query = select(HierarchyRow).where(*own).with_for_update(key_share=True)
    hierarchy = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if hierarchy is None or hierarchy.live_build_id is None:
        raise HierarchyNotFound(NO_HIERARCHY)
    live = select(BuildRow, BuildRow.output.is_not(None)).where(BuildRow.id == hierarchy.live_build_id)
    build, is_kept = session.execute(live).one()
    if not is_kept:
        keep_output(session, build.id)
    return hierarchy, build


def check_version(
    session: Session, hierarchy: HierarchyRow, state: State, seen: int, about: Iterable[UUID]
) -> None:
    """Refuse a request about things that have changed since the version its author saw.

    Steps that changed other things do not stand in its way, so people may work side by side.

    Raises
    ------
    StaleVersion
        With the present version, and the topics and papers as they are now.
    """
    if seen == hierarchy.version:
        return
    about = set(about)
    query = select(CorrectionStepRow.kind, CorrectionStepRow.touched).where(
        CorrectionStepRow.hierarchy_id == hierarchy.id, CorrectionStepRow.version > seen
    )
    steps = session.execute(query).all()
    known = 0 <= seen < hierarchy.version and len(steps) == hierarchy.version - seen
    changed = about & {one for step in steps for one in step.touched}
    if known and not changed and all(step.kind != "build" for step in steps):
        return
    shown = {str(one): asdict(state.topics[one]) for one in about if one in state.topics}
    placed = {str(one): asdict(state.papers[one]) for one in about if one in state.papers}
    raise StaleVersion(
        f"It is at version {hierarchy.version} now, and what this is about has changed since {seen}. "
        "Look at it again, then decide again.",
        version=hierarchy.version,
        changed=sorted(map(str, changed)),
        current_topics=shown,
        current_papers=placed,
    )


def finish_step(
    session: Session,
    hierarchy: HierarchyRow,
    loaded: Loaded,
    step: Step,
    *,
    not_done: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Write a step to the log, and what it changed to the rows that readers see; gives its answer."""
    changes = step.changes()
    answer = {
        "operation_id": str(step.id),
        "kind": step.kind,
        "version": hierarchy.version + 1,
        "based_on": step.based_on,
        "n_operations": len(step.done),
        "effect": describe_effect(loaded, changes),
        "not_done": list(not_done),
    }
    if hierarchy.live_build_id is not None:
        write_changes(
            session,
            hierarchy.live_build_id,
            loaded,
            changes,
            workspace_id=hierarchy.workspace_id,
            restores=step.kind != "correct",
        )
    add_step(session, hierarchy, step, answer=answer)
    ask_for_scores_soon(session, hierarchy)
    return answer


def describe_effect(loaded: Loaded, changes: Sequence[Change]) -> dict[str, Any]:
    """Tell, as JSON, what changes did: to how many papers and to which topics."""
    effect = effect_of(loaded.state, changes)
    made = [one for one in effect.topics_touched if one not in loaded.shown and one in loaded.state.topics]
    moved = [UUID(change["topic"]) for change in changes if change.get("field") == "parent"]
    along = sum(loaded.shown[topic].n_papers for topic in set(moved) if topic in loaded.shown)
    return {
        "n_papers_moved": len(effect.papers_moved),
        "n_papers_carried": along,
        "topics_touched": [str(one) for one in effect.topics_touched],
        "topics_created": [str(one) for one in made],
        "topics_carried": [str(one) for one in effect.carried],
        "locked_carried": [str(one) for one in effect.locked],
    }


def _subject(change: Change) -> UUID:
    return UUID(change.get("topic") or change["paper"])
