"""Copies of issued papers: numbered in common, each of one paper that may be copied so, and who made it."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import rewrite
from migrations.triggers import COPIES, create_rule_of_copies, create_triggers, drop_rule_of_copies

revision = "023"
down_revision = "022"
branch_labels = None
depends_on = None

KNOWN = "ck_paper_relation_relation_known"
BEFORE = "relation IN ('replaces', 'revokes', 'corrects')"
AFTER = "relation IN ('replaces', 'revokes', 'corrects', 'copies')"
NUMBER = "CONSTRAINT ck_paper_number CHECK (number >= 1)"
A_COPY = "kind IN ('true_copy', 'copy_of_copy', 'extract')"
CHECKS = {
    "ck_paper_copies_numbered": f"number IS NOT NULL OR NOT ({A_COPY})",
    "ck_paper_copies_symbol": (
        "(kind <> 'true_copy' OR symbol LIKE 'SY-%') AND (kind <> 'copy_of_copy' OR symbol LIKE 'SL-%') "
        "AND (kind <> 'extract' OR symbol LIKE 'TrS-%')"
    ),
}
ADDED = ", ".join((NUMBER, *(f"CONSTRAINT {name} CHECK ({check})" for name, check in CHECKS.items())))
IN_COMMON, ONE_ORIGINAL = "uq_paper_copies", "uq_paper_relation_copies"


def upgrade() -> None:
    """Create the table, and let papers be copies."""
    op.create_table(
        "copy_made",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_copy_made_paper_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_copy_made_person_id"),
        sa.PrimaryKeyConstraint("paper_id", name="pk_copy_made"),
    )
    create_triggers(op.get_bind(), COPIES)
    _change(BEFORE, AFTER)
    _unique(IN_COMMON, "paper", ["unit_id", "year", "number"], A_COPY)
    _unique(ONE_ORIGINAL, "paper_relation", ["paper_id"], "relation = 'copies'")
    create_rule_of_copies(op.get_bind())


def downgrade() -> None:
    """Take it back; refused while there is a copy."""
    if op.get_bind().execute(sa.text(f"SELECT count(*) FROM paper WHERE {A_COPY}")).scalar():  # noqa: S608 - ours
        raise ValueError("there is a copy of a paper, which this older schema cannot hold")
    drop_rule_of_copies(op.get_bind())
    op.drop_index(ONE_ORIGINAL, "paper_relation")
    op.drop_index(IN_COMMON, "paper")
    _change(AFTER, BEFORE)
    op.drop_table("copy_made")


def _unique(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=only, postgresql_where=only)


def _change(before: str, after: str) -> None:
    """Change the list of relations, and put the checks of copies there or take them away."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        without, within = (NUMBER, ADDED) if after == AFTER else (ADDED, NUMBER)
        rewrite([("paper_relation", before, after), ("paper", without, within)])
        return
    op.drop_constraint(op.f(KNOWN), "paper_relation", type_="check")
    op.create_check_constraint(op.f(KNOWN), "paper_relation", after)
    for name, check in CHECKS.items():
        if after == AFTER:
            op.create_check_constraint(op.f(name), "paper", check)
        else:
            op.drop_constraint(op.f(name), "paper", type_="check")
