"""Administrative units in their periods, what became of them, the titles they hold, and the days offices are closed."""

from datetime import date
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    literal_column,
    text,
    true,
)

from models.base import Base, Json, among, column, table_of, word
from models.keys import bare_sort_key, decision_key, kept, search_key
from workflow.names import Level, Subject, Tier


class AdminUnit(Base):
    """A unit in its period; official codes are used again, so the key is code and first day."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        among("tier", Tier),
    )

    id: int = column(primary_key=True)
    code: str = column(String(10))
    tier: str = column(word(12))
    kind: str = column(String(20))
    name: str = column(String(120))
    full_name: str = column(String(160))
    sort_key: str = column(String(240), index=True)
    parent_id: int | None = column(ForeignKey("unit.id"), index=True)
    valid_from: date
    valid_to: date | None
    criteria_group: str | None = column(String(20))
    area_km2: Decimal | None = column(Numeric(10, 2))
    ethnic_area: str | None = column(String(4))
    tile_column: int | None
    tile_row: int | None
    search_key: str = column(String(200), default=kept(search_key, "full_name", "code"), server_default="")


FULL, PART = "full", "part"
"""How much of a unit another one took over."""


class UnitSuccession(Base):
    """What became of a unit: the unit that took it over, wholly or in part, since when and by which resolution."""

    __tablename__ = "unit_succession"
    __table_args__ = (
        CheckConstraint("old_id <> new_id", name="two_units"),
        CheckConstraint("share IN ('full', 'part')", name="share_known"),
    )

    old_id: int = column(ForeignKey("unit.id"), primary_key=True)
    new_id: int = column(ForeignKey("unit.id"), primary_key=True, index=True)
    share: str = column(String(10))
    effective_from: date
    legal_basis: str = column(Text)


class Recognition(Base):
    """A title in the book of recognitions; it belongs to the unit that held it and is never passed on silently."""

    __tablename__ = "recognition"
    __table_args__ = (
        CheckConstraint("status IN ('valid', 'replaced', 'revoked')", name="status_known"),
        CheckConstraint("year_recognised BETWEEN 2009 AND 2100", name="year_plausible"),
        among("subject", Subject),
        among("level", Level),
        Index("ix_recognition_unit_id_level", "unit_id", "level"),
        Index(
            "uq_recognition_in_force",
            "dossier_id",
            unique=True,
            sqlite_where=text("status = 'valid'"),
            postgresql_where=text("status = 'valid'"),
        ),
        Index("ix_recognition_sort_key", "sort_key", "id"),
    )

    id: int = column(primary_key=True)
    unit_id: int | None = column(ForeignKey("unit.id"))
    unit_name: str = column(String(160))
    place_then: str = column(String(160))
    subject: str = column(word(12))
    level: str = column(word(12))
    year_recognised: int
    decision: str = column(String(60))
    signed_on: date
    authority: str = column(String(160))
    status: str = column(word(12), default="valid", server_default="valid")
    dossier_id: int | None = column(ForeignKey("dossier.id"))
    source: str = column(Text)
    search_key: str = column(
        String(400), default=kept(search_key, "unit_name", "place_then", "decision"), server_default=""
    )
    sort_key: str = column(String(320), default=kept(bare_sort_key, "unit_name"), server_default="")
    decision_key: str = column(String(60), default=kept(decision_key, "decision"), server_default="", index=True)


# That a title is in force, with the word in the statement itself. Where it is a parameter, SQLite prepares the whole
# statement anew at every run, to see whether the partial index above serves for it.
IN_FORCE = table_of(Recognition).c.status == literal_column("'valid'")


class TitleEnd(Base):
    """How a title ended before its unit did: revoked, or replaced by another decision, with the number of that one."""

    __tablename__ = "title_end"
    __table_args__ = (
        UniqueConstraint("recognition_id"),
        CheckConstraint("standing IN ('replaced', 'revoked')", name="standing_known"),
        Index("ix_title_end_decision", "decision", "signed_on"),
    )

    id: int = column(primary_key=True)
    recognition_id: int = column(ForeignKey("recognition.id"))
    standing: str = column(word(12))
    decision: str = column(String(60))
    signed_on: date
    authority: str = column(String(160))
    reason: str = column(Text)
    event_id: int = column(ForeignKey("dossier_event.id"))


class Holiday(Base):
    """A day that differs from the week's rule: off on a weekday, or worked on a Saturday or Sunday.

    It is official once the yearly announcement names it; until then it was computed by the rule of the law alone.
    """

    __tablename__ = "holiday"
    __table_args__ = (CheckConstraint("effect IN ('off', 'worked')", name="effect_known"),)

    day: date = column(primary_key=True)
    effect: str = column(String(8))
    kind: str = column(String(20))
    name_vi: str = column(String(120))
    name_en: str = column(String(120))
    official: bool = column(default=True, server_default=true())


class CriteriaAdoption(Base):
    """The province's decision to apply a criteria set, with the levels it fixed itself."""

    __tablename__ = "criteria_adoption"
    __table_args__ = (UniqueConstraint("set_key", "decision"), among("level", Level), among("subject", Subject))

    id: int = column(primary_key=True)
    set_key: str = column(String(60))
    subject: str = column(word(12))
    level: str = column(word(12))
    decision: str = column(String(60))
    decided_on: date
    group_default: str | None = column(String(20))
    thresholds: dict[str, object] = column(Json)
    valid_from: date
    valid_to: date | None
    practice: bool
