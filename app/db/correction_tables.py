"""The log of corrections, and what was marked wrong; kept apart only because `tables` is long."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.ids import new_id
from app.db.tables import Base, JsonObject, PaperRow, owned_by


class RejectedHomeRow(Base):
    """A topic that a paper was marked wrong in, in one build: it is never put there, nor below, again."""

    __tablename__ = "rejected_home"
    __table_args__ = (
        owned_by("build", "build_id"),
        owned_by("paper", "paper_id"),
        Index("ix_rejected_home_paper_id", "paper_id"),
    )

    build_id: Mapped[UUID] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic_id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]


class CorrectionStepRow(Base):
    """A step of a hierarchy from one version to the next: a batch of corrections, or a new build.

    Append-only: the database refuses to change or delete a row while the hierarchy is there. ``touched``
    names the topics and papers it changed; ``request_key`` and ``answer`` make repeating it harmless.
    """

    __tablename__ = "correction_step"
    __table_args__ = (
        owned_by("hierarchy", "hierarchy_id"),
        UniqueConstraint("hierarchy_id", "version"),
        UniqueConstraint("hierarchy_id", "request_key"),
        CheckConstraint("kind IN ('build', 'correct', 'undo', 'redo', 'file')", name="kind_is_known"),
        CheckConstraint("based_on < version", name="version_rises"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[UUID]
    hierarchy_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(BigInteger)
    based_on: Mapped[int] = mapped_column(BigInteger)
    build_id: Mapped[UUID]
    kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor: Mapped[str]
    touched: Mapped[list[UUID]] = mapped_column(ARRAY(PaperRow.__table__.c.id.type))
    request_key: Mapped[str | None]
    request_sha256: Mapped[bytes | None]
    answer: Mapped[JsonObject]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class CorrectionRow(Base):
    """One operation of a step, with every field it changed before and after: its compensation.

    Append-only, as its step is. ``target_id`` names the step that an undo takes back or a redo does again.
    """

    __tablename__ = "correction"
    __table_args__ = (
        owned_by("hierarchy", "hierarchy_id"),
        Index("ix_correction_step_id", "step_id"),
        Index("ix_correction_target_id", "target_id", postgresql_where=text("target_id IS NOT NULL")),
    )

    hierarchy_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    step_id: Mapped[UUID]
    operation: Mapped[JsonObject]
    target_id: Mapped[UUID | None]
    changes: Mapped[list[JsonObject]] = mapped_column(JSONB)


class SnapshotRow(Base):
    """A name for a version of a hierarchy. Append-only."""

    __tablename__ = "snapshot"
    __table_args__ = (owned_by("hierarchy", "hierarchy_id"),)

    hierarchy_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(BigInteger)
    actor: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
