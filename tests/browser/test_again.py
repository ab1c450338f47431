"""A session that has run out while a page is open: the window that asks for the password, and without script."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.database import make_engine
from models.people import Person as Account
from models.people import SignInSession
from practice.accounts import PASSWORD
from tests.browser.desk import Meet, find
from tests.browser.people import Person

pytestmark = pytest.mark.browser
ASK = """() => {
    const again = import('again');
    window.asked = again.then((one) => one.signInAgain()).then(() => 'in', () => 'later');
}"""
SEND = """async () => {
    const token = document.querySelector('input[name=csrf_token]').value;
    const body = new URLSearchParams({ lang: 'vi', csrf_token: token });
    return (await fetch('/language', { method: 'POST', headers: { 'X-Requested-With': 'fetch' }, body })).status;
}"""


def end_sessions(person: Person) -> None:
    engine = make_engine(person.house.settings.database_url)
    sessions, people = table_of(SignInSession), table_of(Account)
    own = select(people.c.id).where(people.c.login == person.login).scalar_subquery()
    with unit_of_work(engine) as connection:
        connection.execute(update(sessions).where(sessions.c.person_id == own).values(revoked_at=sessions.c.created_at))
    engine.dispose()


def ask(person: Person) -> None:
    """Let a script of the page ask, as it does when the answer to something it sent is 401."""
    if person.unseen:
        person.go("/account")
    end_sessions(person)
    person.page.evaluate(ASK)
    expect(person.page.get_by_role("dialog", name="Hãy đăng nhập lại")).to_be_visible()


def test_signing_in_again_leaves_everything_on_the_page(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    officer.go("/dossiers")
    officer.page.get_by_role("searchbox").fill("Nam Tuấn")
    ask(officer)
    expect(officer.page.locator("#again-dialog-password")).to_be_focused()
    with officer.expecting(422):
        officer.page.keyboard.type("sai-mat-khau")
        officer.page.keyboard.press("Enter")
        expect(officer.page.get_by_role("alert")).to_contain_text("không đúng")
    officer.page.keyboard.type(PASSWORD)
    officer.page.keyboard.press("Enter")
    assert officer.page.evaluate("window.asked") == "in"
    expect(officer.page.get_by_role("dialog")).to_have_count(0)
    expect(officer.page.get_by_role("searchbox")).to_have_value("Nam Tuấn")
    assert officer.page.evaluate(SEND) == 200
    officer.go("/account")
    officer.sees("xa1.canbo")


def test_it_can_be_put_off_and_asked_for_once_more(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    ask(officer)
    officer.page.keyboard.press("Escape")
    assert officer.page.evaluate("window.asked") == "later"
    ask(officer)
    officer.press("Để sau")
    assert officer.page.evaluate("window.asked") == "later"


def test_without_a_network_the_window_says_so_and_waits(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    ask(officer)
    officer.watch.away = True
    officer.context.set_offline(True)
    officer.page.keyboard.type(PASSWORD)
    officer.page.keyboard.press("Enter")
    officer.sees("Không kết nối được với hệ thống")
    officer.context.set_offline(False)
    officer.watch.away = False
    officer.page.keyboard.press("Enter")
    assert officer.page.evaluate("window.asked") == "in"


def test_without_a_script_the_password_is_asked_for_on_a_page_and_the_act_goes_on(meet: Meet) -> None:
    officer = meet("xa1.canbo", java_script_enabled=False)
    officer.go(f"{find(officer, 'Nam Tuấn')}/work/state-debt")
    debt = officer.field("Số nợ đọng xây dựng cơ bản (đồng)")
    debt.fill("một tỷ")
    end_sessions(officer)
    with officer.expecting(401, 422):
        officer.press("Lưu")
        assert officer.heading() == "Đăng nhập lại để gửi tiếp"
        officer.field("Mật khẩu").fill(PASSWORD)
        officer.press("Đăng nhập và gửi tiếp")
        assert officer.heading() == "Khai nợ đọng xây dựng cơ bản"
        expect(debt).to_have_value("một tỷ")
