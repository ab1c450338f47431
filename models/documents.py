"""Number series and issued documents: a number once per authority, kind and year, a context frozen with it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcTime, word


class NumberSeries(Base):
    """The running numbers of one authority, kind and year; `last` starts where the paper register stands."""

    __tablename__ = "number_series"
    __table_args__ = (
        CheckConstraint("last >= paper_last AND paper_last >= 0", name="only_up"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year_plausible"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(word(), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    paper_last: Mapped[int]
    last: Mapped[int]


class IssuedDocument(Base):
    """A document with its number, its frozen context and, once it is rendered, the hash of its bytes."""

    __tablename__ = "issued_document"
    __table_args__ = (
        UniqueConstraint("unit_id", "kind", "year", "number"),
        UniqueConstraint("event_id", "kind"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(sha256 IS NULL) = (rendered_at IS NULL)", name="rendered_has_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("dossier_event.id"))
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(word())
    year: Mapped[int]
    number: Mapped[int]
    symbol: Mapped[str] = mapped_column(String(30))
    signed_on: Mapped[date]
    context: Mapped[str] = mapped_column(Text)
    template_version: Mapped[int]
    sha256: Mapped[str | None] = mapped_column(String(64))
    rendered_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Installation(Base):
    """What this database is for: the real province, or a practice province that can never become real."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    practice: Mapped[bool]
    scenario: Mapped[str] = mapped_column(String(20))
    practice_starts_at: Mapped[datetime | None] = mapped_column(UtcTime)
    built_at: Mapped[datetime] = mapped_column(UtcTime)
