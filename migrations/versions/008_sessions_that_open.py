"""When a session of the council was opened; and what a person did last, found without reading everything."""

import sqlalchemy as sa
from alembic import op

revision = "008"
down_revision = "007"
branch_labels = None
depends_on = None

DONE_BY: dict[str, tuple[str, list[str]]] = {
    "dossier_event": ("ix_dossier_event_person_id", ["person_id", "id"]),
    "conclusion": ("ix_conclusion_person_id", ["person_id", "at"]),
    "ballot": ("ix_ballot_person_id", ["person_id", "at"]),
}


def upgrade() -> None:
    """Add the column, filled for the sessions that are over, and the indexes."""
    op.add_column("council_session", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE council_session SET opened_at = closed_at")
    for table, (name, columns) in DONE_BY.items():
        op.create_index(name, table, columns, unique=False)


def downgrade() -> None:
    """Drop the indexes and the column."""
    for table, (name, _) in DONE_BY.items():
        op.drop_index(name, table)
    op.drop_column("council_session", "opened_at")
