"""second homes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002_second_homes"
down_revision: str | None = "0003_claims"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "second_home",
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "build_id"],
            ["build.workspace_id", "build.id"],
            name=op.f("fk_second_home_workspace_id_build_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "paper_id"],
            ["paper.workspace_id", "paper.id"],
            name=op.f("fk_second_home_workspace_id_paper_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("build_id", "paper_id", "topic_id", name=op.f("pk_second_home")),
    )
    op.create_index("ix_second_home_paper_id", "second_home", ["paper_id"], unique=False)
    op.create_index("ix_second_home_topic", "second_home", ["build_id", "topic_id", "position"], unique=False)
    op.add_column(
        "topic", sa.Column("n_second_papers", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("topic", "n_second_papers")
    op.drop_index("ix_second_home_topic", table_name="second_home")
    op.drop_index("ix_second_home_paper_id", table_name="second_home")
    op.drop_table("second_home")
