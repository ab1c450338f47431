"""What becomes of a dossier when its unit ends joins the list of events: it goes on under a new name, or lapses.

The text of the check is changed in SQLite's schema, as revision 009 says.
"""

import sqlalchemy as sa
from alembic import op

revision = "024"
down_revision = "023"
branch_labels = None
depends_on = None

BEFORE, AFTER = "'refusal_proposed')", "'refusal_proposed', 'passed_on', 'lapsed')"
CHECK = "ck_dossier_event_type_known"
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
    _change(BEFORE, AFTER)


def downgrade() -> None:
    """Close the list again; refused while an event tells of such a unit."""
    told = "SELECT count(*) FROM dossier_event WHERE type IN ('passed_on', 'lapsed')"
    if op.get_bind().execute(sa.text(told)).scalar():
        raise ValueError("a dossier went on or lapsed with its unit, which this older schema cannot hold")
    _change(AFTER, BEFORE)


def _change(before: str, after: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f(CHECK), "dossier_event", type_="check")
        op.create_check_constraint(op.f(CHECK), "dossier_event", f"{TYPES}{after}")
        return
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    rewritten = sa.text("UPDATE sqlite_schema SET sql = replace(sql, :old, :new) WHERE name = 'dossier_event'")
    connection.execute(rewritten, {"old": f"{TYPES}{before}", "new": f"{TYPES}{after}"})
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
