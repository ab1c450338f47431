"""The council's proposal not to recognise joins the list of events: who decides so is the one who recognises."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_event_types

revision = "022"
down_revision = "021"
branch_labels = None
depends_on = None

BEFORE, AFTER = "'corrected')", "'corrected', 'refusal_proposed')"
TYPES = (
    "type IN ('opened', 'self_assessed', 'posting_closed', 'survey_received', 'commune_agreed', 'reworked', "
    "'submitted', 'accepted_for_verification', 'returned', 'resubmitted', 'verified', 'consulted', 'district_agreed', "
    "'forwarded', 'accepted_for_appraisal', 'appraised', 'recommended', 'not_recommended', 'declined', 'recognised', "
    "'announced', 'withdrawn', 'refused', 'revocation_proposed', 'revocation_declined', 'revoked', 'recovered', "
    "'revocation_assessed', 'revocation_submitted', 'revocation_returned', 'revocation_appraised', "
    "'revocation_recommended', 'revocation_not_recommended', 'moved', 'replaced', 'correction_drafted', "
    "'correction_declined', "
)


def upgrade() -> None:
    """Let events tell of a proposal to refuse."""
    change_event_types(f"{TYPES}{BEFORE}", f"{TYPES}{AFTER}")


def downgrade() -> None:
    """Close the list again; refused while an event tells of such a proposal."""
    told = "SELECT count(*) FROM dossier_event WHERE type = 'refusal_proposed'"
    if op.get_bind().execute(sa.text(told)).scalar():
        raise ValueError("a proposal to refuse stands in the history, which this older schema cannot hold")
    change_event_types(f"{TYPES}{AFTER}", f"{TYPES}{BEFORE}")
