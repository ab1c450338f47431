"""What is shown of a numbered paper as long as no signature stands on it: the same facts, marked as a draft."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import UNSIGNED_VIEWS, create_triggers

revision = "021"
down_revision = "020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; what was rendered before is shown as it was."""
    op.create_table(
        "unsigned_view",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_unsigned_view_paper_id"),
        sa.PrimaryKeyConstraint("paper_id", name="pk_unsigned_view"),
    )
    create_triggers(op.get_bind(), UNSIGNED_VIEWS)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("unsigned_view")
