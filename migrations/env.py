"""How Alembic runs a migration: on the connection it is given, alone, and without holding others up for long."""

from alembic import context
from sqlalchemy import Connection, text

from models.tables import METADATA

MIGRATIONS_LOCK = 7_206_019_620  # any number that nothing else in the database uses
POSTGRESQL_LIMITS = (
    "SET LOCAL lock_timeout = 0",  # one that migrates at the same time is waited for; the statement's limit still holds
    f"SELECT pg_advisory_xact_lock({MIGRATIONS_LOCK})",
    "SET LOCAL lock_timeout = '4s'",
    "SET LOCAL statement_timeout = '300s'",
)


def migrate(connection: Connection) -> None:
    """Run the revisions that were asked for inside the transaction that the connection is in."""
    if connection.dialect.name == "postgresql":
        for limit in POSTGRESQL_LIMITS:
            connection.execute(text(limit))
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


migrate(context.config.attributes["connection"])
