"""The history of the schema: how a database comes to the state that this code expects, and what state it is in."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

FOLDER = Path(__file__).parent


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = database_url
    return config


def head() -> str:
    """The revision that this code expects."""
    return str(ScriptDirectory(str(FOLDER)).get_current_head())


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring a database up to a revision; two processes at once wait for each other."""
    command.upgrade(_config(database_url), revision)


def downgrade(database_url: str, revision: str) -> None:
    """Take a database back to a revision."""
    command.downgrade(_config(database_url), revision)


def state(database_url: str) -> str:
    """How a database stands to this code: "empty", "behind", "current" or "newer"."""
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
    except OperationalError:
        if not database_url.startswith("sqlite"):
            raise
        return "empty"
    finally:
        engine.dispose()
    if revision is None:
        return "empty"
    known = {script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()}
    if revision not in known:
        return "newer"
    return "current" if revision == head() else "behind"
