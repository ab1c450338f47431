"""Notices for each person instead of each office, messages by e-mail, and the work that is done once a day."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "007"
down_revision = "006"
branch_labels = None
depends_on = None

MAILING = (
    "ALTER TABLE person ADD COLUMN mailing VARCHAR(10) DEFAULT 'each' NOT NULL "
    "CONSTRAINT ck_person_mailing_known CHECK (mailing IN ('each', 'daily', 'none'))"
)
TOLD = """
SELECT DISTINCT g.person_id, n.event_id, n.at, n.read_at
FROM notice n JOIN role_grant g ON g.unit_id = n.unit_id AND g.role = n.role
"""
TOLD_BEFORE = """
SELECT n.event_id, g.unit_id, g.role, min(n.at) AS at, min(n.read_at) AS read_at
FROM notice n JOIN role_grant g ON g.person_id = n.person_id GROUP BY n.event_id, g.unit_id, g.role
"""


def upgrade() -> None:
    """Give every holder of an office the office's notices, and make the tables of messages and of daily work."""
    told = _rows(TOLD)
    op.drop_table("notice")
    _create_notice()
    op.execute(MAILING)
    _create_message()
    _create_daily_job()
    _insert("notice", "person_id, event_id, kind, at, read_at", [{**row, "kind": "news"} for row in told])


def _rows(query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.text(query)).mappings()]


def _insert(table: str, names: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        written = sa.table(table, *(sa.column(name) for name in names.split(", ")))
        op.get_bind().execute(sa.insert(written), rows)


def _create_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('desk', 'news', 'due_soon', 'overdue')", name=op.f("ck_notice_kind_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_notice_person_id"),
        sa.ForeignKeyConstraint(["event_id"], ["dossier_event.id"], name="fk_notice_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("person_id", "event_id", "kind", name="uq_notice_person_id_event_id_kind"),
    )
    op.create_index("ix_notice_event_id", "notice", ["event_id"], unique=False)
    unread = sa.text("read_at IS NULL")
    op.create_index("ix_notice_unread", "notice", ["person_id"], sqlite_where=unread, postgresql_where=unread)


def _owed(table: str) -> list[sa.schema.SchemaItem]:
    """The columns and checks of what the worker owes."""
    return [
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name=op.f(f"ck_{table}_status_known")),
        sa.CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name=op.f(f"ck_{table}_done_has_time")),
    ]


def _create_message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        *_owed("message"),
        sa.CheckConstraint("(notice_id IS NULL) <> (day IS NULL)", name=op.f("ck_message_of_notice_or_day")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_message_person_id"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_message_notice_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("notice_id", name="uq_message_notice_id"),
        sa.UniqueConstraint("person_id", "day", name="uq_message_person_id_day"),
    )
    op.create_index("ix_message_status_run_at", "message", ["status", "run_at"], unique=False)


def _create_daily_job() -> None:
    names = "'check_history', 'clean_up', 'tell_deadlines', 'send_summaries'"
    op.create_table(
        "daily_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_owed("daily_job"),
        sa.CheckConstraint(f"name IN ({names})", name=op.f("ck_daily_job_name_known")),
        sa.PrimaryKeyConstraint("id", name="pk_daily_job"),
        sa.UniqueConstraint("name", "day", name="uq_daily_job_name_day"),
    )
    op.create_index("ix_daily_job_status_run_at", "daily_job", ["status", "run_at"], unique=False)


def downgrade() -> None:
    """Give the notices back to the offices; what was to be sent by e-mail is forgotten."""
    told = _rows(TOLD_BEFORE)
    op.drop_table("daily_job")
    op.drop_table("message")
    op.drop_table("notice")
    op.drop_column("person", "mailing")
    _create_office_notice()
    _insert("notice", "event_id, unit_id, role, at, read_at", told)


def _create_office_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["dossier_event.id"], name="fk_notice_event_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_notice_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("event_id", "unit_id", "role", name="uq_notice_event_id_unit_id_role"),
    )
    op.create_index("ix_notice_desk", "notice", ["unit_id", "role", "id"], unique=False)
