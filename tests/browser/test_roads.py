"""The whole road of a dossier, from its opening to the decision that is downloaded: every actor signs in in turn."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from casework.checking import owner_of
from practice.accounts import accounts_of
from tests.browser import desk
from tests.browser.desk import Meet, Story
from tests.browser.house import House
from workflow.names import Part, Role

pytestmark = pytest.mark.browser

MEMBERS = [account for account in accounts_of("three-tier") if account.role is Role.COUNCIL_MEMBER]


def commune_works(story: Story) -> None:
    """The commune's officer, its Front and its chairman: opened, assessed, posted, asked, voted, submitted."""
    officer = story.sit("xa4.canbo")
    desk.open_dossier(story, officer)
    house, day = officer.house, desk.today_in(officer.house)
    desk.answer_all(officer, desk.case_of(house, story.dossier_id))
    desk.attach_evidence(officer, desk.answers(desk.case_of(house, story.dossier_id)))
    desk.attach_parts(officer, Part.RESULT_REPORT, Part.DEBT_REPORT, Part.PICTURES, Part.POLICE_CONFIRMATION)
    desk.state_debt(officer)
    desk.confirm_security(officer)
    desk.act(officer, "complete_self_assessment")

    desk.post_in_commune(officer, day)
    desk.log_comment(officer, day, "Bà Nông Thị Bích, xóm Bản Giốc", "Đề nghị ghi rõ ngày đo các đoạn đường.")
    desk.explain_comment(officer, "Bà Nông Thị Bích", "Đã bổ sung ngày đo vào phụ lục.")
    desk.attach_parts(officer, Part.OPINIONS)
    house.pass_days(16)
    officer = story.sit("xa4.canbo")
    desk.act(officer, "close_posting")

    day = desk.today_in(house)
    front = story.sit("xa4.mattran")
    desk.keep_survey(front, day, day)
    desk.attach_parts(front, Part.SURVEY_REPORT)
    desk.act(front, "record_survey")

    desk.keep_vote(officer, day)
    desk.attach_parts(officer, Part.MINUTES)
    desk.act(officer, "record_commune_vote")

    chairman = story.sit("xa4.chutich")
    desk.attach_parts(chairman, Part.PROPOSAL)
    desk.act(chairman, "submit")


def verification(story: Story, login: str, accept: str) -> None:
    """The reviewer of a tier: parts ticked, indicators agreed with, the report filed, all of it verified."""
    reviewer = story.sit(login)
    desk.check_parts(reviewer)
    desk.act(reviewer, accept)
    desk.accept_all(reviewer, criteria(story, reviewer.house))
    desk.attach_parts(reviewer, Part.VERIFICATION_REPORT)
    desk.act(reviewer, "verify")


def consultation(story: Story, login: str, close: str) -> None:
    """The verified result is made public, and the time for comments passes."""
    reviewer = story.sit(login)
    desk.post_higher(reviewer, desk.today_in(reviewer.house))
    reviewer.house.pass_days(16)
    reviewer = story.sit(login)
    desk.act(reviewer, close)


def appraisal(story: Story) -> None:
    """Each department agrees with its indicators and concludes on its criteria; the leading one passes it on."""
    officer = story.sit("so.canbo")
    for account in accounts_of(story.scenario):
        own, led = criteria_of(story, officer.house, account.department)
        if account.role is Role.DEPARTMENT_REVIEWER and own:
            reviewer = story.sit(account.login)
            desk.accept_all(reviewer, own)
            for criterion in led:
                desk.conclude(reviewer, criterion, "Số liệu phù hợp với hồ sơ của ngành; đề nghị công nhận.")
            reviewer.context.close()
    desk.check_field(officer, desk.today_in(officer.house))
    desk.attach_parts(officer, Part.APPRAISAL_REPORT)
    desk.act(officer, "appraise")


def council(story: Story, choices: Iterable[str]) -> None:
    """The council is called, sits, votes and ends with its minutes; the secretary records what it concluded."""
    secretary = story.sit("hoidong.thuky")
    desk.convene(secretary, desk.today_in(secretary.house))
    voters = list(zip(MEMBERS, choices, strict=False))
    desk.attend(secretary, [member.name_vi for member, _ in voters])
    for member, choice in voters:
        person = story.sit(member.login)
        desk.vote(person, choice)
        person.context.close()
    desk.close_session(secretary)
    desk.act(secretary, "conclude_council")


def decision(story: Story, folder: Path) -> None:
    """The chairman signs, and whoever sees the dossier takes the decision home as PDF."""
    chairman = story.sit("tinh.chutich")
    day = desk.today_in(chairman.house)
    desk.recognise(chairman, day.year, day)
    clerk = story.sit("vanthu")
    decision = clerk.waits_for(clerk.link(clerk.say("Tải PDF")))
    with clerk.page.expect_download() as taken:
        decision.click()
    taken.value.save_as(folder / "decision.pdf")
    assert (folder / "decision.pdf").read_bytes().startswith(b"%PDF")


def criteria(story: Story, house: House) -> list[str]:
    """The criteria of the dossier's set."""
    rules = desk.case_of(house, story.dossier_id).facts.rules
    return [one.code for one in rules.criteria_set.criteria] if rules else []


def criteria_of(story: Story, house: House, department: str | None) -> tuple[list[str], list[str]]:
    """The criteria in which a department has indicators, and those that it leads."""
    rules = desk.case_of(house, story.dossier_id).facts.rules
    assert rules is not None
    held = {one.indicator.criterion for one in rules.by_code.values() if one.indicator.department == department}
    listed = criteria(story, house)
    return [code for code in listed if code in held], [
        code for code in listed if owner_of(rules.criteria_set, code) == department
    ]


def test_three_tiers_from_the_opening_to_the_downloaded_decision(meet: Meet, tmp_path: Path) -> None:
    story = Story(meet)
    commune_works(story)
    verification(story, "huyen2.thamtra", "accept_for_verification")
    consultation(story, "huyen2.thamtra", "close_district_consultation")
    reviewer = story.sit("huyen2.thamtra")
    desk.keep_vote(reviewer, desk.today_in(reviewer.house))
    desk.act(reviewer, "record_district_vote")
    desk.act(story.sit("huyen2.chutich"), "forward")
    officer = story.sit("so.canbo")
    desk.check_parts(officer)
    desk.act(officer, "accept_for_appraisal")
    appraisal(story)
    council(story, ["yes"] * 8)
    decision(story, tmp_path)
    reviewer = story.sit("huyen2.thamtra")
    desk.announce(reviewer, desk.today_in(reviewer.house), "Nhà văn hóa xã Đàm Thủy")
    desk.state_is(reviewer, "announced")
