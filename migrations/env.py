"""How Alembic runs a migration: on the connection it is given, alone, and without holding others up for long."""

from alembic import context
from sqlalchemy import Connection

from migrations.alone import be_alone
from models.tables import METADATA


def migrate(connection: Connection) -> None:
    """Run the revisions that were asked for inside the transaction that the connection is in."""
    be_alone(connection)
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


migrate(context.config.attributes["connection"])
