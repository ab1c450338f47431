"""A dossier, its answers in three columns, and what is kept about consultation, votes, debt, security and checks."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text

from models.base import Base, Json, UtcTime, among, column, word
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

    id: int = column(primary_key=True)
    code: str = column(String(30), unique=True)
    subject: str = column(word(12))
    level: str = column(word(12))
    unit_id: int = column(ForeignKey("unit.id"))
    district_id: int | None = column(ForeignKey("unit.id"))
    province_id: int = column(ForeignKey("unit.id"))
    procedure_id: str = column(String(80))
    adoption_id: int | None = column(ForeignKey("criteria_adoption.id"))
    criteria_group: str | None = column(String(20))
    criteria_year: int
    state: str = column(word())
    version: int
    round: int
    event_count: int
    head_hash: str = column(String(64))
    holder_role: str | None = column(word())
    holder_unit_id: int | None = column(ForeignKey("unit.id"))
    due_on: date
    is_open: bool
    opened_at: datetime = column(UtcTime)
    closed_at: datetime | None = column(UtcTime)
    changed_by: int = column(ForeignKey("person.id"))
    changed_at: datetime = column(UtcTime)
    decided_by: int | None = column(ForeignKey("person.id"))
    decided_on: date | None
    year_recognised: int | None
    field_checked_on: date | None


class Answer(Base):
    """The value of one indicator in one column, with who gave it and when; a higher column never writes a lower one."""

    __tablename__ = "answer"
    __table_args__ = (among("column_name", Column),)

    dossier_id: int = column(ForeignKey("dossier.id"), primary_key=True)
    column_name: str = column(word(12), primary_key=True)
    indicator: str = column(String(12), primary_key=True)
    value: object | None = column(Json)
    not_applicable: bool
    refuted: bool
    reason: str = column(Text, default="", server_default="")
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)
    version: int


class AnswerRevision(Base):
    """Every value an answer ever had; append-only."""

    __tablename__ = "answer_revision"
    __table_args__ = (
        Index("ix_answer_revision_answer", "dossier_id", "column_name", "indicator", "version", unique=True),
    )

    id: int = column(primary_key=True)
    dossier_id: int = column(ForeignKey("dossier.id"))
    column_name: str = column(word(12))
    indicator: str = column(String(12))
    version: int
    value: object | None = column(Json)
    not_applicable: bool
    refuted: bool
    reason: str = column(Text)
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)


class DossierPart(Base):
    """A file as one part of a dossier; a replaced file stays, marked with when it was replaced."""

    __tablename__ = "dossier_part"
    __table_args__ = (among("part", Part), Index("ix_dossier_part_dossier_id_part", "dossier_id", "part"))

    id: int = column(primary_key=True)
    dossier_id: int = column(ForeignKey("dossier.id"))
    part: str = column(word(4))
    file_sha256: str = column(ForeignKey("stored_file.sha256"))
    title: str = column(String(200))
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)
    replaced_at: datetime | None = column(UtcTime)


class Posting(Base):
    """How the result was made public at one tier in one round."""

    __tablename__ = "posting"
    __table_args__ = (CheckConstraint("loudspeaker_times >= 0", name="times"), among("stage", Stage))

    dossier_id: int = column(ForeignKey("dossier.id"), primary_key=True)
    round: int = column(primary_key=True)
    stage: str = column(word(12), primary_key=True)
    posted_on: date
    places: list[str] = column(Json)
    loudspeaker_times: int
    front_opinion: bool
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)


class Comment(Base):
    """A comment from a resident or an organisation, and the explanation it was given."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("accepted IS NULL OR length(explanation) > 0", name="answer_explained"),
        among("stage", Stage),
        Index("ix_comment_dossier_id_round_stage", "dossier_id", "round", "stage"),
    )

    id: int = column(primary_key=True)
    dossier_id: int = column(ForeignKey("dossier.id"))
    round: int
    stage: str = column(word(12))
    received_on: date
    author: str = column(String(160))
    text: str = column(Text)
    accepted: bool | None
    explanation: str = column(Text, default="", server_default="")
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)


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

    dossier_id: int = column(ForeignKey("dossier.id"), primary_key=True)
    round: int = column(primary_key=True)
    started_on: date
    closed_on: date
    households_total: int
    ballots_issued: int
    ballots_valid: int
    satisfied: int
    items: list[list[object]] = column(Json)
    minutes_sha256: str | None = column(ForeignKey("stored_file.sha256"))
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)
    no_opinion: int | None


class Vote(Base):
    """The vote of a tier's steering committee in one round, in counts."""

    __tablename__ = "vote"
    __table_args__ = (
        CheckConstraint("0 <= present AND present <= members", name="present"),
        CheckConstraint("0 <= agreed AND agreed <= present", name="agreed"),
        among("stage", Stage),
    )

    dossier_id: int = column(ForeignKey("dossier.id"), primary_key=True)
    round: int = column(primary_key=True)
    stage: str = column(word(12), primary_key=True)
    held_on: date
    members: int
    present: int
    agreed: int
    minutes_sha256: str | None = column(ForeignKey("stored_file.sha256"))
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)


class Condition(Base):
    """What is stated on construction debt (VND) and on security and order, each with its paper."""

    __tablename__ = "condition"
    __table_args__ = (CheckConstraint("debt_amount IS NULL OR debt_amount >= 0", name="debt"),)

    dossier_id: int = column(ForeignKey("dossier.id"), primary_key=True)
    debt_amount: int | None = column(BigInteger)
    debt_sha256: str | None = column(ForeignKey("stored_file.sha256"))
    security_complex: bool | None
    security_sha256: str | None = column(ForeignKey("stored_file.sha256"))
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)


class CheckedPart(Base):
    """One line of a receiving office's completeness check."""

    __tablename__ = "checked_part"
    __table_args__ = (among("stage", Stage), among("part", Part))

    dossier_id: int = column(ForeignKey("dossier.id"), primary_key=True)
    stage: str = column(word(12), primary_key=True)
    part: str = column(word(4), primary_key=True)
    complete: bool
    note: str = column(Text, default="", server_default="")
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)


class Conclusion(Base):
    """The written conclusion of the department that owns a criterion."""

    __tablename__ = "conclusion"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="written"),
        Index("ix_conclusion_person_id", "person_id", "at"),
    )

    dossier_id: int = column(ForeignKey("dossier.id"), primary_key=True)
    criterion: str = column(String(12), primary_key=True)
    department: str = column(word(20))
    met: bool
    text: str = column(Text)
    person_id: int = column(ForeignKey("person.id"))
    at: datetime = column(UtcTime)
