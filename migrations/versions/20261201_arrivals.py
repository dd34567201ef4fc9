"""arrivals: papers filed without a build, jobs that wait, neighbours kept with a build."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "arrivals"
down_revision: str | None = "maps"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KINDS = "kind IN ('build', 'correct', 'undo', 'redo')"
_KINDS_NOW = "kind IN ('build', 'correct', 'undo', 'redo', 'file')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '10s'")
    op.add_column("job", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("build", sa.Column("neighbours", sa.LargeBinary(), nullable=True))
    arrived = sa.Column("arrived", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("assignment", arrived)
    _allow_kinds(_KINDS_NOW)


def downgrade() -> None:
    _allow_kinds(_KINDS)
    op.drop_column("assignment", "arrived")
    op.drop_column("build", "neighbours")
    op.drop_column("job", "due_at")


def _allow_kinds(condition: str) -> None:
    name = op.f("ck_correction_step_kind_is_known")
    op.drop_constraint(name, "correction_step", type_="check")
    op.create_check_constraint(name, "correction_step", condition)
