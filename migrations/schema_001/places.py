"""Units, their successions, titles, days off and adopted criteria, as revision 001 makes them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from migrations.schema_001.base import LEVELS, METADATA, SUBJECTS, TIERS, one_of

Table(
    "unit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("code", String(10), nullable=False),
    Column("tier", String(12), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(120), nullable=False),
    Column("full_name", String(160), nullable=False),
    Column("sort_key", String(240), nullable=False, index=True),
    Column("parent_id", Integer, ForeignKey("unit.id"), index=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("criteria_group", String(20)),
    Column("area_km2", Numeric(10, 2)),
    Column("ethnic_area", String(4)),
    Column("tile_column", Integer),
    Column("tile_row", Integer),
    UniqueConstraint("code", "valid_from"),
    CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    one_of("tier", TIERS),
)

Table(
    "unit_succession",
    METADATA,
    Column("old_id", Integer, ForeignKey("unit.id"), primary_key=True),
    Column("new_id", Integer, ForeignKey("unit.id"), primary_key=True, index=True),
    Column("share", String(10), nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("legal_basis", Text, nullable=False),
    CheckConstraint("old_id <> new_id", name="two_units"),
    CheckConstraint("share IN ('full', 'part')", name="share_known"),
)

Table(
    "recognition",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("unit_id", Integer, ForeignKey("unit.id")),
    Column("unit_name", String(160), nullable=False),
    Column("place_then", String(160), nullable=False),
    Column("subject", String(12), nullable=False),
    Column("level", String(12), nullable=False),
    Column("year_recognised", Integer, nullable=False),
    Column("decision", String(60), nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("authority", String(160), nullable=False),
    Column("status", String(12), nullable=False, server_default="valid"),
    Column("dossier_id", Integer, ForeignKey("dossier.id"), unique=True),
    Column("source", Text, nullable=False),
    CheckConstraint("status IN ('valid', 'replaced', 'revoked')", name="status_known"),
    CheckConstraint("year_recognised BETWEEN 2009 AND 2100", name="year_plausible"),
    one_of("subject", SUBJECTS),
    one_of("level", LEVELS),
    Index("ix_recognition_unit_id_level", "unit_id", "level"),
)

Table(
    "holiday",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("effect", String(8), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name_vi", String(120), nullable=False),
    Column("name_en", String(120), nullable=False),
    CheckConstraint("effect IN ('off', 'worked')", name="effect_known"),
)

Table(
    "criteria_adoption",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("set_key", String(60), nullable=False),
    Column("subject", String(12), nullable=False),
    Column("level", String(12), nullable=False),
    Column("decision", String(60), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("group_default", String(20)),
    Column("thresholds", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("practice", Boolean, nullable=False),
    UniqueConstraint("set_key", "decision"),
    one_of("level", LEVELS),
    one_of("subject", SUBJECTS),
)
