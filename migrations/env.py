"""How a migration runs: in one transaction, behind a lock, and never waiting long for a busy table."""

from alembic import context
from sqlalchemy import text

from models.database import make_engine, writer
from models.tables import METADATA

ADVISORY_LOCK = 180_222


def run() -> None:
    """Run the migrations on the database of the configuration; all of them or none."""
    engine = make_engine(context.config.attributes["url"])
    with writer(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '4s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
