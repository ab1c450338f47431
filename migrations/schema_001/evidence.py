"""Files and what they prove, as revision 001 makes them."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Integer, String, Table

from migrations.schema_001.base import METADATA, MOMENT

Table(
    "stored_file",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("stored_at", MOMENT, nullable=False),
    CheckConstraint("length(sha256) = 64", name="hash"),
    CheckConstraint("size > 0", name="size"),
)

Table(
    "evidence_item",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False, index=True),
    Column("file_sha256", String(64), ForeignKey("stored_file.sha256"), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("title", String(200), nullable=False),
    Column("expires_on", Date),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("at", MOMENT, nullable=False),
)

Table(
    "evidence_use",
    METADATA,
    Column("dossier_id", Integer, ForeignKey("dossier.id"), primary_key=True),
    Column("indicator", String(12), primary_key=True),
    Column("item_id", Integer, ForeignKey("evidence_item.id"), primary_key=True, index=True),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("at", MOMENT, nullable=False),
)
