"""A paper may be about several dossiers: each has its own line, with the event of its own chain.

On SQLite the column goes in place, since a table that others point at cannot be built anew inside a transaction: its
key is taken out of the schema's text first, as revision 009 says of a check.
"""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import PAPER_DOSSIERS, PAPERS, create_triggers, drop_triggers_of

revision = "017"
down_revision = "016"
branch_labels = None
depends_on = None

KEY = "CONSTRAINT fk_paper_dossier_id FOREIGN KEY(dossier_id) REFERENCES dossier (id)"
NEXT = "CONSTRAINT fk_paper_event_id"
BARE, WHOLE = "dossier_id INTEGER", "dossier_id INTEGER NOT NULL"
SEVERAL = "SELECT count(*) FROM (SELECT paper_id FROM paper_dossier GROUP BY paper_id HAVING count(*) > 1) AS several"
FIRST = "SELECT dossier_id FROM dossier_event WHERE dossier_event.id = paper.event_id"


def upgrade() -> None:
    """Create the table with a line for every paper that there is, and take the one dossier off the papers."""
    _create_paper_dossier()
    op.execute("INSERT INTO paper_dossier (paper_id, dossier_id, event_id) SELECT id, dossier_id, event_id FROM paper")
    drop_triggers_of(op.get_bind(), PAPERS)
    op.drop_index("ix_paper_dossier_id", "paper")
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(f"{KEY}, ", "")
    op.execute("ALTER TABLE paper DROP COLUMN dossier_id")
    create_triggers(op.get_bind(), (*PAPERS, *PAPER_DOSSIERS))


def downgrade() -> None:
    """Give each paper its one dossier back; refused while a paper is about several."""
    if op.get_bind().execute(sa.text(SEVERAL)).scalar():
        raise ValueError("a paper is about several dossiers, which this older schema cannot hold")
    drop_triggers_of(op.get_bind(), PAPERS)
    op.execute("ALTER TABLE paper ADD COLUMN dossier_id INTEGER")
    op.execute(f"UPDATE paper SET dossier_id = ({FIRST})")  # noqa: S608 - ours
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(BARE, WHOLE)
        _rewrite(NEXT, f"{KEY}, {NEXT}")
    else:
        op.alter_column("paper", "dossier_id", nullable=False)
        op.create_foreign_key("fk_paper_dossier_id", "paper", "dossier", ["dossier_id"], ["id"])
    op.create_index("ix_paper_dossier_id", "paper", ["dossier_id"], unique=False)
    create_triggers(op.get_bind(), PAPERS)
    op.drop_table("paper_dossier")


def _create_paper_dossier() -> None:
    op.create_table(
        "paper_dossier",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_paper_dossier_dossier_id"),
        sa.ForeignKeyConstraint(["event_id"], ["dossier_event.id"], name="fk_paper_dossier_event_id"),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_paper_dossier_paper_id"),
        sa.PrimaryKeyConstraint("paper_id", "dossier_id", name="pk_paper_dossier"),
    )
    op.create_index("ix_paper_dossier_dossier_id", "paper_dossier", ["dossier_id"], unique=False)
    op.create_index("ix_paper_dossier_event_id", "paper_dossier", ["event_id"], unique=False)


def _rewrite(old: str, new: str) -> None:
    """Change the text of the table in SQLite's schema; the line break and tab before a key go with it."""
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    text = connection.execute(sa.text("SELECT sql FROM sqlite_schema WHERE name = 'paper'")).scalar_one()
    flat = " ".join(text.split())
    if old not in flat:
        raise ValueError(f"the table of papers is not as its revisions made it: {flat}")
    op.execute("PRAGMA writable_schema = ON")
    rewritten = sa.text("UPDATE sqlite_schema SET sql = :sql WHERE name = 'paper'")
    connection.execute(rewritten, {"sql": flat.replace(old, new)})
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
