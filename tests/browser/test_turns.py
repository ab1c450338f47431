"""Where the road turns: a dossier that is returned for supplement, and one that the council does not recommend."""

import re
from urllib.parse import urlsplit

import pytest

from tests.browser import chamber, desk
from tests.browser.desk import Meet, Story
from workflow.names import Part

pytestmark = pytest.mark.browser


def find(story: Story, login: str, commune: str) -> None:
    """Somebody finds a dossier of the province by its commune, and the story goes on with it."""
    story.person.dossier = desk.find(story.sit(login), commune)


def test_a_dossier_comes_back_for_supplement_and_goes_on(meet: Meet) -> None:
    story = Story(meet)
    find(story, "huyen1.thamtra", "Trương Lương")
    reviewer = story.person
    desk.check_parts(reviewer, {Part.PICTURES: "Ảnh không rõ nơi chụp"})
    pictures = f"{reviewer.word('parts', 'D7')} (D7)"
    desk.give_back(reviewer, "return_from_district", "Hình ảnh không rõ nơi chụp, ngày chụp.", [pictures])
    desk.state_is(reviewer, "returned")

    officer = story.sit("xa.01675.canbo", password=True)
    officer.open_dossier()
    officer.sees("Hình ảnh không rõ nơi chụp, ngày chụp.")
    desk.attach_parts(officer, Part.PICTURES)
    chairman = story.sit("xa.01675.chutich", password=True)
    desk.act(chairman, "resubmit", {chairman.word("fields", "changes"): (pictures,)})

    reviewer = story.sit("huyen1.thamtra")
    desk.check_parts(reviewer)
    desk.act(reviewer, "accept_for_verification")
    desk.state_is(reviewer, "district_verifying")


def test_an_indicator_that_is_refuted_is_mended_by_the_commune(meet: Meet) -> None:
    story = Story(meet)
    find(story, "huyen1.thamtra", "Hồng Việt")
    reviewer = story.person
    desk.refute(reviewer, "18.1", "Danh sách công chức không khớp với biên chế được giao.")
    named = re.compile(r"^18\.1 ")
    desk.give_back(reviewer, "return_from_district", "Cần rà soát lại số công chức đạt chuẩn.", [named])

    officer = story.sit("xa.01687.canbo", password=True)
    desk.type_criterion(officer, "18", {"18.1": {"part": "22", "whole": "22"}})
    desk.attach_evidence(officer, ["18.1"])
    chairman = story.sit("xa.01687.chutich", password=True)
    desk.act(chairman, "resubmit", {chairman.word("fields", "changes"): (named,)})
    desk.state_is(chairman, "district_received")


def test_the_council_does_not_recommend_and_the_dossier_ends(meet: Meet) -> None:
    story = Story(meet, alone=True)
    find(story, "hoidong.thuky", "Phong Châu")
    story.wait(6)  # until the session's day
    secretary = story.sit("hoidong.thuky")
    secretary.follow("Phiên họp Hội đồng")
    secretary.hit(secretary.page.get_by_role("main").get_by_role("link", name=re.compile("Phiên họp ngày")).first)
    session = urlsplit(secretary.page.url).path
    chamber.hold_session(story, session, "Phong Châu", ["yes", "no", "no", "blank", "no", "yes", "no"])
    desk.state_is(secretary, "not_recommended")
    said = {secretary.word("fields", "reason"): "Hội đồng không thống nhất đề nghị công nhận."}
    desk.act(secretary, "propose_refusal", said)
    chairman = story.sit("tinh.chutich")
    desk.act(chairman, "refuse", {})
    desk.state_is(chairman, "closed_rejected")
