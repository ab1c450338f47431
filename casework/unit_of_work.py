"""The boundary of every act: all of it is written, or nothing is. The only commit of the project stands here."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Connection, Engine

from models.database import writer


@lru_cache(maxsize=16)
def _writer(engine: Engine) -> Engine:
    return writer(engine)


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Connection]:
    """One transaction for one act: written when the block ends, undone when anything goes wrong in it."""
    with _writer(engine).connect() as connection:
        yield connection
        connection.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads; whatever was begun is undone at the end."""
    with engine.connect() as connection:
        yield connection
