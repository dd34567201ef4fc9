"""first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import Vector
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.create_table(
        "workspace",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_api_key_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_api_key_secret_sha256")),
    )
    op.create_index(op.f("ix_api_key_workspace_id"), "api_key", ["workspace_id"], unique=False)
    op.create_table(
        "corpus",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column("n_papers", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_corpus_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corpus")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_corpus_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_corpus_workspace_id_name")),
    )
    op.create_table(
        "embedding",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.LargeBinary(), nullable=False),
        sa.Column("vector", Vector(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_embedding_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "model", "text_hash", name=op.f("pk_embedding")),
    )
    op.create_table(
        "hierarchy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("corpus_id", sa.Uuid(), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("live_build_id", sa.Uuid(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "corpus_id"],
            ["corpus.workspace_id", "corpus.id"],
            name=op.f("fk_hierarchy_workspace_id_corpus_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hierarchy")),
        sa.UniqueConstraint("corpus_id", "facet", name=op.f("uq_hierarchy_corpus_id_facet")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_hierarchy_workspace_id_id")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("corpus_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("same_work", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("checkpoint", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("seconds_left", sa.Float(), nullable=True),
        sa.Column("stage_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at_start", sa.BigInteger(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("last_event", sa.BigInteger(), nullable=False),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')",
            name=op.f("ck_job_state_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "corpus_id"],
            ["corpus.workspace_id", "corpus.id"],
            name=op.f("fk_job_workspace_id_corpus_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_job_workspace_id_id")),
    )
    op.create_index(
        "ix_job_runnable",
        "job",
        ["state"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index("ix_job_workspace_id", "job", ["workspace_id", "id"], unique=False)
    op.create_index(
        "uq_job_same_work",
        "job",
        ["corpus_id", "same_work"],
        unique=True,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("corpus_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("authors", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("keywords", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doi", sa.Text(), nullable=True),
        sa.Column("arxiv_id", sa.Text(), nullable=True),
        sa.Column("pmid", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("text_hash", sa.LargeBinary(), nullable=False),
        sa.Column("original", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', abstract), 'B') || setweight(to_tsvector('simple', source_id), 'A')",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "corpus_id"],
            ["corpus.workspace_id", "corpus.id"],
            name=op.f("fk_paper_workspace_id_corpus_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("corpus_id", "position", name=op.f("uq_paper_corpus_id_position")),
        sa.UniqueConstraint("corpus_id", "source_id", name=op.f("uq_paper_corpus_id_source_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_paper_workspace_id_id")),
    )
    op.create_index("ix_paper_words", "paper", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "build",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("hierarchy_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("corpus_version", sa.BigInteger(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tree", sa.LargeBinary(), nullable=False),
        sa.Column(
            "built_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "hierarchy_id"],
            ["hierarchy.workspace_id", "hierarchy.id"],
            name=op.f("fk_build_workspace_id_hierarchy_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_build")),
        sa.UniqueConstraint("job_id", name=op.f("uq_build_job_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_build_workspace_id_id")),
    )
    op.create_index(op.f("ix_build_hierarchy_id"), "build", ["hierarchy_id"], unique=False)
    op.create_table(
        "imported_record",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("duplicate_of", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('taken', 'merged', 'rejected')", name=op.f("ck_imported_record_outcome_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "job_id"],
            ["job.workspace_id", "job.id"],
            name=op.f("fk_imported_record_workspace_id_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "record", name=op.f("pk_imported_record")),
    )
    op.create_table(
        "job_event",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "job_id"],
            ["job.workspace_id", "job.id"],
            name=op.f("fk_job_event_workspace_id_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "seq", name=op.f("pk_job_event")),
    )
    op.create_table(
        "paper_key",
        sa.Column("corpus_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "paper_id"],
            ["paper.workspace_id", "paper.id"],
            name=op.f("fk_paper_key_workspace_id_paper_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("corpus_id", "key", name=op.f("pk_paper_key")),
    )
    op.create_index("ix_paper_key_paper_id", "paper_key", ["paper_id"], unique=False)
    op.create_table(
        "upload",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "job_id"],
            ["job.workspace_id", "job.id"],
            name=op.f("fk_upload_workspace_id_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_upload")),
    )
    op.create_table(
        "upload_chunk",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "job_id"],
            ["job.workspace_id", "job.id"],
            name=op.f("fk_upload_chunk_workspace_id_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_upload_chunk")),
    )
    op.create_table(
        "assignment",
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("best_guess_id", sa.Uuid(), nullable=True),
        sa.Column("runner_up_id", sa.Uuid(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "build_id"],
            ["build.workspace_id", "build.id"],
            name=op.f("fk_assignment_workspace_id_build_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "paper_id"],
            ["paper.workspace_id", "paper.id"],
            name=op.f("fk_assignment_workspace_id_paper_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("build_id", "paper_id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_paper_id", "assignment", ["paper_id"], unique=False)
    op.create_index("ix_assignment_topic", "assignment", ["build_id", "topic_id", "position"], unique=False)
    op.create_table(
        "topic",
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("keyphrases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("exemplars", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("n_papers", sa.Integer(), nullable=False),
        sa.Column("n_papers_direct", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "build_id"],
            ["build.workspace_id", "build.id"],
            name=op.f("fk_topic_workspace_id_build_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("build_id", "id", name=op.f("pk_topic")),
    )
    op.create_index("ix_topic_id", "topic", ["id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_topic_id", table_name="topic")
    op.drop_table("topic")
    op.drop_index("ix_assignment_topic", table_name="assignment")
    op.drop_index("ix_assignment_paper_id", table_name="assignment")
    op.drop_table("assignment")
    op.drop_table("upload_chunk")
    op.drop_table("upload")
    op.drop_index("ix_paper_key_paper_id", table_name="paper_key")
    op.drop_table("paper_key")
    op.drop_table("job_event")
    op.drop_table("imported_record")
    op.drop_index(op.f("ix_build_hierarchy_id"), table_name="build")
    op.drop_table("build")
    op.drop_index("ix_paper_words", table_name="paper", postgresql_using="gin")
    op.drop_table("paper")
    op.drop_index(
        "uq_job_same_work", table_name="job", postgresql_where=sa.text("state IN ('queued', 'running')")
    )
    op.drop_index("ix_job_workspace_id", table_name="job")
    op.drop_index(
        "ix_job_runnable", table_name="job", postgresql_where=sa.text("state IN ('queued', 'running')")
    )
    op.drop_table("job")
    op.drop_table("hierarchy")
    op.drop_table("embedding")
    op.drop_table("corpus")
    op.drop_index(op.f("ix_api_key_workspace_id"), table_name="api_key")
    op.drop_table("api_key")
    op.drop_table("workspace")
