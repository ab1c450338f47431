"""A recognition revoked through the pages: reviewed, voted on, decided, numbered, on paper, public at once."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select, update

from casework.audit import verify
from casework.moving import move_dossier
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from documents.html import to_html
from documents.seal import facts_of
from jobs.tools import tools_of
from jobs.worker import drain
from models.base import table_of
from models.documents import Installation, Paper
from models.places import AdminUnit, Recognition, TitleEnd
from queries.rulebook import move_plans
from tests import world
from tests.client import Browser
from tests.integration import revoking
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
P, R, FALLEN = table_of(Paper), table_of(Recognition), (*revoking.UNNAMED[:5], revoking.NAMED)
REASON = "06/19 tiêu chí chưa đạt, trong đó có tiêu chí Thu nhập.\nKế hoạch khắc phục quá hạn."


@pytest.fixture(autouse=True)
def announced(enter: Any, plant: Any) -> None:
    """A recognition that was announced."""
    plant("recommended")
    take(enter(Role.PROVINCIAL_CHAIRMAN), "recognise", year_recognised="2024", signed_on="10/03/2025")
    take(enter(Role.DISTRICT_REVIEWER), "announce", announced_on="10/03/2025", announced_at="Nhà văn hóa xã")


def take(browser: Browser, action: str, status: int = 303, **typed: Any) -> Any:
    address = f"/dossiers/1/actions/{action}"
    return browser.send(browser.get(address), action, status, **typed)


def code_of(engine: Engine, kind: str) -> str:
    with reading(engine) as connection:
        return str(connection.execute(select(P.c.code).where(P.c.kind == kind)).scalar_one())


def recommend(engine: Engine, enter: Any) -> None:
    """A review of the announced recognition up to the chairman, sixteen days later."""
    take(enter(Role.DEPARTMENT_OFFICER), "propose-revocation", reason=REASON)
    revoking.assess(engine, *FALLEN)
    revoking.appraise(engine, *FALLEN)
    revoking.sit(engine, "yes")
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(Installation)).values(practice_starts_at=revoking.LATER))
    take(enter(Role.COUNCIL_SECRETARY), "conclude-revocation")


def test_a_recognition_is_revoked_and_shows_so_in_the_next_request(enter: Any, engine: Engine, app: Flask) -> None:
    stranger = Browser(app)
    code = code_of(engine, "decision")
    recommend(engine, enter)
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    assert "Hội đồng đề nghị thu hồi" in chairman.get("/").text
    assert "còn hiệu lực" in stranger.get(f"/v/{code}").text
    chairman.get("/signing/1")
    take(chairman, "revoke", reason=REASON, signed_on="26/03/2025")
    said = "Thu hồi theo Quyết định số 219/QĐ-UBND ngày 26/03/2025."
    for address in (f"/v/{code}", "/register/1"):
        assert said in stranger.get(address).text
    assert "Đã bị thu hồi" in stranger.get("/register").text
    assert "đã bị thu hồi" in stranger.get("/register/decisions?number=218").text
    assert "Chưa được công nhận" in stranger.get(f"/register/units/{world.FIRST_COMMUNE}").text
    drain(tools_of(app.extensions["settings"], engine))
    revocation = stranger.get(f"/v/{code_of(engine, 'revocation_decision')}").text
    assert "Quyết định thu hồi 219/QĐ-UBND Văn bản có thật" in " ".join(revocation.split())
    with reading(engine) as connection:
        end = connection.execute(select(table_of(TitleEnd))).one()
        assert (end.standing, end.decision, end.reason) == ("revoked", "219/QĐ-UBND", REASON)
        assert verify(connection).findings == ()
    page = chairman.get("/dossiers/1").text
    for step in ("Đã mở rà soát để xem xét thu hồi", "Đã thu hồi quyết định công nhận", "Quyết định thu hồi"):
        assert step in page


def test_the_papers_name_what_is_revoked_and_each_reason(enter: Any, engine: Engine) -> None:
    recommend(engine, enter)
    take(enter(Role.PROVINCIAL_CHAIRMAN), "revoke", reason=REASON, signed_on="26/03/2025")
    with reading(engine) as connection:
        drawn = connection.execute(select(P.c.kind, P.c.context).order_by(P.c.id)).all()
    paper = from_json(drawn[-1].context)
    assert (paper.number, paper.revoked.number, paper.units[0].name, paper.units[0].year) == (
        219,
        218,
        "xã Thử 1",
        2024,
    )
    assert [one.text for one in paper.articles[0].clauses] == [
        "06/19 tiêu chí chưa đạt, trong đó có tiêu chí Thu nhập.",
        "Kế hoạch khắc phục quá hạn.",
    ]
    assert str(facts_of(paper)).startswith("TH.219.QD-UBND.20250326.XA-THU-1-")
    told = {kind: " ".join(re.sub("<[^>]*>", "", to_html(from_json(text))).split()) for kind, text in drawn}
    assert "xét thu hồi danh hiệu của xã Thử 1" in told["council_minutes"]
    assert "đề nghị thu hồi danh hiệu" in told["appraisal_report"]
    assert "về việc thu hồi danh hiệu của" in told["consultation_notice"]
    assert "sự hài lòng của người dân" not in told["council_minutes"]


def test_a_recognition_that_is_kept_stays_in_force_and_can_be_reviewed_again(
    enter: Any, engine: Engine, app: Flask
) -> None:
    recommend(engine, enter)
    take(enter(Role.PROVINCIAL_CHAIRMAN), "keep-recognition", reason="Đã khắc phục.")
    assert "còn hiệu lực" in Browser(app).get(f"/v/{code_of(engine, 'decision')}").text
    take(enter(Role.DEPARTMENT_OFFICER), "propose-revocation", reason=REASON)


def test_nobody_else_and_nothing_out_of_order(enter: Any, engine: Engine) -> None:
    department, chairman = enter(Role.DEPARTMENT_OFFICER), enter(Role.PROVINCIAL_CHAIRMAN)
    chairman.get("/dossiers/1/actions/propose-revocation", 404)
    chairman.get("/dossiers/1/actions/revoke", 404)
    enter(Role.COMMUNE_OFFICER).get("/dossiers/1/actions/propose-revocation", 404)
    assert "Hãy ghi lý do." in take(department, "propose-revocation", 422, reason=" ").text
    take(department, "propose-revocation", reason=REASON)
    for action in ("revoke", "appraise-revocation", "assess-revocation"):
        department.get(f"/dossiers/1/actions/{action}", 404)
    page = " ".join(enter(Role.DISTRICT_REVIEWER).get("/dossiers/1").text.split())
    assert "Mới có 0/19 tiêu chí chưa đạt; chỉ thu hồi khi có từ 6/19 tiêu chí chưa đạt trở lên." in page


def test_the_day_of_signing_lies_after_the_council_and_not_ahead(enter: Any, engine: Engine) -> None:
    recommend(engine, enter)
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    for day, said in (("09/03/2025", "trước ngày ký quyết định công nhận"), ("27/03/2025", "còn ở phía trước")):
        assert said in take(chairman, "revoke", 422, reason=REASON, signed_on=day).text
    with reading(engine) as connection:
        assert connection.execute(select(table_of(TitleEnd))).all() == []


# --- titles without a dossier ---


@pytest.fixture
def titled(engine: Engine) -> None:
    """Another commune, recognised before there were dossiers here."""
    row = {"unit_id": world.FIRST_COMMUNE + 1, "unit_name": "Xã Cũ", "place_then": "Huyện Thử", "level": "standard"}
    given = {"decision": "46/QĐ-UBND", "signed_on": date(2020, 1, 20), "year_recognised": 2019, "subject": "commune"}
    unit = {
        "id": world.FIRST_COMMUNE + 1,
        "code": "cu",
        "tier": "commune",
        "kind": "xã",
        "name": "Cũ",
        "sort_key": "cu",
    }
    since = {"full_name": "Xã Cũ", "parent_id": world.DISTRICT, "valid_from": date(1900, 1, 1)}
    with unit_of_work(engine) as connection:
        connection.execute(insert(table_of(AdminUnit)), {**unit, **since})
        connection.execute(insert(R), {"id": 7, **row, **given, "authority": "UBND tỉnh Cao Bằng", "source": "báo"})


@pytest.mark.usefixtures("titled")
def test_a_title_without_a_dossier_is_listed_and_reviewed_by_those_who_may(enter: Any, engine: Engine) -> None:
    department = enter(Role.DEPARTMENT_OFFICER)
    assert "Công nhận chưa có hồ sơ" in department.get("/dossiers").text
    listed = department.get("/titles").text
    assert "Xã Cũ" in listed
    assert "Xã Thử 1" not in listed
    address = "/titles/7/review"
    assert "Hãy ghi lý do." in department.send(department.get(address), "review", 422, reason=" ").text
    page = department.send(department.get(address), "review", reason=REASON).text
    assert "Đang rà soát để xem xét thu hồi" in page
    assert "06/19 tiêu chí chưa đạt, trong đó có tiêu chí Thu nhập." in page
    assert "Không có danh hiệu nào chờ rà soát ở đây" in department.get("/titles").text
    department.get(address, 404)
    with reading(engine) as connection:
        assert connection.execute(select(R.c.dossier_id).where(R.c.id == 7)).scalar_one() == 2


@pytest.mark.usefixtures("titled")
def test_the_review_of_a_title_of_the_book_shows_nothing_of_a_recognition(enter: Any, engine: Engine) -> None:
    department = enter(Role.DEPARTMENT_OFFICER)
    department.send(department.get("/titles/7/review"), "review", reason=REASON)
    of_recognition = ("Nợ đọng", "Lấy ý kiến hài lòng", "An ninh, trật tự Chưa", "Tờ trình", "lần lập thứ")
    for address in ("/dossiers/2", "/dossiers/2/print"):
        page = department.get(address).text
        assert not [words for words in of_recognition if words in " ".join(page.split())]
    page = department.get("/dossiers/2")
    assert "Danh hiệu trong sổ: Quyết định số 46/QĐ-UBND ngày 20/01/2020, năm công nhận 2019." in page.text
    assert "/register/7" in {href for href, _ in page.links}
    assert {"#parts", "#conditions"}.isdisjoint(href for href, _ in page.links)
    page = department.get("/dossiers/1").text
    assert all(words in page for words in ("Nợ đọng", "Lấy ý kiến hài lòng", "Thành phần hồ sơ", "lần lập thứ"))


def test_a_moved_dossier_says_since_when_it_follows_its_procedure(enter: Any, engine: Engine) -> None:
    said = "Chuyển sang quy trình này ngày 14/07/2025"
    officer = enter(Role.DEPARTMENT_OFFICER)
    assert said not in officer.get("/dossiers/1").text
    take(officer, "propose-revocation", reason=REASON)
    (plan,) = move_plans().values()
    with unit_of_work(engine) as connection:
        ended = update(table_of(AdminUnit)).where(table_of(AdminUnit).c.id == world.DISTRICT)
        connection.execute(ended.values(valid_to=date(2025, 6, 30)))
        by = world.PERSON[Role.DEPARTMENT_OFFICER]
        move_dossier(connection, 1, plan, by, datetime(2025, 7, 14, 2, tzinfo=UTC))
    assert said in officer.get("/dossiers/1").text


@pytest.mark.usefixtures("titled")
def test_a_title_is_not_there_for_others(enter: Any) -> None:
    commune = enter(Role.COMMUNE_OFFICER)  # opens reviews since 01/07/2025, and of its own commune alone
    assert "Công nhận chưa có hồ sơ" not in commune.get("/dossiers").text
    commune.get("/titles/7/review", 404)
    enter(Role.PROVINCIAL_CHAIRMAN).get("/titles", 403)
    enter(Role.DEPARTMENT_OFFICER).get("/titles/8/review", 404)


@pytest.mark.usefixtures("titled")
def test_a_review_that_cannot_be_opened_says_why_and_loses_nothing(enter: Any, engine: Engine) -> None:
    department = enter(Role.DEPARTMENT_OFFICER)
    form = department.get("/titles/7/review")
    with unit_of_work(engine) as connection:
        row = connection.execute(select(R).where(R.c.id == 7)).mappings().one()
        connection.execute(insert(R), {**row, "id": 8, "level": "advanced"})
    refused = department.send(form, "review", 422, reason=REASON).text
    assert "Đơn vị còn giữ danh hiệu cao hơn" in refused
    assert "Kế hoạch khắc phục quá hạn." in refused


def test_the_proposer_and_the_chairman_see_how_far_the_unit_has_fallen(enter: Any, engine: Engine) -> None:
    department = enter(Role.DEPARTMENT_OFFICER)
    before = department.get("/dossiers/1/actions/propose-revocation").text
    assert "từ 30 % trở lên Đã đối chiếu văn bản ít nhất 6 trên 19 tiêu chí" in before
    assert "ít nhất một trong các tiêu chí 10, 17, 19" in before
    assert "từ 50 % trở lên Đã đối chiếu văn bản ít nhất 10 trên 19 tiêu chí" in before
    assert "Đủ căn cứ" not in before
    take(department, "propose-revocation", reason=REASON)
    assert "trên 19 tiêu chí chưa đạt" in department.get("/dossiers/1").text
    revoking.assess(engine, *FALLEN)
    revoking.appraise(engine, *FALLEN)
    page = enter(Role.COUNCIL_SECRETARY).get("/dossiers/1")
    assert f"{len(FALLEN)} trên 19 tiêu chí chưa đạt" in page.text
    assert "Đủ căn cứ" in page.text
    fallen = [href for href, _ in page.links if href.startswith("/dossiers/1/criteria/")][: len(FALLEN)]
    assert fallen == [f"/dossiers/1/criteria/{code}" for code in FALLEN]
    assert "Báo cáo thẩm tra" in page.text
