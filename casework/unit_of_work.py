"""The boundary of every act: all of it is written, or nothing is. The only commit of the project stands here."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from models.database import WRITING, begun


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Connection]:
    """One transaction for one act: written when the block ends, undone when anything goes wrong in it."""
    with begun(engine, WRITING) as connection:
        yield connection
        connection.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads; whatever was begun is undone at the end."""
    with begun(engine) as connection:
        yield connection
