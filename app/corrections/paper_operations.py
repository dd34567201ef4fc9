"""What operations on single papers, and locks, do to a state."""

from dataclasses import replace
from uuid import UUID

from app.corrections.conflicts import NotPossible, NotThere
from app.corrections.operations import (
    AddHome,
    AssignPaper,
    LiftRejection,
    Lock,
    RejectAssignment,
    RemovePaper,
    Unlock,
)
from app.corrections.placing import add_home, assign, paper_at, take_out, topic_at
from app.corrections.state import State


def assign_paper(state: State, operation: AssignPaper) -> None:
    """Make a topic the first home of a paper."""
    topic_at(state, operation.topic)
    assign(state, operation.paper, operation.topic)


def add_paper_home(state: State, operation: AddHome) -> None:
    """Give a paper a further home."""
    topic_at(state, operation.topic)
    add_home(state, operation.paper, operation.topic)


def remove_paper(state: State, operation: RemovePaper) -> None:
    """Take a paper out of a topic and all those below it."""
    topic_at(state, operation.topic)
    if not _homes_within(state, operation.paper, operation.topic):
        detail = "The paper is not in the topic."
        raise NotThere(detail, topics=[operation.topic], papers=[operation.paper])
    take_out(state, operation.paper, lambda home: state.is_within(home, operation.topic))


def reject_assignment(state: State, operation: RejectAssignment) -> None:
    """Mark a paper wrong in a topic, and take it out if it is there."""
    if topic_at(state, operation.topic).parent is None:
        raise NotPossible("A paper cannot be wrong in the root.", topics=[operation.topic])
    if _homes_within(state, operation.paper, operation.topic):
        take_out(state, operation.paper, lambda home: state.is_within(home, operation.topic))
    state.put_rejection(operation.paper, operation.topic, rejected=True)


def lift_rejection(state: State, operation: LiftRejection) -> None:
    """Take a mark back; the topic itself may be gone."""
    paper_at(state, operation.paper)
    if operation.topic not in state.rejected.get(operation.paper, ()):
        detail = "The paper is not marked wrong in the topic."
        raise NotThere(detail, topics=[operation.topic], papers=[operation.paper])
    state.put_rejection(operation.paper, operation.topic, rejected=False)


def lock(state: State, operation: Lock | Unlock, *, locked: bool) -> None:
    """Keep a topic or a paper as it is, or let it be changed again."""
    if (operation.topic is None) == (operation.paper is None):
        raise NotPossible("Name either a topic or a paper.")
    if operation.topic is not None:
        topic = topic_at(state, operation.topic)
        state.put_topic(operation.topic, replace(topic, locked=locked))
    elif operation.paper is not None:
        placement = paper_at(state, operation.paper)
        state.put_paper(operation.paper, replace(placement, locked=locked))


def _homes_within(state: State, paper: UUID, topic_id: UUID) -> list[UUID]:
    return [home for home in paper_at(state, paper).homes() if state.is_within(home, topic_id)]
