"""What was learnt from answers, and how every paper was scored by it; kept apart as `tables` is long."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Float, Index, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables import Base, JsonObject, PaperRow, owned_by


class ScorerRow(Base):
    """What was learnt last of a build's corrections, at a version of its hierarchy.

    ``training`` is the fingerprint of the answers it was taught, ``n_left_out`` counts papers without vector.
    """

    __tablename__ = "scorer"
    __table_args__ = (owned_by("build", "build_id"),)

    build_id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(BigInteger)
    training: Mapped[str]
    n_answered: Mapped[int]
    n_left_out: Mapped[int]
    scorer: Mapped[JsonObject]
    scored_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class PaperScoreRow(Base):
    """How likely a paper belongs where it was, and where else it may; ``gain`` orders the review queue.

    ``topic_id`` is where it stood when it was scored. ``gain`` is null of papers that were settled then.
    """

    __tablename__ = "paper_score"
    __table_args__ = (
        owned_by("build", "build_id"),
        owned_by("paper", "paper_id"),
        Index("ix_paper_score_gain", "build_id", "gain"),
        Index("ix_paper_score_paper_id", "paper_id"),
    )

    build_id: Mapped[UUID] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    topic_id: Mapped[UUID | None]
    stays: Mapped[float]
    gain: Mapped[float | None]
    topics: Mapped[list[UUID]] = mapped_column(ARRAY(PaperRow.__table__.c.id.type))
    chances: Mapped[list[float]] = mapped_column(ARRAY(Float()))
