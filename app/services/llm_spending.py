"""The ledger of what language models cost: reserved before a call, settled after it."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.db.llm_tables import LlmSpendingRow
from app.db.tables import WorkspaceRow
from app.labelling.llm.asking import LlmBudgetSpent
from app.labelling.llm.costs import Amount, Limits


def reserve(
    session: Session,
    call_id: UUID,
    *,
    workspace_id: UUID,
    job_id: UUID | None,
    at_most: Amount,
    limits: Limits,
) -> None:
    """Reserve the most a call can cost; commit before the call is made.

    Reservations of a workspace wait for each other, so that together they cannot pass a limit either.

    Raises
    ------
    LlmBudgetSpent
        If less than that is left of the month's or the build's limit.
    """
    lock = select(WorkspaceRow.id).where(WorkspaceRow.id == workspace_id)
    session.execute(lock.with_for_update(key_share=True))
    month = spent_this_month(session, workspace_id=workspace_id)
    _refuse_over("month", month, at_most, limits.tokens_per_month, limits.money_per_month)
    if job_id is not None:
        build = spent_by_job(session, job_id, workspace_id=workspace_id)
        _refuse_over("build", build, at_most, limits.tokens_per_build, limits.money_per_build)
    row = LlmSpendingRow(call_id=call_id, workspace_id=workspace_id, job_id=job_id)
    row.tokens, row.money = at_most.tokens, at_most.money
    session.add(row)
    session.flush()


def settle(session: Session, call_id: UUID, *, workspace_id: UUID, spent: Amount) -> None:
    """Replace what was reserved for a call by what it did cost, once."""
    row = LlmSpendingRow
    session.execute(
        update(row)
        .where(row.call_id == call_id, row.workspace_id == workspace_id, row.settled_at.is_(None))
        .values(tokens=spent.tokens, money=spent.money, settled_at=func.clock_timestamp())
    )


def spent_this_month(session: Session, *, workspace_id: UUID) -> Amount:
    """Sum up what a workspace has spent and reserved in this calendar month (UTC)."""
    month = func.date_trunc("month", func.clock_timestamp(), "UTC")
    return _sum(session, workspace_id, LlmSpendingRow.reserved_at >= month)


def spent_by_job(session: Session, job_id: UUID, *, workspace_id: UUID) -> Amount:
    """Sum up what a job has spent and reserved."""
    return _sum(session, workspace_id, LlmSpendingRow.job_id == job_id)


def _sum(session: Session, workspace_id: UUID, which: ColumnElement[bool]) -> Amount:
    row = LlmSpendingRow
    query = select(func.coalesce(func.sum(row.tokens), 0), func.coalesce(func.sum(row.money), 0))
    tokens, money = session.execute(query.where(row.workspace_id == workspace_id, which)).one()
    return Amount(int(tokens), Decimal(money))


def _refuse_over(
    what: str, spent: Amount, at_most: Amount, most_tokens: int | None, most_money: Decimal | None
) -> None:
    if most_tokens is not None and spent.tokens + at_most.tokens > most_tokens:
        raise LlmBudgetSpent(
            f"{spent.tokens:,} of the {most_tokens:,} tokens of this {what} are spent or reserved, "
            f"and the next call could take {at_most.tokens:,}."
        )
    if most_money is not None and spent.money + at_most.money > most_money:
        raise LlmBudgetSpent(
            f"{spent.money:.4f} of the {most_money:f} of money of this {what} are spent or reserved, "
            f"and the next call could cost {at_most.money:.4f}."
        )
