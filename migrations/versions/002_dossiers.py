"""Dossiers with what is kept on them between two actions."""

import sqlalchemy as sa
from alembic import op

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_dossier()
    _create_answer()
    _create_checked_part()
    _create_comment()
    _create_conclusion()
    _create_condition()
    _create_dossier_part()
    _create_evidence_use()
    _create_posting()
    _create_survey()
    _create_vote()


def _create_dossier() -> None:
    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.String(length=80), nullable=False),
        sa.Column("adoption_id", sa.Integer(), nullable=True),
        sa.Column("criteria_group", sa.String(length=20), nullable=True),
        sa.Column("criteria_year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("holder_role", sa.String(length=40), nullable=True),
        sa.Column("holder_unit_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("year_recognised", sa.Integer(), nullable=True),
        sa.Column("field_checked_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "holder_role IN ('commune_officer', 'commune_front', 'commune_chairman', 'district_reviewer', "
            "'district_chairman', 'department_officer', 'department_reviewer', 'council_secretary', 'council_member', "
            "'provincial_chairman', 'records_clerk', 'administrator', 'inspector')",
            name=op.f("ck_dossier_holder_role_known"),
        ),
        sa.CheckConstraint("level IN ('standard', 'advanced', 'model')", name=op.f("ck_dossier_level_known")),
        sa.CheckConstraint(
            "state NOT IN ('recognised', 'announced') OR (decided_by IS NOT NULL AND decided_on IS NOT NULL AND "
            "year_recognised IS NOT NULL)",
            name=op.f("ck_dossier_decided_has_decider_and_date"),
        ),
        sa.CheckConstraint("subject IN ('commune', 'hamlet')", name=op.f("ck_dossier_subject_known")),
        sa.CheckConstraint("(holder_role IS NULL) = (holder_unit_id IS NULL)", name=op.f("ck_dossier_holder_whole")),
        sa.CheckConstraint("holder_role IS NOT NULL OR NOT is_open", name=op.f("ck_dossier_open_is_held")),
        sa.CheckConstraint("is_open = (closed_at IS NULL)", name=op.f("ck_dossier_closed_has_time")),
        sa.CheckConstraint("version >= 1 AND round >= 1 AND event_count >= 1", name=op.f("ck_dossier_counted")),
        sa.ForeignKeyConstraint(["adoption_id"], ["criteria_adoption.id"], name="fk_dossier_adoption_id"),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name="fk_dossier_changed_by"),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="fk_dossier_decided_by"),
        sa.ForeignKeyConstraint(["district_id"], ["unit.id"], name="fk_dossier_district_id"),
        sa.ForeignKeyConstraint(["holder_unit_id"], ["unit.id"], name="fk_dossier_holder_unit_id"),
        sa.ForeignKeyConstraint(["province_id"], ["unit.id"], name="fk_dossier_province_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_dossier_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_dossier"),
        sa.UniqueConstraint("code", name="uq_dossier_code"),
    )
    op.create_index("ix_dossier_district_id", "dossier", ["district_id"], unique=False)
    op.create_index("ix_dossier_inbox", "dossier", ["holder_unit_id", "holder_role", "due_on", "id"], unique=False)
    op.create_index("ix_dossier_province_id", "dossier", ["province_id"], unique=False)
    op.create_index("ix_dossier_states", "dossier", ["holder_unit_id", "holder_role", "state"], unique=False)
    op.create_index("ix_dossier_unit_id", "dossier", ["unit_id"], unique=False)
    op.create_index(
        "uq_dossier_one_open",
        "dossier",
        ["unit_id", "subject", "level"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )


def _create_answer() -> None:
    op.create_table(
        "answer",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("column_name", sa.String(length=12), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("refuted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "column_name IN ('commune', 'review', 'appraisal')", name=op.f("ck_answer_column_name_known")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_answer_dossier_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_answer_person_id"),
        sa.PrimaryKeyConstraint("dossier_id", "column_name", "indicator", name="pk_answer"),
    )


def _create_checked_part() -> None:
    op.create_table(
        "checked_part",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("part", sa.String(length=4), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "part IN ('D1', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7', 'D8', 'D9', 'D10', 'D11', 'D12')",
            name=op.f("ck_checked_part_part_known"),
        ),
        sa.CheckConstraint("stage IN ('commune', 'district', 'province')", name=op.f("ck_checked_part_stage_known")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_checked_part_dossier_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_checked_part_person_id"),
        sa.PrimaryKeyConstraint("dossier_id", "stage", "part", name="pk_checked_part"),
    )


def _create_comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("author", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("explanation", sa.Text(), server_default="", nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('commune', 'district', 'province')", name=op.f("ck_comment_stage_known")),
        sa.CheckConstraint("accepted IS NULL OR length(explanation) > 0", name=op.f("ck_comment_answer_explained")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_comment_dossier_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_comment_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
    )
    op.create_index("ix_comment_dossier_id_round_stage", "comment", ["dossier_id", "round", "stage"], unique=False)


def _create_conclusion() -> None:
    op.create_table(
        "conclusion",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=20), nullable=False),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_conclusion_written")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_conclusion_dossier_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_conclusion_person_id"),
        sa.PrimaryKeyConstraint("dossier_id", "criterion", name="pk_conclusion"),
    )


def _create_condition() -> None:
    op.create_table(
        "condition",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("debt_amount", sa.BigInteger(), nullable=True),
        sa.Column("debt_sha256", sa.String(length=64), nullable=True),
        sa.Column("security_complex", sa.Boolean(), nullable=True),
        sa.Column("security_sha256", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("debt_amount IS NULL OR debt_amount >= 0", name=op.f("ck_condition_debt")),
        sa.ForeignKeyConstraint(["debt_sha256"], ["stored_file.sha256"], name="fk_condition_debt_sha256"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_condition_dossier_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_condition_person_id"),
        sa.ForeignKeyConstraint(["security_sha256"], ["stored_file.sha256"], name="fk_condition_security_sha256"),
        sa.PrimaryKeyConstraint("dossier_id", name="pk_condition"),
    )


def _create_dossier_part() -> None:
    op.create_table(
        "dossier_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=4), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "part IN ('D1', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7', 'D8', 'D9', 'D10', 'D11', 'D12')",
            name=op.f("ck_dossier_part_part_known"),
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_dossier_part_dossier_id"),
        sa.ForeignKeyConstraint(["file_sha256"], ["stored_file.sha256"], name="fk_dossier_part_file_sha256"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_dossier_part_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_dossier_part"),
    )
    op.create_index("ix_dossier_part_dossier_id_part", "dossier_part", ["dossier_id", "part"], unique=False)


def _create_evidence_use() -> None:
    op.create_table(
        "evidence_use",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_evidence_use_dossier_id"),
        sa.ForeignKeyConstraint(["item_id"], ["evidence_item.id"], name="fk_evidence_use_item_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_evidence_use_person_id"),
        sa.PrimaryKeyConstraint("dossier_id", "indicator", "item_id", name="pk_evidence_use"),
    )
    op.create_index("ix_evidence_use_item_id", "evidence_use", ["item_id"], unique=False)


def _create_posting() -> None:
    op.create_table(
        "posting",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("loudspeaker_times", sa.Integer(), nullable=False),
        sa.Column("front_opinion", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('commune', 'district', 'province')", name=op.f("ck_posting_stage_known")),
        sa.CheckConstraint("loudspeaker_times >= 0", name=op.f("ck_posting_times")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_posting_dossier_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_posting_person_id"),
        sa.PrimaryKeyConstraint("dossier_id", "round", "stage", name="pk_posting"),
    )


def _create_survey() -> None:
    op.create_table(
        "survey",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("households_total", sa.Integer(), nullable=False),
        sa.Column("ballots_issued", sa.Integer(), nullable=False),
        sa.Column("ballots_valid", sa.Integer(), nullable=False),
        sa.Column("satisfied", sa.Integer(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("minutes_sha256", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("0 <= ballots_valid AND ballots_valid <= ballots_issued", name=op.f("ck_survey_valid")),
        sa.CheckConstraint("0 <= satisfied AND satisfied <= ballots_valid", name=op.f("ck_survey_satisfied")),
        sa.CheckConstraint("ballots_issued <= households_total", name=op.f("ck_survey_issued")),
        sa.CheckConstraint("closed_on >= started_on", name=op.f("ck_survey_period")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_survey_dossier_id"),
        sa.ForeignKeyConstraint(["minutes_sha256"], ["stored_file.sha256"], name="fk_survey_minutes_sha256"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_survey_person_id"),
        sa.PrimaryKeyConstraint("dossier_id", "round", name="pk_survey"),
    )


def _create_vote() -> None:
    op.create_table(
        "vote",
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("minutes_sha256", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('commune', 'district', 'province')", name=op.f("ck_vote_stage_known")),
        sa.CheckConstraint("0 <= agreed AND agreed <= present", name=op.f("ck_vote_agreed")),
        sa.CheckConstraint("0 <= present AND present <= members", name=op.f("ck_vote_present")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_vote_dossier_id"),
        sa.ForeignKeyConstraint(["minutes_sha256"], ["stored_file.sha256"], name="fk_vote_minutes_sha256"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_vote_person_id"),
        sa.PrimaryKeyConstraint("dossier_id", "round", "stage", name="pk_vote"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("vote")
    op.drop_table("survey")
    op.drop_table("posting")
    op.drop_table("evidence_use")
    op.drop_table("dossier_part")
    op.drop_table("condition")
    op.drop_table("conclusion")
    op.drop_table("comment")
    op.drop_table("checked_part")
    op.drop_table("answer")
    op.drop_table("dossier")
