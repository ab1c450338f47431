"""What becomes of a dossier when its unit ends joins the list of events: it goes on under a new name, or lapses."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_event_types

revision = "024"
down_revision = "023"
branch_labels = None
depends_on = None

BEFORE, AFTER = "'refusal_proposed')", "'refusal_proposed', 'passed_on', 'lapsed')"
TYPES = (
    "type IN ('opened', 'self_assessed', 'posting_closed', 'survey_received', 'commune_agreed', 'reworked', "
    "'submitted', 'accepted_for_verification', 'returned', 'resubmitted', 'verified', 'consulted', 'district_agreed', "
    "'forwarded', 'accepted_for_appraisal', 'appraised', 'recommended', 'not_recommended', 'declined', 'recognised', "
    "'announced', 'withdrawn', 'refused', 'revocation_proposed', 'revocation_declined', 'revoked', 'recovered', "
    "'revocation_assessed', 'revocation_submitted', 'revocation_returned', 'revocation_appraised', "
    "'revocation_recommended', 'revocation_not_recommended', 'moved', 'replaced', 'correction_drafted', "
    "'correction_declined', 'corrected', "
)


def upgrade() -> None:
    """Let events tell of a unit that has ended."""
    change_event_types(f"{TYPES}{BEFORE}", f"{TYPES}{AFTER}")


def downgrade() -> None:
    """Close the list again; refused while an event tells of such a unit."""
    told = "SELECT count(*) FROM dossier_event WHERE type IN ('passed_on', 'lapsed')"
    if op.get_bind().execute(sa.text(told)).scalar():
        raise ValueError("a dossier went on or lapsed with its unit, which this older schema cannot hold")
    change_event_types(f"{TYPES}{AFTER}", f"{TYPES}{BEFORE}")
