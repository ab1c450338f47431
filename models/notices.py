"""What people are told: notices on the pages, messages by e-mail, and the work that is done once a day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text

from models.base import Base, UtcTime, among, column, word
from models.owed import Owed, owed_constraints
from workflow.names import DailyWork, NoticeKind


class Notice(Base):
    """News of a dossier for one person; of each kind at most one for an event."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "event_id", "kind"),
        among("kind", NoticeKind),
        Index("ix_notice_event_id", "event_id"),
        Index(
            "ix_notice_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: int = column(primary_key=True)
    person_id: int = column(ForeignKey("person.id"))
    event_id: int = column(ForeignKey("dossier_event.id"))
    kind: str = column(word(12))
    at: datetime = column(UtcTime)
    read_at: datetime | None = column(UtcTime)


class Message(Owed, Base):
    """An e-mail owed to a person: one for a notice, or one for the news of a day.

    `handed_at` is set just before the text is given to the mail server, so that it is never given twice.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("notice_id"),
        UniqueConstraint("person_id", "day"),
        CheckConstraint("(notice_id IS NULL) <> (day IS NULL)", name="of_notice_or_day"),
        *owed_constraints("message"),
    )

    id: int = column(primary_key=True)
    person_id: int = column(ForeignKey("person.id"))
    notice_id: int | None = column(ForeignKey("notice.id"))
    day: date | None
    handed_at: datetime | None = column(UtcTime)


class DailyJob(Owed, Base):
    """A piece of daily work on one day; planned by every worker, there once."""

    __tablename__ = "daily_job"
    __table_args__ = (UniqueConstraint("name", "day"), among("name", DailyWork), *owed_constraints("daily_job"))

    id: int = column(primary_key=True)
    name: str = column(word())
    day: date
