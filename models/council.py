"""The appraisal council: its members in their periods, its sessions with agenda and attendance, and the ballots."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcTime


class Council(Base):
    """An appraisal council set up by a decision of the province."""

    __tablename__ = "council"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(200))
    decision: Mapped[str] = mapped_column(String(60))


class CouncilMember(Base):
    """A person as a member of a council, in a post, from one day to another."""

    __tablename__ = "council_member"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),)

    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    post: Mapped[str] = mapped_column(String(200))
    chairs: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class CouncilSession(Base):
    """One sitting of a council: called with an agenda, opened on its day, closed with its minutes."""

    __tablename__ = "council_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))
    members: Mapped[int]
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    minutes_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    opened_at: Mapped[datetime | None] = mapped_column(UtcTime)


class AgendaItem(Base):
    """A dossier on the agenda of a session; a later session replaces an earlier one."""

    __tablename__ = "agenda_item"
    __table_args__ = (Index("ix_agenda_item_dossier_id", "dossier_id"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    position: Mapped[int]


class Attendance(Base):
    """A member who was present at a session."""

    __tablename__ = "attendance"

    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Ballot(Base):
    """One member's ballot on one dossier of a session."""

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("choice IN ('yes', 'no', 'blank')", name="choice_known"),
        Index("ix_ballot_person_id", "person_id", "at"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    choice: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcTime)
