"""A process that writes while others read: each commit adds a file, a dossier with its history, and its decision.

Run as `python -m tests.keep_writing DATABASE_URL FILES`; it prints a line after each commit.
"""

import sys
from pathlib import Path

from sqlalchemy import insert

from casework.door import Order, perform
from casework.storage import open_storage, put
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.database import make_engine
from models.evidence import StoredFile
from tests import world
from tests.crash import DECIDE

MOST = 500


def keep_writing(url: str, files: Path) -> None:
    """Write one whole piece of work after the other until somebody ends the process, or enough is written."""
    engine, storage = make_engine(url), open_storage(files)
    for number in range(1, MOST + 1):
        with unit_of_work(engine) as connection:
            content = f"Biên bản số {number}\n".encode() * 200
            stored = {"sha256": put(storage, content), "size": len(content)}
            described = {"media_type": "text/plain", "stored_at": world.NOW}
            connection.execute(insert(table_of(StoredFile)), {**stored, **described})
            world.add_commune(connection, number)
            planted = world.plant(connection, world.FIRST_COMMUNE + number, "recommended", number)
            order = Order(planted.id, "recognise", planted.version, f"decide-{number}", DECIDE)
            perform(connection, order, world.CHAIRMAN, world.NOW)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    keep_writing(sys.argv[1], Path(sys.argv[2]))
