"""The administrator's pages of people and their offices: found, added, granted, guarded, and what is refused."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select

from casework.signing_in import LOCK_AFTER
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.people import Person, RoleGrant, SignInAttempt
from tests import world
from tests.client import Browser, Page
from tests.house import statements
from workflow.names import Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADMIN, CLERK = world.PERSON[Role.ADMINISTRATOR], world.PERSON[Role.RECORDS_CLERK]
NEW = "Năm con ngựa uống nước"


def add(browser: Browser, login: str = "xa9.canbo", name: str = "Nông Thị Hạnh") -> Page:
    return browser.send(browser.get("/admin/users/new"), "/users/new", 200, name=name, login=login)


def link_on(page: Page) -> str:
    found = [given["value"] for _, given in page.controls if given.get("id") == "link"]
    return found[0].removeprefix("http://127.0.0.1:8000")


def person(engine: Engine, login: str) -> int:
    with reading(engine) as connection:
        people = table_of(Person)
        return int(connection.execute(select(people.c.id).where(people.c.login == login)).scalar_one())


# --- reading ---


def test_people_are_listed_with_their_offices_and_found(enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    assert "Chủ tịch UBND tỉnh, Tỉnh Cao Bằng" in browser.get("/admin/users?q=p99").text
    add(browser)
    assert "1 người" in browser.get("/admin/users?q=nong hanh").text
    assert "Chưa có nhiệm vụ" in browser.get("/admin/users?q=hạnh").text
    assert "Không tìm thấy ai" in browser.get("/admin/users?q=khong-co").text
    assert "Không tìm thấy ai" in browser.get("/admin/users?state=closed").text


def test_an_inspector_reads_and_others_see_nothing(enter: Any) -> None:
    inspector, chairman = enter(Role.INSPECTOR), enter(Role.PROVINCIAL_CHAIRMAN)
    token = dict(inspector.get("/admin/users").forms[0].values)["csrf_token"]
    page = inspector.get(f"/admin/users/{CLERK}")
    assert "Chỉ quản trị viên mới thay đổi được" in page.text
    assert not [form for form in page.forms if "/admin/" in form.action and form.method == "post"]
    for address in ("/admin/users/new", f"/admin/users/{CLERK}/offices/new", f"/admin/users/{CLERK}/correct"):
        inspector.get(address, 403)
    for act in ("link", "unlock", "disable", "enable", "second-factor"):
        inspector.post(f"/admin/users/{CLERK}/{act}", {"csrf_token": token}, 403)
    for address in ("/admin/users", f"/admin/users/{CLERK}", "/admin/second-factor"):
        chairman.get(address, 403)


def test_each_page_asks_a_fixed_number_of_statements(engine: Engine, enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    assert statements(engine, lambda: browser.get("/admin/users")) == 5
    assert statements(engine, lambda: browser.get(f"/admin/users/{CLERK}")) == 6
    browser.get("/admin/users/99999", 404)


# --- adding ---


def test_a_new_account_begins_with_a_link_that_is_shown_once(app: Flask, engine: Engine, enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    page = add(browser)
    assert browser.answer.headers["Cache-Control"] == "no-store"
    address = link_on(page)
    assert address not in browser.get(f"/admin/users/{person(engine, 'xa9.canbo')}").text_of_file
    owner = Browser(app)
    form = owner.get(address)
    assert "Nông Thị Hạnh" in form.text
    signed = owner.send(form, address, new_password=NEW, repeated_password=NEW)
    assert "Đã đặt mật khẩu" in signed.text
    assert "Việc cần làm" in owner.send(signed, "/sign-in", login="xa9.canbo", password=NEW).text


def test_what_is_wrong_with_a_new_account_stands_beside_its_field(enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    form = browser.get("/admin/users/new")
    page = browser.send(form, "/users/new", 422, name=" ", login="Xã một", email="khong")
    assert ("login", "Xã một") in page.form_to("/users/new").values
    for words in ("Hãy nhập họ và tên.", "chỉ dùng chữ không dấu", "Hãy nhập địa chỉ thư điện tử"):
        assert page.text.count(words) == 2, "in the summary and beside the field"
    page = browser.send(form, "/users/new", 422, name="Ai Đó", login=f"P{CLERK}")
    assert f"Tên đăng nhập p{CLERK} đã có người dùng." in page.text


def test_a_name_is_corrected(enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    form = browser.get(f"/admin/users/{CLERK}/correct")
    assert "Hãy nhập họ và tên" in browser.send(form, "/correct", 422, name="").text
    page = browser.send(form, "/correct", name="Hà Thị Lê", email="le@caobang.example")
    assert f"Người {CLERK} nay là Hà Thị Lê" in page.text
    assert "le@caobang.example" in page.text


# --- offices ---


def grant(browser: Browser, status: int = 422, **values: str) -> Page:
    form = browser.get(f"/admin/users/{CLERK}/offices/new")
    return browser.send(form, "/offices/new", status, **values)


def test_an_office_is_granted_at_a_unit_found_by_its_name(engine: Engine, enter: Any) -> None:
    with unit_of_work(engine) as connection:
        for number in (1, 2):
            world.add_commune(connection, number)
    browser = enter(Role.ADMINISTRATOR)
    assert "Hãy nhập tên hoặc mã của đơn vị cấp xã." in grant(browser, role="commune_officer").text
    assert "Xã Thử 1" in grant(browser, role="commune_officer", unit="xa thu bao lam").text, "by the unit above too"
    assert "Không có đơn vị cấp xã nào khớp" in grant(browser, role="commune_officer", unit="lung phjac").text
    several = grant(browser, role="commune_officer", unit="xa thu")
    assert "Có 3 đơn vị khớp. Hãy chọn một." in several.text
    assert ("unit", "xa thu") in several.form_to("/offices/new").values
    page = browser.send(several, "/offices/new", unit_id=str(world.FIRST_COMMUNE + 1))
    assert "Xã Thử 2" in page.text
    assert "Xã Thử 3" in grant(browser, 303, role="commune_chairman", unit="thu 3", wording="KT.").text
    assert "Thanh tra, giám sát" in grant(browser, 303, role="inspector").text


def test_what_is_wrong_with_an_office_stands_beside_its_field(enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    assert "Hãy ghi sở, ngành" in grant(browser, role="department_reviewer").text
    assert "không được trước ngày bắt đầu" in grant(browser, role="inspector", valid_to="01/01/2020").text
    assert "Hãy nhập ngày theo dạng" in grant(browser, role="inspector", valid_from="31/02/2025").text
    assert "Hãy chọn một mục trong danh sách" in grant(browser, role="", unit="x").text
    assert "đang giữ nhiệm vụ" in grant(browser, role="records_clerk").text
    form = browser.get(f"/admin/users/{CLERK}/offices/new")
    own = browser.post(
        f"/admin/users/{ADMIN}/offices/new", dict(form.form_to("/new").values) | {"role": "inspector"}, 422
    )
    assert "Không tự giao nhiệm vụ cho mình được" in own.text


def test_an_office_is_ended_but_not_that_of_the_last_administrator(engine: Engine, enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    with reading(engine) as connection:
        grants = table_of(RoleGrant)
        found = dict(connection.execute(select(grants.c.person_id, grants.c.id)).all())
    form = browser.get(f"/admin/users/{CLERK}/offices/{found[CLERK]}/end")
    assert "Hãy nhập ngày" in browser.send(form, "/end", 422, last_day="").text
    assert "31/12/2025" in browser.send(form, "/end", last_day="31/12/2025").text
    assert "đã kết thúc ngày 31/12/2025" in browser.send(form, "/end", 422, last_day="01/01/2026").text
    last = browser.get(f"/admin/users/{ADMIN}/offices/{found[ADMIN]}/end")
    assert "Đây là quản trị viên cuối cùng" in browser.send(last, "/end", 422).text
    browser.get(f"/admin/users/{CLERK}/offices/{found[ADMIN]}/end", 404)


# --- guarding ---


def test_an_account_is_closed_and_opened_again(engine: Engine, enter: Any) -> None:
    browser, clerk = enter(Role.ADMINISTRATOR), enter(Role.RECORDS_CLERK)
    page = browser.send(browser.get(f"/admin/users/{CLERK}"), "/disable")
    assert "Đã khóa tài khoản." in page.text
    assert clerk.client.get("/account").status_code == 302
    assert "Người" in browser.get("/admin/users?state=closed").text
    assert "Khóa tài khoản" in browser.send(page, "/enable").text
    assert "Tài khoản này đang hoạt động." in browser.send(page, "/enable", 422).text


def test_the_administrator_cannot_lock_himself_out(enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    page = browser.get(f"/admin/users/{ADMIN}")
    assert "Đây là tài khoản của quý vị" in page.text
    token = dict(page.forms[0].values)["csrf_token"]
    for act in ("disable", "link", "second-factor"):
        refused = browser.post(f"/admin/users/{ADMIN}/{act}", {"csrf_token": token}, 422)
        assert "Không làm được việc này với tài khoản của chính mình" in refused.text


def test_somebody_locked_out_is_let_in_and_it_is_offered_only_then(engine: Engine, enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    assert "Tạm khóa đăng nhập" not in browser.get(f"/admin/users/{CLERK}").text
    failed = {"login": f"p{CLERK}", "address": "", "at": world.NOW, "succeeded": False}
    with unit_of_work(engine) as connection:
        connection.execute(insert(table_of(SignInAttempt)), [failed] * LOCK_AFTER)
    page = browser.get(f"/admin/users/{CLERK}")
    assert "Tạm khóa đăng nhập" in page.text
    after = browser.send(page, "/unlock")
    assert "Tạm khóa đăng nhập" not in after.text
    assert "Cho phép đăng nhập lại ngay" in after.text


def test_which_offices_oblige_is_chosen_and_told(enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    form = browser.get("/admin/second-factor")
    page = browser.send(form, "/second-factor", roles=["inspector", "administrator"])
    assert "Quản trị hệ thống, Thanh tra, giám sát" in page.text
    assert {("roles", "inspector"), ("roles", "administrator")} <= set(page.form_to("/second-factor").values)
    assert "Hãy chọn một mục trong danh sách" in browser.send(form, "/second-factor", 422, roles=["king"]).text
    assert "Không nhiệm vụ nào bắt buộc" in browser.send(page, "/second-factor", roles=[]).text
