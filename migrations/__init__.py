"""Bringing a database to the schema of this code, and saying how far it is. Alembic does it inside one transaction.

Two processes that migrate at once wait for each other, and a migration that fails leaves the database as it was. The
head revision stands in the file `.head`, so that two branches that both add a revision meet as a conflict of text.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, inspect, make_url, text

from migrations.alone import be_alone
from migrations.triggers import drop_functions
from models.database import WRITING, begin, begun, make_engine
from models.tables import METADATA

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent
FORMER = ("issued_document",)  # of earlier revisions, and no longer declared
State = Literal["empty", "behind", "current", "newer"]


def head() -> str:
    """The revision of the schema that this code works with."""
    return (FOLDER / ".head").read_text().strip()


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring a database up to a revision, with all its data; an SQLite file and its folder are made if need be."""
    path = _sqlite_path(database_url)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
    with _migrating(database_url) as connection:
        upgrade_within(connection, revision)


def downgrade(database_url: str, revision: str) -> None:
    """Take a database back to a revision; "base" removes every table and all that stands in them."""
    from alembic import command

    with _migrating(database_url) as connection:
        command.downgrade(_config(connection), revision)


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """The same as `upgrade`, inside a transaction that the caller has begun and ends."""
    from alembic import command

    command.upgrade(_config(connection), revision)


def clear_within(connection: Connection) -> None:
    """Remove every table of ours, of whatever revision, also where rows stand that no older schema could hold."""
    be_alone(connection)
    there = set(inspect(connection).get_table_names())
    children_first = (*FORMER, *(table.name for table in reversed(METADATA.sorted_tables)), "alembic_version")
    ours = [name for name in children_first if name in there]
    at_once = [", ".join(ours)] if ours and connection.dialect.name == "postgresql" else ours
    for names in at_once:
        connection.execute(text(f"DROP TABLE {names}"))
    drop_functions(connection)


def state(database_url: str) -> State:
    """How a database stands to this code; "newer" when its revision is one that this code does not know."""
    path = _sqlite_path(database_url)
    if path and not path.exists():
        return "empty"
    engine = make_engine(database_url)
    try:
        with begun(engine) as connection:
            return state_of(connection)
    finally:
        engine.dispose()


def state_of(connection: Connection) -> State:
    """The same as `state`, of the database behind a connection."""
    found = revision_of(connection)
    if found is None:
        return "empty"
    if found == head():
        return "current"
    return "behind" if knows(found) else "newer"


def revision_of(connection: Connection) -> str | None:
    """The revision that a database has, or None when it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def knows(revision: str) -> bool:
    """Whether a revision is one of this code's."""
    return revision in {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("*.py")}


def differences(database_url: str) -> list[Any]:
    """What a database's schema lacks or has beyond the tables that the code declares, in Alembic's terms."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = make_engine(database_url)
    try:
        with begun(engine) as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, METADATA))
    finally:
        engine.dispose()


@contextmanager
def _migrating(database_url: str) -> Iterator[Connection]:
    engine = make_engine(database_url)
    try:
        with engine.begin() as connection:
            begin(connection, WRITING)
            yield connection
    finally:
        engine.dispose()


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _sqlite_path(database_url: str) -> Path | None:
    url = make_url(database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
