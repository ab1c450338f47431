"""What may happen after a recognition joins the list of events: a revocation proposed, declined or decided."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_event_types

revision = "016"
down_revision = "015"
branch_labels = None
depends_on = None

BEFORE, AFTER = "'refused')", "'refused', 'revocation_proposed', 'revocation_declined', 'revoked')"
TYPES = (
    "type IN ('opened', 'self_assessed', 'posting_closed', 'survey_received', 'commune_agreed', 'reworked', "
    "'submitted', 'accepted_for_verification', 'returned', 'resubmitted', 'verified', 'consulted', 'district_agreed', "
    "'forwarded', 'accepted_for_appraisal', 'appraised', 'recommended', 'not_recommended', 'declined', 'recognised', "
    "'announced', 'withdrawn', "
)


def upgrade() -> None:
    """Let events tell of a revocation."""
    change_event_types(f"{TYPES}{BEFORE}", f"{TYPES}{AFTER}")


def downgrade() -> None:
    """Close the list again; refused while an event tells of a revocation."""
    told = "SELECT count(*) FROM dossier_event WHERE type IN ('revocation_proposed', 'revocation_declined', 'revoked')"
    if op.get_bind().execute(sa.text(told)).scalar():
        raise ValueError("a revocation stands in the history, which this older schema cannot hold")
    change_event_types(f"{TYPES}{AFTER}", f"{TYPES}{BEFORE}")
