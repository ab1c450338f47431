"""One-time links, the second factor and its duty, forgiven tries, stages of signing in, and administrative acts."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import ADMINISTRATION, create_triggers

revision = "010"
down_revision = "009"
branch_labels = None
depends_on = None

STAGE = (
    "ALTER TABLE sign_in_session ADD COLUMN stage VARCHAR(10) DEFAULT 'whole' NOT NULL "
    "CONSTRAINT ck_sign_in_session_stage_known CHECK (stage IN ('code', 'set_up', 'whole'))"
)
ROLES = (
    "'hamlet_head', 'commune_officer', 'commune_front', 'commune_chairman', 'district_reviewer', 'district_chairman', "
    "'department_officer', 'department_reviewer', 'council_secretary', 'council_member', 'provincial_chairman', "
    "'records_clerk', 'administrator', 'inspector'"
)


def upgrade() -> None:
    """Add the columns and create the tables."""
    op.execute(STAGE)
    op.add_column("sign_in_attempt", sa.Column("forgiven", sa.Boolean(), server_default=sa.false(), nullable=False))
    _create_password_link()
    _create_second_factor()
    _create_recovery_code()
    _create_second_factor_duty()
    _create_admin_event()
    create_triggers(op.get_bind(), ADMINISTRATION)


def _create_password_link() -> None:
    op.create_table(
        "password_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_password_link_period")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_password_link_hash")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_password_link_person_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_password_link"),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_password_link_open",
        "password_link",
        ["person_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def _create_second_factor() -> None:
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (last_step IS NULL)", name=op.f("ck_second_factor_confirmed_by_code")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_second_factor_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_second_factor"),
    )


def _create_recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(code_hash) = 64", name=op.f("ck_recovery_code_hash")),
        sa.ForeignKeyConstraint(["person_id"], ["second_factor.person_id"], name="fk_recovery_code_person_id"),
        sa.PrimaryKeyConstraint("person_id", "code_hash", name="pk_recovery_code"),
    )


def _create_second_factor_duty() -> None:
    op.create_table(
        "second_factor_duty",
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_second_factor_duty_role_known")),
        sa.PrimaryKeyConstraint("role", name="pk_second_factor_duty"),
    )


def _create_admin_event() -> None:
    op.create_table(
        "admin_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.CheckConstraint("length(actor_name) > 0", name=op.f("ck_admin_event_actor_named")),
        sa.CheckConstraint("length(act) > 0", name=op.f("ck_admin_event_act_named")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_admin_event_actor_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_admin_event_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_admin_event"),
    )
    op.create_index("ix_admin_event_person_id", "admin_event", ["person_id"], unique=False)


def downgrade() -> None:
    """Drop the tables and the columns."""
    op.drop_table("admin_event")
    op.drop_table("second_factor_duty")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
    op.drop_table("password_link")
    op.drop_column("sign_in_attempt", "forgiven")
    op.drop_column("sign_in_session", "stage")
