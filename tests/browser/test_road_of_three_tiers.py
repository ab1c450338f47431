"""A dossier's whole road through commune, district and province: every actor signs in in turn."""

from pathlib import Path

import pytest

from tests.browser import desk
from tests.browser.desk import Meet, Story
from tests.browser.roads import appraisal, commune_works, consultation, council, decision, verification

pytestmark = pytest.mark.browser


def test_three_tiers_from_the_opening_to_the_downloaded_decision(meet: Meet, tmp_path: Path) -> None:
    story = Story(meet, alone=True, worker=True)
    commune_works(story)
    verification(story, "huyen2.thamtra", "accept_for_verification")
    consultation(story, "huyen2.thamtra", "close_district_consultation")
    reviewer = story.sit("huyen2.thamtra")
    desk.keep_vote(reviewer, story.today)
    desk.act(reviewer, "record_district_vote")
    desk.act(story.sit("huyen2.chutich"), "forward")
    officer = story.sit("so.canbo")
    desk.check_parts(officer)
    desk.act(officer, "accept_for_appraisal")
    appraisal(story)
    council(story, ["yes"] * 8)
    decision(story, tmp_path)
    reviewer = story.sit("huyen2.thamtra")
    desk.announce(reviewer, story.today, "Nhà văn hóa xã Đàm Thủy")
    desk.state_is(reviewer, "announced")
