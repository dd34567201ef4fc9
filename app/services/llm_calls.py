"""The audit of calls to language models: recorded before they are made, read by who wants to know."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.ids import new_id
from app.db.llm_tables import LlmCallRow
from app.db.tables import BuildRow
from app.labelling.llm.calls import Call, CallEnd
from app.labelling.llm.costs import Limits
from app.services.llm_answers import storable
from app.services.llm_spending import reserve, settle


def begin_call(
    session: Session, call: Call, *, workspace_id: UUID, job_id: UUID | None, limits: Limits
) -> UUID:
    """Reserve a call's cost and record what is to be sent; commit before it is sent.

    Raises
    ------
    LlmBudgetSpent
        If the call could cost more than is left of a limit.
    """
    call_id = new_id()
    reserve(
        session,
        call_id,
        workspace_id=workspace_id,
        job_id=job_id,
        at_most=call.at_most,
        limits=limits,
    )
    _add(session, call_id, call, workspace_id, job_id)
    return call_id


def end_call(session: Session, call_id: UUID, end: CallEnd, *, workspace_id: UUID) -> None:
    """Settle a call and record how it ended."""
    if end.spent is not None:
        settle(session, call_id, workspace_id=workspace_id, spent=end.spent)
    which = LlmCallRow.id == call_id, LlmCallRow.workspace_id == workspace_id
    session.execute(
        update(LlmCallRow)
        .where(*which)
        .values(
            outcome=end.outcome,
            answer=storable(end.answer) if end.answer is not None else None,
            problem=end.problem,
            detail=storable(end.detail) if end.detail is not None else None,
            tokens_in=end.tokens_in,
            tokens_out=end.tokens_out,
            money=end.spent.money if end.spent is not None else None,
            seconds=end.seconds,
        )
    )


def note_call(session: Session, call: Call, end: CallEnd, *, workspace_id: UUID, job_id: UUID | None) -> UUID:
    """Record a question for which no call was made, because of the cache or of a failure before."""
    call_id = new_id()
    _add(session, call_id, call, workspace_id, job_id)
    end_call(session, call_id, end, workspace_id=workspace_id)
    return call_id


def list_calls(
    session: Session,
    *,
    workspace_id: UUID,
    job_id: UUID | None = None,
    build_id: UUID | None = None,
    subject: str | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> Sequence[LlmCallRow]:
    """List calls in the order they were made: those of a job or of a build, about a topic or a paper."""
    query = select(LlmCallRow).where(LlmCallRow.workspace_id == workspace_id)
    if job_id is not None:
        query = query.where(LlmCallRow.job_id == job_id)
    if build_id is not None:
        build = select(BuildRow.job_id).where(BuildRow.workspace_id == workspace_id, BuildRow.id == build_id)
        query = query.where(LlmCallRow.job_id == build.scalar_subquery())
    if subject is not None:
        query = query.where(LlmCallRow.subjects.contains([subject]))
    if after is not None:
        query = query.where(LlmCallRow.id > after)
    return session.scalars(query.order_by(LlmCallRow.id).limit(limit)).all()


def _add(session: Session, call_id: UUID, call: Call, workspace_id: UUID, job_id: UUID | None) -> None:
    messages = [{name: storable(text) for name, text in message.items()} for message in call.messages]
    row = LlmCallRow(
        id=call_id,
        workspace_id=workspace_id,
        job_id=job_id,
        purpose=call.purpose,
        subjects=list(call.subjects),
        base_url=call.base_url,
        model=call.model,
        messages=messages,
        outcome="asked",
    )
    session.add(row)
    session.flush()
