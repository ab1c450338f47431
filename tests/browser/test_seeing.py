"""That the browser tests see what they are there to see: whoever is signed in, what fails, what leaves this machine."""

import os
import signal

import pytest
from playwright.sync_api import Error, expect

from tests.browser.desk import Meet
from tests.browser.machine import Running

pytestmark = pytest.mark.browser


def test_somebody_signs_in_and_out(meet: Meet) -> None:
    officer = meet()
    officer.enter_by_password("xa1.canbo")
    assert officer.heading() == "Việc cần làm"
    officer.leave()
    assert officer.heading() == "Đăng nhập"


def test_an_answer_that_failed_is_seen_unless_it_is_expected(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    with officer.expecting(404):
        officer.go("/nowhere")
    assert officer.watch.faults == []
    officer.go("/nowhere")
    assert [fault.split(": ")[1] for fault in officer.watch.faults] == ["404"]
    officer.watch.faults.clear()


def test_an_error_of_a_script_is_seen(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    with officer.context.expect_event("weberror"):
        officer.page.evaluate("() => { console.error('seen'); setTimeout(() => { throw new Error('thrown') }) }")
    assert [fault.split(": ")[-1] for fault in officer.watch.faults] == ["seen", "thrown"]
    officer.watch.faults.clear()


def test_a_request_to_elsewhere_is_seen_and_goes_nowhere(meet: Meet) -> None:
    officer = meet("xa1.canbo")
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        officer.page.goto("http://example.test/")
    assert officer.watch.faults[0] == "request elsewhere: http://example.test/"
    officer.watch.faults.clear()


def test_a_browser_that_was_ended_from_outside_is_replaced(meet: Meet, running: Running) -> None:
    officer = meet()
    told = running.now().new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    os.kill(next(one["id"] for one in told["processInfo"] if one["type"] == "browser"), signal.SIGKILL)
    with pytest.raises(Error, match="closed"):
        officer.go("/sign-in")
    assert (officer.gone, running.alive) == (True, False)
    meet().enter_by_password("xa1.canbo")


@pytest.mark.parametrize("scenario", ["three-tier", "two-tier"])
def test_the_dossiers_of_a_scenario_are_there(meet: Meet, scenario: str) -> None:
    inspector = meet("thanhtra", scenario)
    inspector.go("/")
    inspector.follow("Hồ sơ")
    expect(inspector.page.get_by_role("main").get_by_role("listitem").first).to_be_visible()
