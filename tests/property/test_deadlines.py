"""The account of days against a count written independently, and the laws that hold for any dates."""

from datetime import date, timedelta

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tests.property.deadline_oracle import compare_random_histories
from workflow.deadlines import Calendar, due_on, working_days_between

DAYS = st.integers(0, 730).map(lambda number: date(2024, 6, 1) + timedelta(days=number))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A calendar with any days off and any days worked."""
    days = draw(st.dictionaries(DAYS, st.sampled_from(("off", "worked")), min_size=1, max_size=60))
    return Calendar.of([(day, effect, "vì lễ") for day, effect in days.items()])


def test_the_account_equals_a_day_by_day_count_on_random_histories() -> None:
    assert compare_random_histories(2_000, seed=20250701) == 2_000


@seed(2025)
@settings(max_examples=120, deadline=None, database=None)
@given(calendar=calendars(), entered=DAYS, days=st.integers(1, 60))
def test_the_last_day_is_a_working_day_and_the_nth_after_arrival(calendar: Calendar, entered: date, days: int) -> None:
    due = due_on(entered, days, calendar)
    assert calendar.is_working(due)
    assert working_days_between(entered, due, calendar) == days
    assert working_days_between(entered, due - timedelta(days=1), calendar) == days - 1


@seed(2025)
@settings(max_examples=120, deadline=None, database=None)
@given(calendar=calendars(), first=DAYS, length=st.integers(0, 200))
def test_the_days_between_are_those_that_say_they_are_worked(calendar: Calendar, first: date, length: int) -> None:
    after = [first + timedelta(days=number) for number in range(1, length + 1)]
    counted = sum(calendar.is_working(day) for day in after)
    assert working_days_between(first, first + timedelta(days=length), calendar) == counted
