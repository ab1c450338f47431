"""The pages that no link leads to: those of a second factor, step by step, and what is said where a page is refused."""

import pytest
from pyotp import TOTP

from practice.accounts import PASSWORD
from tests.browser.desk import Meet
from tests.browser.look import equip, examine

pytestmark = pytest.mark.browser


def test_the_pages_of_a_second_factor_and_of_refusals_can_be_used_by_everybody(meet: Meet) -> None:
    head, faults = equip(meet("xa2.truongxom")), list[str]()

    def press_and_look(button: str) -> None:
        with head.page.expect_navigation():
            head.press(button)
        faults.extend(examine(head))

    head.go("/account/second-factor")
    press_and_look("Bắt đầu")
    secret = head.page.locator("code.secret").inner_text().replace(" ", "")
    with head.expecting(422):
        press_and_look("Bật xác thực hai lớp")
    head.field("Mã 6 số đang hiện").fill(TOTP(secret).now())
    press_and_look("Bật xác thực hai lớp")
    for path in ("/account/second-factor", "/account/second-factor/codes", "/account/second-factor/off"):
        head.go(path)
        faults += examine(head)
    with head.expecting(403, 404):
        for path in ("/nowhere", "/admin/users"):
            head.go(path)
            faults += examine(head)
    head.leave()
    head.field("Tên đăng nhập").fill("xa2.truongxom")
    head.field("Mật khẩu").fill(PASSWORD)
    press_and_look("Đăng nhập")
    assert head.heading() == "Nhập mã xác thực"
    assert not faults
