"""The final texts that were edited by hand, and what the clerk notes in the outgoing register."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import EDITED, create_triggers

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
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
    op.create_table(
        "dispatch",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.String(length=200), server_default="", nullable=False),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("copies IS NULL OR copies >= 1", name=op.f("ck_dispatch_copies")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_dispatch_paper_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_dispatch_person_id"),
        sa.PrimaryKeyConstraint("paper_id", name="pk_dispatch"),
    )
    create_triggers(op.get_bind(), EDITED)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("dispatch")
    op.drop_table("edited_paper")
