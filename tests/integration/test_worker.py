"""The worker: effects and daily work are done once, again after a crash, and given up visibly when they never end."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from casework import owed
from casework.door import Order, perform
from casework.unit_of_work import reading, unit_of_work
from jobs import daily, handlers, worker
from models.base import table_of
from models.documents import Paper
from models.dossiers import Dossier
from models.events import EffectRow
from models.notices import DailyJob, Notice
from models.people import SignInSession
from tests import crash, world
from tests.house import stopped_at, tools
from workflow.names import DailyWork, Effect

X, J = table_of(EffectRow), table_of(DailyJob)


@pytest.fixture
def decided(engine: Engine) -> Engine:
    with unit_of_work(engine) as connection:
        world.found(connection)
        dossier = world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)
        perform(connection, Order(1, "recognise", dossier.version, "k", crash.DECIDE), world.CHAIRMAN, world.NOW)
    return engine


def shown(engine: Engine) -> tuple[int, int, int]:
    with reading(engine) as connection:
        notices = connection.execute(select(func.count()).select_from(table_of(Notice))).scalar_one()
        done = select(func.count()).where(X.c.status == "done")
        rendered = select(func.count()).where(table_of(Paper).c.sha256.is_not(None))
        return notices, connection.execute(done).scalar_one(), connection.execute(rendered).scalar_one()


def rows(engine: Engine, queue: owed.Queue = owed.EFFECTS) -> list[tuple[str, int, str]]:
    t = queue.table.c
    with reading(engine) as connection:
        found = connection.execute(select(t.status, t.attempts, t.last_error).order_by(t.id))
        return [(row.status, row.attempts, row.last_error) for row in found]


def take(engine: Engine, moment: datetime, queue: owed.Queue = owed.EFFECTS) -> owed.Task | None:
    with unit_of_work(engine) as connection:
        return owed.take(connection, queue, moment)


TOLD = 7  # the commune, and everybody else who took a step of the dossier but the chairman himself


def test_effects_are_done_once_and_show_once(decided: Engine, tmp_path: Path) -> None:
    worker.drain(tools(decided, tmp_path), stopped_at(world.NOW))
    assert shown(decided) == (TOLD, 2, 2)
    assert worker.drain(tools(decided, tmp_path), stopped_at(world.NOW)) == 0
    assert shown(decided) == (TOLD, 2, 2)


def test_a_worker_that_dies_in_the_middle_is_followed_by_another(decided: Engine, tmp_path: Path) -> None:
    task = take(decided, world.NOW)
    assert task is not None
    worker.perform(task, world.NOW, tools(decided, tmp_path))  # done, and never reported as done
    worker.drain(tools(decided, tmp_path), stopped_at(world.NOW))
    later = world.NOW + owed.EFFECTS.lease + timedelta(seconds=1)
    assert worker.drain(tools(decided, tmp_path), stopped_at(later)) == 1
    assert shown(decided) == (TOLD, 2, 2)
    with unit_of_work(decided) as connection:
        assert not owed.finish(connection, task, later)


def test_an_effect_that_fails_is_tried_again_and_at_last_left_as_failed(
    decided: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_event: int, _now: object, _tools: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(worker, "HANDLERS", {**handlers.HANDLERS, Effect.RENDER_PAPERS: broken})
    moment = world.NOW
    for _ in range(owed.MOST_ATTEMPTS):
        worker.drain(tools(decided, tmp_path), stopped_at(moment))
        moment += timedelta(hours=1)
    assert ("failed", owed.MOST_ATTEMPTS, "OSError: No space left on device") in rows(decided)


def test_an_effect_whose_worker_is_killed_every_time_is_given_up(decided: Engine) -> None:
    moment = world.NOW
    taken = []
    for _ in range(owed.MOST_ATTEMPTS + 2):
        taken.append(take(decided, moment))
        moment += owed.EFFECTS.lease + timedelta(seconds=1)
    assert {task.row.id for task in taken if task} == {1, 2}
    taken += [take(decided, moment + number * timedelta(minutes=3)) for number in range(2 * owed.MOST_ATTEMPTS)]
    assert rows(decided) == [("failed", owed.MOST_ATTEMPTS, owed.ENDED_IN_THE_MIDDLE)] * 2
    assert sum(task is not None for task in taken) == 2 * owed.MOST_ATTEMPTS


def test_what_was_given_up_can_be_tried_again(decided: Engine, tmp_path: Path) -> None:
    with unit_of_work(decided) as connection:
        connection.execute(update(X).values(status="failed", attempts=owed.MOST_ATTEMPTS, last_error="x"))
        owed.try_again(connection, owed.EFFECTS, 1, world.NOW)
    worker.drain(tools(decided, tmp_path), stopped_at(world.NOW))
    assert [row[0] for row in rows(decided)] == ["done", "failed"]


# --- once a day ---


def on_day(engine: Engine) -> dict[str, tuple[str, int]]:
    with reading(engine) as connection:
        return {row.name: (row.status, row.attempts) for row in connection.execute(select(J).order_by(J.c.id))}


def run_beside(engine: Engine, folder: Path, moments: Iterable[datetime]) -> None:
    """Two workers at once, through some moments."""
    barrier, given = threading.Barrier(2, timeout=60), tools(engine, folder)

    def run() -> None:
        for moment in moments:
            barrier.wait()
            worker.drain(given, stopped_at(moment))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_daily_work_is_done_once_a_day_whoever_else_is_at_it(
    decided: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def noting(name: str) -> Callable[[datetime, object], None]:
        return lambda _now, _tools: done.append(name)

    noted = {name: daily.Daily(job.at, noting(name)) for name, job in daily.JOBS.items()}
    monkeypatch.setattr(daily, "JOBS", noted)
    run_beside(decided, tmp_path, [world.NOW, world.NOW, world.NOW + timedelta(days=1)])
    assert sorted(done) == sorted(2 * list(DailyWork))
    with reading(decided) as connection:
        assert len(connection.execute(select(J.c.id)).all()) == 2 * len(DailyWork)


def test_daily_work_waits_for_its_hour(decided: Engine, tmp_path: Path) -> None:
    early = world.NOW.replace(hour=19) - timedelta(days=1)  # 02:00 in Vietnam
    worker.drain(tools(decided, tmp_path), stopped_at(early))
    assert {name for name, (status, _) in on_day(decided).items() if status == "done"} == {DailyWork.CHECK_HISTORY}


def test_a_history_that_was_changed_is_found_at_night_and_stays_visible(decided: Engine, tmp_path: Path) -> None:
    with unit_of_work(decided) as connection:
        connection.execute(update(table_of(Dossier)).values(state="council", closed_at=None, is_open=True))
    worker.drain(tools(decided, tmp_path), stopped_at(world.NOW))
    assert on_day(decided)[DailyWork.CHECK_HISTORY] == ("failed", 1)
    error = next(row[2] for row in rows(decided, owed.DAILY) if row[0] == "failed")
    assert "the events lead to 'recognised', the dossier stands in 'council'" in error


def test_what_has_run_out_is_removed_and_the_rest_stays(decided: Engine, tmp_path: Path) -> None:
    sessions = table_of(SignInSession)
    frame = {"person_id": world.CHAIRMAN, "created_at": world.NOW, "last_seen_at": world.NOW, "address": ""}
    ends = {"old": world.NOW - timedelta(days=31), "new": world.NOW - timedelta(days=1)}
    with unit_of_work(decided) as connection:
        rows_of = [{**frame, "id": name, "browser": "", "expires_at": at} for name, at in ends.items()]
        connection.execute(sessions.insert(), rows_of)
    worker.drain(tools(decided, tmp_path), stopped_at(world.NOW))
    with reading(decided) as connection:
        assert connection.execute(select(sessions.c.id)).scalars().all() == ["new"]
