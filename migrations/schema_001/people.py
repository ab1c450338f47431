"""People, their offices and their sign-ins, as revision 001 makes them."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from migrations.schema_001.base import METADATA, MOMENT, ROLES, one_of

Table(
    "person",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("login", String(60), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("email", String(200)),
    Column("language", String(2), nullable=False, server_default="vi"),
    Column("password_hash", String(200), nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("disabled_at", MOMENT),
)

Table(
    "role_grant",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False, index=True),
    Column("role", String(40), nullable=False),
    Column("unit_id", Integer, ForeignKey("unit.id"), nullable=False, index=True),
    Column("department", String(20)),
    Column("wording", String(10), nullable=False, server_default=""),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    CheckConstraint("role <> 'department_reviewer' OR department IS NOT NULL", name="department_named"),
    one_of("role", ROLES),
)

Table(
    "sign_in_session",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False, index=True),
    Column("created_at", MOMENT, nullable=False),
    Column("last_seen_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
    Column("revoked_at", MOMENT),
    Column("address", String(60), nullable=False),
    Column("browser", String(200), nullable=False),
)

Table(
    "sign_in_attempt",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("login", String(60), nullable=False),
    Column("address", String(60), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index("ix_sign_in_attempt_login_at", "login", "at"),
)
