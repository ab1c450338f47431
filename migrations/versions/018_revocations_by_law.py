"""The steps of a revocation, and a move to another procedure, join the list of events."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_event_types

revision = "018"
down_revision = "017"
branch_labels = None
depends_on = None

ADDED = (
    "'recovered', 'revocation_assessed', 'revocation_submitted', 'revocation_returned', 'revocation_appraised', "
    "'revocation_recommended', 'revocation_not_recommended', 'moved'"
)
BEFORE, AFTER = "'revocation_declined', 'revoked')", f"'revocation_declined', 'revoked', {ADDED})"
TYPES = (
    "type IN ('opened', 'self_assessed', 'posting_closed', 'survey_received', 'commune_agreed', 'reworked', "
    "'submitted', 'accepted_for_verification', 'returned', 'resubmitted', 'verified', 'consulted', 'district_agreed', "
    "'forwarded', 'accepted_for_appraisal', 'appraised', 'recommended', 'not_recommended', 'declined', 'recognised', "
    "'announced', 'withdrawn', 'refused', 'revocation_proposed', "
)


def upgrade() -> None:
    """Let events tell of the steps of a revocation and of a move."""
    change_event_types(f"{TYPES}{BEFORE}", f"{TYPES}{AFTER}")


def downgrade() -> None:
    """Close the list again; refused while an event tells of one of these."""
    told = f"SELECT count(*) FROM dossier_event WHERE type IN ({ADDED})"  # noqa: S608 - a constant of this file
    if op.get_bind().execute(sa.text(told)).scalar():
        raise ValueError("a step of a revocation or a move stands in the history, which this older schema cannot hold")
    change_event_types(f"{TYPES}{AFTER}", f"{TYPES}{BEFORE}")
