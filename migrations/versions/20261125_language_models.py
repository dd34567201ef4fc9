"""what language models were asked."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "llm1"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "llm_answer",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column(
            "kept_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_llm_answer_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_llm_answer")),
    )
    op.create_table(
        "llm_spending",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("money", sa.Numeric(precision=18, scale=9), nullable=False),
        sa.Column(
            "reserved_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_llm_spending_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_llm_spending")),
    )
    op.create_index("ix_llm_spending_job_id", "llm_spending", ["job_id"], unique=False)
    op.create_index(
        "ix_llm_spending_workspace_id", "llm_spending", ["workspace_id", "reserved_at"], unique=False
    )
    op.create_table(
        "llm_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subjects", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("messages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("tokens_in", sa.BigInteger(), nullable=True),
        sa.Column("tokens_out", sa.BigInteger(), nullable=True),
        sa.Column("money", sa.Numeric(precision=18, scale=9), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column(
            "begun_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "outcome IN ('asked', 'answered', 'invalid', 'failed', 'cached', 'not_asked')",
            name=op.f("ck_llm_call_outcome_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "job_id"],
            ["job.workspace_id", "job.id"],
            name=op.f("fk_llm_call_workspace_id_job_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_llm_call_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_llm_call")),
    )
    op.create_index("ix_llm_call_job_id", "llm_call", ["job_id", "id"], unique=False)
    op.create_index("ix_llm_call_workspace_id", "llm_call", ["workspace_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_llm_call_workspace_id", table_name="llm_call")
    op.drop_index("ix_llm_call_job_id", table_name="llm_call")
    op.drop_table("llm_call")
    op.drop_index("ix_llm_spending_workspace_id", table_name="llm_spending")
    op.drop_index("ix_llm_spending_job_id", table_name="llm_spending")
    op.drop_table("llm_spending")
    op.drop_table("llm_answer")
