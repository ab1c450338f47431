"""Accounts, offices, number series and the worker from the command line: what is refused is a sentence."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

import commands.audit
import commands.keys
import commands.numbers
import commands.procedures
import commands.users
import commands.work
from casework import clock, passwords, signing_in
from casework.door import Order, perform
from casework.password_links import use_link
from casework.signing_in import Browser
from casework.unit_of_work import reading, unit_of_work
from models.accounts import AdminEvent
from models.base import table_of
from models.documents import NumberSeries
from models.events import EffectRow
from models.notices import Notice
from models.people import Person, RoleGrant, SignInSession
from models.places import AdminUnit
from queries.people import read_actor
from tests import world
from workflow.names import Role

PASSWORD, NEW = "mot-mat-khau-dai", "mat-khau-khac-han"
Run = Callable[..., Result]


@pytest.fixture
def run(engine: Engine, database_url: str, tmp_path: Path) -> Run:
    """A command of the application over a small province."""
    with unit_of_work(engine) as connection:
        world.found(connection)
    environment = {"DATABASE_URL": database_url, "INSTANCE_PATH": str(tmp_path / "instance")}

    def invoke(command: click.Command, *words: str) -> Result:
        return CliRunner().invoke(command, words, env=environment)

    return invoke


def add_person(run: Run, login: str = "Moi.CanBo") -> Result:
    return run(commands.users.GROUP, "add", login, "Nông Thị Mới")


def set_password(engine: Engine, printed: str, password: str = PASSWORD) -> None:
    """Use the one-time link that a command printed, as its owner does."""
    with unit_of_work(engine) as connection:
        use_link(connection, printed.strip().rsplit("/", 1)[1], passwords.keep(password), clock.now(connection))


def person(engine: Engine, login: str = "moi.canbo") -> int:
    with reading(engine) as connection:
        found: int = connection.execute(
            select(table_of(Person).c.id).where(table_of(Person).c.login == login)
        ).scalar_one()
        return found


def commune_code(engine: Engine) -> str:
    with reading(engine) as connection:
        unit = table_of(AdminUnit)
        return str(connection.execute(select(unit.c.code).where(unit.c.id == world.FIRST_COMMUNE)).scalar_one())


def test_somebody_who_was_added_sets_a_password_by_the_link_signs_in_and_is_listed(run: Run, engine: Engine) -> None:
    added = add_person(run)
    assert (added.exit_code, "http://127.0.0.1:8000/password-link/" in added.output) == (0, True)
    set_password(engine, added.output)
    with reading(engine) as connection:
        tried = signing_in.check(connection, "moi.canbo", PASSWORD, Browser("127.0.0.1"))
    assert tried.person_id == person(engine)
    listed = run(commands.users.GROUP, "list").output
    assert "moi.canbo" in listed
    assert Role.PROVINCIAL_CHAIRMAN in listed


def test_a_taken_login_and_an_empty_name_are_refused_in_words(run: Run, engine: Engine) -> None:
    add_person(run)
    taken = add_person(run, "moi.canbo")
    assert (taken.exit_code, "person.login_taken" in taken.output) == (1, True)
    nameless = run(commands.users.GROUP, "add", "khac", " ")
    assert (nameless.exit_code, "person.unnamed" in nameless.output) == (1, True)
    with reading(engine) as connection:
        logins = connection.execute(select(table_of(Person).c.login)).scalars().all()
    assert "khac" not in logins


def test_an_office_is_granted_once_at_a_unit_of_its_tier_and_ends_on_its_last_day(run: Run, engine: Engine) -> None:
    add_person(run)
    code = commune_code(engine)
    granted = run(commands.users.GROUP, "grant", "moi.canbo", "commune_officer", code, "--from", "2025-01-01")
    assert granted.exit_code == 0, granted.output
    twice = run(commands.users.GROUP, "grant", "moi.canbo", "commune_officer", code, "--from", "2025-02-01")
    assert (twice.exit_code, "grant.held_already" in twice.output) == (1, True)
    elsewhere = run(commands.users.GROUP, "grant", "moi.canbo", "provincial_chairman", code)
    assert (elsewhere.exit_code, "grant.other_tier" in elsewhere.output) == (1, True)
    nowhere = run(commands.users.GROUP, "grant", "moi.canbo", "commune_officer", "99999")
    assert (nowhere.exit_code, "99999" in nowhere.output) == (1, True)
    number = granted.output.strip().removeprefix("#")
    assert run(commands.users.GROUP, "end-grant", number, "2025-03-31").exit_code == 0
    again = run(commands.users.GROUP, "end-grant", number, "2025-04-30")
    assert (again.exit_code, "grant.ended_already" in again.output) == (1, True)
    with reading(engine) as connection:
        (office,) = read_actor(connection, person(engine)).grants
    assert (office.holds_on(date(2025, 3, 31)), office.holds_on(date(2025, 4, 1))) == (True, False)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("department_reviewer", "province"), "grant.no_department"),
        (("department_reviewer", "province", "--department", "khong-co"), "grant.unknown_department"),
        (("provincial_chairman", "province", "--wording", "XX."), "grant.unknown_wording"),
        (("inspector", "province", "--from", "2025-03-01", "--to", "2025-02-01"), "grant.dates"),
    ],
)
def test_an_office_that_makes_no_sense_is_refused(run: Run, engine: Engine, words: tuple[str, ...], code: str) -> None:
    add_person(run)
    unit = table_of(AdminUnit)
    with reading(engine) as connection:
        province = connection.execute(select(unit.c.code).where(unit.c.id == world.PROVINCE)).scalar_one()
    role, _, *options = words
    refused = run(commands.users.GROUP, "grant", "moi.canbo", role, province, *options)
    assert (refused.exit_code, code in refused.output) == (1, True), refused.output
    with reading(engine) as connection:
        held = select(table_of(RoleGrant)).where(table_of(RoleGrant).c.person_id == person(engine))
        assert connection.execute(held).all() == []


@pytest.mark.parametrize("command", ["disable", "reset-link"])
def test_closing_an_account_and_a_new_password_end_its_sessions(run: Run, engine: Engine, command: str) -> None:
    set_password(engine, add_person(run).output)
    with unit_of_work(engine) as connection:
        signing_in.begin(connection, person(engine), Browser("127.0.0.1"), world.NOW)
    done = run(commands.users.GROUP, command, "moi.canbo")
    assert done.exit_code == 0, done.output
    if command == "reset-link":
        set_password(engine, done.output, NEW)
    with reading(engine) as connection:
        assert connection.execute(select(table_of(SignInSession).c.revoked_at)).scalars().one() is not None
        with_old = signing_in.check(connection, "moi.canbo", PASSWORD, Browser("127.0.0.1"))
        with_new = signing_in.check(connection, "moi.canbo", NEW, Browser("127.0.0.1"))
    assert with_old.person_id is None
    assert (with_new.person_id is not None) is (command == "reset-link")


def test_an_account_is_opened_again_and_unlocked_from_the_command_line(run: Run, engine: Engine) -> None:
    set_password(engine, add_person(run).output)
    assert run(commands.users.GROUP, "enable", "moi.canbo").exit_code == 1
    for command in ("disable", "enable", "unlock"):
        assert run(commands.users.GROUP, command, "moi.canbo").exit_code == 0
    without = run(commands.users.GROUP, "remove-second-factor", "moi.canbo")
    assert (without.exit_code, "factor.none" in without.output) == (1, True)
    with reading(engine) as connection:
        record = table_of(AdminEvent)
        acts = connection.execute(select(record.c.act, record.c.actor_name).order_by(record.c.id)).all()
    assert [act for act, _ in acts] == [
        "person_added",
        "link_made",
        "password_set",
        "person_disabled",
        "person_enabled",
        "tries_forgiven",
    ]
    assert {by for _, by in acts} == {"flask", "Nông Thị Mới"}


def test_nobody_is_found_under_an_unknown_login(run: Run) -> None:
    for words in (("disable", "khong.ai"), ("end-grant", "999999", "2025-03-01")):
        unknown = run(commands.users.GROUP, *words)
        assert (unknown.exit_code, "Không tìm thấy / not found" in unknown.output) == (1, True), unknown.output


def test_a_login_that_cannot_be_typed_everywhere_is_refused(run: Run, engine: Engine) -> None:
    for login in ("đỗ.ăn", "a b", "a\x01b", "...", "xa1/canbo"):
        refused = add_person(run, login)
        assert (refused.exit_code, "person.login_unfit" in refused.output) == (1, True), refused.output
    with reading(engine) as connection:
        added = select(table_of(Person).c.id).where(table_of(Person).c.name == "Nông Thị Mới")
        assert connection.execute(added).all() == []


def test_an_office_may_end_on_the_last_day_that_can_be_written(run: Run, engine: Engine) -> None:
    office = table_of(RoleGrant)
    with reading(engine) as connection:
        held = select(office.c.id).where(office.c.role == Role.ADMINISTRATOR.value)
        grant_id = connection.execute(held.order_by(office.c.id)).scalars().first()
    ended = run(commands.users.GROUP, "end-grant", str(grant_id), "9999-12-31")
    assert (ended.exit_code, "person.last_administrator" in ended.output) == (1, True), ended.output


def test_a_series_has_a_symbol_in_capitals_as_papers_have(run: Run, engine: Engine) -> None:
    for symbol in ("", " ", "QĐ UBND", "-", "QĐ-UBND-", "2025"):
        refused = run(commands.numbers.GROUP, "open", "--symbol", symbol, "--year", "2027")
        assert (refused.exit_code, "number.symbol_unfit" in refused.output) == (1, True), refused.output
    opened = run(commands.numbers.GROUP, "open", "--symbol", "qđ-ubnd", "--year", "2027")
    assert opened.output.strip() == "QĐ-UBND 2027: 1"
    with reading(engine) as connection:
        series = table_of(NumberSeries)
        assert connection.execute(select(series.c.symbol).where(series.c.year == 2027)).scalars().all() == ["QĐ-UBND"]


def test_a_file_or_folder_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    nowhere, there = tmp_path / "nowhere" / "keys.json", tmp_path / "record"
    (there / "anchors").mkdir(parents=True)
    (there / "letter").touch()
    for group, *words, place in (
        (commands.keys.GROUP, "publish", "--to", nowhere),
        (commands.audit.GROUP, "export", there),
        (commands.procedures.GROUP, "draw", "--docs", there / "letter" / "docs"),
    ):
        refused = run(group, *map(str, words), str(place))
        assert (refused.exit_code, str(place) in refused.output) == (1, True), refused.output
        assert "cannot be read or written" in refused.output


def test_a_series_is_opened_once_where_the_paper_register_stands(run: Run, engine: Engine) -> None:
    words = ("open", "--symbol", "QĐ-UBND", "--year", "2027", "--paper-last", "41")
    assert run(commands.numbers.GROUP, *words).output.strip() == "QĐ-UBND 2027: 42"
    twice = run(commands.numbers.GROUP, *words)
    assert (twice.exit_code, "number.series_open" in twice.output) == (1, True)
    with reading(engine) as connection:
        series = table_of(NumberSeries)
        opened = connection.execute(select(series.c.paper_last, series.c.last).where(series.c.year == 2027)).one()
    assert tuple(opened) == (41, 41)
    assert "2027" in run(commands.numbers.GROUP, "list").output


def test_the_worker_does_what_is_due_and_ends(run: Run, engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        dossier = world.plant(connection, world.FIRST_COMMUNE, "surveying", 1)
        order = Order(dossier.id, "record_survey", dossier.version, "one")
        perform(connection, order, world.PERSON[Role.COMMUNE_FRONT], world.NOW)
    done = run(commands.work.work, "--once")
    assert (done.exit_code, int(done.output.split()[0]) >= 1) == (0, True), done.output
    with reading(engine) as connection:
        assert set(connection.execute(select(table_of(EffectRow).c.status)).scalars()) == {"done"}
        assert len(connection.execute(select(table_of(Notice))).all()) == 1


def test_a_database_without_tables_is_refused_with_what_to_do(empty_database_url: str, tmp_path: Path) -> None:
    environment = {"DATABASE_URL": empty_database_url, "INSTANCE_PATH": str(tmp_path)}
    refused = CliRunner().invoke(commands.users.GROUP, ["list"], env=environment)
    assert (refused.exit_code, "database upgrade" in refused.output) == (1, True)
