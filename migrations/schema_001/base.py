"""What the tables of revision 001 share: naming of constraints, moments, and the closed lists as they were then."""

from sqlalchemy import CheckConstraint, DateTime, MetaData

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
MOMENT = DateTime(timezone=True)

ROLES = (
    "commune_officer",
    "commune_front",
    "commune_chairman",
    "district_reviewer",
    "district_chairman",
    "department_officer",
    "department_reviewer",
    "council_secretary",
    "council_member",
    "provincial_chairman",
    "records_clerk",
    "administrator",
    "inspector",
)
EVENT_TYPES = (
    "opened",
    "self_assessed",
    "posting_closed",
    "survey_received",
    "commune_agreed",
    "reworked",
    "submitted",
    "accepted_for_verification",
    "returned",
    "resubmitted",
    "verified",
    "consulted",
    "district_agreed",
    "forwarded",
    "accepted_for_appraisal",
    "appraised",
    "recommended",
    "not_recommended",
    "declined",
    "recognised",
    "announced",
    "withdrawn",
    "refused",
)
EFFECTS = (
    "notify_holder",
    "notify_commune",
    "render_decision",
)
PARTS = (
    "D1",
    "D2",
    "D3",
    "D4",
    "D5",
    "D6",
    "D7",
    "D8",
    "D9",
    "D10",
    "D11",
    "D12",
)
STAGES = (
    "commune",
    "district",
    "province",
)
SUBJECTS = (
    "commune",
    "hamlet",
)
LEVELS = (
    "standard",
    "advanced",
    "model",
)
TIERS = (
    "hamlet",
    "commune",
    "district",
    "province",
)
COLUMNS = (
    "commune",
    "review",
    "appraisal",
)


def one_of(column: str, names: tuple[str, ...]) -> CheckConstraint:
    """Check that a column holds one of the names."""
    listed = ", ".join(f"'{name}'" for name in names)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
