"""What is filled in between two actions: every work, files, and the indicators in three columns."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from sqlalchemy import Engine, select, update

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Answer
from models.evidence import StoredFile
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def pdf(**root: Any) -> bytes:
    """A PDF of one page, with more entries in its catalogue."""
    made = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.update({f"/{name}": value for name, value in root.items()})
        document.save(made)
    return made.getvalue()


FILE = ("bien-ban.pdf", pdf())
WORKS: list[tuple[Role, str, str, dict[str, Any]]] = [
    (Role.COMMUNE_OFFICER, "self_assessing", "attach-part", {"part": "D5", "file": FILE, "title": "Báo cáo"}),
    (Role.COMMUNE_OFFICER, "self_assessing", "attach-evidence", {"indicators": ["1.1", "1.2"], "file": FILE}),
    (Role.HAMLET_HEAD, "returned", "attach-evidence", {"indicators": ["2.3"], "file": FILE}),
    (
        Role.HAMLET_HEAD,
        "public_comment",
        "log-comment",
        {"received_on": "2025-03-01", "author": "Ông Páo, xóm Nà Mùi", "text": "Nhà văn hóa chưa có nước sạch"},
    ),
    (Role.COMMUNE_OFFICER, "self_assessing", "state-debt", {"debt_amount": "1.250.000", "paper": FILE}),
    (Role.COMMUNE_OFFICER, "self_assessing", "confirm-security", {"is_complex": "no"}),
    (
        Role.COMMUNE_OFFICER,
        "public_comment",
        "keep-posting",
        {"posted_on": "04/03/2025", "places": ["office", "culture_house"], "loudspeaker_times": "5"},
    ),
    (
        Role.COMMUNE_OFFICER,
        "public_comment",
        "log-comment",
        {"received_on": "2025-03-01", "author": "Bà Hoa", "text": "Đường xóm còn lầy"},
    ),
    (
        Role.COMMUNE_FRONT,
        "surveying",
        "keep-survey",
        {
            "started_on": "04/03/2025",
            "closed_on": "07/03/2025",
            "satisfied": "379",
            "dissatisfied": "7",
            "satisfied_1": "96",
            "answered_1": "98",
            "minutes": FILE,
        },
    ),
    (
        Role.COMMUNE_OFFICER,
        "commune_vote",
        "keep-vote",
        {"held_on": "05/03/2025", "members": "22", "present": "20", "agreed": "19", "minutes": FILE},
    ),
    (
        Role.DISTRICT_REVIEWER,
        "district_received",
        "keep-checklist",
        {"complete_D1": "yes", "complete_D5": "no", "note_D5": "Thiếu chữ ký"},
    ),
    (
        Role.DISTRICT_REVIEWER,
        "district_comment",
        "keep-posting",
        {"posted_on": "04/03/2025", "places": ["portal"], "loudspeaker_times": "3", "front_opinion": "yes"},
    ),
    (Role.DEPARTMENT_OFFICER, "province_appraising", "check-field", {"checked_on": "07/03/2025"}),
    (
        Role.DEPARTMENT_REVIEWER,
        "province_appraising",
        "conclude-criterion",
        {"criterion": "3", "met": "yes", "text": "Đạt chuẩn"},
    ),
]

EACH_WORK = pytest.mark.parametrize(
    ("role", "state", "task", "typed"), WORKS, ids=[f"{task}-{state}" for _, state, task, _ in WORKS]
)


@EACH_WORK
def test_each_work_is_filled_in_and_stands_there_afterwards(
    enter: Any, plant: Any, role: Role, state: str, task: str, typed: dict[str, Any]
) -> None:
    plant(state)
    browser = enter(role)
    address = f"/dossiers/1/work/{task}"
    page = browser.send(browser.get(address), task, **typed)
    assert "Đã lưu" in page.text
    assert browser.get(address).form_to(task).names >= set(typed)


@ON_SQLITE
@EACH_WORK
def test_each_work_left_empty_says_what_is_missing(
    enter: Any, plant: Any, role: Role, state: str, task: str, typed: dict[str, Any]
) -> None:
    plant(state)
    browser = enter(role)
    form = browser.get(f"/dossiers/1/work/{task}")
    empty: dict[str, Any] = {
        name: "" if isinstance(value, str) else [] for name, value in typed.items() if not isinstance(value, tuple)
    }
    if task in {"keep-checklist", "confirm-security"}:
        empty = {name: "no" if name.startswith(("complete", "is")) else "" for name in empty} | {"is_complex": "maybe"}
        empty = {name: value for name, value in empty.items() if name in form.form_to(task).names}
    page = browser.send(form, task, 422, **empty)
    assert "Có nội dung cần sửa" in page.text


def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get("/dossiers/1/work/attach-part")
    page = browser.send(form, "/attach-part", 422, part="D5", file=("a.pdf", b"not a pdf"), title="Báo cáo của xã")
    assert "không đúng với đuôi tệp" in page.text
    assert ("title", "Báo cáo của xã") in page.form_to("/attach-part").values


@ON_SQLITE
def test_a_pdf_that_acts_by_itself_is_refused_beside_its_field_with_what_to_do(enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get("/dossiers/1/work/attach-part")
    script = pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")))
    page = browser.send(form, "/attach-part", 422, part="D5", file=("a.pdf", script), title="Báo cáo của xã")
    assert "chứa mã lệnh (JavaScript hoặc biểu mẫu XFA)" in page.text
    assert "in lại thành PDF" in page.text
    assert ("title", "Báo cáo của xã") in page.form_to("/attach-part").values


def test_a_file_that_was_put_on_a_dossier_is_handed_out_again(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    browser.send(browser.get("/dossiers/1/work/attach-part"), "/attach-part", part="D5", file=FILE)
    link = next(href for href, words in browser.get("/dossiers/1").links if "bien-ban.pdf" in words)
    browser.get(link)
    assert (browser.answer.mimetype, browser.answer.data) == ("application/pdf", FILE[1])


def test_a_comment_is_explained(enter: Any, plant: Any) -> None:
    plant("public_comment")
    browser = enter(Role.COMMUNE_OFFICER)
    browser.get("/dossiers/1/work/explain-comment", 404)
    said = {"received_on": "01/03/2025", "author": "Bà Hoa", "text": "Đường xóm còn lầy"}
    assert "Chưa giải trình" in browser.send(browser.get("/dossiers/1/work/log-comment"), "/log-comment", **said).text
    form = browser.get("/dossiers/1/work/explain-comment")
    page = browser.send(form, "/explain-comment", comment="1", accepted="yes", explanation="Xã sẽ rải đá trong quý II")
    assert "Xã sẽ rải đá" in page.text


# --- the indicators ---


def answers_of(engine: Engine, column: str) -> dict[str, Any]:
    table = table_of(Answer)
    with reading(engine) as connection:
        rows = connection.execute(select(table).where(table.c.column_name == column)).all()
    return {row.indicator: row for row in rows}


def test_values_of_a_criterion_are_entered_as_they_are_typed(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get("/dossiers/1/criteria/2")
    page = browser.send(form, "/criteria/2", button="next", **{"2.1:part": "1.234", "2.1:whole": "2.000"})
    assert "Tiêu chí 3" in page.text
    assert answers_of(engine, "commune")["2.1"].value == {"part": 1234, "whole": 2000}
    assert answers_of(engine, "commune")["2.2"].version == 1


def test_a_value_that_cannot_be_is_refused_and_stays_in_its_field(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    page = browser.send(
        browser.get("/dossiers/1/criteria/2"), "/criteria/2", 422, **{"2.1:part": "900", "2.1:whole": "x"}
    )
    assert "Hãy nhập một số" in page.text
    assert ("2.1:whole", "x") in page.form_to("/criteria/2").values
    assert answers_of(engine, "commune")["2.1"].version == 1


def test_a_reviewer_accepts_all_in_one_press_or_refutes_with_a_reason(engine: Engine, enter: Any, plant: Any) -> None:
    plant("district_verifying")
    table = table_of(Answer)
    other = (table.c.column_name == "review") & (table.c.indicator == "2.2")
    with unit_of_work(engine) as connection:
        connection.execute(update(table).where(other).values(value={"part": 1, "whole": 500}))
    browser = enter(Role.DISTRICT_REVIEWER)
    form = browser.get("/dossiers/1/criteria/2")
    said = {"2.1-way": "refute", "2.1-reason": "Hai tuyến chưa nghiệm thu", "2.2-way": ""}
    browser.send(form, "/criteria/2", button="accept", **said)
    found = answers_of(engine, "review")
    assert found["2.1"].refuted
    assert found["2.2"].value == answers_of(engine, "commune")["2.2"].value
    assert "Khác" in browser.get("/dossiers/1").text


def test_a_department_has_only_its_own_indicators(enter: Any, plant: Any) -> None:
    plant("province_appraising")
    browser = enter(Role.DEPARTMENT_REVIEWER)
    assert "3.1:part" in browser.get("/dossiers/1/criteria/3").form_to("/criteria/3").names
    assert not [form for form in browser.get("/dossiers/1/criteria/2").forms if "2.1:part" in form.names]


def test_an_answer_that_somebody_else_changed_meanwhile_is_not_overwritten(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get("/dossiers/1/criteria/2")
    browser.send(form, "/criteria/2", **{"2.1:part": "100"})
    page = browser.send(form, "/criteria/2", 409, **{"2.1:part": "200"})
    assert "200" in page.text
    assert answers_of(engine, "commune")["2.1"].value["part"] == 100


def test_the_same_file_twice_is_kept_once(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    for part in ("D5", "D6"):
        browser.send(browser.get("/dossiers/1/work/attach-part"), "/attach-part", part=part, file=FILE)
    with reading(engine) as connection:
        assert len(connection.execute(select(table_of(StoredFile))).all()) == 2


@ON_SQLITE
def test_a_hamlet_head_records_comments_and_leaves_the_explaining_to_the_commune(plant: Any, enter: Any) -> None:
    number = plant("public_comment")
    page = enter(Role.HAMLET_HEAD).get(f"/dossiers/{number}")
    tasks = {href.rpartition("/")[2] for href, _ in page.links if "/work/" in href}
    assert tasks == {"log-comment"}
    enter(Role.HAMLET_HEAD).get(f"/dossiers/{number}/work/explain-comment", 404)
