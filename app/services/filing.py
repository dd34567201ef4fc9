"""Putting papers that came later before readers, as one step of the machine; nothing that stands moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.corrections.carry_out import Needs
from app.corrections.changes import take_changes
from app.corrections.filing import FILE_PAPERS, Arriving, take_in
from app.db.bulk import driver_connection
from app.db.tables import BuildRow, CorpusRow, HierarchyRow
from app.services.correction_log import MACHINE, Actor, Done, Step, add_step
from app.services.correction_states import load_state
from app.services.correction_writing import write_changes
from app.services.corrections import describe_effect, lock_hierarchy
from app.services.hierarchies import count_papers
from app.services.jobs import Claim
from app.services.review import ask_for_scores_soon

DOUBTED = 0.5
"""A paper that is less sure to be right where it was filed than this is counted as doubtful."""

_WRITE_GUESSES = """UPDATE assignment SET best_guess_id = coalesce(topic_id, best), runner_up_id = next
    FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS new (paper, best, next)
    WHERE build_id = %s AND paper_id = paper"""


@dataclass(frozen=True, slots=True)
class Filing:
    """Where papers were found to belong in a build, at a version of its hierarchy.

    ``provenance`` says by what: it is kept in the log with the step.
    """

    build_id: UUID
    version: int
    arriving: Sequence[Arriving]
    provenance: Mapping[str, Any]


def publish_arrivals(session: Session, claim: Claim, filing: Filing) -> dict[str, Any] | None:
    """Put papers where they were found to belong, unless somebody put them somewhere meanwhile.

    A topic that is gone, locked, or that the paper was marked wrong in is not taken: the nearest one above
    that takes it is.

    Returns
    -------
    dict or None
        What the job tells of it: ``hierarchy_id``, ``version``, ``n_filed``, ``n_unassigned``,
        ``n_doubtful``, ``n_papers_since``. None if another build is live: it must all be found anew.
    """
    hierarchy_id = UUID(claim.arguments["hierarchy_id"])
    hierarchy, build = lock_hierarchy(session, hierarchy_id, workspace_id=claim.workspace_id)
    if build.id != filing.build_id:
        return None
    needs = Needs({one.paper for one in filing.arriving}, set(), moves=False)
    loaded = load_state(session, build.id, needs, corpus_id=hierarchy.corpus_id)
    taken = take_in(loaded.state, filing.arriving)
    changes = take_changes(loaded.state)
    if changes:
        placed = [loaded.state.papers[one.paper] for one in taken]
        told = {
            "n_filed": sum(place.topic is not None for place in placed),
            "n_unassigned": sum(place.topic is None for place in placed),
            "n_doubtful": sum(place.topic is not None and place.confidence < DOUBTED for place in placed),
        }
        operation = {"op": FILE_PAPERS, **told, **filing.provenance}
        step = Step("file", Actor(None, MACHINE), filing.version, [Done(operation, changes)])
        write_changes(session, build.id, loaded, changes, workspace_id=hierarchy.workspace_id, restores=False)
        _write_guesses(session, build.id, taken)
        effect = describe_effect(loaded, changes)
        _add_step(session, hierarchy, step, effect)
        ask_for_scores_soon(session, hierarchy)
    else:
        told = {"n_filed": 0, "n_unassigned": 0, "n_doubtful": 0}
    return {**told, **_tell(session, hierarchy, build)}


def tell_nothing(session: Session, hierarchy: HierarchyRow, build: BuildRow) -> dict[str, Any]:
    """Tell of a job that left the papers alone what `publish_arrivals` tells."""
    return {"n_filed": 0, "n_unassigned": 0, "n_doubtful": 0, **_tell(session, hierarchy, build)}


def _tell(session: Session, hierarchy: HierarchyRow, build: BuildRow) -> dict[str, Any]:
    counts = count_papers(session, build, session.get_one(CorpusRow, hierarchy.corpus_id))
    return {
        "hierarchy_id": str(hierarchy.id),
        "version": hierarchy.version,
        "n_papers_since": counts.n_papers_since,
    }


def _write_guesses(session: Session, build_id: UUID, taken: Sequence[Arriving]) -> None:
    guesses = [(*(topic for topic, _ in one.likely[:2]), None, None)[:2] for one in taken]
    best, following = map(list, zip(*guesses, strict=True))
    with driver_connection(session).cursor() as cursor:
        cursor.execute(_WRITE_GUESSES, ([one.paper for one in taken], best, following, build_id))


def _add_step(session: Session, hierarchy: HierarchyRow, step: Step, effect: dict[str, Any]) -> None:
    answer = {
        "operation_id": str(step.id),
        "kind": step.kind,
        "version": hierarchy.version + 1,
        "based_on": step.based_on,
        "n_operations": len(step.done),
        "effect": effect,
        "not_done": [],
    }
    add_step(session, hierarchy, step, answer=answer)
