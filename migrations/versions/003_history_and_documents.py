"""The append-only history, effects, numbers and issued documents, the book of recognitions, and their triggers."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import DOCUMENTS, HISTORY, create_refusal, create_triggers, drop_triggers

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_number_series()
    _create_answer_revision()
    _create_council_session()
    _create_dossier_event()
    _create_recognition()
    _create_agenda_item()
    _create_attendance()
    _create_ballot()
    _create_effect()
    _create_issued_document()
    _create_notice()
    create_refusal(op.get_bind())
    create_triggers(op.get_bind(), (*HISTORY, *DOCUMENTS))


def _create_number_series() -> None:
    op.create_table(
        "number_series",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("paper_last", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= paper_last AND paper_last >= 0", name=op.f("ck_number_series_only_up")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_number_series_year_plausible")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_number_series_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "kind", "year", name="pk_number_series"),
    )


def _create_answer_revision() -> None:
    op.create_table(
        "answer_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("column_name", sa.String(length=12), nullable=False),
        sa.Column("indicator", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("refuted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_answer_revision_dossier_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_answer_revision_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_revision"),
    )
    op.create_index(
        "ix_answer_revision_answer",
        "answer_revision",
        ["dossier_id", "column_name", "indicator", "version"],
        unique=True,
    )


def _create_council_session() -> None:
    op.create_table(
        "council_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name="fk_council_session_council_id"),
        sa.ForeignKeyConstraint(["minutes_sha256"], ["stored_file.sha256"], name="fk_council_session_minutes_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_council_session"),
    )


def _create_dossier_event() -> None:
    op.create_table(
        "dossier_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=False),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("procedure_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(seq = 1) = (previous_hash = '')", name=op.f("ck_dossier_event_chained")),
        sa.CheckConstraint(
            "role IN ('commune_officer', 'commune_front', 'commune_chairman', 'district_reviewer', "
            "'district_chairman', 'department_officer', 'department_reviewer', 'council_secretary', 'council_member', "
            "'provincial_chairman', 'records_clerk', 'administrator', 'inspector')",
            name=op.f("ck_dossier_event_role_known"),
        ),
        sa.CheckConstraint(
            "type IN ('opened', 'self_assessed', 'posting_closed', 'survey_received', 'commune_agreed', 'reworked', "
            "'submitted', 'accepted_for_verification', 'returned', 'resubmitted', 'verified', 'consulted', "
            "'district_agreed', 'forwarded', 'accepted_for_appraisal', 'appraised', 'recommended', 'not_recommended', "
            "'declined', 'recognised', 'announced', 'withdrawn', 'refused')",
            name=op.f("ck_dossier_event_type_known"),
        ),
        sa.CheckConstraint(
            "type NOT IN ('returned', 'refused', 'declined') OR length(reason) > 0",
            name=op.f("ck_dossier_event_reason_given"),
        ),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_dossier_event_seq")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_dossier_event_dossier_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_dossier_event_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_dossier_event_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_dossier_event"),
        sa.UniqueConstraint("dossier_id", "seq", name="uq_dossier_event_dossier_id_seq"),
        sa.UniqueConstraint("request_key", name="uq_dossier_event_request_key"),
    )


def _create_recognition() -> None:
    op.create_table(
        "recognition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_name", sa.String(length=160), nullable=False),
        sa.Column("place_then", sa.String(length=160), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("year_recognised", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("authority", sa.String(length=160), nullable=False),
        sa.Column("status", sa.String(length=12), server_default="valid", nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("level IN ('standard', 'advanced', 'model')", name=op.f("ck_recognition_level_known")),
        sa.CheckConstraint("status IN ('valid', 'replaced', 'revoked')", name=op.f("ck_recognition_status_known")),
        sa.CheckConstraint("subject IN ('commune', 'hamlet')", name=op.f("ck_recognition_subject_known")),
        sa.CheckConstraint("year_recognised BETWEEN 2009 AND 2100", name=op.f("ck_recognition_year_plausible")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_recognition_dossier_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_recognition_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recognition"),
        sa.UniqueConstraint("dossier_id", name="uq_recognition_dossier_id"),
    )
    op.create_index("ix_recognition_unit_id_level", "recognition", ["unit_id", "level"], unique=False)


def _create_agenda_item() -> None:
    op.create_table(
        "agenda_item",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_agenda_item_dossier_id"),
        sa.ForeignKeyConstraint(["session_id"], ["council_session.id"], name="fk_agenda_item_session_id"),
        sa.PrimaryKeyConstraint("session_id", "dossier_id", name="pk_agenda_item"),
    )
    op.create_index("ix_agenda_item_dossier_id", "agenda_item", ["dossier_id"], unique=False)


def _create_attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_attendance_person_id"),
        sa.ForeignKeyConstraint(["session_id"], ["council_session.id"], name="fk_attendance_session_id"),
        sa.PrimaryKeyConstraint("session_id", "person_id", name="pk_attendance"),
    )


def _create_ballot() -> None:
    op.create_table(
        "ballot",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("choice IN ('yes', 'no', 'blank')", name=op.f("ck_ballot_choice_known")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_ballot_dossier_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_ballot_person_id"),
        sa.ForeignKeyConstraint(["session_id"], ["council_session.id"], name="fk_ballot_session_id"),
        sa.PrimaryKeyConstraint("session_id", "dossier_id", "person_id", name="pk_ballot"),
    )


def _create_effect() -> None:
    op.create_table(
        "effect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name=op.f("ck_effect_done_has_time")),
        sa.CheckConstraint(
            "kind IN ('notify_holder', 'notify_commune', 'render_decision')", name=op.f("ck_effect_kind_known")
        ),
        sa.CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_effect_status_known")),
        sa.ForeignKeyConstraint(["event_id"], ["dossier_event.id"], name="fk_effect_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_effect"),
        sa.UniqueConstraint("event_id", "kind", name="uq_effect_event_id_kind"),
    )
    op.create_index("ix_effect_status_run_at", "effect", ["status", "run_at"], unique=False)


def _create_issued_document() -> None:
    op.create_table(
        "issued_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=30), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(sha256 IS NULL) = (rendered_at IS NULL)", name=op.f("ck_issued_document_rendered_has_hash")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_issued_document_number")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_issued_document_dossier_id"),
        sa.ForeignKeyConstraint(["event_id"], ["dossier_event.id"], name="fk_issued_document_event_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_issued_document_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_issued_document"),
        sa.UniqueConstraint("event_id", "kind", name="uq_issued_document_event_id_kind"),
        sa.UniqueConstraint("unit_id", "kind", "year", "number", name="uq_issued_document_unit_id_kind_year_number"),
    )
    op.create_index("ix_issued_document_dossier_id", "issued_document", ["dossier_id"], unique=False)


def _create_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["dossier_event.id"], name="fk_notice_event_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_notice_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("event_id", "unit_id", "role", name="uq_notice_event_id_unit_id_role"),
    )
    op.create_index("ix_notice_desk", "notice", ["unit_id", "role", "id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    drop_triggers(op.get_bind())
    op.drop_table("notice")
    op.drop_table("issued_document")
    op.drop_table("effect")
    op.drop_table("ballot")
    op.drop_table("attendance")
    op.drop_table("agenda_item")
    op.drop_table("recognition")
    op.drop_table("dossier_event")
    op.drop_table("council_session")
    op.drop_table("answer_revision")
    op.drop_table("number_series")
