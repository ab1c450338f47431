"""A session of the council, by the hands of its secretary and its members."""

import re
from collections.abc import Collection, Iterable
from datetime import date

from practice.accounts import accounts_of
from tests.browser import desk
from tests.browser.desk import Story
from tests.browser.people import Person
from workflow.names import Role

SEATS = "boxes => boxes.map((one) => [one.labels[0].textContent, one.checked])"


def convene(secretary: Person, unit: str, day: date) -> None:
    """Call the council to a session on one dossier, and stay on the session's page."""
    secretary.follow("Phiên họp Hội đồng")
    secretary.follow("Triệu tập phiên họp")
    desk.fill(secretary, {"Hồ sơ đưa vào chương trình họp": (re.compile(unit),), "Ngày họp": desk.written(day)})
    desk.fill(secretary, {"Địa điểm": "Phòng họp số 2, UBND tỉnh"})
    secretary.press("Triệu tập phiên họp")
    secretary.sees(secretary.say("Đã triệu tập phiên họp."))


def open_session(secretary: Person, session: str, names: Collection[str]) -> None:
    """Open a session with these members and no others."""
    secretary.go(session)
    secretary.follow("Khai mạc phiên họp")
    boxes = secretary.group("Thành viên có mặt").get_by_role("checkbox")
    boxes.first.wait_for()
    for place, (label, checked) in enumerate(boxes.evaluate_all(SEATS)):
        present = any(name in label for name in names)
        if checked != present:
            boxes.nth(place).set_checked(present)
    secretary.press("Khai mạc với các thành viên có mặt")
    secretary.sees(secretary.say("Đã khai mạc phiên họp."))


def vote(member: Person, session: str, unit: str, choice: str) -> None:
    """Cast one's ballots: on one unit so, on all others in favour."""
    member.go(session)
    member.follow("Bỏ phiếu")
    send = member.button(member.say("Gửi phiếu"), exact=True)
    for group in member.each(send.locator("xpath=ancestor::form").get_by_role("group")):
        mine = unit in group.locator("legend").inner_text()
        group.get_by_label(member.word("choices", choice if mine else "yes"), exact=True).check()
    member.hit(send)
    member.sees(member.pattern("Đã nhận %(num)s phiếu của quý vị."))


def end_session(secretary: Person, session: str) -> None:
    """End the session with its minutes, and record everything that it concluded."""
    secretary.go(session)
    secretary.follow("Kết thúc phiên họp")
    desk.fill(secretary, {"Biên bản họp Hội đồng đã ký": desk.paper()})
    secretary.press("Kết thúc phiên họp")
    secretary.hit(secretary.button(secretary.pattern("Ghi nhận %(num)s kết luận")).first)
    secretary.sees(secretary.pattern("Đã ghi nhận %(num)s kết luận."))


def hold_session(story: Story, session: str, unit: str, choices: Iterable[str]) -> None:
    """Hold a session: opened, voted by as many members as there are choices on one unit, ended and recorded.

    The first votes with their hands, the others send the same form.
    """
    members = [one for one in accounts_of(story.scenario) if one.role is Role.COUNCIL_MEMBER]
    voters = list(zip(members, choices, strict=False))
    open_session(story.sit("hoidong.thuky"), session, [member.name_vi for member, _ in voters])
    for place, (member, choice) in enumerate(voters):
        person = story.sit(member.login, by_hand=not place)
        if place:
            person.send_form(f"{session}/ballots", {f"choice-{story.dossier_id}": choice}, rest="yes")
        else:
            vote(person, session, unit, choice)
    end_session(story.sit("hoidong.thuky"), session)
