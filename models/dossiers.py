"""A dossier, its answers in three columns, and what is kept about consultation, votes, debt, security and checks."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, UtcTime, among, word
from workflow.names import Column, Level, Part, Role, Stage, Subject


class Dossier(Base):
    """A request to recognise one unit at one level, pinned for life to one procedure and one criteria set."""

    __tablename__ = "dossier"
    __table_args__ = (
        CheckConstraint("version >= 1 AND round >= 1 AND event_count >= 1", name="counted"),
        CheckConstraint(
            "state NOT IN ('recognised', 'announced') OR "
            "(decided_by IS NOT NULL AND decided_on IS NOT NULL AND year_recognised IS NOT NULL)",
            name="decided_has_decider_and_date",
        ),
        CheckConstraint("is_open = (closed_at IS NULL)", name="closed_has_time"),
        CheckConstraint("(holder_role IS NULL) = (holder_unit_id IS NULL)", name="holder_whole"),
        CheckConstraint("holder_role IS NOT NULL OR NOT is_open", name="open_is_held"),
        among("subject", Subject),
        among("level", Level),
        among("holder_role", Role),
        Index(
            "uq_dossier_one_open",
            "unit_id",
            "subject",
            "level",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
        Index("ix_dossier_inbox", "holder_unit_id", "holder_role", "due_on", "id"),
        Index("ix_dossier_states", "holder_unit_id", "holder_role", "state"),
        Index("ix_dossier_unit_id", "unit_id"),
        Index("ix_dossier_district_id", "district_id"),
        Index("ix_dossier_province_id", "province_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30), unique=True)
    subject: Mapped[str] = mapped_column(word(12))
    level: Mapped[str] = mapped_column(word(12))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    province_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    procedure_id: Mapped[str] = mapped_column(String(80))
    adoption_id: Mapped[int | None] = mapped_column(ForeignKey("criteria_adoption.id"))
    criteria_group: Mapped[str | None] = mapped_column(String(20))
    criteria_year: Mapped[int]
    state: Mapped[str] = mapped_column(word())
    version: Mapped[int]
    round: Mapped[int]
    event_count: Mapped[int]
    head_hash: Mapped[str] = mapped_column(String(64))
    holder_role: Mapped[str | None] = mapped_column(word())
    holder_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    due_on: Mapped[date]
    is_open: Mapped[bool]
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    changed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    year_recognised: Mapped[int | None]
    field_checked_on: Mapped[date | None]


class Answer(Base):
    """The value of one indicator in one column, with who gave it and when; a higher column never writes a lower one."""

    __tablename__ = "answer"
    __table_args__ = (among("column_name", Column),)

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    column_name: Mapped[str] = mapped_column(word(12), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[object | None] = mapped_column(Json)
    not_applicable: Mapped[bool]
    refuted: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    version: Mapped[int]


class AnswerRevision(Base):
    """Every value an answer ever had; append-only."""

    __tablename__ = "answer_revision"
    __table_args__ = (
        Index("ix_answer_revision_answer", "dossier_id", "column_name", "indicator", "version", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    column_name: Mapped[str] = mapped_column(word(12))
    indicator: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    value: Mapped[object | None] = mapped_column(Json)
    not_applicable: Mapped[bool]
    refuted: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)


class DossierPart(Base):
    """A file as one part of a dossier; a replaced file stays, marked with when it was replaced."""

    __tablename__ = "dossier_part"
    __table_args__ = (among("part", Part), Index("ix_dossier_part_dossier_id_part", "dossier_id", "part"))

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    part: Mapped[str] = mapped_column(word(4))
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    title: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Posting(Base):
    """How the result was made public at one tier in one round."""

    __tablename__ = "posting"
    __table_args__ = (CheckConstraint("loudspeaker_times >= 0", name="times"), among("stage", Stage))

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(word(12), primary_key=True)
    posted_on: Mapped[date]
    places: Mapped[list[str]] = mapped_column(Json)
    loudspeaker_times: Mapped[int]
    front_opinion: Mapped[bool]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)


class Comment(Base):
    """A comment from a resident or an organisation, and the explanation it was given."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("accepted IS NULL OR length(explanation) > 0", name="answer_explained"),
        among("stage", Stage),
        Index("ix_comment_dossier_id_round_stage", "dossier_id", "round", "stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    round: Mapped[int]
    stage: Mapped[str] = mapped_column(word(12))
    received_on: Mapped[date]
    author: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)
    accepted: Mapped[bool | None]
    explanation: Mapped[str] = mapped_column(Text, default="", server_default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)


class Survey(Base):
    """The residents' satisfaction survey of one round, in counts; the rest of the valid forms are not satisfied.

    Surveys from before the forms without an opinion were counted do not say how many these were.
    """

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint("ballots_issued <= households_total", name="issued"),
        CheckConstraint("0 <= ballots_valid AND ballots_valid <= ballots_issued", name="valid"),
        CheckConstraint("0 <= satisfied AND satisfied <= ballots_valid", name="satisfied"),
        CheckConstraint("0 <= no_opinion AND satisfied + no_opinion <= ballots_valid", name="no_opinion"),
        CheckConstraint("closed_on >= started_on", name="period"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    started_on: Mapped[date]
    closed_on: Mapped[date]
    households_total: Mapped[int]
    ballots_issued: Mapped[int]
    ballots_valid: Mapped[int]
    satisfied: Mapped[int]
    items: Mapped[list[list[object]]] = mapped_column(Json)
    minutes_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    no_opinion: Mapped[int | None]


class Vote(Base):
    """The vote of a tier's steering committee in one round, in counts."""

    __tablename__ = "vote"
    __table_args__ = (
        CheckConstraint("0 <= present AND present <= members", name="present"),
        CheckConstraint("0 <= agreed AND agreed <= present", name="agreed"),
        among("stage", Stage),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(word(12), primary_key=True)
    held_on: Mapped[date]
    members: Mapped[int]
    present: Mapped[int]
    agreed: Mapped[int]
    minutes_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)


class Condition(Base):
    """What is stated on construction debt (VND) and on security and order, each with its paper."""

    __tablename__ = "condition"
    __table_args__ = (CheckConstraint("debt_amount IS NULL OR debt_amount >= 0", name="debt"),)

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    debt_amount: Mapped[int | None] = mapped_column(BigInteger)
    debt_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    security_complex: Mapped[bool | None]
    security_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)


class CheckedPart(Base):
    """One line of a receiving office's completeness check."""

    __tablename__ = "checked_part"
    __table_args__ = (among("stage", Stage), among("part", Part))

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(word(12), primary_key=True)
    part: Mapped[str] = mapped_column(word(4), primary_key=True)
    complete: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)


class Conclusion(Base):
    """The written conclusion of the department that owns a criterion."""

    __tablename__ = "conclusion"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="written"),
        Index("ix_conclusion_person_id", "person_id", "at"),
    )

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(12), primary_key=True)
    department: Mapped[str] = mapped_column(word(20))
    met: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)
