"""A dossier's whole road where there are no districts: every actor signs in in turn."""

from pathlib import Path

import pytest

from tests.browser import desk
from tests.browser.desk import Meet, Story
from tests.browser.roads import appraisal, commune_works, consultation, council, decision, verification

pytestmark = pytest.mark.browser


def test_two_tiers_from_the_opening_to_the_downloaded_decision(meet: Meet, tmp_path: Path) -> None:
    story = Story(meet, "two-tier", alone=True, worker=True)
    commune_works(story)
    verification(story, "so.canbo", "accept_for_verification")
    consultation(story, "so.canbo", "close_consultation")
    appraisal(story)
    council(story, ["yes"] * 8)
    decision(story, tmp_path)
    officer = story.sit("so.canbo")
    desk.announce(officer, story.today, "Nhà văn hóa xã Đàm Thủy")
    desk.state_is(officer, "announced")
