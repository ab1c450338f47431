"""The parts of the whole road of a dossier, from its opening to the decision that is downloaded."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from practice.accounts import Account, accounts_of
from tests.browser import chamber, desk
from tests.browser.desk import Story
from workflow.criteria import Rules
from workflow.names import Part, Role


def commune_works(story: Story) -> None:
    """The commune's officer, its Front and its chairman: opened, assessed, posted, asked, voted, submitted."""
    officer = story.sit("xa4.canbo")
    desk.open_dossier(officer)
    desk.answer_all(officer, story.case)
    desk.attach_evidence(officer, desk.answers(story.case, officer.lang))
    desk.attach_parts(officer, Part.RESULT_REPORT, Part.DEBT_REPORT, Part.PICTURES, Part.POLICE_CONFIRMATION)
    desk.state_debt(officer)
    desk.confirm_security(officer)
    desk.act(officer, "complete_self_assessment")

    desk.post_in_commune(officer, story.today)
    desk.log_comment(officer, story.today, "Bà Nông Thị Bích, xóm Bản Giốc", "Đề nghị ghi rõ ngày đo các đoạn đường.")
    desk.explain_comment(officer, "Bà Nông Thị Bích", "Đã bổ sung ngày đo vào phụ lục.")
    desk.attach_parts(officer, Part.OPINIONS)
    story.wait(16)
    desk.act(story.sit("xa4.canbo"), "close_posting")

    front = story.sit("xa4.mattran")
    desk.keep_survey(front, story.today, story.today)
    desk.attach_parts(front, Part.SURVEY_REPORT)
    desk.act(front, "record_survey")

    officer = story.sit("xa4.canbo")
    desk.keep_vote(officer, story.today)
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
    desk.accept_all(reviewer, [one.code for one in rules_of(story).criteria_set.criteria])
    desk.attach_parts(reviewer, Part.VERIFICATION_REPORT)
    desk.act(reviewer, "verify")


def consultation(story: Story, login: str, close: str) -> None:
    """The verified result is made public, and the time for comments passes."""
    desk.post_higher(story.sit(login), story.today)
    story.wait(16)
    desk.act(story.sit(login), close)


def appraisal(story: Story) -> None:
    """Each department agrees with its indicators and concludes on its criteria; the leading one passes it on.

    The first department does it with its hands, the others by sending the same forms.
    """
    rules = rules_of(story)
    held: dict[str, list[str]] = {}
    for one in rules.by_code.values():
        held.setdefault(one.indicator.department, []).append(one.indicator.criterion)
    led: dict[str, list[str]] = {}
    for criterion in rules.criteria_set.criteria:
        led.setdefault(rules.criteria_set.leader_of(criterion.code), []).append(criterion.code)
    asked = [(one, one.department) for one in accounts_in(story, Role.DEPARTMENT_REVIEWER) if one.department in held]
    for place, (account, department) in enumerate(sorted(asked, key=lambda one: one[1] not in led)):
        reviewer = story.sit(account.login, by_hand=not place)
        desk.accept_all(reviewer, dict.fromkeys(held[department]), by_hand=not place)
        text = "Số liệu phù hợp với hồ sơ của ngành; đề nghị công nhận."
        desk.conclude(reviewer, led.get(department, ()), text, by_hand=not place)
    officer = story.sit("so.canbo")
    desk.check_field(officer, story.today)
    desk.attach_parts(officer, Part.APPRAISAL_REPORT)
    desk.act(officer, "appraise")


def council(story: Story, choices: Iterable[str]) -> None:
    """The council is called, sits, votes and ends with its minutes; the secretary records what it concluded."""
    secretary = story.sit("hoidong.thuky")
    chamber.convene(secretary, "Đàm Thủy", story.today)
    chamber.hold_session(story, urlsplit(secretary.page.url).path, "Đàm Thủy", choices)
    desk.state_is(secretary, "recommended")


def decision(story: Story, folder: Path) -> None:
    """The chairman signs, and whoever sees the dossier takes the decision home as PDF."""
    chairman = story.sit("tinh.chutich")
    desk.recognise(chairman, story.today.year, story.today)
    clerk = story.sit("vanthu")
    clerk.open_dossier()
    paper = clerk.waits_for(clerk.link(re.compile(rf"^{clerk.word('documents', 'decision')} \d")))
    with clerk.page.expect_download() as taken:
        paper.click()
    taken.value.save_as(folder / "decision.pdf")
    assert (folder / "decision.pdf").read_bytes().startswith(b"%PDF")


def rules_of(story: Story) -> Rules:
    """The rules by which the dossier is judged."""
    rules = story.case.facts.rules
    assert rules is not None
    return rules


def accounts_in(story: Story, role: Role) -> list[Account]:
    """The practice accounts of an office."""
    return [account for account in accounts_of(story.scenario) if account.role is role]
