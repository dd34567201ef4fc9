"""who named a topic."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002_named_by"
down_revision: str | None = "llm1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("topic", sa.Column("named_by", sa.Text(), server_default="keyphrases", nullable=False))
    op.add_column("topic", sa.Column("llm_call_id", sa.Uuid(), nullable=True))
    op.create_check_constraint(
        op.f("ck_topic_named_by_is_known"), "topic", "named_by IN ('keyphrases', 'llm')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_topic_named_by_is_known"), "topic", type_="check")
    op.drop_column("topic", "llm_call_id")
    op.drop_column("topic", "named_by")
