"""When a practice dossier was where: its way through the procedure, laid back from today in working days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, select

from models.base import table_of
from models.places import Holiday
from practice.material import lot
from practice.scenario import STRAIGHT_ON, Life, Turn, days
from practice.steps import main_action
from queries.days import VIETNAM
from workflow.deadlines import Calendar
from workflow.procedure import Procedure

H = table_of(Holiday)
COUNCIL, RECOMMENDED = "council", "recommended"
MORNING, AFTERNOON = time(8, 5), time(13, 35)
HALF_DAY_MINUTES = 165


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay of a dossier: the state, the days of coming and leaving (None while it lies there), the turn taken."""

    state: str
    entered: date
    left: date | None
    turn: Turn


def calendar_of(connection: Connection) -> Calendar:
    """The working-day calendar of the territory."""
    rows = connection.execute(select(H.c.day, H.c.effect, H.c.name_vi).order_by(H.c.day))
    return Calendar.of((row.day, row.effect, row.name_vi) for row in rows)


def shift(calendar: Calendar, day: date, count: int) -> date:
    """The day that lies this many working days after a day, or before it when the count is negative."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= calendar.is_working(day)
    return day


def moment(day: date, half: time, *seeds: object) -> datetime:
    """A moment of a half day's office hours, drawn by lot."""
    minutes = lot("moment", day, half, *seeds).randrange(HALF_DAY_MINUTES)
    return datetime.combine(day, half, VIETNAM) + timedelta(minutes=minutes)


def route(procedure: Procedure, to: str, turns: Mapping[str, Turn]) -> Iterator[tuple[str, Turn]]:
    """The states that a dossier comes through, each with the turn taken there, up to the one where it stays.

    A turn is taken once; the way ends where the dossier comes to `to` with no turn left.
    """
    waiting, state = dict(turns), _next(procedure, procedure.start, STRAIGHT_ON)
    while state != to or waiting:
        turn = waiting.pop(state, STRAIGHT_ON)
        yield state, turn
        state = _next(procedure, state, turn)
    yield state, STRAIGHT_ON


def _next(procedure: Procedure, state: str, turn: Turn) -> str:
    action = procedure.actions[turn.action] if turn.action else main_action(procedure, state)
    return action.branches[-1 if turn.against else 0].to


def visits(
    procedure: Procedure, life: Life, calendar: Calendar, today: date, sessions: Mapping[str, date]
) -> tuple[Visit, ...]:
    """Every stay of a dossier with its days: counted back from today, or from the council's session both ways."""
    way = list(route(procedure, life.to, life.turns))
    lasting = [_lasting(life, state, number) for number, (state, _) in enumerate(way)]
    if life.session:
        anchor = [state for state, _ in way].index(COUNCIL) + 1
        entered = sessions[life.session]
    else:
        anchor, entered = len(way) - 1, shift(calendar, today, -life.since)
    arrivals = {anchor: entered}
    for place in range(anchor - 1, -1, -1):
        arrivals[place] = shift(calendar, arrivals[place + 1], -lasting[place])
    for place in range(anchor + 1, len(way)):
        arrivals[place] = shift(calendar, arrivals[place - 1], lasting[place - 1])
    return tuple(
        Visit(state, arrivals[place], arrivals.get(place + 1), turn) for place, (state, turn) in enumerate(way)
    )


def _lasting(life: Life, state: str, number: int) -> int:
    least, most = days().get(state, (0, 0))
    seeds = (life.session, state) if life.joint and state == RECOMMENDED else (life.commune, state, number)
    return lot(*seeds, "days").randint(least, most)
