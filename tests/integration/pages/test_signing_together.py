"""The chairman's pages for one decision on several units: chosen, read as a draft, decided, or told why not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update

from casework.audit import verify
from casework.door import Order, perform
from casework.together import JointOrder, perform_together
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from jobs.tools import tools_of
from jobs.worker import drain
from models.base import table_of
from models.documents import Paper, PaperDossier
from models.dossiers import Condition, Dossier
from tests import world
from tests.client import Browser
from tests.house import statements
from tests.integration.pages.deciding import PASSWORD, recommend_three, states
from tests.integration.pages.test_desk import ON_SQLITE
from tests.unit.documents import paper
from workflow.names import Field, Role

pytestmark = ON_SQLITE
D, P, OF = table_of(Dossier), table_of(Paper), table_of(PaperDossier)
ALL = "/signing/together?dossier=1&dossier=2&dossier=3"
FILLED: dict[str, Any] = {"password": PASSWORD, "year_recognised": "2024", "signed_on": "10/03/2025"}


@pytest.fixture
def chairman(engine: Engine, enter: Any) -> Browser:
    """The chairman before three dossiers that the same session of the council recommended."""
    recommend_three(engine)
    browser: Browser = enter(Role.PROVINCIAL_CHAIRMAN)
    return browser


def sign(chairman: Browser, status: int = 303, address: str = ALL, **changes: str) -> Any:
    return chairman.send(chairman.get(address), "/signing/together", status, **{**FILLED, **changes})


def test_what_one_session_recommended_is_chosen_together(engine: Engine, chairman: Browser) -> None:
    page = chairman.get("/signing")
    assert "Ký chung một quyết định" in page.text
    form = page.form_to("/signing/together")
    assert [value for name, value in form.values if name == "dossier"] == ["1", "2", "3"]
    assert statements(engine, lambda: chairman.get(ALL)) == statements(engine, lambda: chairman.get(ALL[:-10]))


def test_how_many_may_be_chosen_is_said_and_how_many_are_is_left_to_the_script(chairman: Browser) -> None:
    page = chairman.get("/signing")
    assert "3 đơn vị có thể ký chung" in page.text
    assert "Đang chọn" not in page.text, "without a script nothing is said that a tick would make untrue"
    assert 'data-words="Đang chọn {count} trên 3 đơn vị."' in page.text_of_file
    assert "/static/js/chosen.js" in page.text_of_file


def test_the_year_of_the_assessment_is_proposed_whenever_it_is_signed(engine: Engine, chairman: Browser) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(D).values(criteria_year=2023))
        connection.execute(update(D).where(D.c.id == 2).values(criteria_year=2024))
    years = {
        address: dict(chairman.get(address).form_to(form).values)["year_recognised"]
        for address, form in ((ALL, "/signing/together"), ("/signing/1", "/signing/1"), ("/signing/2", "/signing/2"))
    }
    assert years == {ALL: "2024", "/signing/1": "2023", "/signing/2": "2024"}
    assert "đạt chuẩn nông thôn mới năm 2024" in " ".join(chairman.get(ALL).text.split())
    assert "Đã ký Quyết định" in sign(chairman, year_recognised="2023").text


def test_the_draft_stands_before_the_decision(chairman: Browser) -> None:
    page = chairman.get(ALL)
    assert "Một quyết định cho 3 đơn vị" in page.text
    assert "DỰ THẢO" in page.text.upper()
    assert "03 xã trên địa bàn tỉnh Cao Bằng" in page.text
    assert "Xã Thử 3" in page.text
    assert "Ký một quyết định cho 3 đơn vị" in page.text


def test_one_decision_is_signed_for_all_of_them(engine: Engine, chairman: Browser, enter: Any, app: Flask) -> None:
    page = sign(chairman)
    assert "Đã ký Quyết định số 218/QĐ-UBND công nhận 3 đơn vị" in page.text
    assert states(engine) == ["recognised"] * 3
    drain(tools_of(app.extensions["settings"], engine))
    with reading(engine) as connection:
        decision = connection.execute(select(P).where(P.c.kind == "decision")).one()
        assert connection.execute(select(func.count()).where(OF.c.paper_id == decision.id)).scalar_one() == 3
        assert verify(connection).findings == ()
    for number in (1, 2, 3):
        assert f"/papers/{decision.id}" in {address for address, _ in chairman.get(f"/dossiers/{number}").links}
    checked = Browser(app).get(f"/v/{decision.code}").text
    assert all(f"Xã Thử {number}" in checked for number in (1, 3, 4))
    clerk = enter(Role.RECORDS_CLERK)
    assert "Xã Thử 1 và 2 đơn vị khác" in clerk.get("/outgoing").text
    assert "2 hồ sơ khác của văn bản này" in clerk.get(f"/papers/{decision.id}").text


def test_a_commune_sees_the_decision_and_none_of_the_other_dossiers(
    engine: Engine, chairman: Browser, enter: Any
) -> None:
    sign(chairman, address="/signing/together?dossier=2&dossier=1")
    with reading(engine) as connection:
        decision = connection.execute(select(P.c.id).where(P.c.kind == "decision")).scalar_one()
        certificate = select(OF.c.paper_id).join(P, P.c.id == OF.c.paper_id).where(P.c.kind == "certificate")
        others = connection.execute(certificate.where(OF.c.dossier_id == 2)).scalar_one()
    commune = enter(Role.COMMUNE_OFFICER)
    page = commune.get(f"/papers/{decision}")
    assert "/dossiers/1" in {address.partition("#")[0] for address, _ in page.links}
    assert "hồ sơ khác của văn bản này" not in page.text
    commune.get(f"/papers/{others}", 404)


def test_one_that_is_refused_is_named_and_what_was_typed_stays(engine: Engine, chairman: Browser) -> None:
    with unit_of_work(engine) as connection:
        condition = table_of(Condition)
        connection.execute(update(condition).where(condition.c.dossier_id == 2).values(debt_amount=5_000_000))
    page = sign(chairman, 422, year_recognised="2023")
    assert "Xã Thử 3:" in page.text
    assert dict(page.form_to("/signing/together").values)["year_recognised"] == "2023"
    assert states(engine) == ["recommended"] * 3


def test_two_windows_and_one_dossier_is_decided_meanwhile(engine: Engine, chairman: Browser) -> None:
    window = chairman.get(ALL)
    with unit_of_work(engine) as connection:
        version = connection.execute(select(D.c.version).where(D.c.id == 3)).scalar_one()
        typed = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: date(2025, 3, 10)}
        perform(connection, Order(3, "recognise", version, "alone", typed), world.SECOND_CHAIRMAN, world.NOW)
    page = chairman.send(window, "/signing/together", 409, **FILLED)
    assert f"Người {world.SECOND_CHAIRMAN} đã thay đổi hồ sơ lúc" in page.text
    assert "Không còn trong quyết định này" in page.text
    assert states(engine) == ["recommended", "recommended", "recognised"]
    page = chairman.send(page, "/signing/together", year_recognised="2024")
    assert "Đã ký Quyết định số 219/QĐ-UBND công nhận 2 đơn vị" in page.text


def test_sent_twice_it_is_one_decision(engine: Engine, chairman: Browser) -> None:
    window = chairman.get(ALL)
    chairman.send(window, "/signing/together", **FILLED)
    assert "Quyết định này đã được ký" in chairman.send(window, "/signing/together", **FILLED).text
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).where(P.c.kind == "decision")).scalar_one() == 1


def test_what_cannot_be_one_decision_says_so(engine: Engine, chairman: Browser, enter: Any) -> None:
    assert "Một quyết định chung gồm từ 2" in chairman.get("/signing/together?dossier=1").text
    assert chairman.client.get("/signing/together").location == "/signing"
    assert "Hãy chọn các đơn vị trong quyết định." in chairman.get("/signing").text
    chairman.get("/signing/together?dossier=1&dossier=77", 404)
    enter(Role.COUNCIL_SECRETARY).get(ALL, 403)
    page = sign(chairman, 422, password="sai")
    assert "Mật khẩu không đúng" in page.text
    assert "Hãy nhập năm" in sign(chairman, 422, year_recognised="").text
    assert states(engine) == ["recommended"] * 3


def test_the_paper_of_forty_units_keeps_the_layout_of_the_decree(engine: Engine) -> None:
    """Measured on the context that the door froze: margins, faces, the annex with its repeated heads, every unit."""
    with unit_of_work(engine) as connection:
        planted = []
        for number in range(1, 41):
            unit = world.FIRST_COMMUNE if number == 1 else world.add_commune(connection, number)
            planted.append(world.plant(connection, unit, "recommended", number))
        typed = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: date(2025, 3, 10)}
        order = JointOrder("recognise", {one.id: one.version for one in planted}, "forty", typed)
        perform_together(connection, order, world.CHAIRMAN, world.NOW)
        context = connection.execute(select(P.c.context).where(P.c.kind == "decision")).scalar_one()
    facts = replace(from_json(context), draft=False, practice=False)
    read = paper.pages(facts)
    inside = [one for page in read for one in page.letters if one.sign.strip() and one.box.bottom > paper.TOP]
    assert {one.face for one in inside} <= {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"}
    assert min(one.box.left for one in inside) >= paper.LEFT - 0.2
    assert max(one.box.right for one in inside) <= paper.RIGHT + 0.5
    assert max(one.box.bottom for one in inside) <= paper.BOTTOM + 0.2
    assert read[0].style("Số: 218/QĐ-UBND") == (13, "Tinos")
    annex = [page for page in read if "Danh hiệu" in page.text]
    assert len(annex) > 1, "the list runs over a page, and its heads are repeated"
    assert "DANH SÁCH 40 XÃ TRÊN ĐỊA BÀN TỈNH CAO BẰNG ĐƯỢC CÔNG NHẬN" in annex[0].text
    assert annex[0].find("(Kèm theo Quyết định số")
    assert not any("Nơi nhận:" in page.text for page in annex), "the annex begins on a page of its own"
    whole = " ".join(page.text for page in annex)
    assert [f"{at} {unit.name.replace('xã', 'Xã')}" in whole for at, unit in enumerate(facts.units, 1)] == [True] * 40
