"""People, the offices they hold and when, their sign-in sessions and the attempts to sign in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcTime, among, word
from models.keys import kept, search_key
from workflow.names import Mailing, Role, SessionStage


class Person(Base):
    """Somebody who can sign in; never deleted, only disabled."""

    __tablename__ = "person"
    __table_args__ = (among("mailing", Mailing),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="vi", server_default="vi")
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    search_key: Mapped[str] = mapped_column(String(200), default=kept(search_key, "name", "login"), server_default="")
    mailing: Mapped[str] = mapped_column(word(10), default=Mailing.EACH.value, server_default=Mailing.EACH.value)


class RoleGrant(Base):
    """An office held by a person: role, unit, department, period and the wording of a substitute's signature."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        CheckConstraint("role <> 'department_reviewer' OR department IS NOT NULL", name="department_named"),
        among("role", Role),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(word())
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    department: Mapped[str | None] = mapped_column(word(20))
    wording: Mapped[str] = mapped_column(String(10), default="", server_default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class SignInSession(Base):
    """A session on the server; its id is an opaque secret of which only the hash is kept."""

    __tablename__ = "sign_in_session"
    __table_args__ = (among("stage", SessionStage),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    address: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(200))
    stage: Mapped[str] = mapped_column(
        word(10), default=SessionStage.WHOLE.value, server_default=SessionStage.WHOLE.value
    )


class SignInAttempt(Base):
    """One try to sign in, right or wrong; the lockout counts the wrong ones that were not forgiven."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_login_at", "login", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcTime)
    succeeded: Mapped[bool]
    forgiven: Mapped[bool] = mapped_column(default=False, server_default=false())
