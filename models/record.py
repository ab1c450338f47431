"""What proves the record: daily anchors over all chains, who looked at what, and whole dossiers made to be taken."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint

from models.base import Base, UtcTime, among, column, word
from models.owed import Owed, owed_constraints
from workflow.names import Bundled, Seen


class Anchor(Base):
    """What stood at the end of every chain on one day, linked to the day before; its signature is added once."""

    __tablename__ = "anchor"
    __table_args__ = (
        UniqueConstraint("day"),
        UniqueConstraint("hash"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(signature IS NULL) = (key_id IS NULL)", name="signed_whole"),
    )

    number: int = column(primary_key=True, autoincrement=False)
    day: date
    at: datetime = column(UtcTime)
    content: str = column(Text)
    hash: str = column(String(64))
    signature: str | None = column(Text)
    key_id: str | None = column(String(64))


class Viewing(Base):
    """That somebody looked at a dossier or took a file of it; named by the request, so that it is kept once."""

    __tablename__ = "viewing"
    __table_args__ = (
        among("seen", Seen),
        Index("ix_viewing_dossier_id_at", "dossier_id", "at"),
        Index("ix_viewing_at", "at"),
    )

    id: str = column(String(32), primary_key=True)
    person_id: int = column(ForeignKey("person.id"))
    dossier_id: int = column(ForeignKey("dossier.id"))
    seen: str = column(word(12))
    item: str = column(String(64))
    at: datetime = column(UtcTime)


class Bundle(Owed, Base):
    """A whole dossier that somebody asked for as one file; made by the worker, and removed after some days."""

    __tablename__ = "bundle"
    __table_args__ = (
        UniqueConstraint("dossier_id", "person_id", "kind"),
        CheckConstraint("0 <= steps_done AND steps_done <= steps", name="steps"),
        CheckConstraint("(size IS NULL) = (sha256 IS NULL)", name="made_whole"),
        among("kind", Bundled),
        *owed_constraints("bundle"),
    )

    id: int = column(primary_key=True)
    dossier_id: int = column(ForeignKey("dossier.id"))
    person_id: int = column(ForeignKey("person.id"))
    kind: str = column(word(8))
    asked_at: datetime = column(UtcTime)
    steps_done: int
    steps: int
    size: int | None = column(BigInteger)
    sha256: str | None = column(String(64))
