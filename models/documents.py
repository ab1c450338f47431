"""Number series, the papers that acts draw up, and what the clerk adds: a number once, a context frozen with it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text

from models.base import Base, UtcTime, among, column, word
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

    unit_id: int = column(ForeignKey("unit.id"), primary_key=True)
    symbol: str = column(String(30), primary_key=True)
    year: int = column(primary_key=True)
    paper_last: int
    last: int
    by_hand: bool = column(default=False, server_default=false())


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

    id: int = column(primary_key=True)
    event_id: int = column(ForeignKey("dossier_event.id"))
    kind: str = column(word())
    edition: int
    unit_id: int = column(ForeignKey("unit.id"))
    symbol: str = column(String(30))
    year: int | None
    number: int | None
    signed_on: date | None
    code: str | None = column(String(20))
    context: str = column(Text)
    template_version: int
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)
    sha256: str | None = column(String(64))
    pages: int | None
    rendered_at: datetime | None = column(UtcTime)
    trouble: str | None = column(word())
    troubled_at: datetime | None = column(UtcTime)


class PaperDossier(Base):
    """That a paper is about a dossier, and the event of that dossier's chain which vouches for it.

    A paper of one act has one such line; a decision on several units has one for each dossier.
    """

    __tablename__ = "paper_dossier"

    paper_id: int = column(ForeignKey("paper.id"), primary_key=True)
    dossier_id: int = column(ForeignKey("dossier.id"), primary_key=True, index=True)
    event_id: int = column(ForeignKey("dossier_event.id"), index=True)


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

    paper_id: int = column(ForeignKey("paper.id"), primary_key=True)
    other_id: int = column(ForeignKey("paper.id"), primary_key=True, index=True)
    relation: str = column(word(12))


class CopyMade(Base):
    """Who made a copy; the person of the paper itself is whoever signs it."""

    __tablename__ = "copy_made"

    paper_id: int = column(ForeignKey("paper.id"), primary_key=True)
    person_id: int = column(ForeignKey("person.id"))


class UnsignedView(Base):
    """What is shown of a numbered paper as long as no signature stands on it: the same facts, marked as a draft."""

    __tablename__ = "unsigned_view"

    paper_id: int = column(ForeignKey("paper.id"), primary_key=True)
    sha256: str = column(String(64))


class EditedPaper(Base):
    """The final text of a paper as somebody edited it by hand; the last one holds, and the frozen context stays."""

    __tablename__ = "edited_paper"

    id: int = column(primary_key=True)
    paper_id: int = column(ForeignKey("paper.id"), index=True)
    file_sha256: str = column(ForeignKey("stored_file.sha256"))
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)


class OutgoingEntry(Base):
    """What the outgoing register says of a numbered paper: taken from its frozen context when the number was given."""

    __tablename__ = "outgoing_entry"

    paper_id: int = column(ForeignKey("paper.id"), primary_key=True)
    subject: str = column(Text)
    signer: str = column(String(200))
    recipients: str = column(Text)
    kept_by: str = column(String(200))
    search_key: str = column(Text)


class Dispatch(Base):
    """What the clerk notes of a numbered paper in the outgoing register beyond what the paper itself says."""

    __tablename__ = "dispatch"
    __table_args__ = (CheckConstraint("copies IS NULL OR copies >= 1", name="copies"),)

    paper_id: int = column(ForeignKey("paper.id"), primary_key=True)
    copies: int | None
    sent_on: date | None
    kept_by: str = column(String(200), default="", server_default="")
    receipt: str = column(String(200), default="", server_default="")
    note: str = column(String(500), default="", server_default="")
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)


class Installation(Base):
    """What this database is for: the real province, or a practice province that can never become real."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = column(primary_key=True)
    practice: bool
    scenario: str = column(String(20))
    practice_starts_at: datetime | None = column(UtcTime)
    built_at: datetime = column(UtcTime)
