"""Councils, their sessions and ballots, as revision 001 makes them."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Integer, String, Table

from migrations.schema_001.base import METADATA, MOMENT

Table(
    "council",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("decision", String(60), nullable=False),
)

Table(
    "council_member",
    METADATA,
    Column("council_id", Integer, ForeignKey("council.id"), primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True),
    Column("post", String(200), nullable=False),
    Column("chairs", Boolean, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
)

Table(
    "council_session",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("council_id", Integer, ForeignKey("council.id"), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("place", String(200), nullable=False),
    Column("members", Integer, nullable=False),
    Column("closed_at", MOMENT),
    Column("minutes_sha256", String(64), ForeignKey("stored_file.sha256")),
)

Table(
    "agenda_item",
    METADATA,
    Column("session_id", Integer, ForeignKey("council_session.id"), primary_key=True),
    Column("dossier_id", Integer, ForeignKey("dossier.id"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
)

Table(
    "attendance",
    METADATA,
    Column("session_id", Integer, ForeignKey("council_session.id"), primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True),
)

Table(
    "ballot",
    METADATA,
    Column("session_id", Integer, ForeignKey("council_session.id"), primary_key=True),
    Column("dossier_id", Integer, ForeignKey("dossier.id"), primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True),
    Column("choice", String(8), nullable=False),
    Column("at", MOMENT, nullable=False),
    CheckConstraint("choice IN ('yes', 'no', 'blank')", name="choice_known"),
)
