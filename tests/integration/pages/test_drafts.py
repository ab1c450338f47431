"""What is typed and not sent yet: kept by a script, found again by its person alone, gone once the form is sent."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select

from casework.drafting import MOST_LETTERS
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.drafts import Draft
from queries.rulebook import procedures
from tests import world
from tests.client import Browser
from tests.house import statements
from tests.integration.pages.test_desk import state_of
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WITHDRAW = "/dossiers/1/actions/withdraw"
COMMENT = "/dossiers/1/work/log-comment"


def keep(browser: Browser, address: str, fields: Any, seen: Any = 7) -> int:
    """Send what a script sends, and give the status of the answer."""
    token = dict(browser.get("/").forms[0].values)["csrf_token"]
    browser.answer = browser.client.post(
        "/drafts", json={"address": address, "seen": seen, "fields": fields}, headers={"X-CSRFToken": token}
    )
    return browser.answer.status_code


def drafts(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(select(table_of(Draft))).all())


def values(browser: Browser, address: str) -> list[tuple[str, str]]:
    return browser.get(address).form_to(address.split("?", maxsplit=1)[0]).values


def test_what_was_typed_stands_in_the_form_again_wherever_its_person_opens_it(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("commune_ready")
    assert keep(enter(Role.COMMUNE_CHAIRMAN), WITHDRAW, {"reason": ["Xin rút để\x00 rà soát"]}) == 200
    other_device = enter(Role.COMMUNE_CHAIRMAN)
    page = other_device.get(WITHDRAW)
    assert ("reason", "Xin rút để rà soát") in page.form_to(WITHDRAW).values
    assert "Đã khôi phục phần đang nhập dở lúc 09:0" in page.text
    assert "Đã ghi nhận" in other_device.send(page, "/withdraw").text
    assert not drafts(engine)


def test_a_draft_stays_when_the_act_is_refused_or_undone(
    engine: Engine, enter: Any, plant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    keep(browser, WITHDRAW, {"reason": ["Rút"]})
    browser.send(browser.get(WITHDRAW), "/withdraw", 422, reason="")
    monkeypatch.setattr("blueprints.desk.acting.let_go", lambda _: 1 / 0)
    browser.send(browser.get(WITHDRAW), "/withdraw", 500)
    assert state_of(engine) == "commune_ready"
    assert len(drafts(engine)) == 1


@ON_SQLITE
def test_nobody_else_finds_it(enter: Any, plant: Any) -> None:
    plant("public_comment")
    keep(enter(Role.COMMUNE_OFFICER), "/dossiers/1/actions/rework", {"reason": ["Làm lại"]})
    assert ("reason", "") in values(enter(Role.COMMUNE_CHAIRMAN), "/dossiers/1/actions/rework")


@ON_SQLITE
def test_a_form_that_changed_under_its_draft_says_so(enter: Any, plant: Any) -> None:
    version = plant_version(plant, "commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    keep(browser, WITHDRAW, {"reason": ["Rút"]}, version)
    assert "hồ sơ đã có thay đổi" not in browser.get(WITHDRAW).text
    keep(browser, WITHDRAW, {"reason": ["Rút"]}, version - 1)
    assert "hồ sơ đã có thay đổi" in browser.get(WITHDRAW).text


def plant_version(plant: Callable[[str], int], state: str) -> int:
    plant(state)
    return len(world.path_to(procedures()[world.PROCEDURE], state))


def test_it_can_be_dropped_by_a_press_and_by_the_script(engine: Engine, enter: Any, plant: Any) -> None:
    plant("public_comment")
    browser = enter(Role.COMMUNE_OFFICER)
    said = {"author": ["Bà Hoa"], "text": ["Đường xóm"], "received_on": ["1/3"]}
    keep(browser, COMMENT, said)
    page = browser.get(COMMENT)
    assert {("author", "Bà Hoa"), ("received_on", "1/3")} <= set(page.form_to(COMMENT).values)
    page = browser.send(page, "/drafts/discard")
    assert "Đã bỏ phần đang nhập dở" in page.text
    assert ("author", "") in page.form_to(COMMENT).values
    keep(browser, COMMENT, said)
    keep(browser, COMMENT, None)
    assert not drafts(engine)


@ON_SQLITE
def test_boxes_and_choices_stand_again_as_they_were_left(enter: Any, plant: Any) -> None:
    plant("public_comment")
    browser = enter(Role.COMMUNE_OFFICER)
    keep(browser, "/dossiers/1/work/keep-posting", {"places": ["culture_house"], "loudspeaker_times": ["x"]})
    found = values(browser, "/dossiers/1/work/keep-posting")
    assert ("places", "culture_house") in found
    assert ("places", "office") not in found
    assert ("loudspeaker_times", "x") in found


def test_an_opening_is_kept_too(engine: Engine, enter: Any) -> None:
    browser = enter(Role.COMMUNE_OFFICER)
    keep(browser, "/dossiers/new", {"level": ["standard"], "unit": [str(world.FIRST_COMMUNE)]}, 0)
    page = browser.get("/dossiers/new")
    assert ("level", "standard") in page.form_to("/new").values
    browser.send(page, "/new")
    assert not drafts(engine)


@ON_SQLITE
@pytest.mark.parametrize(
    "address",
    [
        "/dossiers/1/work/no-such-work",
        "/sessions/1/ballots",  # secret until the session ends
        "/sign-in",
        "/account",
        "/nowhere",
        "//elsewhere/dossiers/new",
        "dossiers/new",
        "/dossiers/2/actions/withdraw",  # out of reach
        "/dossiers/1/actions/withdraw?" + "x" * 200,
    ],
)
def test_nothing_is_kept_for_an_address_of_no_such_form(engine: Engine, enter: Any, plant: Any, address: str) -> None:
    plant("council")
    with unit_of_work(engine) as connection:
        world.plant(connection, world.add_commune(connection, 1), "recommended", 2)
    assert keep(enter(Role.COMMUNE_OFFICER), address, {"reason": ["x"]}) == 404
    assert not drafts(engine)


@ON_SQLITE
@pytest.mark.parametrize(
    ("fields", "seen", "status"),
    [
        ({"reason": "x"}, 1, 404),
        ({"reason": [1]}, 1, 404),
        ([], 1, 404),
        ({"reason": ["x"]}, "1", 404),
        ({"reason": ["x"]}, -1, 404),
        ({"reason": ["x"]}, 2**31, 404),
        ({"reason": ["x"] * 501}, 1, 404),
        ({"reason": ["x" * MOST_LETTERS]}, 1, 422),
    ],
)
def test_what_no_script_of_ours_would_send_is_not_kept(
    engine: Engine, enter: Any, plant: Any, fields: Any, seen: Any, status: int
) -> None:
    plant("commune_ready")
    assert keep(enter(Role.COMMUNE_CHAIRMAN), WITHDRAW, fields, seen) == status
    assert not drafts(engine)


@ON_SQLITE
def test_json_that_is_nested_beyond_reason_is_a_bad_request(enter: Any) -> None:
    browser = enter(Role.INSPECTOR)
    token = dict(browser.get("/").forms[0].values)["csrf_token"]
    headers = {"X-CSRFToken": token, "Content-Type": "application/json"}
    assert browser.client.post("/drafts", data="[" * 100_000, headers=headers).status_code in {400, 404}


@ON_SQLITE
def test_keys_versions_and_tokens_are_not_kept(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    sent = {"reason": ["x"], "request_key": ["k"], "seen_version": ["1"], "csrf_token": ["t"], "mine:reason": ["y"]}
    keep(enter(Role.COMMUNE_CHAIRMAN), WITHDRAW, sent)
    assert [row.fields for row in drafts(engine)] == [{"reason": ["x"]}]


@ON_SQLITE
def test_a_form_with_a_draft_asks_as_many_statements_as_one_without(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    assert statements(engine, lambda: browser.get(WITHDRAW)) == 6
    keep(browser, WITHDRAW, {"reason": ["x"]})
    assert statements(engine, lambda: browser.get(WITHDRAW)) == 6


def test_each_press_of_a_key_costs_a_fixed_number_of_statements(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    token = dict(browser.get("/").forms[0].values)["csrf_token"]
    said = {"address": WITHDRAW, "seen": 1, "fields": {"reason": ["x"]}}

    def send() -> None:
        assert browser.client.post("/drafts", json=said, headers={"X-CSRFToken": token}).status_code == 200

    send()
    assert statements(engine, send) == 5
