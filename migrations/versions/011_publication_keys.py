"""The public keys by which the province vouches for what it publishes."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import KEYS, create_triggers

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "publication_key",
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(key_id) = 8", name=op.f("ck_publication_key_key_id")),
        sa.CheckConstraint("length(public_key) = 64", name=op.f("ck_publication_key_public_key")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= made_at", name=op.f("ck_publication_key_period")),
        sa.PrimaryKeyConstraint("key_id", name="pk_publication_key"),
    )
    create_triggers(op.get_bind(), KEYS)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("publication_key")
