"""what was learnt from corrections, and the scores of papers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "scores"
down_revision: str | None = "corrections"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '10s'")
    op.create_table(
        "scorer",
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("training", sa.Text(), nullable=False),
        sa.Column("n_answered", sa.Integer(), nullable=False),
        sa.Column("n_left_out", sa.Integer(), nullable=False),
        sa.Column("scorer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "scored_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        _owned_by("scorer", "build"),
        sa.PrimaryKeyConstraint("build_id", name=op.f("pk_scorer")),
    )
    op.create_table(
        "paper_score",
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("stays", sa.Float(), nullable=False),
        sa.Column("gain", sa.Float(), nullable=True),
        sa.Column("topics", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("chances", postgresql.ARRAY(sa.Float()), nullable=False),
        _owned_by("paper_score", "build"),
        _owned_by("paper_score", "paper"),
        sa.PrimaryKeyConstraint("build_id", "paper_id", name=op.f("pk_paper_score")),
    )
    op.create_index("ix_paper_score_gain", "paper_score", ["build_id", "gain"], unique=False)
    op.create_index("ix_paper_score_paper_id", "paper_score", ["paper_id"], unique=False)


def downgrade() -> None:
    op.drop_table("paper_score")
    op.drop_table("scorer")


def _owned_by(table: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", f"{parent}_id"],
        [f"{parent}.workspace_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_workspace_id_{parent}_id"),
        ondelete="CASCADE",
    )
