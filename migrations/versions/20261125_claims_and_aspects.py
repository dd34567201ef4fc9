"""claims and aspects."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003_claims"
down_revision: str | None = "0002_named_by"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "paper_claim",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.LargeBinary(), nullable=False),
        sa.Column("llm_call_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "paper_id"],
            ["paper.workspace_id", "paper.id"],
            name=op.f("fk_paper_claim_workspace_id_paper_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("paper_id", "number", name=op.f("pk_paper_claim")),
    )
    op.create_table(
        "aspect",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("corpus_id", sa.Uuid(), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("llm_call_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "corpus_id"],
            ["corpus.workspace_id", "corpus.id"],
            name=op.f("fk_aspect_workspace_id_corpus_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aspect")),
        sa.UniqueConstraint("corpus_id", "facet", name=op.f("uq_aspect_corpus_id_facet")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_aspect_workspace_id_id")),
    )
    op.create_table(
        "aspect_phrase",
        sa.Column("aspect_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("llm_call_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "aspect_id"],
            ["aspect.workspace_id", "aspect.id"],
            name=op.f("fk_aspect_phrase_workspace_id_aspect_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "paper_id"],
            ["paper.workspace_id", "paper.id"],
            name=op.f("fk_aspect_phrase_workspace_id_paper_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("aspect_id", "paper_id", name=op.f("pk_aspect_phrase")),
    )
    op.create_index("ix_aspect_phrase_paper_id", "aspect_phrase", ["paper_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_aspect_phrase_paper_id", table_name="aspect_phrase")
    op.drop_table("aspect_phrase")
    op.drop_table("aspect")
    op.drop_table("paper_claim")
