"""The inbox of a desk among more and more dossiers, against the same two statements written by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import make_url

from casework.unit_of_work import reading, unit_of_work
from models.database import make_engine
from queries.inbox import inbox
from queries.people import read_actor
from tests import world
from tests.bench.figures import Figure, against, alone, timed
from tests.bench.transitions import connected
from workflow.facts import Actor
from workflow.names import Role

SIZES = (1_000, 10_000, 100_000, 1_000_000)
FIXED_QUEUE = 200
FIRST_PAGES = 50
SHARE_OF_GROWING_QUEUE = 100
ROUNDS = 9
TIMES = 20
COLUMNS = (
    "id",
    "code",
    "subject",
    "level",
    "unit_id",
    "district_id",
    "province_id",
    "procedure_id",
    "adoption_id",
    "criteria_group",
    "criteria_year",
    "state",
    "version",
    "round",
    "event_count",
    "head_hash",
    "holder_role",
    "holder_unit_id",
    "due_on",
    "is_open",
    "opened_at",
    "closed_at",
    "changed_by",
    "changed_at",
)
HOLDERS = {
    Role.DISTRICT_REVIEWER: (
        world.DISTRICT,
        ("district_received", "district_verifying", "district_comment", "district_vote"),
    ),
    Role.DEPARTMENT_OFFICER: (world.PROVINCE, ("province_received",)),
}
COUNTS = "SELECT state, count(*) FROM dossier WHERE holder_unit_id = ? AND holder_role = ? GROUP BY state"
LINES = (
    "SELECT d.id, d.code, u.full_name, d.level, d.state, d.procedure_id, d.due_on FROM dossier d "
    "JOIN unit u ON u.id = d.unit_id WHERE d.holder_unit_id = ? AND d.holder_role = ? ORDER BY d.due_on, d.id LIMIT 25"
)


def measure(url: str) -> list[Figure]:
    """The inbox of a desk whose queue grows with the province, and of one whose queue stays, at each size."""
    kind = make_url(url).get_backend_name()
    engine = make_engine(url)
    found(url)
    figures, fixed = [], []
    there = 0
    for size in SIZES:
        fill_with(url, there, size)
        there = size
        with reading(engine) as connection, connected(url) as plain:
            growing = read_actor(connection, world.PERSON[Role.DISTRICT_REVIEWER])
            staying = read_actor(connection, world.PERSON[Role.DEPARTMENT_OFFICER])
            queue = max(FIRST_PAGES, size // SHARE_OF_GROWING_QUEUE)
            figures += _beside(f"inbox of {queue:,} in {size:,}, {kind}", connection, plain, growing)
            fixed.append([_ours(connection, staying) for _ in range(ROUNDS)])
    name = f"inbox of {FIXED_QUEUE}: in {SIZES[-1]:,} beside {SIZES[0]:,}, {kind}"
    figures.append(against(name, fixed[-1], fixed[0], 1.3))
    engine.dispose()
    return figures


def _ours(connection: Any, actor: Actor) -> float:
    return timed(lambda: inbox(connection, actor, world.TODAY), TIMES)


def _beside(name: str, connection: Any, plain: Any, actor: Actor) -> list[Figure]:
    ours, floors = [], []
    for _ in range(ROUNDS):
        ours.append(_ours(connection, actor))
        floors.append(timed(lambda: _by_hand(plain), TIMES))
    return [against(name, ours, floors, 4), alone(f"{name}, alone", ours, 2, "ms")]


def _by_hand(plain: Any) -> None:
    cursor = plain.cursor()
    for sql in (COUNTS, LINES):
        text = sql if "sqlite3" in type(plain).__module__ else sql.replace("?", "%s")
        cursor.execute(text, (world.DISTRICT, Role.DISTRICT_REVIEWER.value))
        cursor.fetchall()


def found(url: str) -> None:
    """Found the small world in a migrated database."""
    engine = make_engine(url)
    with unit_of_work(engine) as connection:
        world.found(connection)
    engine.dispose()


def fill_with(url: str, there: int, size: int) -> None:
    """Add dossiers up to a size, one in a hundred of them on the growing desk."""
    rows = _rows(there, size)
    with connected(url) as plain:
        cursor = plain.cursor()
        units = _units(there, size)
        if url.startswith("sqlite"):
            cursor.execute("BEGIN IMMEDIATE")
            marks = "?, ?, 'commune', 'xã', ?, ?, ?, 2, '1900-01-01'"
            head = "id, code, tier, kind, name, full_name, sort_key, parent_id, valid_from"
            cursor.executemany(f"INSERT INTO unit ({head}) VALUES ({marks})", units)
            marks = ", ".join("?" * len(COLUMNS))
            cursor.executemany(f"INSERT INTO dossier ({', '.join(COLUMNS)}) VALUES ({marks})", rows)
        else:
            head = "id, code, name, full_name, sort_key, tier, kind, parent_id, valid_from"
            _copy(cursor, f"unit ({head})", ((*unit, "commune", "xã", 2, date(1900, 1, 1)) for unit in units))
            _copy(cursor, f"dossier ({', '.join(COLUMNS)})", rows)
        plain.commit()
        if not url.startswith("sqlite"):
            plain.autocommit = True  # what autovacuum does on a running server
        cursor.execute("ANALYZE" if url.startswith("sqlite") else "VACUUM ANALYZE dossier, unit")


def _copy(cursor: Any, into: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _lies_with(number: int) -> Role | None:
    """The desk of a dossier: the first ones fill a page of the growing desk and the whole of the fixed one."""
    if number % SHARE_OF_GROWING_QUEUE == 0 or number < FIRST_PAGES:
        return Role.DISTRICT_REVIEWER
    return Role.DEPARTMENT_OFFICER if number < FIRST_PAGES + FIXED_QUEUE else None


def _units(there: int, size: int) -> Iterator[tuple[Any, ...]]:
    for number in range(there, size):
        if _lies_with(number):
            name = f"Xã {number}"
            yield 1_000 + number, f"u{number}", name, name, name


def _rows(there: int, size: int) -> Iterator[tuple[Any, ...]]:
    moment = datetime(2025, 3, 1, tzinfo=UTC).replace(tzinfo=None).isoformat(" ")
    for number in range(there, size):
        role = _lies_with(number)
        unit = 1_000 + number if role else world.FIRST_COMMUNE
        holder = HOLDERS[role][0] if role else None
        states = HOLDERS[role][1] if role else ("withdrawn",)
        state = states[number // SHARE_OF_GROWING_QUEUE % len(states)]
        due = date(2025, 3, 10 + number % 20).isoformat()
        pinned = (world.PROCEDURE, 1, "tdmnpb", 2025)
        ends = (None if role else moment, world.CHAIRMAN, moment)
        yield (
            *(number + 1, f"n{number}", "commune", "standard", unit, world.DISTRICT, world.PROVINCE, *pinned, state),
            *(1, 1, 1, "0" * 64, role and role.value, holder, due, role is not None, moment, *ends),
        )
