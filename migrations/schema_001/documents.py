"""Number series, issued documents and the installation, as revision 001 makes them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from migrations.schema_001.base import METADATA, MOMENT

Table(
    "number_series",
    METADATA,
    Column("unit_id", Integer, ForeignKey("unit.id"), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("paper_last", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    CheckConstraint("last >= paper_last AND paper_last >= 0", name="only_up"),
    CheckConstraint("year BETWEEN 2000 AND 2100", name="year_plausible"),
)

Table(
    "issued_document",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer, ForeignKey("dossier_event.id"), nullable=False),
    Column("dossier_id", Integer, ForeignKey("dossier.id"), nullable=False, index=True),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("symbol", String(30), nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("context", Text, nullable=False),
    Column("template_version", Integer, nullable=False),
    Column("sha256", String(64)),
    Column("rendered_at", MOMENT),
    UniqueConstraint("event_id", "kind"),
    UniqueConstraint("unit_id", "kind", "year", "number"),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("(sha256 IS NULL) = (rendered_at IS NULL)", name="rendered_has_hash"),
)

Table(
    "installation",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("practice", Boolean, nullable=False),
    Column("scenario", String(20), nullable=False),
    Column("practice_starts_at", MOMENT),
    Column("built_at", MOMENT, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
