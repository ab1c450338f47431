"""The appraisal council: its members in their periods, its sessions with agenda and attendance, and the ballots."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String

from models.base import Base, UtcTime, column


class Council(Base):
    """An appraisal council set up by a decision of the province."""

    __tablename__ = "council"

    id: int = column(primary_key=True)
    unit_id: int = column(ForeignKey("unit.id"))
    name: str = column(String(200))
    decision: str = column(String(60))


class CouncilMember(Base):
    """A person as a member of a council, in a post, from one day to another."""

    __tablename__ = "council_member"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),)

    council_id: int = column(ForeignKey("council.id"), primary_key=True)
    person_id: int = column(ForeignKey("person.id"), primary_key=True)
    post: str = column(String(200))
    chairs: bool
    valid_from: date
    valid_to: date | None


class CouncilSession(Base):
    """One sitting of a council: called with an agenda, opened on its day, closed with its minutes."""

    __tablename__ = "council_session"

    id: int = column(primary_key=True)
    council_id: int = column(ForeignKey("council.id"))
    held_on: date
    place: str = column(String(200))
    members: int
    closed_at: datetime | None = column(UtcTime)
    minutes_sha256: str | None = column(ForeignKey("stored_file.sha256"))
    opened_at: datetime | None = column(UtcTime)


class AgendaItem(Base):
    """A dossier on the agenda of a session; a later session replaces an earlier one."""

    __tablename__ = "agenda_item"
    __table_args__ = (Index("ix_agenda_item_dossier_id", "dossier_id"),)

    session_id: int = column(ForeignKey("council_session.id"), primary_key=True)
    dossier_id: int = column(ForeignKey("dossier.id"), primary_key=True)
    position: int


class Attendance(Base):
    """A member who was present at a session."""

    __tablename__ = "attendance"

    session_id: int = column(ForeignKey("council_session.id"), primary_key=True)
    person_id: int = column(ForeignKey("person.id"), primary_key=True)


class Ballot(Base):
    """One member's ballot on one dossier of a session."""

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("choice IN ('yes', 'no', 'blank')", name="choice_known"),
        Index("ix_ballot_person_id", "person_id", "at"),
    )

    session_id: int = column(ForeignKey("council_session.id"), primary_key=True)
    dossier_id: int = column(ForeignKey("dossier.id"), primary_key=True)
    person_id: int = column(ForeignKey("person.id"), primary_key=True)
    choice: str = column(String(8))
    at: datetime = column(UtcTime)
