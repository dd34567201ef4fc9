"""What became of one paper: the steps of the log that touched it, in every hierarchy of its corpus."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import Session

from app.db.correction_tables import CorrectionRow, CorrectionStepRow
from app.db.tables import HierarchyRow, PaperRow, TopicRow
from app.services.correction_log import undone_steps

_OF_THE_PAPER = "$[*] ? (@.paper == $paper)"


@dataclass(frozen=True, slots=True)
class NamedTopic:
    """A topic as it is called now; ``label`` is null of one that is no longer there."""

    id: UUID
    label: str | None


@dataclass(frozen=True, slots=True)
class PaperChange:
    """What an operation did to a paper.

    ``part`` is ``homes``, ``locked`` or ``rejected``. Homes are told before and after, the first one first;
    ``now`` tells whether it is locked, or marked wrong in the topic that ``after`` then names.
    """

    op: str
    part: str
    before: list[NamedTopic] = field(default_factory=list)
    after: list[NamedTopic] = field(default_factory=list)
    now: bool | None = None


@dataclass(frozen=True, slots=True)
class PaperStep:
    """A step of a hierarchy that touched a paper."""

    step: CorrectionStepRow
    facet: str
    undone: bool
    changes: list[PaperChange]


def history_of_paper(
    session: Session, paper: PaperRow, *, before: UUID | None, limit: int
) -> list[PaperStep]:
    """List the steps that touched a paper, the newest first; those older than the one named ``before``."""
    query = (
        select(CorrectionStepRow, HierarchyRow)
        .join(HierarchyRow, HierarchyRow.id == CorrectionStepRow.hierarchy_id)
        .where(HierarchyRow.corpus_id == paper.corpus_id, CorrectionStepRow.touched.contains([paper.id]))
        .order_by(CorrectionStepRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(CorrectionStepRow.id < before)
    steps = session.execute(query).all()
    changes = _changes_of(session, paper.id, [step.id for step, _ in steps])
    labels = _labels(session, {hierarchy.live_build_id for _, hierarchy in steps}, changes)
    undone = {one for hierarchy in {h.id for _, h in steps} for one in undone_steps(session, hierarchy)}
    return [
        PaperStep(
            step,
            hierarchy.facet,
            step.id in undone,
            [_show(row.op, row.change, labels) for row in changes if row.step_id == step.id],
        )
        for step, hierarchy in steps
    ]


def _changes_of(session: Session, paper_id: UUID, steps: Sequence[UUID]) -> Sequence[Row[Any]]:
    # A step may have moved thousands of papers: the database picks out this one's part.
    variables = cast(func.jsonb_build_object(literal("paper"), str(paper_id)), JSONB)
    change = func.jsonb_path_query(
        CorrectionRow.changes, cast(_OF_THE_PAPER, JSONPATH), variables, type_=JSONB
    )
    query = select(
        CorrectionRow.step_id, CorrectionRow.operation["op"].astext.label("op"), change.label("change")
    )
    query = query.where(CorrectionRow.step_id.in_(steps))
    return session.execute(query.order_by(CorrectionRow.version, CorrectionRow.number)).all()


def _labels(session: Session, builds: set[UUID | None], changes: Sequence[Row[Any]]) -> dict[str, str]:
    topics = {
        UUID(one) for row in changes for side in ("before", "after") for one in _homes(row.change[side])
    }
    topics |= {UUID(row.change["rejected"]) for row in changes if "rejected" in row.change}
    query = select(TopicRow.id, TopicRow.label).where(TopicRow.build_id.in_(builds - {None}))
    return {str(one): label for one, label in session.execute(query.where(TopicRow.id.in_(topics)))}


def _homes(value: object) -> list[str]:
    """Name the topics in one side of a change, the first home first."""
    if not isinstance(value, dict):
        return []
    homes = value.get("homes", value)
    return [one for one in (homes.get("topic"), *(one[0] for one in homes.get("seconds", ()))) if one]


def _show(op: str, change: dict[str, Any], labels: dict[str, str]) -> PaperChange:
    def named(topics: list[str]) -> list[NamedTopic]:
        return [NamedTopic(UUID(one), labels.get(one)) for one in topics]

    if "rejected" in change:
        return PaperChange(op, "rejected", after=named([change["rejected"]]), now=change["after"])
    if change["field"] == "locked":
        return PaperChange(op, "locked", now=change["after"])
    return PaperChange(op, "homes", named(_homes(change["before"])), named(_homes(change["after"])))
