"""What is printed on a paper so that a stranger can check it, and how a title ended."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import SEALS, create_triggers

revision = "015"
down_revision = "014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "paper_seal",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_paper_seal_paper_id"),
        sa.ForeignKeyConstraint(["key_id"], ["publication_key.key_id"], name="fk_paper_seal_key_id"),
        sa.PrimaryKeyConstraint("paper_id", name="pk_paper_seal"),
    )
    op.create_index("ix_paper_seal_code", "paper_seal", ["code"], unique=False)
    _create_title_end()
    create_triggers(op.get_bind(), SEALS)


def _create_title_end() -> None:
    op.create_table(
        "title_end",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recognition_id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("decision", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("authority", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("standing IN ('replaced', 'revoked')", name=op.f("ck_title_end_standing_known")),
        sa.ForeignKeyConstraint(["recognition_id"], ["recognition.id"], name="fk_title_end_recognition_id"),
        sa.ForeignKeyConstraint(["event_id"], ["dossier_event.id"], name="fk_title_end_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_title_end"),
        sa.UniqueConstraint("recognition_id", name="uq_title_end_recognition_id"),
    )
    op.create_index("ix_title_end_decision", "title_end", ["decision", "signed_on"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("title_end")
    op.drop_table("paper_seal")
