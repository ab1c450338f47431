"""Working-day deadlines: each rule of the count on days of the real calendar of spring 2025."""

from datetime import date, timedelta

import pytest

from workflow.deadlines import (
    Calendar,
    Clock,
    DayReason,
    Ledger,
    Pace,
    Reason,
    Stay,
    due_on,
    ledger,
    standing,
    working_days_between,
)

ROWS = [
    (date(2025, 4, 7), "off", "Ngày Giỗ Tổ Hùng Vương"),
    (date(2025, 4, 26), "worked", "Làm bù cho ngày 02/05/2025"),
    (date(2025, 4, 30), "off", "Ngày Chiến thắng"),
    (date(2025, 5, 1), "off", "Ngày Quốc tế Lao động"),
    (date(2025, 5, 2), "off", "Nghỉ hoán đổi với ngày 26/04/2025"),
    (date(2025, 8, 31), "off", "Một ngày lễ rơi vào Chủ nhật"),
]
CALENDAR = Calendar.of(ROWS)
CHECK = Clock(
    "check", 5, "working", frozenset({"received", "checking"}), frozenset({"drafting"}), frozenset({"passed"})
)


def march(day: int) -> date:
    """A day of March 2025; the 3rd is a Monday."""
    return date(2025, 3, day)


def april(day: int) -> date:
    """A day of April 2025."""
    return date(2025, 4, day)


@pytest.mark.parametrize(
    ("day", "works", "code", "text_vi"),
    [
        (april(8), True, Reason.WORKING, "Ngày làm việc"),
        (april(7), False, Reason.HOLIDAY, "Ngày Giỗ Tổ Hùng Vương"),
        (april(26), True, Reason.WORKED_SATURDAY, "Làm bù cho ngày 02/05/2025"),
        (april(19), False, Reason.WEEKEND, "Thứ Bảy"),
        (april(20), False, Reason.WEEKEND, "Chủ nhật"),
        (date(2025, 8, 31), False, Reason.HOLIDAY, "Một ngày lễ rơi vào Chủ nhật"),
    ],
)
def test_the_calendar_says_why(day: date, works: bool, code: Reason, text_vi: str) -> None:
    assert CALENDAR.is_working(day) is works
    assert CALENDAR.why(day) == DayReason(code, text_vi)


def test_a_weekday_named_as_worked_stays_an_ordinary_working_day() -> None:
    calendar = Calendar.of([*ROWS, (april(9), "worked", "Thứ Tư")])
    assert calendar.why(april(9)).code is Reason.WORKING
    assert working_days_between(april(8), april(9), calendar) == 1


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ([(april(7), "off", "a"), (april(7), "worked", "b")], "2025-04-07 cannot be a day off and a worked day"),
        ([(april(7), "off", "a"), (april(7), "off", "b")], "2025-04-07 stands twice"),
        ([(april(7), "half", "a")], "not 'half'"),
        ([], "knows no year"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(rows: list[tuple[date, str, str]], cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        Calendar.of(rows)


def test_a_calendar_cannot_be_changed_from_outside() -> None:
    days_off = {april(7): "Giỗ Tổ"}
    calendar = Calendar(days_off, {}, 2025, 2025)
    days_off.clear()
    assert not calendar.is_working(april(7))
    with pytest.raises(TypeError):
        calendar.days_off[april(8)] = "thêm"  # type: ignore[index]  # the refusal is what is tested


def test_the_years_known_come_from_the_rows_unless_said() -> None:
    assert CALENDAR.knows(date(2025, 12, 31))
    assert not CALENDAR.knows(date(2024, 12, 31))
    assert not CALENDAR.knows(date(2026, 1, 1))
    assert Calendar.of(ROWS, known_to=2026).knows(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("entered", "days", "due"),
    [
        (march(3), 1, march(4)),
        (march(7), 1, march(10)),
        (march(8), 1, march(10)),
        (march(9), 1, march(10)),
        (march(3), 5, march(10)),
        (march(3), 15, march(24)),
        (april(4), 1, april(8)),
        (april(25), 1, april(26)),
        (april(25), 4, date(2025, 5, 5)),
        (april(29), 1, date(2025, 5, 5)),
    ],
)
def test_the_last_day_of_a_term_in_working_days(entered: date, days: int, due: date) -> None:
    assert due_on(entered, days, CALENDAR) == due


def test_a_term_in_calendar_days_counts_every_day() -> None:
    assert due_on(april(25), 15, CALENDAR, "calendar") == date(2025, 5, 10)


@pytest.mark.parametrize(("days", "unit"), [(0, "working"), (-1, "calendar"), (5, "weeks")])
def test_a_term_that_cannot_be_counted_is_refused(days: int, unit: str) -> None:
    with pytest.raises(ValueError, match="at least one day|not 'weeks'"):
        due_on(march(3), days, CALENDAR, unit)
    with pytest.raises(ValueError, match="at least one day|not 'weeks'"):
        Clock("broken", days, unit, frozenset({"received"}))


def test_working_days_between_leave_out_the_first_day_and_take_the_last() -> None:
    assert working_days_between(march(3), march(3), CALENDAR) == 0
    assert working_days_between(march(3), march(10), CALENDAR) == 5
    assert working_days_between(march(10), march(3), CALENDAR) == -5
    assert working_days_between(march(8), march(9), CALENDAR) == 0


def explain(account: Ledger) -> list[tuple[int, str, int]]:
    """The account as (day of the month, reason, used up)."""
    return [(entry.day.day, entry.reason.value, entry.used) for entry in account.entries]


def test_a_running_clock_explains_each_day() -> None:
    account = ledger([Stay("received", april(24), None)], CHECK, CALENDAR, april(30))
    assert explain(account) == [
        (24, "arrival", 0),
        (25, "working", 1),
        (26, "worked_saturday", 2),
        (27, "weekend", 2),
        (28, "working", 3),
        (29, "working", 4),
        (30, "holiday", 4),
    ]
    assert [entry.text_vi for entry in account.entries][-1] == "Ngày Chiến thắng"
    assert [entry.counted for entry in account.entries] == [False, True, True, False, True, True, False]
    assert (account.used, account.remaining, account.due_on) == (4, 1, date(2025, 5, 5))
    assert (account.state, account.provisional) == (Pace.RUNNING, False)


def test_moving_on_between_states_of_one_clock_counts_no_day_twice() -> None:
    history = [Stay("received", march(3), march(5)), Stay("checking", march(5), None)]
    account = ledger(history, CHECK, CALENDAR, march(6))
    assert explain(account) == [(3, "arrival", 0), (4, "working", 1), (5, "working", 2), (6, "working", 3)]


def test_the_clock_stops_with_the_commune_and_keeps_the_remainder() -> None:
    history = [Stay("received", march(3), march(5)), Stay("returned", march(5), None)]
    account = ledger(history, CHECK, CALENDAR, march(10))
    assert explain(account)[2:4] == [(5, "working", 2), (6, "paused", 2)]
    assert explain(account)[-1] == (10, "paused", 2)
    assert (account.used, account.remaining, account.due_on, account.state) == (2, 3, None, Pace.PAUSED)


def test_after_the_pause_the_count_goes_on_from_the_day_after_the_new_arrival() -> None:
    history = [
        Stay("received", march(3), march(5)),
        Stay("returned", march(5), march(12)),
        Stay("received", march(12), None),
    ]
    account = ledger(history, CHECK, CALENDAR, march(13))
    assert explain(account)[-3:] == [(11, "paused", 2), (12, "arrival", 2), (13, "working", 3)]
    assert (account.remaining, account.due_on) == (2, march(17))


def test_a_dossier_back_on_the_day_it_left_counts_that_day_once() -> None:
    history = [
        Stay("received", march(3), march(5)),
        Stay("returned", march(5), march(5)),
        Stay("received", march(5), None),
    ]
    account = ledger(history, CHECK, CALENDAR, march(6))
    assert explain(account) == [(3, "arrival", 0), (4, "working", 1), (5, "working", 2), (6, "working", 3)]


def test_a_dossier_that_comes_and_goes_on_one_day_uses_nothing() -> None:
    history = [Stay("received", march(3), march(3)), Stay("returned", march(3), None)]
    assert standing(history, CHECK, CALENDAR, march(4)).used == 0


def test_self_assessment_makes_the_clock_begin_anew() -> None:
    history = [
        Stay("received", march(3), march(5)),
        Stay("drafting", march(5), march(6)),
        Stay("received", march(6), None),
    ]
    account = ledger(history, CHECK, CALENDAR, march(7))
    assert explain(account) == [
        (3, "before", 0),
        (4, "before", 0),
        (5, "paused", 0),
        (6, "arrival", 0),
        (7, "working", 1),
    ]
    assert account.due_on == march(13)


def test_a_clock_of_the_resetting_state_itself_starts_with_its_last_stay() -> None:
    drafting = Clock("drafting", 5, "working", frozenset({"drafting"}), frozenset({"drafting"}))
    history = [
        Stay("drafting", march(3), march(5)),
        Stay("received", march(5), march(6)),
        Stay("drafting", march(6), None),
    ]
    assert standing(history, drafting, CALENDAR, march(7)).used == 1


def test_a_clock_is_overdue_from_the_day_after_the_last_allowed_date() -> None:
    history = [Stay("received", march(7), None)]
    on_friday = standing(history, CHECK, CALENDAR, march(14))
    on_saturday = standing(history, CHECK, CALENDAR, march(15))
    on_monday = standing(history, CHECK, CALENDAR, march(17))
    assert [on_friday.due_on, on_saturday.due_on, on_monday.due_on] == [march(14)] * 3
    assert [on_friday.state, on_saturday.state, on_monday.state] == [Pace.RUNNING, Pace.OVERDUE, Pace.OVERDUE]
    assert [on_friday.remaining, on_saturday.remaining, on_monday.remaining] == [0, 0, -1]


def test_a_dossier_that_returns_with_nothing_left_is_overdue_at_once() -> None:
    history = [
        Stay("received", march(3), march(10)),
        Stay("returned", march(10), march(12)),
        Stay("received", march(12), None),
    ]
    found = standing(history, CHECK, CALENDAR, march(12))
    assert (found.due_on, found.remaining, found.state) == (march(10), 0, Pace.OVERDUE)


def test_a_clock_over_ends_its_account_with_the_last_day_in_its_states() -> None:
    history = [Stay("received", march(3), march(5)), Stay("passed", march(5), None)]
    account = ledger(history, CHECK, CALENDAR, march(20))
    assert (account.state, account.due_on, account.remaining) == (Pace.DONE, None, 3)
    assert explain(account)[-1] == (5, "working", 2)


def test_a_history_that_ended_ends_its_clock() -> None:
    assert standing([Stay("received", march(3), march(5))], CHECK, CALENDAR, march(20)).state is Pace.DONE


@pytest.mark.parametrize("history", [[], [Stay("drafting", march(3), None)]])
def test_a_clock_that_never_began_has_no_account(history: list[Stay]) -> None:
    account = ledger(history, CHECK, CALENDAR, march(20))
    assert (account.state, account.used, account.remaining, account.due_on) == (Pace.NOT_STARTED, 0, 5, None)
    assert account.entries == ()
    assert account.provisional is False


def test_a_clock_in_calendar_days_counts_weekends_and_holidays() -> None:
    posting = Clock("posting", 15, "calendar", frozenset({"posted"}))
    account = ledger([Stay("posted", april(25), None)], posting, CALENDAR, april(30))
    assert [(entry.reason, entry.text_vi) for entry in account.entries[1:]] == [(Reason.CALENDAR_DAY, "")] * 5
    assert (account.used, account.due_on) == (5, date(2025, 5, 10))


def test_a_count_into_a_year_without_known_holidays_is_provisional() -> None:
    at_the_end_of_the_year = [Stay("received", date(2025, 12, 29), None)]
    assert standing(at_the_end_of_the_year, CHECK, CALENDAR, date(2025, 12, 30)).provisional
    assert standing([Stay("received", date(2024, 12, 30), date(2025, 1, 2))], CHECK, CALENDAR, april(1)).provisional
    in_calendar_days = Clock("posting", 15, "calendar", frozenset({"received"}))
    assert not standing(at_the_end_of_the_year, in_calendar_days, CALENDAR, date(2025, 12, 30)).provisional


def test_a_today_before_the_history_is_read_as_its_last_date() -> None:
    running = ledger([Stay("received", march(5), None)], CHECK, CALENDAR, march(3))
    assert (running.used, explain(running)) == (0, [(5, "arrival", 0)])
    paused = ledger([Stay("received", march(3), march(5)), Stay("returned", march(5), None)], CHECK, CALENDAR, march(3))
    assert (paused.used, explain(paused)[-1]) == (2, (5, "working", 2))


@pytest.mark.parametrize(
    "history",
    [
        [Stay("received", march(5), march(4))],
        [Stay("received", march(3), march(5)), Stay("returned", march(4), None)],
        [Stay("received", march(3), None), Stay("returned", march(4), None)],
    ],
)
def test_a_history_out_of_order_is_refused(history: list[Stay]) -> None:
    with pytest.raises(ValueError, match="out of order"):
        standing(history, CHECK, CALENDAR, march(10))


def test_a_term_is_found_by_a_few_jumps_and_not_by_walking(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []
    number_of = Calendar.number_of

    def note(calendar: Calendar, day: date) -> int:
        asked.append(day)
        return number_of(calendar, day)

    monkeypatch.setattr(Calendar, "number_of", note)
    for shift in range(365):
        asked.clear()
        due_on(march(1) + timedelta(days=shift), 60, CALENDAR)
        assert len(asked) <= 8
