"""What is typed is never lost: saved as it is typed, on a cut line, after a session ran out, on another device."""

import io
import re
import time
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Route, expect

from practice.accounts import PASSWORD
from tests.browser import desk
from tests.browser.desk import Meet
from tests.browser.people import Person
from tests.browser.test_again import end_sessions

pytestmark = pytest.mark.browser
SAVED, ON_DEVICE = re.compile(r"Đã lưu lúc \d\d:\d\d"), "Đang giữ trên máy này, chưa gửi được"
COMMUNE = "Nam Tuấn"


def state(person: Person) -> Locator:
    """Where the page says that the typed text is."""
    return person.page.locator("[data-save-state]")


def outcome(person: Person, code: str) -> Locator:
    """What the page says that the value of an indicator comes to."""
    return desk.indicator(person, code).locator("[data-outcome]")


def at_debt(person: Person) -> Locator:
    """Open the form of the debt, without what was left in it, and give its field."""
    person.dossier = person.dossier or desk.find(person, COMMUNE)
    person.go(f"{person.dossier}/work/state-debt")
    if person.button("Bỏ phần đang nhập dở").count():
        person.press("Bỏ phần đang nhập dở")
    return person.field("Số nợ đọng xây dựng cơ bản (đồng)")


def at_criterion(person: Person, code: str) -> None:
    """Open a criterion of the commune's dossier."""
    person.dossier = person.dossier or desk.find(person, COMMUNE)
    person.go(f"{person.dossier}/criteria/{code}")


def share(person: Person, code: str, part: str, whole: str) -> None:
    """Type a share, and leave it."""
    section = desk.indicator(person, code)
    section.get_by_label("Số đạt").fill(part)
    section.get_by_label("Tổng số").fill(whole)
    person.page.keyboard.press("Tab")


def test_what_is_typed_is_saved_within_seconds_and_stands_on_another_device(meet: Meet) -> None:
    officer, other = meet("xa1.canbo"), meet("xa1.canbo")
    at_debt(officer).fill("1.250.000")
    expect(state(officer)).to_have_text(SAVED)
    other.go(f"{officer.dossier}/work/state-debt")
    expect(other.field("Số nợ đọng xây dựng cơ bản (đồng)")).to_have_value("1.250.000")
    other.sees(re.compile("Đã khôi phục phần đang nhập dở lúc"))
    other.press("Bỏ phần đang nhập dở")
    expect(other.field("Số nợ đọng xây dựng cơ bản (đồng)")).not_to_have_value("1.250.000")


def test_on_a_cut_line_the_device_keeps_it_and_sends_it_when_it_can(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    field = at_debt(officer)
    officer.watch.away = True
    officer.context.set_offline(True)
    field.fill("7.000")
    expect(state(officer)).to_have_text(ON_DEVICE)
    officer.context.set_offline(False)
    expect(state(officer)).to_have_text(SAVED)
    officer.page.reload()
    expect(field).to_have_value("7.000")


def test_a_page_that_was_closed_without_a_line_has_it_again_on_this_device(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    field = at_debt(officer)
    address = officer.page.url
    officer.watch.away = True
    officer.context.set_offline(True)
    field.fill("8.000")
    officer.page.close()
    officer.context.set_offline(False)
    officer.page = officer.context.new_page()
    officer.page.goto(address)
    expect(officer.field("Số nợ đọng xây dựng cơ bản (đồng)")).to_have_value("8.000")
    officer.sees(re.compile("Đã khôi phục phần"))
    by_server = officer.page.get_by_text("Đã khôi phục phần đang nhập dở")  # the closed page's last try came through
    expect(by_server.or_(state(officer)).first).to_have_text(re.compile("Đã khôi phục phần đang nhập dở|Đã lưu lúc"))


def test_what_was_sent_is_let_go_of_on_the_device_too(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    at_debt(officer).fill("0")
    officer.press("Lưu")
    officer.sees(re.compile("Đã lưu: Khai nợ đọng"))
    assert officer.page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))") == []


def test_a_session_that_ran_out_asks_for_the_password_and_saving_goes_on(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    field = at_debt(officer)
    end_sessions(officer)
    with officer.expecting(401):
        field.fill("9.000")
        window = officer.page.get_by_role("dialog", name="Hãy đăng nhập lại")
        expect(window).to_be_visible()
        window.get_by_label("Mật khẩu").fill(PASSWORD)
        officer.press("Đăng nhập")
    expect(state(officer)).to_have_text(SAVED)
    officer.page.reload()
    expect(field).to_have_value("9.000")


def slowly(route: Route) -> None:
    """Let the server have a request at once, and the page the answer only after a while."""
    answer = route.fetch()
    time.sleep(0.3)
    route.fulfill(response=answer)


def test_the_button_waits_for_what_is_being_saved(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    at_criterion(officer, "2")
    officer.page.route("**/values", slowly)
    share(officer, "2.3", "3", "4")
    officer.press("Lưu")
    officer.sees(officer.pattern("Đã lưu %(count)s chỉ tiêu của tiêu chí %(code)s."))


# --- the indicators ---


def test_a_value_is_recorded_as_it_is_typed_and_what_it_comes_to_is_shown(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    at_criterion(officer, "2")
    share(officer, "2.1", "1500", "2000")
    expect(outcome(officer, "2.1")).to_have_text(re.compile(r"75 %\s*Chưa đạt"))
    expect(desk.indicator(officer, "2.1").get_by_label("Số đạt")).to_have_value("1.500")
    share(officer, "2.1", "2000", "2000")
    expect(outcome(officer, "2.1")).to_have_text(re.compile(r"100 %\s*Đạt"))
    officer.page.reload()
    expect(desk.indicator(officer, "2.1").get_by_label("Số đạt")).to_have_value("2.000")


def test_what_is_no_value_says_so_beside_its_field_and_stays(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    at_criterion(officer, "3")
    share(officer, "3.1", "12x", "20")
    expect(desk.indicator(officer, "3.1").get_by_text("Hãy nhập một số, ví dụ 1.234,5.")).to_be_visible()
    expect(desk.indicator(officer, "3.1").get_by_label("Số đạt")).to_have_attribute("aria-invalid", "true")
    officer.page.reload()
    expect(desk.indicator(officer, "3.1").get_by_label("Số đạt")).to_have_value("12x")
    share(officer, "3.1", "19", "20")
    expect(outcome(officer, "3.1")).to_have_text(re.compile("95 %"))
    expect(desk.indicator(officer, "3.1").get_by_text("Hãy nhập một số")).to_have_count(0)


@pytest.mark.parametrize(
    ("pressed", "earlier", "later", "stays"),
    [("Dùng số của tôi", 70, 80, "80 %"), ("Giữ số đang ghi", 60, 90, "60 %")],
)
def test_of_two_who_type_at_once_the_later_chooses_which_value_stays(
    meet: Meet, pressed: str, earlier: int, later: int, stays: str
) -> None:
    first, second = meet("xa1.canbo"), meet("xa1.canbo")
    at_criterion(first, "4")
    second.go(f"{first.dossier}/criteria/4")
    code = "4.2"
    share(first, code, str(earlier), "100")
    expect(outcome(first, code)).to_have_text(re.compile(f"{earlier} %"))
    share(second, code, str(later), "100")
    expect(desk.indicator(second, code).get_by_text(f"Quý vị đã nhập: {later}/100 ({later} %)")).to_be_visible()
    second.press(pressed)
    expect(outcome(second, code)).to_have_text(re.compile(stays))
    first.page.reload()
    expect(outcome(first, code)).to_have_text(re.compile(stays))


def test_what_only_this_device_keeps_says_the_same_on_a_page_in_the_other_language(meet: Meet) -> None:
    officer, other = meet("xa1.canbo"), meet("xa1.canbo")
    at_criterion(officer, "10")
    address = officer.page.url
    officer.watch.away = True
    officer.context.set_offline(True)
    desk.indicator(officer, "10.1").get_by_role("textbox").fill("48,125")
    officer.page.close()
    other.go("/")
    other.speak("en")
    officer.context.set_offline(False)
    officer.page = officer.context.new_page()
    officer.page.goto(address)
    expect(desk.indicator(officer, "10.1").get_by_role("textbox")).to_have_value("48.125")
    expect(
        desk.indicator(officer, "10.1").get_by_text("enter 48,125 for thousands, 48.1250 for decimals")
    ).to_be_visible()
    desk.indicator(officer, "10.1").get_by_role("textbox").fill("48.1250")
    expect(outcome(officer, "10.1")).to_have_text(re.compile("Met"))
    other.go("/")
    other.speak("vi")


# --- files ---


def photo() -> Any:
    """A large photo from a telephone."""
    made = io.BytesIO()
    Image.effect_noise((3000, 2200), 60).convert("RGB").save(made, "JPEG", quality=95)
    return {"name": "hiện trạng.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def test_photos_are_made_smaller_and_filed_and_a_bad_file_says_what_is_wrong(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    at_criterion(officer, "5")
    section = desk.indicator(officer, "5.1")
    section.get_by_text("Thêm minh chứng cho chỉ tiêu 5.1").click()
    large, bad = photo(), {"name": "biên bản.pdf", "mimeType": "application/pdf", "buffer": b"no paper"}
    assert len(large["buffer"]) > 4_000_000
    with officer.expecting(422):
        section.get_by_label("Tệp hoặc ảnh chụp").set_input_files([large, bad])
        expect(section.get_by_text("không đúng với đuôi tệp")).to_be_visible()
    filed = section.get_by_role("link", name=re.compile("^hiện trạng.jpg"))
    expect(filed.first).to_be_visible()
    size = re.search(r"JPG, ([\d,]+) (KB|MB)", filed.first.inner_text())
    assert size
    assert size.group(2) == "KB" or float(size.group(1).replace(",", ".")) < 3


# --- forms ---


def test_shares_are_computed_while_one_types(meet: Meet) -> None:
    front = meet("xa3.mattran")
    front.dossier = desk.find(front, "Đình Phong")
    front.go(f"{front.dossier}/work/keep-survey")
    front.field("Tổng số hộ của xã").fill("1.000")
    front.field("Số phiếu phát ra").fill("650")
    told = front.page.locator("output[data-part=ballots_issued]")
    expect(told).to_have_text(re.compile(r"65 %\s*Chưa đủ\s*cần ít nhất 700"), use_inner_text=True)
    front.field("Số phiếu phát ra").fill("700")
    expect(told).to_have_text(re.compile(r"70 %\s*Đủ"), use_inner_text=True)


def test_in_english_shares_are_computed_and_written_as_in_english(meet: Meet) -> None:
    front = meet("xa3.mattran")
    front.dossier = desk.find(front, "Đình Phong")
    front.speak("en")
    front.go(f"{front.dossier}/work/keep-survey")
    front.page.locator("[name=households_total]").fill("16.000")
    front.page.keyboard.press("Tab")
    expect(state(front)).to_have_text(re.compile(r"Saved at \d\d:\d\d"))
    front.page.reload()
    expect(front.page.locator("[name=households_total]")).to_have_value("16,000")
    front.page.locator("[name=ballots_issued]").fill("11,190")
    told = front.page.locator("output[data-part=ballots_issued]")
    expect(told).to_have_text(re.compile(r"69\.93 %\s*Not enough\s*at least 11,200 needed"), use_inner_text=True)
    front.press("Drop what was typed")
    front.speak("vi")


def test_a_form_that_grew_old_takes_over_what_was_typed_with_one_press(meet: Meet) -> None:
    first, second = meet("xa1.canbo"), meet("xa1.canbo")
    at_debt(first)
    second.go(f"{first.dossier}/work/state-debt")
    second.field("Số nợ đọng xây dựng cơ bản (đồng)").fill("31")
    second.press("Lưu")
    second.sees(re.compile("Đã lưu: Khai nợ"))
    first.field("Số nợ đọng xây dựng cơ bản (đồng)").fill("32")
    with first.expecting(409):
        first.press("Lưu")
        first.sees("Nội dung đã thay đổi sau khi quý vị mở trang")
    expect(first.field("Số nợ đọng xây dựng cơ bản (đồng)")).to_have_value("31")
    first.hit(first.button(re.compile("^Dùng nội dung của tôi")))
    expect(first.field("Số nợ đọng xây dựng cơ bản (đồng)")).to_have_value("32")
    first.press("Lưu")
    first.sees(re.compile("Đã lưu: Khai nợ"))
