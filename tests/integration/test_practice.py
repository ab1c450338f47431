"""The practice province: built through the doors of real work, the same each time, never over real data."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, Engine, Row, func, select, text

import commands.audit
import commands.dossier
import commands.practice
import settings
from casework import clock
from casework.audit import verify
from casework.papers import unrendered
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from documents.html import to_html
from models.base import table_of
from models.database import make_engine
from models.documents import Dispatch, Paper, PaperDossier
from models.dossiers import Comment, Dossier
from models.events import DossierEvent, EffectRow
from practice.build import CannotBuild, build
from practice.scenario import Scenario, scenario_of
from queries.publication import signing_key
from queries.rulebook import procedures
from workflow.diagram_parts import review_states
from workflow.names import StateKind

LATER = {"revocation_decision", "replacement_decision", "correction_letter"}
AFTERWARDS = LATER.union(*map(review_states, procedures().values()))  # nothing is revoked or corrected in practice
SCENARIOS = {"three-tier": "commune-2022-three-tier@1", "two-tier": "commune-2022-two-tier@1"}
D, PAPER, OF, SENT = (table_of(one) for one in (Dossier, Paper, PaperDossier, Dispatch))

Waiting = Callable[[Connection, int], Sequence[Row[Any]]]


def settings_for(url: str, scenario: str, folder: Path, **more: str) -> settings.Settings:
    return settings.load(environment(url, scenario, folder, **more))


def environment(url: str, scenario: str, folder: Path, **more: str) -> dict[str, str]:
    return {"DATABASE_URL": url, "SCENARIO": scenario, "INSTANCE_PATH": str(folder / "instance"), **more}


@pytest.fixture
def three_tier(
    postgresql_url: str, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, str], dict[str, str]]:
    """The environments of a province whose every dossier tells of a turn, built by the command in either database."""
    monkeypatch.setattr("practice.build.scenario_of", telling)
    urls = (postgresql_url, sqlite_url)
    environs = [environment(url, "three-tier", tmp_path / str(place)) for place, url in enumerate(urls)]
    for environ in environs:
        Path(environ["INSTANCE_PATH"]).parent.mkdir()
        built = run(environ, commands.practice.GROUP, "build")
        assert (built.exit_code, "13 hồ sơ" in built.output) == (0, True), built.output
    return environs[0], environs[1]


@pytest.fixture
def two_tier(copy_of: Callable[[str], Path]) -> dict[str, str]:
    """The environment of a province of two tiers on SQLite, whose worker has done its work."""
    instance = copy_of("two-tier")
    return environment(in_folder(instance), "two-tier", instance.parent)


def in_folder(instance: Path) -> str:
    return f"sqlite:///{instance / 'datchuan.db'}"


def run(environ: dict[str, str], command: click.Command, *words: str) -> Result:
    """A command of the application in a province's environment."""
    return CliRunner().invoke(command, words, env=environ)


@contextmanager
def engine_at(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def content(connection: Connection) -> str:
    """What a reader would see: every dossier with its events, to compare two buildings."""
    events = table_of(DossierEvent)
    told = select(D.c.code, events.c.seq, events.c.type, events.c.at, events.c.person_name, events.c.payload)
    rows = connection.execute(told.join(events, events.c.dossier_id == D.c.id).order_by(D.c.code, events.c.seq))
    return sha256(repr([tuple(map(str, row)) for row in rows]).encode()).hexdigest()


def check_province(engine: Engine, scenario: str) -> None:
    """Every state up to the announcement has its dossiers, each with a whole chain; some are overdue, some paused."""
    procedure = procedures()[SCENARIOS[scenario]]
    states = {state.name for state in procedure.states.values() if state.kind is not StateKind.START} - AFTERWARDS
    with reading(engine) as connection:
        found = Counter(connection.execute(select(D.c.state)).scalars())
        today = connection.execute(select(func.max(D.c.changed_at))).scalar_one().date()
        overdue = connection.execute(select(func.count()).where(D.c.is_open, D.c.due_on < today)).scalar_one()
        comments = connection.execute(select(func.count()).select_from(table_of(Comment))).scalar_one()
        assert verify(connection).findings == ()
        check_papers(connection, scenario)
        check_dispatches(connection)
    assert (set(found), sum(found.values())) == (states, 40)
    assert found["returned"] >= 2  # paused
    assert overdue >= 2
    assert comments > 20


def check_dispatches(connection: Connection) -> None:
    """All decisions but the last went out."""
    decided = PAPER.c.number.is_not(None) & (PAPER.c.symbol == "QĐ-UBND")
    issued = connection.execute(select(PAPER.c.id).where(decided).order_by(PAPER.c.number))
    sent = connection.execute(select(SENT.c.paper_id).order_by(SENT.c.paper_id)).scalars().all()
    assert sent == sorted(issued.scalars().all()[:-1])
    assert sent


def check_papers(connection: Connection, scenario: str) -> None:
    """Every kind of paper of the procedure was drawn up, each can be laid out; decisions and a copy have a number."""
    actions = procedures()[SCENARIOS[scenario]].actions.values()
    drawn = connection.execute(select(PAPER).order_by(PAPER.c.id)).all()
    named = {kind.value for action in actions for kind in action.documents}
    assert {one.kind for one in drawn} == (named - AFTERWARDS) | {"true_copy"}
    for one in drawn:
        page = to_html(from_json(one.context))
        assert "None" not in page, one.kind
        assert (one.number is not None) == (one.kind in {"decision", "refusal_decision", "true_copy"})
        assert one.trouble is None, one.kind
        assert one.sha256 or one.kind not in {"decision", "certificate"}


def check_walk(engine: Engine, environ: dict[str, str]) -> None:
    """A walk goes on from there to the decision, whose paper is the one that was printed."""
    walked = run(environ, commands.dossier.GROUP, "walk")
    assert walked.exit_code == 0, walked.output
    lines = walked.output.splitlines()
    assert sum("✗" in line for line in lines) >= 10
    assert any("→ announced" in line for line in lines)
    with reading(engine) as connection:
        decisions = select(PAPER).where(PAPER.c.kind == "decision").order_by(PAPER.c.id.desc())
        paper = connection.execute(decisions).first()
        assert paper is not None
        code = connection.execute(
            select(D.c.code).where(D.c.id == select(OF.c.dossier_id).where(OF.c.paper_id == paper.id).scalar_subquery())
        ).scalar_one()
    kept = Path(environ["INSTANCE_PATH"]) / "files" / paper.sha256[:2] / paper.sha256
    assert sha256(kept.read_bytes()).hexdigest() == paper.sha256
    assert kept.read_bytes().startswith(b"%PDF-")
    assert f"SHA-256 {paper.sha256}" in walked.output
    shown = run(environ, commands.dossier.GROUP, "show", code)
    assert shown.exit_code == 0, shown.output
    assert "Đã công bố" in shown.output


def check_commands(engine: Engine, environ: dict[str, str]) -> None:
    """A walk ends where it is told to, and the audit names what was changed."""
    assert run(environ, commands.dossier.GROUP, "walk", "--to", "nowhere").exit_code == 1
    part_way = run(environ, commands.dossier.GROUP, "walk", "--to", "commune_vote")
    assert (part_way.exit_code, part_way.output.splitlines()[-2].endswith("→ commune_vote")) == (0, True)
    assert run(environ, commands.audit.GROUP, "verify").exit_code == 0
    with unit_of_work(engine) as connection:
        connection.execute(text("UPDATE dossier SET event_count = event_count - 1 WHERE id = 1"))
    broken = run(environ, commands.audit.GROUP, "verify")
    assert broken.exit_code == 1
    assert "the end of the chain is not where the dossier says" in broken.output


def test_the_same_scenario_is_built_the_same_in_either_database_and_a_walk_goes_on_from_there(
    three_tier: tuple[dict[str, str], dict[str, str]],
) -> None:
    on_postgresql, on_sqlite = three_tier
    with engine_at(on_postgresql["DATABASE_URL"]) as here, engine_at(on_sqlite["DATABASE_URL"]) as there:
        with reading(here) as one, reading(there) as other:
            assert content(one) == content(other)
            assert verify(one).findings == ()
        check_walk(here, on_postgresql)


def test_in_three_tiers_every_state_has_its_dossiers(copy_of: Callable[[str], Path]) -> None:
    with engine_at(in_folder(copy_of("three-tier"))) as engine:
        check_province(engine, "three-tier")


def test_where_there_are_no_districts_every_state_has_its_dossiers_and_a_walk_goes_on_from_there(
    two_tier: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.handlers.papers.unrendered", only_decisions(unrendered))
    with engine_at(two_tier["DATABASE_URL"]) as engine:
        check_province(engine, "two-tier")
        check_walk(engine, two_tier)
        check_commands(engine, two_tier)


def telling(name: str) -> Scenario:
    """A scenario with those dossiers alone that turn off the main road or are decided together with others."""
    whole = scenario_of(name)
    return replace(whole, lives=tuple(life for life in whole.lives if life.turns or life.joint))


def only_decisions(waiting: Waiting) -> Waiting:
    """Let the decision alone be printed: the walk through three tiers prints a paper of every kind."""
    return lambda connection, event_id: [one for one in waiting(connection, event_id) if one.kind == "decision"]


def small(name: str) -> Scenario:
    """A scenario without any dossier but one that was announced and two of a later decision, and their sessions."""
    whole = scenario_of(name)
    announced = next(life for life in whole.lives if life.to == "announced")
    lives = (announced, *(life for life in whole.lives if life.joint))
    return replace(whole, lives=lives, sessions={life.session: whole.sessions[life.session] for life in lives})


def small_one(url: str, scenario: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> settings.Settings:
    """The settings of a province that `small` is to be built in."""
    monkeypatch.setattr("practice.build.scenario_of", small)
    given = settings_for(url, scenario, folder)
    given.instance_path.mkdir(exist_ok=True)
    return given


def test_however_it_is_built_it_has_its_keys_from_the_day_of_its_clock(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = small_one(sqlite_url, "three-tier", tmp_path, monkeypatch)
    assert build(given).states == {"announced": 1, "recognised": 2}
    keys = given.instance_path / settings.SIGNING_KEYS
    assert {key.stem for key in (keys / "signers").glob("*.p12")} == {"tinh.chutich", "tinh.phochutich"}
    assert list((keys / "seals").glob("*.p12"))
    with engine_at(sqlite_url) as engine, reading(engine) as connection:
        key = signing_key(connection)
    assert key is not None
    assert key.made_at.date().isoformat() == "2025-03-10"


def test_built_in_the_night_nothing_was_done_there_in_the_morning_to_come(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = small_one(sqlite_url, "two-tier", tmp_path, monkeypatch)
    past_midnight_in_vietnam = datetime(2026, 11, 26, 17, 20, tzinfo=UTC)
    monkeypatch.setattr("casework.clock.real_now", lambda: past_midnight_in_vietnam)
    build(given)
    x, e = table_of(EffectRow), table_of(DossierEvent)
    of_decisions = select(func.max(x.c.run_at)).join(e, e.c.id == x.c.event_id).where(e.c.type == "recognised")
    with engine_at(sqlite_url) as engine, reading(engine) as connection:
        for done in (*(select(func.max(at)) for at in (e.c.at, PAPER.c.at, SENT.c.at)), of_decisions):
            assert connection.execute(done).scalar_one() <= past_midnight_in_vietnam


def test_it_is_never_built_over_real_data_nor_twice(sqlite_url: str, tmp_path: Path) -> None:
    engine = make_engine(sqlite_url)
    with unit_of_work(engine) as connection:
        connection.execute(
            text("INSERT INTO installation (id, practice, scenario, built_at) VALUES (1, 0, '', '2025-01-01 00:00:00')")
        )
    engine.dispose()
    with pytest.raises(CannotBuild, match="real data"):
        build(settings_for(sqlite_url, "three-tier", tmp_path))
    with pytest.raises(CannotBuild, match="PRACTICE=0"):
        build(settings_for(sqlite_url, "three-tier", tmp_path, PRACTICE="0", SECRET_KEY="x" * 32))


def test_the_practice_calendar_moves_forward(sqlite_url: str, tmp_path: Path) -> None:
    engine = make_engine(sqlite_url)
    with unit_of_work(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO installation (id, practice, scenario, practice_starts_at, built_at) "
                "VALUES (1, 1, 'three-tier', '2025-03-10 01:00:00', '2030-01-01 00:00:00')"
            )
        )
        connection.execute(text("UPDATE installation SET built_at = strftime('%Y-%m-%d %H:%M:%f', 'now')"))
    engine.dispose()
    moved = CliRunner().invoke(
        commands.practice.GROUP, ["advance", "--days", "15"], env=environment(sqlite_url, "three-tier", tmp_path)
    )
    assert (moved.exit_code, moved.output.strip()) == (0, "25/03/2025")
    too_far = CliRunner().invoke(
        commands.practice.GROUP, ["advance", "--days", "98"], env=environment(sqlite_url, "three-tier", tmp_path)
    )
    assert (too_far.exit_code, "SCENARIO=two-tier" in too_far.output) == (1, True)


def test_what_waits_for_a_later_hour_keeps_its_distance_when_the_calendar_moves(two_tier: dict[str, str]) -> None:
    x = table_of(EffectRow).c
    queued = select(x.id, x.run_at).where(x.status == "queued").order_by(x.run_at, x.id)
    with engine_at(two_tier["DATABASE_URL"]) as engine:
        with reading(engine) as connection:
            soon = clock.now(connection) + timedelta(minutes=5)
            before = {row.id: row.run_at for row in connection.execute(queued) if row.run_at > soon}
        moved = run(two_tier, commands.practice.GROUP, "advance", "--days", "15")
        assert (moved.exit_code, before == {}) == (0, False), moved.output
        with reading(engine) as connection:
            after = {row.id: row.run_at for row in connection.execute(queued) if row.id in before}
    assert after == {number: moment + timedelta(days=15) for number, moment in before.items()}
