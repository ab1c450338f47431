"""The signatures on papers, owed like everything else that is done after the commit."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import SIGNATURES, create_triggers

revision = "014"
down_revision = "013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "paper_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(length=40), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stamped", sa.Boolean(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("issuer", sa.String(length=200), nullable=True),
        sa.Column("serial", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        *_constraints(),
    )
    op.create_index("ix_paper_signature_batch", "paper_signature", ["batch"], unique=False)
    op.create_index("ix_paper_signature_status_run_at", "paper_signature", ["status", "run_at"], unique=False)
    create_triggers(op.get_bind(), SIGNATURES)


def _constraints() -> tuple[sa.Constraint, ...]:
    return (
        sa.CheckConstraint("part IN ('signer', 'seal')", name=op.f("ck_paper_signature_part_known")),
        sa.CheckConstraint("way IN ('server', 'outside')", name=op.f("ck_paper_signature_way_known")),
        sa.CheckConstraint(
            "(file_sha256 IS NULL) = (status <> 'done')", name=op.f("ck_paper_signature_signed_when_done")
        ),
        sa.CheckConstraint(
            "(file_sha256 IS NULL) = (signed_at IS NULL) AND (file_sha256 IS NULL) = (subject IS NULL) "
            "AND (file_sha256 IS NULL) = (issuer IS NULL) AND (file_sha256 IS NULL) = (serial IS NULL)",
            name=op.f("ck_paper_signature_signed_whole"),
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_paper_signature_status_known")
        ),
        sa.CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name=op.f("ck_paper_signature_done_has_time")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_paper_signature_paper_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_paper_signature_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_paper_signature"),
        sa.UniqueConstraint("paper_id", "part", name="uq_paper_signature_paper_id_part"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("paper_signature")
