"""The deadlines that a change of the calendar can touch: open dossiers with a last day, and where they have lain."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, select

from models.base import table_of
from models.dossiers import Dossier
from models.events import DossierEvent
from queries.days import NO_DEADLINE, day_of
from queries.facts import stays_of
from queries.rulebook import procedures
from workflow.deadlines import Stay
from workflow.procedure import Procedure

D, E = table_of(Dossier), table_of(DossierEvent)


@dataclass(frozen=True, slots=True)
class RunningClock:
    """An open dossier with its last day as it is kept, its procedure, its state and its stays."""

    dossier_id: int
    procedure: Procedure
    state: str
    due_on: date
    stays: tuple[Stay, ...]


def clocks_reaching(connection: Connection, day: date) -> Iterator[RunningClock]:
    """Every open dossier whose last day is not before a day; the days after the last one count for nothing."""
    rows = connection.execute(
        select(D.c.id, D.c.procedure_id, D.c.state, D.c.due_on, E.c.to_state, E.c.at)
        .join(E, E.c.dossier_id == D.c.id)
        .where(D.c.is_open, D.c.due_on >= day, D.c.due_on != NO_DEADLINE)
        .order_by(D.c.id, E.c.seq)
    )
    for _, events in groupby(rows, key=lambda row: row.id):
        history = list(events)
        stays = stays_of([(None, None, day_of(one.at), one.to_state, None, None) for one in history])
        row = history[0]
        yield RunningClock(row.id, procedures()[row.procedure_id], row.state, row.due_on, stays)
