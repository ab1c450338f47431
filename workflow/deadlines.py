"""How long an office may keep a dossier: the calendar of working days, clocks that pause, the account of days.

Dates only: no time of day, no clock, no input or output. The rule of counting is written once, at `standing`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

WORKING = "working"
CALENDAR = "calendar"
SATURDAY = 6


class Reason(StrEnum):
    """Why a day counted or did not count."""

    WORKING = "working"
    WORKED_SATURDAY = "worked_saturday"
    CALENDAR_DAY = "calendar_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    ARRIVAL = "arrival"
    PAUSED = "paused"
    BEFORE = "before"


class Pace(StrEnum):
    """How a clock stands: never begun, going, standing still with its remainder, past its last day, or over."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"
    DONE = "done"


class DayReason(NamedTuple):
    """What the calendar says of a day: a code, and the words for it in Vietnamese."""

    code: Reason
    text_vi: str


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Which days are worked: Monday to Friday, without the days off, with the weekend days worked in exchange.

    `known_from` and `known_to` are the first and last year whose holidays are known; a count beyond is provisional.
    """

    days_off: Mapping[date, str]
    days_worked: Mapping[date, str]
    known_from: int
    known_to: int
    _weekdays_off: tuple[int, ...] = field(init=False, repr=False)
    _weekend_worked: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        both = sorted(self.days_off.keys() & self.days_worked.keys())
        if both:
            raise ValueError(f"{both[0]} cannot be a day off and a worked day at once")
        put = object.__setattr__
        put(self, "days_off", MappingProxyType(dict(self.days_off)))
        put(self, "days_worked", MappingProxyType(dict(self.days_worked)))
        put(self, "_weekdays_off", _ordinals(day for day in self.days_off if day.isoweekday() < SATURDAY))
        put(self, "_weekend_worked", _ordinals(day for day in self.days_worked if day.isoweekday() >= SATURDAY))

    @classmethod
    def of(cls, rows: Iterable[tuple[date, str, str]], known_to: int | None = None) -> "Calendar":
        """The calendar of rows (day, "off" or "worked", reason in Vietnamese).

        Its holidays are known from the first year of the rows to `known_to`, or else to the last year of the rows.
        A day that stands twice, another effect, or no rows at all are a ValueError.
        """
        sides: dict[str, dict[date, str]] = {"off": {}, "worked": {}}
        for day, effect, reason_vi in rows:
            if effect not in sides:
                raise ValueError(f"{day}: a day is 'off' or 'worked', not '{effect}'")
            if day in sides[effect]:
                raise ValueError(f"{day} stands twice in the calendar")
            sides[effect][day] = reason_vi
        years = sorted(day.year for side in sides.values() for day in side)
        if not years:
            raise ValueError("a calendar without days off knows no year")
        return cls(sides["off"], sides["worked"], years[0], years[-1] if known_to is None else known_to)

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day."""
        return day in self.days_worked or (day.isoweekday() < SATURDAY and day not in self.days_off)

    def why(self, day: date) -> DayReason:
        """Why offices work on this day or do not; a holiday is named even when it falls on a weekend."""
        if day in self.days_off:
            return DayReason(Reason.HOLIDAY, self.days_off[day])
        if day.isoweekday() < SATURDAY:
            return DayReason(Reason.WORKING, "Ngày làm việc")
        if day in self.days_worked:
            return DayReason(Reason.WORKED_SATURDAY, self.days_worked[day])
        return DayReason(Reason.WEEKEND, "Thứ Bảy" if day.isoweekday() == SATURDAY else "Chủ nhật")

    def knows(self, day: date) -> bool:
        """Whether the holidays of the year of this day are known."""
        return self.known_from <= day.year <= self.known_to

    def number_of(self, day: date) -> int:
        """How many working days there were up to and including this day, from a start that is the same for all days."""
        weeks, rest = divmod(day.toordinal(), 7)
        weekdays = weeks * 5 + min(rest, 5)
        ordinal = day.toordinal()
        return weekdays - bisect_right(self._weekdays_off, ordinal) + bisect_right(self._weekend_worked, ordinal)


class Stay(NamedTuple):
    """One stay of a dossier in a state, by dates; `left` is None while it lies there."""

    state: str
    entered: date
    left: date | None


@dataclass(frozen=True, slots=True)
class Clock:
    """How many days a dossier may lie in certain states; it stands still in every other one.

    A stay in a state of `resets` makes it begin anew; in a state of `ends` it is over instead of paused.
    """

    name: str
    days: int
    unit: str
    states: frozenset[str]
    resets: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _check(self.days, self.unit)


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One line of the account: a day, whether it counted and why, and how many days are used up with it.

    `text_vi` is what the calendar says of the day; it is empty where the calendar was not asked.
    """

    day: date
    counted: bool
    reason: Reason
    text_vi: str
    used: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a clock stands on a day: days used and remaining (negative when exceeded) and the last allowed date.

    `due_on` is None unless the dossier lies in a state of the clock. `provisional` says that the count touches
    a year whose holidays are not known.
    """

    used: int
    remaining: int
    due_on: date | None
    state: Pace
    provisional: bool


@dataclass(frozen=True, slots=True)
class Ledger(Standing):
    """How a clock stands, with the account of every day from the first arrival on."""

    entries: tuple[DayEntry, ...]


_COUNTING = frozenset({Reason.WORKING, Reason.WORKED_SATURDAY, Reason.CALENDAR_DAY})


class _Span(NamedTuple):
    entered: date
    last: date
    is_open: bool


def working_days_between(a: date, b: date, calendar: Calendar) -> int:
    """How many working days lie after `a`, up to and including `b`; negative when `b` comes first."""
    return calendar.number_of(b) - calendar.number_of(a)


def due_on(entered: date, days: int, calendar: Calendar, unit: str = WORKING) -> date:
    """The last of `days` (at least 1), the day of arrival not counted (Civil Code 2015 Art. 147 [R-med])."""
    _check(days, unit)
    if unit == CALENDAR:
        return entered + timedelta(days=days)
    goal = calendar.number_of(entered) + days
    day, missing = entered, days
    while missing:  # a jump of as many days as are missing can reach the goal but never pass it
        day += timedelta(days=missing)
        missing = goal - calendar.number_of(day)
    return day


def standing(history: Sequence[Stay], clock: Clock, calendar: Calendar, today: date) -> Standing:
    """How a clock stands today, counting the stays of the history (in order; only the last may be open).

    The rule: the days after the day of arrival in a state of the clock count, up to and including the day of leaving,
    or today while the dossier lies there (Civil Code 2015 Art. 147 [R-med]). Of these, a clock in calendar days counts
    every day, one in working days the working days; no date counts twice. Stays before the last one in a state of
    `resets` do not count. The clock is overdue from the day after `due_on`, also on a day off that uses nothing up.
    A `today` before the last date of the history is read as that date; a history out of order is a ValueError.
    """
    return _stand(history, _spans(history, clock, today), clock, calendar)


def ledger(history: Sequence[Stay], clock: Clock, calendar: Calendar, today: date) -> Ledger:
    """How a clock stands today, with each day since the first arrival and the reason why it counted or did not.

    The account ends today; when the clock is over, with the last day in one of its states.
    """
    spans = _spans(history, clock, today)
    stand = _stand(history, spans, clock, calendar)
    days = _accounted(history, clock, stand.state, today)
    return Ledger(
        used=stand.used,
        remaining=stand.remaining,
        due_on=stand.due_on,
        state=stand.state,
        provisional=stand.provisional,
        entries=tuple(_entries(days, spans, _begun_anew_on(history, clock), clock.unit, calendar)),
    )


def _check(days: int, unit: str) -> None:
    if days < 1:
        raise ValueError(f"a term has at least one day, not {days}")
    if unit not in (WORKING, CALENDAR):
        raise ValueError(f"days are counted as '{WORKING}' or '{CALENDAR}', not '{unit}'")


def _ordinals(days: Iterable[date]) -> tuple[int, ...]:
    return tuple(sorted(day.toordinal() for day in days))


def _spans(history: Sequence[Stay], clock: Clock, today: date) -> list[_Span]:
    """The stays that count; as each begins where the one before ended or later, no day after arrival is in two."""
    spans: list[_Span] = []
    before: date | None = date.min
    for state, entered, left in history:
        if before is None or entered < before or (left is not None and left < entered):
            raise ValueError(f"the stay in '{state}' from {entered} is out of order")
        before = left
        if state in clock.resets:
            spans.clear()
        if state in clock.states:
            spans.append(_Span(entered, max(today, entered) if left is None else left, left is None))
    return spans


def _stand(history: Sequence[Stay], spans: Sequence[_Span], clock: Clock, calendar: Calendar) -> Standing:
    used = sum(_count(span, clock.unit, calendar) for span in spans)
    due = _due(spans, clock, calendar) if spans and spans[-1].is_open else None
    return Standing(
        used=used,
        remaining=clock.days - used,
        due_on=due,
        state=_pace(history, spans, clock, due),
        provisional=clock.unit == WORKING and _touches_unknown(spans, due, calendar),
    )


def _count(span: _Span, unit: str, calendar: Calendar) -> int:
    if unit == CALENDAR:
        return (span.last - span.entered).days
    return working_days_between(span.entered, span.last, calendar)


def _due(spans: Sequence[_Span], clock: Clock, calendar: Calendar) -> date:
    left = clock.days
    for span in spans[:-1]:
        counted = _count(span, clock.unit, calendar)
        if counted >= left:
            return due_on(span.entered, left, calendar, clock.unit)
        left -= counted
    return due_on(spans[-1].entered, left, calendar, clock.unit)


def _pace(history: Sequence[Stay], spans: Sequence[_Span], clock: Clock, due: date | None) -> Pace:
    if due is not None:
        return Pace.OVERDUE if spans[-1].last > due else Pace.RUNNING
    if not spans:
        return Pace.NOT_STARTED
    lies_in = history[-1]
    return Pace.DONE if lies_in.left is not None or lies_in.state in clock.ends else Pace.PAUSED


def _touches_unknown(spans: Sequence[_Span], due: date | None, calendar: Calendar) -> bool:
    touched = [day for span in spans for day in (span.entered, span.last)]
    if due is not None:
        touched.append(due)
    return not all(calendar.knows(day) for day in touched)


def _begun_anew_on(history: Sequence[Stay], clock: Clock) -> date:
    return max((stay.entered for stay in history if stay.state in clock.resets), default=date.min)


def _accounted(history: Sequence[Stay], clock: Clock, pace: Pace, today: date) -> Iterator[date]:
    """The days of the account, from the first arrival, also one before the clock began anew, to its end."""
    stays = [stay for stay in history if stay.state in clock.states]
    if not stays:
        return
    over_on = stays[-1].left if pace is Pace.DONE else None
    end = over_on or max(today, history[-1].left or history[-1].entered)
    for number in range((end - stays[0].entered).days + 1):
        yield stays[0].entered + timedelta(days=number)


def _entries(
    days: Iterable[date], spans: Sequence[_Span], begun_anew_on: date, unit: str, calendar: Calendar
) -> Iterator[DayEntry]:
    """The lines of the account; days and spans both go forward, so one pass over each is enough."""
    used, place = 0, 0
    for day in days:
        while place < len(spans) and spans[place].last < day:
            place += 1
        entered = spans[place].entered if place < len(spans) else date.max
        if entered < day:
            reason, text_vi = DayReason(Reason.CALENDAR_DAY, "") if unit == CALENDAR else calendar.why(day)
        elif entered == day:
            reason, text_vi = Reason.ARRIVAL, ""
        else:
            reason, text_vi = (Reason.BEFORE if day < begun_anew_on else Reason.PAUSED), ""
        counted = reason in _COUNTING
        used += counted
        yield DayEntry(day, counted, reason, text_vi, used)
