"""Maps of papers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "maps"
down_revision: str | None = "page_sessions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "map",
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("papers", sa.LargeBinary(), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "build_id"],
            ["build.workspace_id", "build.id"],
            name=op.f("fk_map_workspace_id_build_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("build_id", name=op.f("pk_map")),
    )


def downgrade() -> None:
    op.drop_table("map")
