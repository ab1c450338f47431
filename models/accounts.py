"""What guards an account beyond its password: one-time links, the second factor, and the record of who changed what."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text

from models.base import Base, Json, UtcTime, among, column, word
from workflow.names import Role


class PasswordLink(Base):
    """A link by which somebody sets a new password, once; only the hash of its secret is kept."""

    __tablename__ = "password_link"
    __table_args__ = (
        CheckConstraint("expires_at > made_at", name="period"),
        CheckConstraint("length(token_hash) = 64", name="hash"),
        Index(
            "uq_password_link_open",
            "person_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    token_hash: str = column(String(64), primary_key=True)
    person_id: int = column(ForeignKey("person.id"))
    made_at: datetime = column(UtcTime)
    expires_at: datetime = column(UtcTime)
    closed_at: datetime | None = column(UtcTime)


class SecondFactor(Base):
    """The secret from which somebody's telephone makes its codes; it counts from the first right code on."""

    __tablename__ = "second_factor"
    __table_args__ = (CheckConstraint("(confirmed_at IS NULL) = (last_step IS NULL)", name="confirmed_by_code"),)

    person_id: int = column(ForeignKey("person.id"), primary_key=True)
    secret: str = column(String(64))
    begun_at: datetime = column(UtcTime)
    confirmed_at: datetime | None = column(UtcTime)
    last_step: int | None


class RecoveryCode(Base):
    """A code for whoever has lost the telephone, good for one time; only its hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (CheckConstraint("length(code_hash) = 64", name="hash"),)

    person_id: int = column(ForeignKey("second_factor.person_id"), primary_key=True)
    code_hash: str = column(String(64), primary_key=True)
    used_at: datetime | None = column(UtcTime)


class SecondFactorDuty(Base):
    """An office whose holders must have a second factor, since when."""

    __tablename__ = "second_factor_duty"
    __table_args__ = (among("role", Role),)

    role: str = column(word(), primary_key=True)
    since: datetime = column(UtcTime)


class AdminEvent(Base):
    """One act upon an account or a setting: who, when, what, on whom; never changed and never deleted.

    Without `actor_id` it was done from the command line; `act` is one of AdminAct, which grows with the pages.
    """

    __tablename__ = "admin_event"
    __table_args__ = (
        CheckConstraint("length(actor_name) > 0", name="actor_named"),
        CheckConstraint("length(act) > 0", name="act_named"),
    )

    id: int = column(primary_key=True)
    at: datetime = column(UtcTime)
    actor_id: int | None = column(ForeignKey("person.id"))
    actor_name: str = column(String(120))
    act: str = column(word())
    person_id: int | None = column(ForeignKey("person.id"), index=True)
    details: dict[str, Any] = column(Json)
