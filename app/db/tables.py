"""The tables. Every one that holds what users gave carries its ``workspace_id``.

Children name their parent by (workspace_id, id), so that a row can never refer into another workspace.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import Vector
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db.ids import new_id

JsonObject = dict[str, Any]

_WORDS = (
    "setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', abstract), 'B')"
    " || setweight(to_tsvector('simple', source_id), 'A')"
)


class Base(DeclarativeBase):
    """Naming rules and column types shared by all tables."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this plain dictionary.
        str: Text,
        bytes: LargeBinary,
        datetime: DateTime(timezone=True),
        JsonObject: JSONB,
        list[str]: ARRAY(Text),
        int: Integer,
        float: Float,
    }


def owned_by(table: str, column: str) -> ForeignKeyConstraint:
    """Refer to a parent in the same workspace; the child goes when the parent goes."""
    return ForeignKeyConstraint(
        ["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"], ondelete="CASCADE"
    )


class WorkspaceRow(Base):
    """A tenant: what its keys can see, and nothing else."""

    __tablename__ = "workspace"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class ApiKeyRow(Base):
    """A key to one workspace; only the SHA-256 of its secret is kept."""

    __tablename__ = "api_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    secret_sha256: Mapped[bytes] = mapped_column(unique=True)
    read_only: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    revoked_at: Mapped[datetime | None]


class CorpusRow(Base):
    """Papers organized together. ``version`` grows with every change of its papers."""

    __tablename__ = "corpus"
    __table_args__ = (UniqueConstraint("workspace_id", "name"), UniqueConstraint("workspace_id", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    name: Mapped[str]
    notice: Mapped[str | None]
    n_papers: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class PaperRow(Base):
    """A paper of a corpus. ``position`` is its fixed place in the corpus's order."""

    __tablename__ = "paper"
    __table_args__ = (
        owned_by("corpus", "corpus_id"),
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("corpus_id", "source_id"),
        UniqueConstraint("corpus_id", "position"),
        Index("ix_paper_words", "words", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    corpus_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=False))
    source_id: Mapped[str]
    title: Mapped[str]
    abstract: Mapped[str]
    year: Mapped[int | None]
    authors: Mapped[list[str]]
    venue: Mapped[str]
    keywords: Mapped[list[str]]
    doi: Mapped[str | None]
    arxiv_id: Mapped[str | None]
    pmid: Mapped[str | None]
    url: Mapped[str | None]
    text_hash: Mapped[bytes]
    original: Mapped[JsonObject]
    words: Mapped[str] = mapped_column(TSVECTOR, Computed(_WORDS, persisted=True), deferred=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class PaperKeyRow(Base):
    """A key by which a paper of a corpus is recognised when it comes again."""

    __tablename__ = "paper_key"
    __table_args__ = (owned_by("paper", "paper_id"), Index("ix_paper_key_paper_id", "paper_id"))

    corpus_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    paper_id: Mapped[UUID]


class EmbeddingRow(Base):
    """The vector of a text under a model; papers with the same text share it."""

    __tablename__ = "embedding"

    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    model: Mapped[str] = mapped_column(primary_key=True)
    text_hash: Mapped[bytes] = mapped_column(primary_key=True)
    vector: Mapped[Any] = mapped_column(Vector())


class JobRow(Base):
    """Work asked for. The row is the truth; the queue's message only says where to look.

    ``fence`` grows with every claim, and every write of a worker names the fence it holds.
    ``attempts`` counts claims since the last checkpoint. It is not rung for before ``due_at``.
    """

    __tablename__ = "job"
    __table_args__ = (
        owned_by("corpus", "corpus_id"),
        UniqueConstraint("workspace_id", "id"),
        CheckConstraint(
            "state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="state_is_known"
        ),
        Index("ix_job_runnable", "state", postgresql_where=text("state IN ('queued', 'running')")),
        Index(
            "uq_job_same_work",
            "corpus_id",
            "same_work",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        Index("ix_job_workspace_id", "workspace_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[UUID]
    corpus_id: Mapped[UUID]
    kind: Mapped[str]
    arguments: Mapped[JsonObject]
    same_work: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="queued")
    stage: Mapped[str | None]
    checkpoint: Mapped[JsonObject] = mapped_column(default=dict)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int | None] = mapped_column(BigInteger)
    seconds_left: Mapped[float | None]
    stage_started_at: Mapped[datetime | None]
    done_at_start: Mapped[int] = mapped_column(BigInteger, default=0)
    fence: Mapped[int] = mapped_column(BigInteger, default=0)
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[JsonObject | None]
    result: Mapped[JsonObject | None]
    last_event: Mapped[int] = mapped_column(BigInteger, default=0)
    rung_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class JobEventRow(Base):
    """One step in the life of a job, numbered without gaps from 1."""

    __tablename__ = "job_event"
    __table_args__ = (owned_by("job", "job_id"),)

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    workspace_id: Mapped[UUID]
    kind: Mapped[str]
    data: Mapped[JsonObject]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class UploadRow(Base):
    """A file somebody sent, to be read by an import job. Its name is data, never a path."""

    __tablename__ = "upload"
    __table_args__ = (owned_by("job", "job_id"),)

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    file_name: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes]


class UploadChunkRow(Base):
    """A piece of an uploaded file; deleted when the import has succeeded."""

    __tablename__ = "upload_chunk"
    __table_args__ = (owned_by("job", "job_id"),)

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    data: Mapped[bytes]


class ImportedRecordRow(Base):
    """What became of one record of an imported file."""

    __tablename__ = "imported_record"
    __table_args__ = (
        owned_by("job", "job_id"),
        CheckConstraint("outcome IN ('taken', 'merged', 'rejected')", name="outcome_is_known"),
    )

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    record: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    workspace_id: Mapped[UUID]
    line: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str]
    source_id: Mapped[str | None]
    title: Mapped[str | None]
    reason: Mapped[str | None]
    duplicate_of: Mapped[str | None]


class HierarchyRow(Base):
    """The hierarchy of a corpus under one facet; readers see its live build."""

    __tablename__ = "hierarchy"
    __table_args__ = (
        owned_by("corpus", "corpus_id"),
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("corpus_id", "facet"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[UUID]
    corpus_id: Mapped[UUID]
    facet: Mapped[str]
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    live_build_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class BuildRow(Base):
    """One building of a hierarchy: what it was made from, its arrays, and what corrections start from.

    ``output`` is what readers saw of it first; the database lets nobody change it. ``neighbours`` of its
    papers are kept so that learning from corrections need not find them again.
    """

    __tablename__ = "build"
    __table_args__ = (owned_by("hierarchy", "hierarchy_id"), UniqueConstraint("workspace_id", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[UUID]
    hierarchy_id: Mapped[UUID] = mapped_column(index=True)
    job_id: Mapped[UUID] = mapped_column(unique=True)
    corpus_version: Mapped[int] = mapped_column(BigInteger)
    model: Mapped[str]
    parameters: Mapped[JsonObject]
    tree: Mapped[bytes] = mapped_column(deferred=True)
    output: Mapped[bytes | None] = mapped_column(deferred=True)
    neighbours: Mapped[bytes | None] = mapped_column(deferred=True)
    built_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class TopicRow(Base):
    """A topic in one build. Its id is the same in every build that finds the same topic.

    ``number`` is its row in the arrays of the build, -1 of one that a person made; ``rank`` its place among
    its siblings.
    """

    __tablename__ = "topic"
    __table_args__ = (
        owned_by("build", "build_id"),
        CheckConstraint("named_by IN ('keyphrases', 'llm', 'person')", name="named_by_is_known"),
        Index("ix_topic_id", "id"),
    )

    build_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    number: Mapped[int]
    depth: Mapped[int]
    label: Mapped[str]
    keyphrases: Mapped[list[str]]
    description: Mapped[str]
    exemplars: Mapped[list[UUID]] = mapped_column(ARRAY(PaperRow.__table__.c.id.type))
    n_papers: Mapped[int]
    n_papers_direct: Mapped[int]
    named_by: Mapped[str] = mapped_column(server_default="keyphrases")
    llm_call_id: Mapped[UUID | None]
    n_second_papers: Mapped[int] = mapped_column(server_default=text("0"))
    rank: Mapped[int] = mapped_column(server_default=text("0"))
    locked: Mapped[bool] = mapped_column(server_default=text("false"))


class AssignmentRow(Base):
    """Where a paper stands in one build; ``topic_id`` is null for an unassigned paper.

    ``arrived`` says that it came after the build, and so is in none of its arrays.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        owned_by("build", "build_id"),
        owned_by("paper", "paper_id"),
        CheckConstraint("placed_by IN ('machine', 'rule', 'person')", name="placed_by_is_known"),
        Index("ix_assignment_topic", "build_id", "topic_id", "position"),
        Index("ix_assignment_paper_id", "paper_id"),
    )

    build_id: Mapped[UUID] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger)
    topic_id: Mapped[UUID | None]
    best_guess_id: Mapped[UUID | None]
    runner_up_id: Mapped[UUID | None]
    confidence: Mapped[float]
    placed_by: Mapped[str] = mapped_column(server_default="machine")
    locked: Mapped[bool] = mapped_column(server_default=text("false"))
    arrived: Mapped[bool] = mapped_column(server_default=text("false"))


class PaperClaimRow(Base):
    """A sentence that says what a paper claims; ``text_hash`` tells from which text of it."""

    __tablename__ = "paper_claim"
    __table_args__ = (owned_by("paper", "paper_id"),)

    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    text: Mapped[str]
    text_hash: Mapped[bytes]
    llm_call_id: Mapped[UUID | None]


class AspectRow(Base):
    """A way of dividing the papers of one corpus that a language model proposed; its facet names it."""

    __tablename__ = "aspect"
    __table_args__ = (
        owned_by("corpus", "corpus_id"),
        UniqueConstraint("corpus_id", "facet"),
        UniqueConstraint("workspace_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    workspace_id: Mapped[UUID]
    corpus_id: Mapped[UUID]
    facet: Mapped[str]
    name: Mapped[str]
    question: Mapped[str]
    llm_call_id: Mapped[UUID | None]


class AspectPhraseRow(Base):
    """What a paper says under an aspect, in a phrase; papers that say nothing have no row."""

    __tablename__ = "aspect_phrase"
    __table_args__ = (
        owned_by("aspect", "aspect_id"),
        owned_by("paper", "paper_id"),
        Index("ix_aspect_phrase_paper_id", "paper_id"),
    )

    aspect_id: Mapped[UUID] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    phrase: Mapped[str]
    llm_call_id: Mapped[UUID | None]


class SecondHomeRow(Base):
    """A further topic a paper stands in, in one build, beside the one it is assigned to."""

    __tablename__ = "second_home"
    __table_args__ = (
        owned_by("build", "build_id"),
        owned_by("paper", "paper_id"),
        Index("ix_second_home_topic", "build_id", "topic_id", "position"),
        Index("ix_second_home_paper_id", "paper_id"),
        CheckConstraint("placed_by IN ('machine', 'rule', 'person')", name="placed_by_is_known"),
    )

    build_id: Mapped[UUID] = mapped_column(primary_key=True)
    paper_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic_id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger)
    confidence: Mapped[float]
    placed_by: Mapped[str] = mapped_column(server_default="machine")


class EvaluationRow(Base):
    """What was measured of a build, last."""

    __tablename__ = "evaluation"
    __table_args__ = (owned_by("build", "build_id"),)

    build_id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    figures: Mapped[JsonObject]
    evaluated_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
