"""What guards an account, on both databases: passwords, the lockout, one-time links, the second factor, the record."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from unicodedata import normalize

import pytest
from argon2 import PasswordHasher
from pyotp import TOTP
from sqlalchemy import Connection, Engine, func, insert, select, update

from casework import password_links, passwords, people, second_factor, signing_in
from casework.admin_record import COMMAND, Keeper
from casework.errors import NotFound, Refused
from casework.people import NewPerson
from casework.second_factor import Code
from casework.signing_in import LOCK_AFTER, LOCK_ALL_AFTER, LOCK_FOR, Browser, Outcome
from casework.unit_of_work import reading, unit_of_work
from models.accounts import PasswordLink, RecoveryCode, SecondFactor
from models.base import table_of
from models.people import Person, SignInAttempt
from queries.accounts import link_owner, second_factor_of
from queries.sessions import own_sessions, signed_in, waiting_for_code
from tests import world
from workflow.names import Role

PASSWORD, NEW = "Bốn con bò gặm cỏ", "Năm con ngựa uống nước"
HERE, NOW = Browser("10.0.0.7", "Firefox/140"), world.NOW
PHONE = datetime(2026, 3, 1, 8, 0, 5, tzinfo=UTC)  # the telephone lives in another year than the practice province
NONE = Code("", PHONE)
ADMIN = world.PERSON[Role.ADMINISTRATOR]
KEEPER = Keeper("Quản trị", ADMIN)


@pytest.fixture(autouse=True)
def _world(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
        connection.execute(update(table_of(Person)).values(password_hash=passwords.keep(PASSWORD)))


def login_of(role: Role) -> str:
    return f"p{world.PERSON[role]}"


CLERK, CLERK_LOGIN = world.PERSON[Role.RECORDS_CLERK], login_of(Role.RECORDS_CLERK)
OWN = Keeper("Văn thư", CLERK)


def attempt(
    engine: Engine, login: str, password: str, code: Code = NONE, now: datetime = NOW, browser: Browser = HERE
) -> Outcome:
    with reading(engine) as connection:
        tried = signing_in.check(connection, login, password, browser)
    with unit_of_work(engine) as connection:
        return signing_in.settle(connection, tried, code, now)


def act(engine: Engine, do: Callable[[Connection], object]) -> str:
    """Do something, and give the codes with which it was refused, or nothing."""
    try:
        with unit_of_work(engine) as connection:
            do(connection)
    except Refused as refused:
        return " ".join(refusal.code for refusal in refused.refusals)
    return ""


def test_a_password_is_the_same_however_the_keyboard_spells_its_letters(engine: Engine) -> None:
    assert attempt(engine, CLERK_LOGIN, normalize("NFD", PASSWORD)) is Outcome.RIGHT


# --- nothing tells whether an account exists ---


@pytest.mark.parametrize("login", [CLERK_LOGIN, "nobody", "", "closed", "locked", "new"])
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_each_try_costs_one_verification(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, login: str, password: str
) -> None:
    with unit_of_work(engine) as connection:
        for name in ("closed", "new"):
            people.add_person(connection, NewPerson(name, name), COMMAND, NOW)
        people.disable(connection, people.person_of(connection, "closed"), COMMAND, NOW)
        failed = {"login": "locked", "address": "", "at": NOW, "succeeded": False}
        connection.execute(insert(table_of(SignInAttempt)), [failed] * LOCK_AFTER)
    done: list[str] = []
    monkeypatch.setattr(passwords, "hasher", lambda: Counting(done))
    passwords.nobodys.cache_clear()
    attempt(engine, login, password)
    assert done == ["hash", "verify"]  # the first try of a process makes the hash of nobody, whosever try it is
    attempt(engine, login, password)
    assert done[2:] == ["verify"]


class Counting:
    """A hasher that notes what it is asked for."""

    def __init__(self, done: list[str]) -> None:
        self.done, self.real = done, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

    def verify(self, kept: str, given: str) -> bool:
        self.done.append("verify")
        return self.real.verify(kept, given)

    def hash(self, given: str) -> str:
        self.done.append("hash")
        return self.real.hash(given)


def test_an_unknown_name_is_locked_like_a_known_one(engine: Engine) -> None:
    for login in (CLERK_LOGIN, "nobody"):
        outcomes = [attempt(engine, login, "wrong") for _ in range(LOCK_AFTER + 1)]
        assert outcomes == [Outcome.WRONG] * LOCK_AFTER + [Outcome.LOCKED]


# --- the lockout, and the ways back ---


def locked(engine: Engine) -> None:
    for _ in range(LOCK_AFTER):
        attempt(engine, CLERK_LOGIN, "wrong")
    assert attempt(engine, CLERK_LOGIN, PASSWORD) is Outcome.LOCKED


def test_nobody_is_locked_out_from_elsewhere_until_many_places_try(engine: Engine) -> None:
    def elsewhere(number: int, password: str) -> Outcome:
        return attempt(engine, CLERK_LOGIN, password, browser=Browser(f"192.0.2.{number}"))

    places = LOCK_ALL_AFTER // LOCK_AFTER
    for number in range(1, places + 1):
        assert attempt(engine, CLERK_LOGIN, PASSWORD) is Outcome.RIGHT
        assert [elsewhere(number, "wrong") for _ in range(LOCK_AFTER)] == [Outcome.WRONG] * LOCK_AFTER
        assert elsewhere(number, PASSWORD) is Outcome.LOCKED
    assert attempt(engine, CLERK_LOGIN, PASSWORD) is Outcome.LOCKED
    with reading(engine) as connection:
        assert signing_in.is_locked(connection, CLERK_LOGIN, NOW)
    assert act(engine, lambda c: people.unlock(c, CLERK, KEEPER, NOW)) == ""
    assert attempt(engine, CLERK_LOGIN, PASSWORD) is Outcome.RIGHT


def test_the_lock_ends_by_waiting(engine: Engine) -> None:
    locked(engine)
    assert attempt(engine, CLERK_LOGIN, PASSWORD, now=NOW + LOCK_FOR) is Outcome.RIGHT


def test_the_lock_ends_by_the_administrator(engine: Engine) -> None:
    locked(engine)
    assert act(engine, lambda c: people.unlock(c, CLERK, KEEPER, NOW)) == ""
    assert attempt(engine, CLERK_LOGIN, PASSWORD) is Outcome.RIGHT


def test_the_lock_ends_by_a_one_time_link(engine: Engine) -> None:
    locked(engine)
    with unit_of_work(engine) as connection:
        secret = password_links.make_link(connection, CLERK, KEEPER, NOW)
        password_links.use_link(connection, secret, passwords.keep(NEW), NOW)
    assert attempt(engine, CLERK_LOGIN, NEW) is Outcome.RIGHT


def test_many_at_once_get_no_more_tries_than_one(engine: Engine) -> None:
    outcomes: list[Outcome] = []
    start = Barrier(12)

    def go() -> None:
        start.wait()
        outcomes.append(attempt(engine, CLERK_LOGIN, "wrong"))

    threads = [Thread(target=go) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(Outcome.WRONG) == LOCK_AFTER


def test_confirming_who_one_is_keeps_a_wrong_try_whatever_becomes_of_the_act(engine: Engine) -> None:
    for _ in range(LOCK_AFTER):
        assert signing_in.confirm(engine, CLERK_LOGIN, "wrong", NONE, HERE, NOW) is Outcome.WRONG
    assert signing_in.confirm(engine, CLERK_LOGIN, PASSWORD, NONE, HERE, NOW) is Outcome.LOCKED
    assert signing_in.confirm(engine, CLERK_LOGIN, PASSWORD, NONE, HERE, NOW + LOCK_FOR) is Outcome.RIGHT


# --- one-time links ---


def make_link(engine: Engine, now: datetime = NOW) -> str:
    with unit_of_work(engine) as connection:
        return password_links.make_link(connection, CLERK, KEEPER, now)


def use_link(engine: Engine, secret: str, now: datetime = NOW) -> bool:
    try:
        with unit_of_work(engine) as connection:
            password_links.use_link(connection, secret, passwords.keep(NEW), now)
    except NotFound:
        return False
    return True


def owner(engine: Engine, secret: str, now: datetime = NOW) -> bool:
    with reading(engine) as connection:
        return link_owner(connection, password_links.hash_of(secret), now) is not None


def test_a_link_is_good_once_for_a_day_and_only_its_hash_is_kept(engine: Engine) -> None:
    secret = make_link(engine)
    with reading(engine) as connection:
        assert secret not in str(connection.execute(select(table_of(PasswordLink))).one())
    last = NOW + password_links.LASTS
    assert (owner(engine, secret, last), use_link(engine, secret, last)) == (False, False)
    assert owner(engine, secret, last - timedelta(seconds=1))
    assert (use_link(engine, secret), use_link(engine, secret), owner(engine, secret)) == (True, False, False)


def test_a_new_link_replaces_the_old_one(engine: Engine) -> None:
    first, second = make_link(engine), make_link(engine)
    assert (use_link(engine, first), use_link(engine, second)) == (False, True)


def test_a_link_of_a_closed_account_is_good_for_nothing(engine: Engine) -> None:
    secret = make_link(engine)
    assert act(engine, lambda c: people.disable(c, CLERK, KEEPER, NOW)) == ""
    assert (owner(engine, secret), use_link(engine, secret)) == (False, False)
    assert act(engine, lambda c: password_links.make_link(c, CLERK, KEEPER, NOW)) == "person.disabled"


def test_two_who_use_one_link_at_once_set_one_password(engine: Engine) -> None:
    secret, done, start = make_link(engine), [], Barrier(2)

    def go() -> None:
        start.wait()
        done.append(use_link(engine, secret))

    threads = [Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, True]


def test_a_link_ends_every_session(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        session = signing_in.begin(connection, CLERK, HERE, NOW)
    use_link(engine, make_link(engine))
    with reading(engine) as connection:
        assert signed_in(connection, signing_in.id_of(session), NOW) is None


# --- the second factor ---


def set_up(engine: Engine) -> tuple[TOTP, tuple[str, ...]]:
    """Set the clerk's second factor up a minute before PHONE; the telephone and the recovery codes."""
    before = PHONE - timedelta(minutes=1)
    with unit_of_work(engine) as connection:
        second_factor.begin(connection, CLERK, NOW)
        found = second_factor_of(connection, CLERK)
        assert found is not None
        phone = TOTP(found.secret)
        codes = second_factor.confirm(connection, OWN, Code(phone.at(before), before), NOW)
    return phone, codes


def give(engine: Engine, typed: str, instant: datetime = PHONE) -> Outcome:
    return attempt(engine, CLERK_LOGIN, PASSWORD, Code(typed, instant))


def test_a_code_is_wanted_beside_the_password_and_counts_once(engine: Engine) -> None:
    phone, _ = set_up(engine)
    assert give(engine, "") is Outcome.CODE_WANTED
    code = phone.at(PHONE)
    assert give(engine, f" {code[:3]} {code[3:]} ") is Outcome.RIGHT
    assert give(engine, code) is Outcome.CODE_WRONG
    assert give(engine, code, PHONE + timedelta(seconds=20)) is Outcome.CODE_WRONG


def test_a_telephone_may_be_half_a_minute_wrong_and_no_more(engine: Engine) -> None:
    phone, _ = set_up(engine)
    assert give(engine, phone.at(PHONE + timedelta(seconds=60))) is Outcome.CODE_WRONG
    assert give(engine, phone.at(PHONE + timedelta(seconds=30))) is Outcome.RIGHT
    assert give(engine, phone.at(PHONE)) is Outcome.CODE_WRONG, "an earlier code after a later one"


@pytest.mark.parametrize("typed", ["１２３４５６", "12345", "1234567", "abc", "' OR 1", "000000" * 20])
def test_anything_else_is_a_wrong_code(engine: Engine, typed: str) -> None:
    set_up(engine)
    assert give(engine, typed) is Outcome.CODE_WRONG


def test_wrong_codes_lock_and_the_right_password_between_them_does_not_unlock(engine: Engine) -> None:
    phone, _ = set_up(engine)
    for _ in range(LOCK_AFTER):
        assert give(engine, "") is Outcome.CODE_WANTED
        assert give(engine, "000000") is Outcome.CODE_WRONG
    assert give(engine, phone.at(PHONE)) is Outcome.LOCKED
    assert give(engine, "") is Outcome.LOCKED


def test_each_recovery_code_is_good_once_and_kept_as_a_hash(engine: Engine) -> None:
    _, codes = set_up(engine)
    assert len(set(codes)) == second_factor.CODES
    with reading(engine) as connection:
        kept = connection.execute(select(table_of(RecoveryCode).c.code_hash)).scalars().all()
    assert not set(kept) & {*codes, *(code.replace("-", "") for code in codes)}
    assert give(engine, codes[0].upper().replace("-", " ")) is Outcome.RIGHT
    assert give(engine, codes[0]) is Outcome.CODE_WRONG
    with unit_of_work(engine) as connection:
        new = second_factor.renew_codes(connection, CLERK)
    assert give(engine, codes[1]) is Outcome.CODE_WRONG
    assert give(engine, new[1]) is Outcome.RIGHT


def test_a_secret_counts_only_from_its_first_right_code_on(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        second_factor.begin(connection, CLERK, NOW)
    assert give(engine, "") is Outcome.RIGHT
    assert act(engine, lambda c: second_factor.confirm(c, OWN, Code("000000", PHONE), NOW)) == "factor.code_wrong"
    assert act(engine, lambda c: second_factor.renew_codes(c, CLERK)) == "factor.none"
    set_up(engine)
    assert act(engine, lambda c: second_factor.begin(c, CLERK, NOW)) == "factor.set_already"
    assert act(engine, lambda c: second_factor.confirm(c, OWN, Code("000000", PHONE), NOW)) == "factor.not_begun"


def test_a_code_that_is_still_wanted_opens_nothing(engine: Engine) -> None:
    phone, _ = set_up(engine)
    with reading(engine) as connection:
        tried = signing_in.check(connection, CLERK_LOGIN, PASSWORD, HERE)
    with unit_of_work(engine) as connection:
        waits = signing_in.id_of(signing_in.wait_for_code(connection, tried, NOW))
    with reading(engine) as connection:
        assert signed_in(connection, waits, NOW) is None
        assert own_sessions(connection, CLERK, NOW) == ()
        assert waiting_for_code(connection, waits, NOW + signing_in.WAITING_LASTS) is None
        waiting = waiting_for_code(connection, waits, NOW)
    assert waiting is not None
    with unit_of_work(engine) as connection:
        entered = signing_in.give_code(connection, waiting, Code(phone.at(PHONE), PHONE), HERE, NOW)
    assert entered.secret is not None
    with reading(engine) as connection:
        assert waiting_for_code(connection, waits, NOW) is None
        assert signed_in(connection, signing_in.id_of(entered.secret), NOW) is not None


def test_an_office_obliges_from_the_next_sign_in_until_the_factor_is_set_up(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        before = signing_in.begin(connection, CLERK, HERE, NOW)
        second_factor.oblige(connection, frozenset({Role.RECORDS_CLERK}), KEEPER, NOW)
        after = signing_in.begin(connection, CLERK, HERE, NOW)
        other = signing_in.begin(connection, ADMIN, HERE, NOW)
    assert [must_set_up(engine, one) for one in (before, after, other)] == [False, True, False]
    set_up(engine)
    with unit_of_work(engine) as connection:
        signing_in.open_up(connection, signing_in.id_of(after))
        again = signing_in.begin(connection, CLERK, HERE, NOW)
    assert [must_set_up(engine, one) for one in (after, again)] == [False, False]


def must_set_up(engine: Engine, secret: str) -> bool:
    with reading(engine) as connection:
        found = signed_in(connection, signing_in.id_of(secret), NOW)
    assert found is not None
    return found.must_set_up


def test_the_administrator_takes_a_factor_away_with_its_codes_and_sessions(engine: Engine) -> None:
    _, codes = set_up(engine)
    with unit_of_work(engine) as connection:
        session = signing_in.begin(connection, CLERK, HERE, NOW)
    assert act(engine, lambda c: people.take_factor_away(c, CLERK, OWN, NOW)) == "person.oneself"
    assert act(engine, lambda c: people.take_factor_away(c, CLERK, KEEPER, NOW)) == ""
    assert give(engine, codes[0]) is Outcome.RIGHT, "no code is looked at any more"
    with reading(engine) as connection:
        assert signed_in(connection, signing_in.id_of(session), NOW) is None
        counted = [select(func.count()).select_from(table_of(one)) for one in (SecondFactor, RecoveryCode)]
        assert [connection.execute(one).scalar() for one in counted] == [0, 0]
