"""People, the offices they hold and when, their sign-in sessions and the attempts to sign in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false

from models.base import Base, UtcTime, among, column, word
from models.keys import kept, search_key
from workflow.names import Mailing, Role, SessionStage


class Person(Base):
    """Somebody who can sign in; never deleted, only disabled."""

    __tablename__ = "person"
    __table_args__ = (among("mailing", Mailing),)

    id: int = column(primary_key=True)
    login: str = column(String(60), unique=True)
    name: str = column(String(120))
    email: str | None = column(String(200))
    language: str = column(String(2), default="vi", server_default="vi")
    password_hash: str = column(String(200))
    created_at: datetime = column(UtcTime)
    disabled_at: datetime | None = column(UtcTime)
    search_key: str = column(String(200), default=kept(search_key, "name", "login"), server_default="")
    mailing: str = column(word(10), default=Mailing.EACH.value, server_default=Mailing.EACH.value)


class RoleGrant(Base):
    """An office held by a person: role, unit, department, period and the wording of a substitute's signature."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        CheckConstraint("role <> 'department_reviewer' OR department IS NOT NULL", name="department_named"),
        among("role", Role),
    )

    id: int = column(primary_key=True)
    person_id: int = column(ForeignKey("person.id"), index=True)
    role: str = column(word())
    unit_id: int = column(ForeignKey("unit.id"), index=True)
    department: str | None = column(word(20))
    wording: str = column(String(10), default="", server_default="")
    valid_from: date
    valid_to: date | None


class SignInSession(Base):
    """A session on the server; its id is an opaque secret of which only the hash is kept."""

    __tablename__ = "sign_in_session"
    __table_args__ = (among("stage", SessionStage),)

    id: str = column(String(64), primary_key=True)
    person_id: int = column(ForeignKey("person.id"), index=True)
    created_at: datetime = column(UtcTime)
    last_seen_at: datetime = column(UtcTime)
    expires_at: datetime = column(UtcTime)
    revoked_at: datetime | None = column(UtcTime)
    address: str = column(String(60))
    browser: str = column(String(200))
    stage: str = column(word(10), default=SessionStage.WHOLE.value, server_default=SessionStage.WHOLE.value)


class SignInAttempt(Base):
    """One try to sign in, right or wrong; the lockout counts the wrong ones that were not forgiven."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_login_at", "login", "at"),)

    id: int = column(primary_key=True)
    login: str = column(String(60))
    address: str = column(String(60))
    at: datetime = column(UtcTime)
    succeeded: bool
    forgiven: bool = column(default=False, server_default=false())
