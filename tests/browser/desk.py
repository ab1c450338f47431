"""What is done on the desks, each thing by the hands of one person: one function for each form and each button.

A story is told in these functions. When a page changes, the function that uses it changes, and no story.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, Locator, expect

from casework import clock
from casework.unit_of_work import reading
from models.database import make_engine
from practice.figures import answer_of, commune_of
from practice.papers import papers
from queries.days import day_of
from queries.facts import CaseFile, read_case
from tests.browser.house import House
from tests.browser.people import Person
from workflow.criteria_values import form_fields
from workflow.names import Part

Typed = str | bool | FilePayload | tuple[str | re.Pattern[str], ...]


class Meet(Protocol):
    """Seats somebody before a browser; without a login, they have yet to sign in.

    Whoever lets days pass is alone in a province, with the worker beside them when they wait for what it makes.
    """

    def __call__(
        self,
        login: str = "",
        scenario: str = "three-tier",
        lang: str = "vi",
        *,
        untouched: bool = False,
        alone: bool = False,
        worker: bool = False,
        **options: Any,
    ) -> Person: ...


def paper(name: str = "bao-cao-ket-qua") -> FilePayload:
    """A file from the officer's machine: one of the sample papers."""
    found = sorted(file for file in papers() if file.endswith(".pdf"))
    file = f"{name}.pdf" if f"{name}.pdf" in found else found[0]
    return {"name": file, "mimeType": "application/pdf", "buffer": papers()[file]}


class Story:
    """One dossier, and one browser at which its people sit down in turn."""

    def __init__(self, meet: Meet, scenario: str = "three-tier", lang: str = "vi", **options: Any) -> None:
        """Begin without a dossier, before a browser at which nobody is signed in."""
        self.scenario, self.lang = scenario, lang
        self.known = set[str]()  # who has signed in by hand
        self.person = meet(scenario=scenario, **options)
        self.house = self.person.house

    def sit(self, login: str, *, password: bool = False, by_hand: bool = True) -> Person:
        """Let somebody sign in, after whoever sat there before has signed out; who comes again does so unseen."""
        if not by_hand or (login in self.known and not password):
            self.person.make_way_for(login)
            return self.person
        if self.person.login:
            self.person.leave()
        if self.person.lang != self.lang:
            self.person.go("/sign-in")
            self.person.speak(self.lang)
        if password:
            self.person.enter_by_password(login)
        else:
            self.person.enter(login)
        self.known.add(login)
        return self.person

    def wait(self, days: int) -> None:
        """Let days pass; whoever was signed in is so no more."""
        self.house.pass_days(days)
        self.person.context.clear_cookies()
        self.person.login, self.person.lang = "", "vi"

    @property
    def dossier_id(self) -> int:
        """The dossier's id."""
        return int(self.person.dossier.rsplit("/", 1)[1])

    @property
    def today(self) -> date:
        """The day in the province."""
        return today_in(self.house)

    @property
    def case(self) -> CaseFile:
        """The dossier as its rules see it."""
        return case_of(self.house, self.dossier_id)


def today_in(house: House) -> date:
    """The day in a province."""
    engine = make_engine(house.settings.database_url)
    with reading(engine) as connection:
        day = day_of(clock.now(connection))
    engine.dispose()
    return day


def case_of(house: House, dossier_id: int) -> CaseFile:
    """A dossier as its rules see it, for the figures that people type."""
    engine = make_engine(house.settings.database_url)
    with reading(engine) as connection:
        file = read_case(connection, dossier_id, 0, day_of(clock.now(connection)))
    engine.dispose()
    assert file is not None
    return file


def written(day: date) -> str:
    """A day as it is typed."""
    return day.strftime("%d/%m/%Y")


# --- forms ---


def fill(person: Person, typed: Mapping[str, Typed]) -> None:
    """Fill in what stands under these labels, each as its kind of control is filled in.

    True ticks a box; a tuple chooses under its first word what stands in the others; a mapping is a file.
    """
    for label, value in typed.items():
        if isinstance(value, tuple):
            group = person.group(label)
            for choice in value:
                words = person.say(choice) if isinstance(choice, str) else choice
                group.get_by_label(words).first.check()
        elif isinstance(value, dict):
            person.field(label).set_input_files(value)
        elif value is True:
            person.field(label).check()
        else:
            person.field(label).fill(str(value))


def task(person: Person, title: str, typed: Mapping[str, Typed]) -> None:
    """Fill in one of the dossier's tasks and save it."""
    person.open_dossier()
    person.follow(title)
    fill(person, typed)
    person.press("Lưu")
    person.sees(person.say("Đã lưu: %(title)s.") % {"title": person.say(title)})


def act(person: Person, action: str, typed: Mapping[str, Typed] | None = None) -> None:
    """Take an action: by its button, or by the form that it leads to."""
    person.open_dossier()
    name = person.action(action)
    if typed is not None or person.link(name, exact=True).count():
        person.follow(name)
        fill(person, typed or {})
    person.press(name)
    person.sees(person.say("Đã ghi nhận: %(action)s.") % {"action": name})


def state_is(person: Person, state: str) -> None:
    """Wait until the dossier's page says that it is in this state."""
    person.open_dossier()
    expect(person.page.get_by_role("main").get_by_text(person.state(state), exact=True).first).to_be_visible()


def find(person: Person, commune: str) -> str:
    """The address of a commune's dossier: found by the search over all dossiers, then known in its house."""
    known = person.house.known
    if commune not in known:
        known[commune] = search(person, commune)
    return known[commune]


def search(person: Person, commune: str) -> str:
    """Find the dossier of a commune by the search over all dossiers, open it, and give its address."""
    if person.unseen:
        person.go("/")
    person.follow("Hồ sơ")
    person.page.get_by_role("searchbox").fill(commune)
    person.press("Tìm")
    person.hit(person.page.get_by_role("main").get_by_role("link", name=re.compile(commune)).first)
    person.page.wait_for_url(re.compile(r"/dossiers/\d+$"))
    return urlsplit(person.page.url).path


# --- the commune ---


def open_dossier(officer: Person, level: str = "standard") -> None:
    """Open a dossier at a level, and keep its address."""
    officer.follow("Lập hồ sơ")
    fill(officer, {"Mức đề nghị công nhận": (officer.word("levels", level),)})
    officer.press("Lập hồ sơ")
    officer.sees(officer.say("Đã lập hồ sơ."))
    officer.dossier = urlsplit(officer.page.url).path


def answers(file: CaseFile, lang: str) -> dict[str, dict[str, str]]:
    """What the dossier's commune has to say for each indicator, as the fields of its form hold it."""
    assert file.facts.rules is not None
    commune, rules = commune_of(file.row.unit_code), file.facts.rules
    told = {code: answer_of(rules, commune, code, 7) for code in rules.by_code}
    return {
        code: {"absent": "yes"} if one.not_applicable else form_fields(rules.by_code[code].indicator, one.value, lang)
        for code, one in told.items()
    }


def type_criterion(officer: Person, criterion: str, told: Mapping[str, Mapping[str, str]]) -> None:
    """Type the values of a criterion of shares, indicator by indicator, and save it."""
    officer.go(f"{officer.dossier}/criteria/{criterion}")
    for code, fields in told.items():
        section = indicator(officer, code)
        section.get_by_label(officer.say("Số đạt")).fill(fields["part"])
        section.get_by_label(officer.say("Tổng số")).fill(fields["whole"])
    officer.press("Lưu")
    officer.sees(officer.pattern("Đã lưu %(count)s chỉ tiêu của tiêu chí %(code)s.", code=criterion))


def indicator(person: Person, code: str) -> Locator:
    """The part of a criterion's page that is about one indicator."""
    return person.page.get_by_role("region", name=re.compile(f"^{re.escape(code)} "))


def answer_all(officer: Person, file: CaseFile) -> None:
    """Give every indicator its value: criterion 2 typed by hand, the others set in their forms and sent."""
    assert file.facts.rules is not None
    told = answers(file, officer.lang)
    for criterion in file.facts.rules.criteria_set.criteria:
        mine = {one.code: told[one.code] for one in criterion.indicators}
        if criterion.code == "2":
            type_criterion(officer, criterion.code, mine)
        else:
            values = {
                f"{code}-absent" if name == "absent" else f"{code}:{name}": text
                for code, fields in mine.items()
                for name, text in fields.items()
            }
            officer.send_form(f"{officer.dossier}/criteria/{criterion.code}", values)


def attach_evidence(officer: Person, codes: Iterable[str]) -> None:
    """File one paper as evidence of these indicators: the first ticked by hand, the others set in the form."""
    first, *others = codes
    officer.go(f"{officer.dossier}/work/attach-evidence?item={first}")
    officer.set_values({"indicators": [first, *others]})
    fill(officer, {"Tệp": paper(), "Tên tài liệu (không bắt buộc)": "Hồ sơ minh chứng của xã"})
    officer.press("Lưu")
    officer.sees(officer.say("Đã lưu: %(title)s.") % {"title": officer.say("Nộp minh chứng")})


def attach_parts(person: Person, *parts: Part) -> None:
    """File the papers of the dossier, one after the other: the first by hand, the others in its form."""
    for place, part in enumerate(parts):
        if place:
            address = f"{person.dossier}/work/attach-part"
            person.send_form(address, {"part": part.value}, files={"file": paper()})
            continue
        person.open_dossier()
        person.follow("Nộp thành phần hồ sơ")
        person.field("Thành phần hồ sơ").select_option(label=f"{part.value} {person.word('parts', part.value)}")
        fill(person, {"Tệp": paper()})
        person.press("Lưu")
        person.sees(person.say("Đã lưu: %(title)s.") % {"title": person.say("Nộp thành phần hồ sơ")})


def state_debt(officer: Person, amount: str = "0") -> None:
    """State the construction debt, with its paper."""
    typed: dict[str, Typed] = {"Số nợ đọng xây dựng cơ bản (đồng)": amount, "Văn bản xác nhận": paper()}
    task(officer, "Khai nợ đọng xây dựng cơ bản", typed)


def confirm_security(officer: Person) -> None:
    """State that the commune is not complex in security, with the police's paper."""
    group, file = "Xã là địa bàn phức tạp về an ninh, trật tự", "Văn bản xác nhận của Công an"
    task(officer, "Xác nhận an ninh, trật tự", {group: ("Không",), file: paper()})


def post_in_commune(officer: Person, since: date) -> None:
    """Keep where and since when the result hangs, and how often it was read out."""
    typed: dict[str, Typed] = {
        "Ngày bắt đầu niêm yết": written(since),
        "Nơi niêm yết": ("Trụ sở UBND xã", "Nhà văn hóa các xóm"),
        "Số lần phát trên truyền thanh xã": "5",
    }
    task(officer, "Ghi nhận việc niêm yết, công khai", typed)


def post_higher(reviewer: Person, since: date) -> None:
    """Keep where and since when a district's or the province's report stands."""
    typed: dict[str, Typed] = {
        "Ngày bắt đầu công khai": written(since),
        "Nơi công khai": ("Cổng thông tin điện tử",),
        "Số lần phát sóng": "3",
        "Đã có ý kiến của Ủy ban Mặt trận Tổ quốc": True,
    }
    task(reviewer, "Ghi nhận việc niêm yết, công khai", typed)


def log_comment(person: Person, day: date, author: str, text: str) -> None:
    """Keep what somebody said."""
    typed = {"Ngày nhận góp ý": written(day), "Người hoặc tổ chức góp ý": author, "Nội dung góp ý": text}
    task(person, "Ghi nhận góp ý", typed)


def explain_comment(person: Person, author: str, text: str) -> None:
    """Answer what somebody said."""
    typed: dict[str, Typed] = {"Góp ý": (author,), "Tiếp thu": ("Có",), "Nội dung giải trình, tiếp thu": text}
    task(person, "Giải trình, tiếp thu góp ý", typed)


def keep_survey(front: Person, since: date, until: date) -> None:
    """Keep the counts of the satisfaction survey, with the minutes of the counting."""
    typed: dict[str, Typed] = {
        "Ngày bắt đầu lấy ý kiến": written(since),
        "Ngày kết thúc lấy ý kiến": written(until),
        "Tổng số hộ của xã": "1.000",
        "Số phiếu phát ra": "850",
        "Số phiếu hợp lệ": "845",
        "Số phiếu hài lòng": "830",
        "Số phiếu không hài lòng": "9",
        "Số phiếu không có ý kiến": "6",
        MINUTES: paper(),
    }
    title = "Ghi kết quả lấy ý kiến hài lòng"
    front.open_dossier()
    front.follow(title)
    fill(front, typed)
    for place, (satisfied, answered) in enumerate([("840", "845"), ("812", "845")]):
        for words, count in (("Số hài lòng", satisfied), ("Số trả lời", answered)):
            front.field(f"{front.say(words)},").nth(place).fill(count)
    front.press("Lưu")
    front.sees(front.say("Đã lưu: %(title)s.") % {"title": front.say(title)})


MINUTES = "Biên bản kiểm phiếu"


def keep_vote(person: Person, day: date) -> None:
    """Keep the vote of the steering committee."""
    typed: dict[str, Typed] = {
        "Ngày họp": written(day),
        "Tổng số thành viên": "25",
        "Số người dự họp": "24",
        "Số người nhất trí": "24",
        MINUTES: paper(),
    }
    task(person, "Ghi kết quả bỏ phiếu của Ban Chỉ đạo", typed)


# --- the reviewers ---


def check_parts(reviewer: Person, missing: Mapping[Part, str] | None = None) -> None:
    """Tick every part as complete, but those that are missing, each with what is missing."""
    reviewer.open_dossier()
    reviewer.follow("Kiểm tra thành phần hồ sơ")
    for part in (
        Part.PROPOSAL,
        Part.RESULT_REPORT,
        Part.OPINIONS,
        Part.MINUTES,
        Part.DEBT_REPORT,
        Part.SURVEY_REPORT,
        Part.PICTURES,
        Part.POLICE_CONFIRMATION,
    ):
        note = (missing or {}).get(part)
        group = reviewer.group(f"{part.value} {reviewer.word('parts', part.value)}")
        group.get_by_label(reviewer.say("Chưa đầy đủ" if note else "Đầy đủ"), exact=True).check()
        if note:
            reviewer.field(reviewer.say("Còn thiếu gì ở %(part)s") % {"part": part.value}).fill(note)
    reviewer.press("Lưu")
    reviewer.sees(reviewer.say("Đã lưu: %(title)s.") % {"title": reviewer.say("Kiểm tra thành phần hồ sơ")})


def accept_all(reviewer: Person, criteria: Iterable[str], *, by_hand: bool = True) -> None:
    """Agree with what stands in the column below: on the first criterion by the button, on the others as it does."""
    for place, code in enumerate(criteria):
        address = f"{reviewer.dossier}/criteria/{code}"
        if place or not by_hand:
            reviewer.send_form(address, {"accept": "yes"})
            continue
        reviewer.go(address)
        reviewer.press("Đồng ý với tất cả chỉ tiêu chưa có ý kiến")
        reviewer.sees(reviewer.pattern("Đã lưu %(count)s chỉ tiêu của tiêu chí %(code)s.", code=code))


def refute(reviewer: Person, code: str, reason: str) -> None:
    """Say that an indicator is not met, and why."""
    criterion = code.split(".", maxsplit=1)[0]
    reviewer.go(f"{reviewer.dossier}/criteria/{criterion}")
    section = indicator(reviewer, code)
    section.get_by_label(reviewer.say("Không công nhận"), exact=True).check()
    section.get_by_label(re.compile(f"^{re.escape(reviewer.say('Lý do, khi chưa đạt'))}")).fill(reason)
    reviewer.press("Lưu")
    reviewer.sees(reviewer.pattern("Đã lưu %(count)s chỉ tiêu của tiêu chí %(code)s.", code=criterion))


def conclude(reviewer: Person, criteria: Iterable[str], text: str, *, by_hand: bool = True) -> None:
    """Write the department's conclusion on the criteria that it leads: the first by hand, the others in its form."""
    address = f"{reviewer.dossier}/work/conclude-criterion?item="
    for place, criterion in enumerate(criteria):
        if place or not by_hand:
            reviewer.send_form(address + criterion, {"criterion": criterion, "met": "yes", "text": text})
            continue
        reviewer.go(address + criterion)
        fill(reviewer, {"Kết luận": ("Đạt",), "Nội dung kết luận": text})
        reviewer.press("Lưu")
        reviewer.sees(reviewer.say("Đã lưu: %(title)s.") % {"title": reviewer.say("Kết luận tiêu chí")})


def check_field(officer: Person, day: date) -> None:
    """Keep the day on which the commune was looked at."""
    task(officer, "Ghi nhận khảo sát thực tế", {"Ngày khảo sát thực tế": written(day)})


# --- the chairman, and what goes back ---


def recognise(chairman: Person, year: int, day: date) -> None:
    """Sign the decision."""
    typed = {chairman.word("fields", "year_recognised"): str(year), chairman.word("fields", "signed_on"): written(day)}
    act(chairman, "recognise", typed)


def announce(person: Person, day: date, place: str) -> None:
    """Keep the announcement."""
    typed = {person.word("fields", "announced_on"): written(day), person.word("fields", "announced_at"): place}
    act(person, "announce", typed)


def give_back(reviewer: Person, action: str, reason: str, items: Iterable[str | re.Pattern[str]]) -> None:
    """Return the dossier with everything that is missing, after the notice was read."""
    missing = reviewer.word("fields", "missing")
    reviewer.open_dossier()
    reviewer.follow(reviewer.action(action))
    group = reviewer.group(missing)
    group.wait_for()
    ticked = group.get_by_role("checkbox", checked=True)
    while ticked.count():
        ticked.first.uncheck()
    fill(reviewer, {reviewer.word("fields", "reason"): reason, missing: tuple(items)})
    reviewer.press("Xem trước thông báo")
    expect(reviewer.page.get_by_role("article")).to_contain_text(reason)
    reviewer.press(reviewer.action(action))
    reviewer.sees(reviewer.say("Đã ghi nhận: %(action)s.") % {"action": reviewer.action(action)})
