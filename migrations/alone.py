"""Being the only one who changes the schema, without holding others up for long; on SQLite a writer is alone anyway."""

from sqlalchemy import Connection, text

LOCK = 7_206_019_620  # any number that nothing else in the database uses
PATIENCE = "4s"


def be_alone(connection: Connection) -> None:
    """Wait for whoever migrates at the same time, and from then on not long for anybody else."""
    if connection.dialect.name != "postgresql":
        return
    for limit in (
        "SET LOCAL lock_timeout = 0",  # whoever migrates at the same time is waited for, up to the statement's limit
        f"SELECT pg_advisory_xact_lock({LOCK})",
        f"SET LOCAL lock_timeout = '{PATIENCE}'",
        "SET LOCAL statement_timeout = '300s'",
    ):
        connection.execute(text(limit))
