"""Events, their effects and notices, as revision 001 makes them."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from migrations.schema_001.base import EFFECTS, EVENT_TYPES, METADATA, MOMENT, ROLES, one_of

Table(
    "dossier_event",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("dossier_id", Integer, ForeignKey("dossier.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("type", String(40), nullable=False),
    Column("action", String(60), nullable=False),
    Column("from_state", String(40), nullable=False),
    Column("to_state", String(40), nullable=False),
    Column("procedure_id", String(80), nullable=False),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("person_name", String(120), nullable=False),
    Column("role", String(40), nullable=False),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False),
    Column("wording", String(10), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("reason", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("request_key", String(64), nullable=False, unique=True),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("dossier_id", "seq"),
    CheckConstraint("seq >= 1", name="seq"),
    CheckConstraint("(seq = 1) = (previous_hash = '')", name="chained"),
    CheckConstraint("type NOT IN ('returned', 'refused', 'declined') OR length(reason) > 0", name="reason_given"),
    one_of("type", EVENT_TYPES),
    one_of("role", ROLES),
)

Table(
    "effect",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer, ForeignKey("dossier_event.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("status", String(10), nullable=False),
    Column("run_at", MOMENT, nullable=False),
    Column("lease_until", MOMENT),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text, nullable=False, server_default=""),
    Column("done_at", MOMENT),
    UniqueConstraint("event_id", "kind"),
    CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name="status_known"),
    CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done_has_time"),
    one_of("kind", EFFECTS),
    Index("ix_effect_status_run_at", "status", "run_at"),
)

Table(
    "notice",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer, ForeignKey("dossier_event.id"), nullable=False),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("read_at", MOMENT),
    UniqueConstraint("event_id", "unit_id", "role"),
    Index("ix_notice_desk", "unit_id", "role", "id"),
)
