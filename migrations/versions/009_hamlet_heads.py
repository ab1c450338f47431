"""The office of a hamlet head joins the list of offices."""

from alembic import op

from migrations.checks import change_check

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None

CHECKED = (("role_grant", "role"), ("dossier", "holder_role"), ("dossier_event", "role"))
BEFORE = (
    *("commune_officer", "commune_front", "commune_chairman", "district_reviewer", "district_chairman"),
    *("department_officer", "department_reviewer", "council_secretary", "council_member", "provincial_chairman"),
    *("records_clerk", "administrator", "inspector"),
)
AFTER = ("hamlet_head", *BEFORE)


def upgrade() -> None:
    """Let a hamlet head hold an office."""
    _change_lists(BEFORE, AFTER)


def downgrade() -> None:
    """Take away the hamlet heads' offices, which no event names, and close the list again."""
    op.execute("DELETE FROM role_grant WHERE role = 'hamlet_head'")
    _change_lists(AFTER, BEFORE)


def _change_lists(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    for table, column in CHECKED:
        said = (f"{column} IN ({_listed(names)})" for names in (before, after))
        change_check(table, f"ck_{table}_{column}_known", *said)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)
