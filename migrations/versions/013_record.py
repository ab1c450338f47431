"""Daily anchors over all chains, who looked at what, whole dossiers to be taken, and the daily work of anchoring."""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import rebuild
from migrations.triggers import RECORD, create_triggers

revision = "013"
down_revision = "012"
branch_labels = None
depends_on = None

DAILY = "ck_daily_job_name_known"
BEFORE = "'check_history', 'clean_up', 'tell_deadlines', 'send_summaries'"
AFTER = "'check_history', 'anchor_chains', 'clean_up', 'tell_deadlines', 'send_summaries'"


def upgrade() -> None:
    """Create the tables, and let the anchoring stand among the daily work."""
    _create_anchor()
    _create_viewing()
    _create_bundle()
    create_triggers(op.get_bind(), RECORD)
    _know(AFTER)


def _create_anchor() -> None:
    op.create_table(
        "anchor",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.Text(), nullable=True),
        sa.Column("key_id", sa.String(length=64), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_anchor_number")),
        sa.CheckConstraint("(signature IS NULL) = (key_id IS NULL)", name=op.f("ck_anchor_signed_whole")),
        sa.PrimaryKeyConstraint("number", name="pk_anchor"),
        sa.UniqueConstraint("day", name="uq_anchor_day"),
        sa.UniqueConstraint("hash", name="uq_anchor_hash"),
    )


def _create_viewing() -> None:
    op.create_table(
        "viewing",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(length=12), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seen IN ('dossier', 'paper', 'file', 'whole')", name=op.f("ck_viewing_seen_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_viewing_person_id"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_viewing_dossier_id"),
        sa.PrimaryKeyConstraint("id", name="pk_viewing"),
    )
    op.create_index("ix_viewing_dossier_id_at", "viewing", ["dossier_id", "at"], unique=False)
    op.create_index("ix_viewing_at", "viewing", ["at"], unique=False)


def _create_bundle() -> None:
    op.create_table(
        "bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("0 <= steps_done AND steps_done <= steps", name=op.f("ck_bundle_steps")),
        sa.CheckConstraint("(size IS NULL) = (sha256 IS NULL)", name=op.f("ck_bundle_made_whole")),
        sa.CheckConstraint("kind IN ('zip', 'pdf', 'xml')", name=op.f("ck_bundle_kind_known")),
        sa.CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_bundle_status_known")),
        sa.CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name=op.f("ck_bundle_done_has_time")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_bundle_dossier_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_bundle_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bundle"),
        sa.UniqueConstraint("dossier_id", "person_id", "kind", name="uq_bundle_dossier_id_person_id_kind"),
    )
    op.create_index("ix_bundle_status_run_at", "bundle", ["status", "run_at"], unique=False)


def _know(names: str) -> None:
    with rebuild("daily_job") as daily_job:
        daily_job.drop_constraint(op.f(DAILY), type_="check")
        daily_job.create_check_constraint(op.f(DAILY), f"name IN ({names})")


def downgrade() -> None:
    """Drop the tables, and forget that chains were anchored."""
    op.execute("DELETE FROM daily_job WHERE name = 'anchor_chains'")
    _know(BEFORE)
    op.drop_table("bundle")
    op.drop_table("viewing")
    op.drop_table("anchor")
