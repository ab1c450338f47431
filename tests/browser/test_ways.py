"""The same work done in other ways: without scripts, by keyboard alone, in English, and on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from practice.accounts import PASSWORD
from tests.browser import desk
from tests.browser.desk import Meet, Story
from tests.browser.people import Person
from workflow.names import Part

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


def test_without_scripts_a_commune_fills_in_asks_and_sends(meet: Meet) -> None:
    officer = meet("xa1.canbo", java_script_enabled=False)
    officer.dossier = desk.find(officer, "Nam Tuấn")
    desk.type_criterion(officer, "2", {"2.1": {"part": "9.100", "whole": "9.100"}})
    desk.attach_parts(officer, Part.RESULT_REPORT)
    desk.state_debt(officer)
    desk.confirm_security(officer)
    officer.open_dossier()
    officer.follow("Nộp thành phần hồ sơ")
    with officer.expecting(422):
        officer.press("Lưu")
    expect(officer.page.get_by_role("alert")).to_contain_text("Hãy chọn một tệp.")


def test_on_a_phone_a_reviewer_takes_a_dossier_on(meet: Meet) -> None:
    reviewer = meet("huyen2.thamtra", **PHONE)
    reviewer.dossier = desk.find(reviewer, "Quang Vinh")
    desk.check_parts(reviewer)
    desk.act(reviewer, "accept_for_verification")
    desk.accept_all(reviewer, ["1"])
    desk.refute(reviewer, "2.2", "Hai đoạn đường xóm chưa được cứng hóa.")
    desk.state_is(reviewer, "district_verifying")


def test_in_english_a_commune_asks_its_residents_and_submits(meet: Meet) -> None:
    story = Story(meet, lang="en")
    officer = story.sit("xa.01453.canbo", password=True)
    officer.dossier = desk.find(officer, "Tri Phương")
    desk.attach_parts(officer, Part.OPINIONS)
    desk.act(officer, "close_posting")
    front = story.sit("xa.01453.mattran", password=True)
    desk.keep_survey(front, story.today, story.today)
    desk.attach_parts(front, Part.SURVEY_REPORT)
    desk.act(front, "record_survey")
    desk.state_is(front, "commune_vote")
    assert front.lang == "en"


@pytest.mark.parametrize(
    ("login", "path", "button"),
    [
        ("", "/sign-in", "Đăng nhập"),
        ("xa1.canbo", "/account/password", "Đổi mật khẩu"),
        ("quantri", "/admin/users/new", "Thêm và cấp đường dẫn"),
        ("xa1.canbo", "work/attach-evidence", "Lưu"),
    ],
)
def test_what_is_wrong_with_a_form_has_the_focus_and_leads_to_its_field(
    meet: Meet, login: str, path: str, button: str
) -> None:
    person = meet(login)
    person.go(path if path.startswith("/") else f"{desk.find(person, 'Nam Tuấn')}/{path}")
    with person.expecting(422):
        person.press(button)
        told = person.page.get_by_role("alert")
        expect(told).to_be_focused()
    for link in person.each(told.get_by_role("link")):
        control = person.page.locator(f"[id='{(link.get_attribute('href') or '').removeprefix('#')}']")
        link.focus()
        person.page.keyboard.press("Enter")
        expect(control).to_be_focused()
        expect(control).to_be_in_viewport()


def test_by_keyboard_alone_the_front_keeps_its_survey(meet: Meet) -> None:
    front = meet()
    front.go("/sign-in")
    type_into(front, front.field("Tên đăng nhập"), "xa3.mattran")
    type_into(front, front.field("Mật khẩu"), PASSWORD)
    front.page.keyboard.press("Enter")
    front.page.wait_for_url(lambda url: "/sign-in" not in url)
    press_link(front, front.page.get_by_role("main").get_by_role("link", name="Xã Đình Phong"))
    press_link(front, front.link("Ghi kết quả lấy ý kiến hài lòng", exact=True).first)
    day = desk.written(desk.today_in(front.house))
    for label, text in {
        "Ngày bắt đầu lấy ý kiến": day,
        "Ngày kết thúc lấy ý kiến": day,
        "Tổng số hộ của xã": "1.000",
        "Số phiếu phát ra": "900",
        "Số phiếu hợp lệ": "890",
        "Số phiếu hài lòng": "880",
        "Số phiếu không hài lòng": "7",
        "Số phiếu không có ý kiến": "3",
    }.items():
        type_into(front, front.field(label), text)
    tab_to(front, front.field(desk.MINUTES))
    with front.page.expect_file_chooser() as chooser:
        front.page.keyboard.press("Space")
    chooser.value.set_files(desk.paper())
    tab_to(front, front.button("Lưu", exact=True))
    front.page.keyboard.press("Space")
    front.sees("Đã lưu: Ghi kết quả lấy ý kiến hài lòng.")


def type_into(person: Person, control: Locator, text: str) -> None:
    """Come to a control by the Tab key and type."""
    tab_to(person, control)
    person.page.keyboard.press("ControlOrMeta+a")
    person.page.keyboard.type(text)


def press_link(person: Person, link: Locator) -> None:
    """Come to a link by the Tab key and follow it by Enter."""
    tab_to(person, link)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")


def tab_to(person: Person, control: Locator) -> None:
    """Press Tab until a control has the focus; each stop on the way must be seen to have it."""
    wanted = control.element_handle()
    for _ in range(250):
        person.page.keyboard.press("Tab")
        stop = person.page.evaluate(STOP, wanted)
        assert stop["seen"], f"no visible focus on {stop['what']}"
        if stop["there"]:
            return
    raise AssertionError(f"the Tab key never came to {control}")


STOP = """wanted => {
  const now = document.activeElement, style = getComputedStyle(now), box = now.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const onScreen = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  return { there: now === wanted, seen: now === document.body || (ring && onScreen), what: now.outerHTML.slice(0, 99) };
}"""
