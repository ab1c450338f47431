"""The survey counts the forms that say no opinion; of older surveys nobody knows how many these were."""

import sqlalchemy as sa
from alembic import op

from migrations.rebuilding import rebuild

revision = "019"
down_revision = "018"
branch_labels = None
depends_on = None

FITS = "0 <= no_opinion AND satisfied + no_opinion <= ballots_valid"


def upgrade() -> None:
    """Add the count, with its bounds."""
    with rebuild("survey") as survey:
        survey.add_column(sa.Column("no_opinion", sa.Integer(), nullable=True))
        survey.create_check_constraint(op.f("ck_survey_no_opinion"), FITS)


def downgrade() -> None:
    """Take the count away."""
    with rebuild("survey") as survey:
        survey.drop_constraint(op.f("ck_survey_no_opinion"), type_="check")
        survey.drop_column("no_opinion")
