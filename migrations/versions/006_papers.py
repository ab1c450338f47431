"""Every paper of an act, numbered or not, in one table; series by authority and symbol; one effect renders papers."""

import secrets
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import rebuild
from migrations.triggers import DOCUMENTS, PAPERS, create_triggers

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None

DECISION, DECISION_SYMBOL = "decision", "QĐ-UBND"
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
SHARED = (
    *("id", "event_id", "dossier_id", "unit_id", "kind", "year", "number", "symbol", "signed_on", "context"),
    *("template_version", "sha256", "rendered_at"),
)
FIRST_OFFICE = sa.text("SELECT id, person_id, at FROM dossier_event")
type_of_rows = list[dict[str, Any]]


def upgrade() -> None:
    """Move what was issued into the table of papers."""
    documents, series = _rows("issued_document"), _rows("number_series")
    acts = {row.id: row for row in op.get_bind().execute(FIRST_OFFICE)}
    _create_paper()
    op.drop_table("issued_document")
    _fill("paper", [_paper(row, acts[row["event_id"]]) for row in documents])
    op.drop_table("number_series")
    _create_series_by_symbol()
    known = [{**row, "symbol": DECISION_SYMBOL, "by_hand": False} for row in series if row["kind"] == DECISION]
    _fill("number_series", [{name: value for name, value in row.items() if name != "kind"} for row in known])
    _rename_effect("render_decision", "render_papers")
    create_triggers(op.get_bind(), PAPERS)


def downgrade() -> None:
    """Move the numbered papers back; drafts and the series of other symbols have no place there."""
    papers, series = _rows("paper"), _rows("number_series")
    _create_issued_document()
    op.drop_table("paper")
    numbered = [row for row in papers if row["number"] is not None]
    _fill("issued_document", [{name: row[name] for name in SHARED} for row in numbered])
    op.drop_table("number_series")
    _create_series_by_kind()
    kept = [row for row in series if row["symbol"] == DECISION_SYMBOL]
    names = ("unit_id", "year", "paper_last", "last")
    _fill("number_series", [{"kind": DECISION, **{name: row[name] for name in names}} for row in kept])
    _rename_effect("render_papers", "render_decision")
    create_triggers(op.get_bind(), DOCUMENTS)


def _rows(table: str) -> type_of_rows:
    return [dict(row) for row in op.get_bind().execute(sa.text(f"SELECT * FROM {table}")).mappings()]  # noqa: S608 - ours


def _fill(table: str, rows: type_of_rows) -> None:
    """Write the rows with their ids, and on PostgreSQL let the next id come after them."""
    if not rows:
        return
    names = ", ".join(rows[0])
    marks = ", ".join(f":{name}" for name in rows[0])
    op.get_bind().execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), rows)  # noqa: S608 - ours
    if op.get_bind().dialect.name == "postgresql" and "id" in rows[0]:
        op.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 - ours


def _paper(row: dict[str, Any], act: sa.Row[Any]) -> dict[str, Any]:
    """A document as the first edition of a paper, drawn up by whoever took the step; its pages were not counted."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(12))
    return {**row, "edition": 1, "code": code, "person_id": act.person_id, "at": act.at}


def _create_paper() -> None:
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=30), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=40), nullable=True),
        sa.Column("troubled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_paper_edition")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_paper_number")),
        sa.CheckConstraint(
            "(number IS NULL) = (year IS NULL) AND (number IS NULL) = (signed_on IS NULL) "
            "AND (number IS NULL) = (code IS NULL)",
            name=op.f("ck_paper_numbered_whole"),
        ),
        sa.CheckConstraint("(sha256 IS NULL) = (rendered_at IS NULL)", name=op.f("ck_paper_rendered_whole")),
        sa.CheckConstraint("(trouble IS NULL) = (troubled_at IS NULL)", name=op.f("ck_paper_trouble_whole")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_paper_dossier_id"),
        sa.ForeignKeyConstraint(["event_id"], ["dossier_event.id"], name="fk_paper_event_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_paper_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_paper_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
        sa.UniqueConstraint("code", name="uq_paper_code"),
        sa.UniqueConstraint("event_id", "kind", "edition", name="uq_paper_event_id_kind_edition"),
        sa.UniqueConstraint("unit_id", "symbol", "year", "number", name="uq_paper_unit_id_symbol_year_number"),
    )
    op.create_index("ix_paper_dossier_id", "paper", ["dossier_id"], unique=False)


def _create_series_by_symbol() -> None:
    op.create_table(
        "number_series",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=30), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("paper_last", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("last >= paper_last AND paper_last >= 0", name=op.f("ck_number_series_only_up")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_number_series_year_plausible")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_number_series_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "symbol", "year", name="pk_number_series"),
    )


def _create_series_by_kind() -> None:
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


def _rename_effect(before: str, after: str) -> None:
    """Give an effect another name, in the rows and in the list of those that are known."""
    with rebuild("effect") as effect:
        effect.drop_constraint(op.f("ck_effect_kind_known"), type_="check")
    renamed: Mapping[str, str] = {"before": before, "after": after}
    op.get_bind().execute(sa.text("UPDATE effect SET kind = :after WHERE kind = :before"), renamed)
    with rebuild("effect") as effect:
        effect.create_check_constraint(
            op.f("ck_effect_kind_known"), f"kind IN ('notify_holder', 'notify_commune', '{after}')"
        )
