"""the log of corrections."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "corrections"
down_revision: str | None = "evaluations"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LOGS = ("correction_step", "correction", "snapshot")

# A log goes with its hierarchy, which is gone already when the rows that belong to it follow.
_REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM hierarchy WHERE id = OLD.hierarchy_id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% of %: this table is only ever added to', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
_REFUSE_OUTPUT = """
CREATE FUNCTION refuse_other_output() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.output IS NOT NULL AND NEW.output IS DISTINCT FROM OLD.output THEN
        RAISE EXCEPTION 'UPDATE of build: corrections start from this output, which stays as it is'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '10s'")
    _change_present_tables()
    op.create_table(
        "rejected_home",
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        _owned_by("rejected_home", "build"),
        _owned_by("rejected_home", "paper"),
        sa.PrimaryKeyConstraint("build_id", "paper_id", "topic_id", name=op.f("pk_rejected_home")),
    )
    op.create_index("ix_rejected_home_paper_id", "rejected_home", ["paper_id"], unique=False)
    _create_step_table()
    _create_correction_table()
    op.create_table(
        "snapshot",
        sa.Column("hierarchy_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        _at(),
        _owned_by("snapshot", "hierarchy"),
        sa.PrimaryKeyConstraint("hierarchy_id", "name", name=op.f("pk_snapshot")),
    )
    _refuse_changes()


def downgrade() -> None:
    for table in reversed(_LOGS):
        op.drop_table(table)
    op.drop_table("rejected_home")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP TRIGGER keeps_output ON build")
    op.execute("DROP FUNCTION refuse_other_output()")
    op.execute("UPDATE topic SET named_by = 'keyphrases' WHERE named_by = 'person'")
    op.drop_constraint(op.f("ck_topic_named_by_is_known"), "topic", type_="check")
    op.create_check_constraint(
        op.f("ck_topic_named_by_is_known"), "topic", "named_by IN ('keyphrases', 'llm')"
    )
    columns = {
        "build": ("output",),
        "topic": ("rank", "locked"),
        "assignment": ("placed_by", "locked"),
        "second_home": ("placed_by",),
    }
    for table, names in columns.items():
        for name in names:
            op.drop_column(table, name)


def _change_present_tables() -> None:
    op.add_column("build", sa.Column("output", sa.LargeBinary(), nullable=True))
    op.add_column("topic", sa.Column("rank", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.execute("UPDATE topic SET rank = number")
    for table in ("topic", "assignment"):
        op.add_column(
            table, sa.Column("locked", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
    for table in ("assignment", "second_home"):
        op.add_column(table, sa.Column("placed_by", sa.Text(), server_default="machine", nullable=False))
        op.create_check_constraint(
            op.f(f"ck_{table}_placed_by_is_known"), table, "placed_by IN ('machine', 'rule', 'person')"
        )
    op.drop_constraint(op.f("ck_topic_named_by_is_known"), "topic", type_="check")
    op.create_check_constraint(
        op.f("ck_topic_named_by_is_known"), "topic", "named_by IN ('keyphrases', 'llm', 'person')"
    )


def _create_step_table() -> None:
    op.create_table(
        "correction_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("hierarchy_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("based_on", sa.BigInteger(), nullable=False),
        sa.Column("build_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("touched", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("request_key", sa.Text(), nullable=True),
        sa.Column("request_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _at(),
        _owned_by("correction_step", "hierarchy"),
        sa.CheckConstraint(
            "kind IN ('build', 'correct', 'undo', 'redo')", name=op.f("ck_correction_step_kind_is_known")
        ),
        sa.CheckConstraint("based_on < version", name=op.f("ck_correction_step_version_rises")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_step")),
        sa.UniqueConstraint("hierarchy_id", "version", name=op.f("uq_correction_step_hierarchy_id_version")),
        sa.UniqueConstraint(
            "hierarchy_id", "request_key", name=op.f("uq_correction_step_hierarchy_id_request_key")
        ),
    )
    # What is live now has a step as well, from which its later ones are replayed.
    op.execute(
        "INSERT INTO correction_step (id, workspace_id, hierarchy_id, version, based_on, build_id, kind, actor,"
        " touched, answer) SELECT gen_random_uuid(), workspace_id, id, version, version - 1, live_build_id,"
        " 'build', 'machine', '{}', '{}' FROM hierarchy WHERE live_build_id IS NOT NULL"
    )


def _create_correction_table() -> None:
    op.create_table(
        "correction",
        sa.Column("hierarchy_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("operation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _owned_by("correction", "hierarchy"),
        sa.PrimaryKeyConstraint("hierarchy_id", "version", "number", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_step_id", "correction", ["step_id"], unique=False)
    op.create_index(
        "ix_correction_target_id",
        "correction",
        ["target_id"],
        unique=False,
        postgresql_where=sa.text("target_id IS NOT NULL"),
    )


def _refuse_changes() -> None:
    op.execute(_REFUSE_CHANGE)
    op.execute(_REFUSE_OUTPUT)
    for table in _LOGS:
        op.execute(
            f"CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        # The owner keeps DELETE alone: rows follow their hierarchy in its name.
        op.execute(f"REVOKE UPDATE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER")
        op.execute(f"REVOKE DELETE ON {table} FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER keeps_output BEFORE UPDATE OF output ON build"
        " FOR EACH ROW EXECUTE FUNCTION refuse_other_output()"
    )


def _owned_by(table: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", f"{parent}_id"],
        [f"{parent}.workspace_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_workspace_id_{parent}_id"),
        ondelete="CASCADE",
    )


def _at() -> sa.Column[object]:
    return sa.Column(
        "at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
    )
