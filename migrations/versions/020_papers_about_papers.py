"""What one paper says of an earlier one, and what may happen to a decision that stands: replaced, or corrected.

A dossier may have had several titles, of which one at most is in force. On SQLite the ends of
titles are put aside while the book is built anew without its key.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.checks import change_event_types
from migrations.rebuilding import rebuild
from migrations.triggers import RELATIONS, TITLE_ENDS, create_triggers

revision = "020"
down_revision = "019"
branch_labels = None
depends_on = None

KEY, IN_FORCE = "uq_recognition_dossier_id", "uq_recognition_in_force"
BEFORE = "'moved')"
AFTER = "'moved', 'replaced', 'correction_drafted', 'correction_declined', 'corrected')"
TYPES = (
    "type IN ('opened', 'self_assessed', 'posting_closed', 'survey_received', 'commune_agreed', 'reworked', "
    "'submitted', 'accepted_for_verification', 'returned', 'resubmitted', 'verified', 'consulted', 'district_agreed', "
    "'forwarded', 'accepted_for_appraisal', 'appraised', 'recommended', 'not_recommended', 'declined', 'recognised', "
    "'announced', 'withdrawn', 'refused', 'revocation_proposed', 'revocation_declined', "
    "'revoked', 'recovered', 'revocation_assessed', 'revocation_submitted', 'revocation_returned', "
    "'revocation_appraised', 'revocation_recommended', 'revocation_not_recommended', "
)
NEW = (
    "SELECT count(*) FROM dossier_event "
    "WHERE type IN ('replaced', 'correction_drafted', 'correction_declined', 'corrected')"
)
REVOKED = (
    "INSERT INTO paper_relation (paper_id, other_id, relation) "
    "SELECT revocation.id, other.id, 'revokes' FROM paper AS revocation "
    "JOIN paper_dossier AS its ON its.paper_id = revocation.id "
    "JOIN paper_dossier AS theirs ON theirs.dossier_id = its.dossier_id "
    "JOIN paper AS other ON other.id = theirs.paper_id "
    "WHERE revocation.kind = 'revocation_decision' AND other.kind IN ('decision', 'certificate') "
    "AND other.id < revocation.id"
)


def upgrade() -> None:
    """Create the table, with the revocations that there are, and let a dossier have had several titles."""
    op.create_table(
        "paper_relation",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "relation IN ('replaces', 'revokes', 'corrects')", name=op.f("ck_paper_relation_relation_known")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_paper_relation_paper_id"),
        sa.ForeignKeyConstraint(["other_id"], ["paper.id"], name="fk_paper_relation_other_id"),
        sa.PrimaryKeyConstraint("paper_id", "other_id", name="pk_paper_relation"),
    )
    op.create_index("ix_paper_relation_other_id", "paper_relation", ["other_id"], unique=False)
    op.execute(REVOKED)
    create_triggers(op.get_bind(), RELATIONS)
    change_event_types(f"{TYPES}{BEFORE}", f"{TYPES}{AFTER}")
    _rebuild(several=True)


def downgrade() -> None:
    """Take it back; refused while an event tells of a replacement or a correction."""
    if op.get_bind().execute(sa.text(NEW)).scalar():
        raise ValueError("a replacement or a correction stands in the history, which this older schema cannot hold")
    _rebuild(several=False)
    change_event_types(f"{TYPES}{AFTER}", f"{TYPES}{BEFORE}")
    op.drop_table("paper_relation")


def _rebuild(*, several: bool) -> None:
    """Let a dossier have had several titles, one of them in force, or one alone."""
    connection = op.get_bind()
    if not several:
        op.drop_index(IN_FORCE, "recognition")
    if connection.dialect.name != "sqlite":
        _change_key(op, several=several)
    else:
        ends = _table_of_ends(connection)
        kept = [dict(row) for row in connection.execute(sa.select(ends)).mappings()]
        ends.drop(connection)
        with rebuild("recognition") as recognition:
            _change_key(recognition, several=several)
        ends.create(connection)
        if kept:
            connection.execute(sa.insert(ends), kept)
        create_triggers(connection, TITLE_ENDS)
    if several:
        in_force = sa.text("status = 'valid'")
        op.create_index(
            IN_FORCE, "recognition", ["dossier_id"], unique=True, sqlite_where=in_force, postgresql_where=in_force
        )


def _table_of_ends(connection: sa.Connection) -> sa.Table:
    """The table as it is, and of those that its keys lead to nothing but the columns."""
    tables = sa.MetaData()
    for name in ("recognition", "dossier_event"):
        sa.Table(name, tables, sa.Column("id", sa.Integer()))
    return sa.Table("title_end", tables, autoload_with=connection, resolve_fks=False)


def _change_key(table: Any, *, several: bool) -> None:
    if several:
        table.drop_constraint(KEY, *_of(table), type_="unique")
    else:
        table.create_unique_constraint(KEY, *_of(table), ["dossier_id"])


def _of(table: Any) -> tuple[str, ...]:
    """The name of the table, where it is not built anew."""
    return ("recognition",) if table is op else ()
