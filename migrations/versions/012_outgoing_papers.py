"""The final texts that were edited by hand, and the outgoing register: its entries and what the clerk notes there."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from documents.context import BadFacts, from_json
from documents.outgoing import entry_of, words_of
from migrations.triggers import OUTGOING, create_triggers
from models.keys import search_key

revision = "012"
down_revision = "011"
branch_labels = None
depends_on = None

NUMBERED = sa.text("SELECT id, kind, context FROM paper WHERE number IS NOT NULL ORDER BY id")


def upgrade() -> None:
    """Create the tables, and enter what has a number already."""
    _create_edited_paper()
    _create_outgoing_entry()
    _create_dispatch()
    entries = [_entry(row) for row in op.get_bind().execute(NUMBERED)]
    if entries:
        names = tuple(entries[0])
        op.get_bind().execute(sa.insert(sa.table("outgoing_entry", *map(sa.column, names))), entries)
    create_triggers(op.get_bind(), OUTGOING)


def downgrade() -> None:
    """Drop the tables."""
    for table in ("dispatch", "outgoing_entry", "edited_paper"):
        op.drop_table(table)


def _entry(row: sa.Row[Any]) -> dict[str, Any]:
    """The entry of a paper; one whose facts are not to be read stands there by its kind alone."""
    try:
        facts = from_json(row.context)
        said = entry_of(facts)
        words = words_of(facts, said)
    except (BadFacts, json.JSONDecodeError):
        said, words = {"subject": row.kind, "signer": "", "recipients": "", "kept_by": ""}, row.kind
    return {"paper_id": row.id, **said, "search_key": search_key(words)}


def _create_edited_paper() -> None:
    op.create_table(
        "edited_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_sha256"], ["stored_file.sha256"], name="fk_edited_paper_file_sha256"),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_edited_paper_paper_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_edited_paper_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_edited_paper"),
    )
    op.create_index("ix_edited_paper_paper_id", "edited_paper", ["paper_id"], unique=False)


def _create_outgoing_entry() -> None:
    op.create_table(
        "outgoing_entry",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("kept_by", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_outgoing_entry_paper_id"),
        sa.PrimaryKeyConstraint("paper_id", name="pk_outgoing_entry"),
    )


def _create_dispatch() -> None:
    op.create_table(
        "dispatch",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("kept_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("receipt", sa.String(length=200), server_default="", nullable=False),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("copies IS NULL OR copies >= 1", name=op.f("ck_dispatch_copies")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_dispatch_paper_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_dispatch_person_id"),
        sa.PrimaryKeyConstraint("paper_id", name="pk_dispatch"),
    )
