"""Number series, the papers that acts draw up, and what the clerk adds: a number once, a context frozen with it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcTime, among, word
from workflow.copies import COPIES
from workflow.names import DocumentKind, Relation

_NAMED = ", ".join(f"'{one.value}'" for one in COPIES)
A_COPY = f"kind IN ({_NAMED})"
_SIGNS = ((DocumentKind.TRUE_COPY, "SY"), (DocumentKind.COPY_OF_COPY, "SL"), (DocumentKind.EXTRACT, "TrS"))


class NumberSeries(Base):
    """The running numbers of one authority under one symbol in a year; `last` starts where the paper register stands.

    Where numbers are given by hand, `last` is the highest that was typed in.
    """

    __tablename__ = "number_series"
    __table_args__ = (
        CheckConstraint("last >= paper_last AND paper_last >= 0", name="only_up"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year_plausible"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    symbol: Mapped[str] = mapped_column(String(30), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    paper_last: Mapped[int]
    last: Mapped[int]
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())


class Paper(Base):
    """A paper that an act drew up, its context frozen with the act; a draft until an edition of it has a number.

    What cannot be rendered keeps the reason until it can.
    """

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", "edition"),
        UniqueConstraint("unit_id", "symbol", "year", "number"),
        UniqueConstraint("code"),
        CheckConstraint("edition >= 1", name="edition"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(
            "(number IS NULL) = (year IS NULL) AND (number IS NULL) = (signed_on IS NULL) "
            "AND (number IS NULL) = (code IS NULL)",
            name="numbered_whole",
        ),
        CheckConstraint(f"number IS NOT NULL OR NOT ({A_COPY})", name="copies_numbered"),
        CheckConstraint(
            " AND ".join(f"(kind <> '{kind.value}' OR symbol LIKE '{sign}-%')" for kind, sign in _SIGNS),
            name="copies_symbol",
        ),
        Index(
            "uq_paper_copies",
            *("unit_id", "year", "number"),
            unique=True,
            sqlite_where=text(A_COPY),
            postgresql_where=text(A_COPY),
        ),
        CheckConstraint("(sha256 IS NULL) = (rendered_at IS NULL)", name="rendered_whole"),
        CheckConstraint("(trouble IS NULL) = (troubled_at IS NULL)", name="trouble_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("dossier_event.id"))
    kind: Mapped[str] = mapped_column(word())
    edition: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    symbol: Mapped[str] = mapped_column(String(30))
    year: Mapped[int | None]
    number: Mapped[int | None]
    signed_on: Mapped[date | None]
    code: Mapped[str | None] = mapped_column(String(20))
    context: Mapped[str] = mapped_column(Text)
    template_version: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    sha256: Mapped[str | None] = mapped_column(String(64))
    pages: Mapped[int | None]
    rendered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    trouble: Mapped[str | None] = mapped_column(word())
    troubled_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PaperDossier(Base):
    """That a paper is about a dossier, and the event of that dossier's chain which vouches for it.

    A paper of one act has one such line; a decision on several units has one for each dossier.
    """

    __tablename__ = "paper_dossier"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True, index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("dossier_event.id"), index=True)


class PaperRelation(Base):
    """What one paper says of an earlier one: that it replaces, revokes or corrects it, or is a copy of it alone."""

    __tablename__ = "paper_relation"
    __table_args__ = (
        among("relation", Relation),
        Index(
            "uq_paper_relation_copies",
            "paper_id",
            unique=True,
            sqlite_where=text("relation = 'copies'"),
            postgresql_where=text("relation = 'copies'"),
        ),
    )

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True, index=True)
    relation: Mapped[str] = mapped_column(word(12))


class CopyMade(Base):
    """Who made a copy; the person of the paper itself is whoever signs it."""

    __tablename__ = "copy_made"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class UnsignedView(Base):
    """What is shown of a numbered paper as long as no signature stands on it: the same facts, marked as a draft."""

    __tablename__ = "unsigned_view"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))


class EditedPaper(Base):
    """The final text of a paper as somebody edited it by hand; the last one holds, and the frozen context stays."""

    __tablename__ = "edited_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), index=True)
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)


class OutgoingEntry(Base):
    """What the outgoing register says of a numbered paper: taken from its frozen context when the number was given."""

    __tablename__ = "outgoing_entry"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    signer: Mapped[str] = mapped_column(String(200))
    recipients: Mapped[str] = mapped_column(Text)
    kept_by: Mapped[str] = mapped_column(String(200))
    search_key: Mapped[str] = mapped_column(Text)


class Dispatch(Base):
    """What the clerk notes of a numbered paper in the outgoing register beyond what the paper itself says."""

    __tablename__ = "dispatch"
    __table_args__ = (CheckConstraint("copies IS NULL OR copies >= 1", name="copies"),)

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    copies: Mapped[int | None]
    sent_on: Mapped[date | None]
    kept_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    receipt: Mapped[str] = mapped_column(String(200), default="", server_default="")
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)


class Installation(Base):
    """What this database is for: the real province, or a practice province that can never become real."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    practice: Mapped[bool]
    scenario: Mapped[str] = mapped_column(String(20))
    practice_starts_at: Mapped[datetime | None] = mapped_column(UtcTime)
    built_at: Mapped[datetime] = mapped_column(UtcTime)
