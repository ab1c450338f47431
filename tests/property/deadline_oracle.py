"""A second count of the days, written the slow way: walk each date once and ask where the dossier was on it."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate, compress, pairwise
from random import Random
from typing import NamedTuple

from workflow.deadlines import Calendar, Clock, Stay, ledger

STATES = ("drafting", "received", "checking", "returned", "passed")
FIRST_DAY = date(2025, 1, 1)


class Case(NamedTuple):
    """One random dossier with its clock, its calendar and the day on which it is looked at."""

    history: tuple[Stay, ...]
    clock: Clock
    calendar: Calendar
    today: date


class Count(NamedTuple):
    """What a count must agree on: the dates that counted, and the last allowed date while the clock goes."""

    counted: tuple[date, ...]
    due_on: date | None


def count_slowly(case: Case) -> Count:
    """The dates that counted and the last allowed one, found by walking one date after the other."""
    counted: list[date] = []
    lies_there = bool(case.history) and case.history[-1].left is None and case.history[-1].state in case.clock.states
    day = FIRST_DAY - timedelta(days=40)
    while day <= case.today or (lies_there and len(counted) < case.clock.days):
        if _counts(day, case):
            counted.append(day)
        day += timedelta(days=1)
    due = counted[case.clock.days - 1] if lies_there else None
    return Count(tuple(d for d in counted if d <= case.today), due)


def _counts(day: date, case: Case) -> bool:
    last_reset = -1
    for place, stay in enumerate(case.history):
        if stay.state in case.clock.resets:
            last_reset = place
    for place, stay in enumerate(case.history):
        is_there = stay.entered < day and (stay.left is None or day <= stay.left)
        if place >= last_reset and stay.state in case.clock.states and is_there:
            return case.clock.unit == "calendar" or _is_worked(day, case.calendar.days_off, case.calendar.days_worked)
    return False


def _is_worked(day: date, days_off: Mapping[date, str], days_worked: Mapping[date, str]) -> bool:
    if day.strftime("%a") in ("Sat", "Sun"):
        return day in days_worked
    return day not in days_off


def disagreements(case: Case) -> list[str]:
    """What the account of the clock says otherwise than the slow count, or otherwise than itself."""
    slow, fast = count_slowly(case), ledger(case.history, case.clock, case.calendar, case.today)
    listed = [entry.day for entry in fast.entries]
    counted = [entry.counted for entry in fast.entries]
    claims = {
        "the days counted": tuple(compress(listed, counted)) == slow.counted,
        "the number used": fast.used == len(slow.counted),
        "the number remaining": fast.remaining == case.clock.days - len(slow.counted),
        "the last allowed date": fast.due_on == slow.due_on,
        "overdue": (fast.state == "overdue") == (slow.due_on is not None and case.today > slow.due_on),
        "each day once, none left out": all((b - a).days == 1 for a, b in pairwise(listed)),
        "the running number": [entry.used for entry in fast.entries] == list(accumulate(counted)),
    }
    return [claim for claim, holds in claims.items() if not holds]


def random_case(random: Random) -> Case:
    """A dossier of up to eight stays, with gaps, days on which it moved twice, and days off anywhere."""
    day = FIRST_DAY + timedelta(days=random.randrange(60))
    history: list[Stay] = []
    for _ in range(random.randrange(9)):
        left = day + timedelta(days=random.choice((0, 0, 1, 2, 3, 5, 9, 20)))
        history.append(Stay(random.choice(STATES), day, left))
        day = left + timedelta(days=random.choice((0, 0, 0, 0, 1, 4)))
    if history and random.random() < 0.7:
        history[-1] = history[-1]._replace(left=None)
    return Case(tuple(history), _random_clock(random), _random_calendar(random), day + timedelta(random.randrange(30)))


def _random_clock(random: Random) -> Clock:
    return Clock(
        name="random",
        days=random.choice((1, 2, 5, 15, 30)),
        unit=random.choice(("working", "working", "calendar")),
        states=frozenset(random.sample(STATES, random.randrange(1, 4))),
        resets=frozenset(random.sample(STATES, random.randrange(2))),
        ends=frozenset(random.sample(STATES, random.randrange(2))),
    )


def _random_calendar(random: Random) -> Calendar:
    days = random.sample(range(-40, 400), random.randrange(1, 40))
    rows = [(FIRST_DAY + timedelta(days=number), random.choice(("off", "off", "worked")), "vì lễ") for number in days]
    return Calendar.of(rows)


def compare_random_histories(count: int, seed: int) -> int:
    """How many random histories agreed with the slow count; an AssertionError at the first that did not."""
    random = Random(seed)  # a seeded sample must be the same every time
    for number in range(count):
        case = random_case(random)
        wrong = disagreements(case)
        if wrong:
            raise AssertionError(f"history {number} of seed {seed} disagrees on {', '.join(wrong)}: {case}")
    return count
