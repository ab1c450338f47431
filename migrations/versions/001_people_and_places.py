"""People, offices, sign-in, units in their periods, holidays, adopted criteria, stored files and councils."""

import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_criteria_adoption()
    _create_holiday()
    _create_installation()
    _create_person()
    _create_sign_in_attempt()
    _create_stored_file()
    _create_unit()
    _create_council()
    _create_evidence_item()
    _create_role_grant()
    _create_sign_in_session()
    _create_unit_succession()
    _create_council_member()


def _create_criteria_adoption() -> None:
    op.create_table(
        "criteria_adoption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_key", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("decision", sa.String(length=60), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("group_default", sa.String(length=20), nullable=True),
        sa.Column("thresholds", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.CheckConstraint("level IN ('standard', 'advanced', 'model')", name=op.f("ck_criteria_adoption_level_known")),
        sa.CheckConstraint("subject IN ('commune', 'hamlet')", name=op.f("ck_criteria_adoption_subject_known")),
        sa.PrimaryKeyConstraint("id", name="pk_criteria_adoption"),
        sa.UniqueConstraint("set_key", "decision", name="uq_criteria_adoption_set_key_decision"),
    )


def _create_holiday() -> None:
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("effect", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name_vi", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.CheckConstraint("effect IN ('off', 'worked')", name=op.f("ck_holiday_effect_known")),
        sa.PrimaryKeyConstraint("day", name="pk_holiday"),
    )


def _create_installation() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("scenario", sa.String(length=20), nullable=False),
        sa.Column("practice_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
    )


def _create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=2), server_default="vi", nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("login", name="uq_person_login"),
    )


def _create_sign_in_attempt() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempt"),
    )
    op.create_index("ix_sign_in_attempt_login_at", "sign_in_attempt", ["login", "at"], unique=False)


def _create_stored_file() -> None:
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_stored_file_hash")),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_size")),
        sa.PrimaryKeyConstraint("sha256", name="pk_stored_file"),
    )


def _create_unit() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("tier", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("full_name", sa.String(length=160), nullable=False),
        sa.Column("sort_key", sa.String(length=240), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("criteria_group", sa.String(length=20), nullable=True),
        sa.Column("area_km2", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("ethnic_area", sa.String(length=4), nullable=True),
        sa.Column("tile_column", sa.Integer(), nullable=True),
        sa.Column("tile_row", sa.Integer(), nullable=True),
        sa.CheckConstraint("tier IN ('hamlet', 'commune', 'district', 'province')", name=op.f("ck_unit_tier_known")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_period")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("code", "valid_from", name="uq_unit_code_valid_from"),
    )
    op.create_index("ix_unit_parent_id", "unit", ["parent_id"], unique=False)
    op.create_index("ix_unit_sort_key", "unit", ["sort_key"], unique=False)


def _create_council() -> None:
    op.create_table(
        "council",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_council_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_council"),
    )


def _create_evidence_item() -> None:
    op.create_table(
        "evidence_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_sha256"], ["stored_file.sha256"], name="fk_evidence_item_file_sha256"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_evidence_item_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_evidence_item_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_item"),
    )
    op.create_index("ix_evidence_item_unit_id", "evidence_item", ["unit_id"], unique=False)


def _create_role_grant() -> None:
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=20), nullable=True),
        sa.Column("wording", sa.String(length=10), server_default="", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role <> 'department_reviewer' OR department IS NOT NULL", name=op.f("ck_role_grant_department_named")
        ),
        sa.CheckConstraint(
            "role IN ('commune_officer', 'commune_front', 'commune_chairman', 'district_reviewer', "
            "'district_chairman', 'department_officer', 'department_reviewer', 'council_secretary', 'council_member', "
            "'provincial_chairman', 'records_clerk', 'administrator', 'inspector')",
            name=op.f("ck_role_grant_role_known"),
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_role_grant_period")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_role_grant_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_role_grant_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant"),
    )
    op.create_index("ix_role_grant_person_id", "role_grant", ["person_id"], unique=False)
    op.create_index("ix_role_grant_unit_id", "role_grant", ["unit_id"], unique=False)


def _create_sign_in_session() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sign_in_session_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_session"),
    )
    op.create_index("ix_sign_in_session_person_id", "sign_in_session", ["person_id"], unique=False)


def _create_unit_succession() -> None:
    op.create_table(
        "unit_succession",
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.String(length=10), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.CheckConstraint("share IN ('full', 'part')", name=op.f("ck_unit_succession_share_known")),
        sa.CheckConstraint("old_id <> new_id", name=op.f("ck_unit_succession_two_units")),
        sa.ForeignKeyConstraint(["new_id"], ["unit.id"], name="fk_unit_succession_new_id"),
        sa.ForeignKeyConstraint(["old_id"], ["unit.id"], name="fk_unit_succession_old_id"),
        sa.PrimaryKeyConstraint("old_id", "new_id", name="pk_unit_succession"),
    )
    op.create_index("ix_unit_succession_new_id", "unit_succession", ["new_id"], unique=False)


def _create_council_member() -> None:
    op.create_table(
        "council_member",
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("chairs", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_council_member_period")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name="fk_council_member_council_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_council_member_person_id"),
        sa.PrimaryKeyConstraint("council_id", "person_id", name="pk_council_member"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("council_member")
    op.drop_table("unit_succession")
    op.drop_table("sign_in_session")
    op.drop_table("role_grant")
    op.drop_table("evidence_item")
    op.drop_table("council")
    op.drop_table("unit")
    op.drop_table("stored_file")
    op.drop_table("sign_in_attempt")
    op.drop_table("person")
    op.drop_table("installation")
    op.drop_table("holiday")
    op.drop_table("criteria_adoption")
