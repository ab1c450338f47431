"""Building a table of SQLite anew, from what the database says of that table alone.

Without being told so, Alembic first reads every table that the keys lead to, from one to the next through half of the
schema, and needs nothing of it.
"""

from contextlib import AbstractContextManager

from alembic import op
from alembic.operations import BatchOperations


def rebuild(table: str) -> AbstractContextManager[BatchOperations]:
    """Change a table by what is said in the block; on SQLite it is built anew, on PostgreSQL changed in place."""
    return op.batch_alter_table(table, reflect_kwargs={"resolve_fks": False})
