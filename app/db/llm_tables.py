"""The tables of what language models were asked."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Numeric, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables import Base

_MONEY = Numeric(18, 9)


class LlmAnswerRow(Base):
    """An acceptable answer, kept by the hash of everything it depends on."""

    __tablename__ = "llm_answer"

    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[bytes] = mapped_column(primary_key=True)
    model: Mapped[str]
    answer: Mapped[str]
    kept_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class LlmCallRow(Base):
    """A call: exactly what was sent, and what became of it; it goes with the job it was made for.

    ``outcome`` is ``asked`` until the call has ended, and stays so when the worker died meanwhile.
    """

    __tablename__ = "llm_call"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "job_id"], ["job.workspace_id", "job.id"], ondelete="CASCADE"),
        CheckConstraint(
            "outcome IN ('asked', 'answered', 'invalid', 'failed', 'cached', 'not_asked')",
            name="outcome_is_known",
        ),
        Index("ix_llm_call_job_id", "job_id", "id"),
        Index("ix_llm_call_workspace_id", "workspace_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    job_id: Mapped[UUID | None]
    purpose: Mapped[str]
    subjects: Mapped[list[str]]
    base_url: Mapped[str]
    model: Mapped[str]
    messages: Mapped[Any] = mapped_column(JSONB)
    outcome: Mapped[str]
    answer: Mapped[str | None]
    problem: Mapped[str | None]
    detail: Mapped[str | None]
    tokens_in: Mapped[int | None] = mapped_column(BigInteger)
    tokens_out: Mapped[int | None] = mapped_column(BigInteger)
    money: Mapped[Decimal | None] = mapped_column(_MONEY)
    seconds: Mapped[float | None]
    begun_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class LlmSpendingRow(Base):
    """What a call costs: what is reserved for it, then what it did cost.

    A call that was never settled counts with what was reserved. The row outlives its job, so that
    nobody gets money back by deleting a corpus.
    """

    __tablename__ = "llm_spending"
    __table_args__ = (
        Index("ix_llm_spending_workspace_id", "workspace_id", "reserved_at"),
        Index("ix_llm_spending_job_id", "job_id"),
    )

    call_id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    job_id: Mapped[UUID | None]
    tokens: Mapped[int] = mapped_column(BigInteger)
    money: Mapped[Decimal] = mapped_column(_MONEY)
    reserved_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    settled_at: Mapped[datetime | None]
