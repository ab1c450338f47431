"""Files by content hash, and what each proves: one file can serve several indicators, years and dossiers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String

from models.base import Base, UtcTime, column


class StoredFile(Base):
    """A file in the storage, named by its SHA-256; the same content is kept once."""

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="hash"),
        CheckConstraint("size > 0", name="size"),
    )

    sha256: str = column(String(64), primary_key=True)
    size: int
    media_type: str = column(String(100))
    stored_at: datetime = column(UtcTime)


class EvidenceItem(Base):
    """A file in a unit's library of evidence, with a title and the day it ceases to prove anything."""

    __tablename__ = "evidence_item"
    __table_args__ = (Index("ix_evidence_item_unit_id", "unit_id"),)

    id: int = column(primary_key=True)
    unit_id: int = column(ForeignKey("unit.id"))
    file_sha256: str = column(ForeignKey("stored_file.sha256"))
    file_name: str = column(String(200))
    title: str = column(String(200))
    expires_on: date | None
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)


class EvidenceUse(Base):
    """An item of the library put beside an indicator of a dossier; one that was taken off stays, with when."""

    __tablename__ = "evidence_use"
    __table_args__ = (Index("ix_evidence_use_item_id", "item_id"),)

    dossier_id: int = column(ForeignKey("dossier.id"), primary_key=True)
    indicator: str = column(String(12), primary_key=True)
    item_id: int = column(ForeignKey("evidence_item.id"), primary_key=True)
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)
    removed_at: datetime | None = column(UtcTime)
