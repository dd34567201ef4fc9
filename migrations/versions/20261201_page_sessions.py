"""Sessions of web pages."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "page_sessions"
down_revision: str | None = "scores"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "page_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_key.id"], name=op.f("fk_page_session_key_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_page_session_token_sha256")),
    )
    op.create_index(op.f("ix_page_session_key_id"), "page_session", ["key_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_page_session_key_id"), table_name="page_session")
    op.drop_table("page_session")
