"""A title that was given before there were dossiers here, kept after a review: its decision replaced, or corrected."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select, update

from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from models.base import table_of
from models.documents import NumberSeries, Paper, PaperRelation
from models.dossiers import Dossier
from models.places import Recognition, TitleEnd
from tests import world
from tests.client import Browser
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
P, R, D, B = table_of(Paper), table_of(Recognition), table_of(Dossier), table_of(PaperRelation)
GIVEN = {"decision": "46/QĐ-UBND", "signed_on": date(2020, 1, 20), "year_recognised": 2019, "subject": "commune"}
NAMED = {"unit_name": "Xã Thử 1", "place_then": "Huyện Bảo Lâm, Tỉnh Cao Bằng", "level": "standard", "source": "báo"}
REASON = "Rà soát hằng năm."


@pytest.fixture(autouse=True)
def kept(engine: Engine, enter: Any) -> None:
    """The title 7 of 2019 in the book, reviewed in dossier 1, and kept."""
    with unit_of_work(engine) as connection:
        by = {"authority": "UBND tỉnh Cao Bằng", "unit_id": world.FIRST_COMMUNE}
        connection.execute(insert(R), {"id": 7, **NAMED, **GIVEN, **by})
        series = {"unit_id": world.PROVINCE, "symbol": "UBND", "year": 2025, "paper_last": 0, "last": 0}
        connection.execute(insert(table_of(NumberSeries)), series)
    department = enter(Role.DEPARTMENT_OFFICER)
    department.send(department.get("/titles/7/review"), "review", reason=REASON)
    with unit_of_work(engine) as connection:
        ended = {
            "state": "recognition_kept",
            "is_open": False,
            "holder_role": None,
            "holder_unit_id": None,
            "closed_at": world.NOW,
        }
        connection.execute(update(D).values(ended))


def take(browser: Browser, action: str, status: int = 303, **typed: Any) -> Any:
    address = f"/dossiers/1/actions/{action}"
    return browser.send(browser.get(address), action, status, **typed)


def test_its_decision_is_replaced_and_the_book_says_so(enter: Any, engine: Engine, app: Flask) -> None:
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    assert "Ký quyết định thay thế" in chairman.get("/dossiers/1").text
    page = chairman.get("/dossiers/1/actions/replace")
    draft = " ".join(page.text.split())
    assert dict(page.form_to("replace").values)["year_recognised"] == "2019"
    assert "thay thế Quyết định số 46/QĐ-UBND ngày 20 tháng 01 năm 2020 của UBND tỉnh Cao Bằng" in draft
    take(chairman, "replace", reason="Ghi sai năm công nhận.", year_recognised="2020", signed_on="10/03/2025")
    with reading(engine) as connection:
        titles = connection.execute(select(R.c.status, R.c.decision, R.c.year_recognised).order_by(R.c.id)).all()
        frozen = connection.execute(select(P.c.context).where(P.c.kind == "replacement_decision")).scalar_one()
        end = connection.execute(select(table_of(TitleEnd))).one()
    assert [tuple(one) for one in titles] == [("replaced", "46/QĐ-UBND", 2019), ("valid", "218/QĐ-UBND", 2020)]
    assert (end.decision, end.standing) == ("218/QĐ-UBND", "replaced")
    facts = from_json(frozen)
    assert (facts.replaced.number, facts.replaced.authority) == (46, "UBND tỉnh Cao Bằng")
    assert not [basis for basis in facts.legal_bases if "Biên bản họp" in basis or "áp dụng Bộ" in basis]
    stranger = Browser(app)
    assert "218/QĐ-UBND" in stranger.get("/register/7").text
    assert "Đã được thay thế" in stranger.get("/register").text
    take(chairman, "replace", reason="Ghi sai lần nữa.", year_recognised="2019", signed_on="10/03/2025")
    with reading(engine) as connection:
        bonds = connection.execute(select(B.c.relation)).scalars().all()
    assert set(bonds) == {"replaces"}, "the second one replaces a paper of this house"


def test_its_decision_is_corrected_and_stays_in_force(enter: Any, engine: Engine, app: Flask) -> None:
    clerk, chairman = enter(Role.RECORDS_CLERK), enter(Role.PROVINCIAL_CHAIRMAN)
    assert "Quyết định 46/QĐ-UBND trong sổ công nhận" in clerk.get("/dossiers/1/actions/draft-correction").text
    same = take(clerk, "draft-correction", 422, paper="0", printed_1="Bảo Lam", right_1="Bảo Lam")
    assert "giống hệt" in same.text
    take(clerk, "draft-correction", paper="0", printed_1="Bảo Lam", right_1="Bảo Lâm", where_1="Điều 1")
    draft = " ".join(chairman.get("/dossiers/1/actions/correct").text.split())
    assert "Ngày 20 tháng 01 năm 2020, UBND tỉnh Cao Bằng đã ban hành Quyết định số 46/QĐ-UBND về việc" in draft
    assert "về việc công nhận xã Thử 1" in draft
    take(chairman, "correct", signed_on="10/03/2025")
    with reading(engine) as connection:
        assert connection.execute(select(R.c.status)).scalars().all() == ["valid"]
        assert connection.execute(select(B)).all() == []
        facts = from_json(connection.execute(select(P.c.context)).scalar_one())
    assert (facts.number, facts.corrected.number, facts.corrections[0].right) == (1, 46, "Bảo Lâm")
    page = " ".join(Browser(app).get("/register/7").text.split())
    assert "Đã đính chính theo Công văn đính chính 01/UBND ngày 10/03/2025." in page


def test_what_another_body_decided_is_left_to_it_and_said_so(enter: Any, engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(R).values(authority="UBND huyện Bảo Lâm"))
    said = "Đề nghị UBND huyện Bảo Lâm hoặc cơ quan kế thừa ra văn bản."
    for role, action in ((Role.PROVINCIAL_CHAIRMAN, "replace"), (Role.RECORDS_CLERK, "draft-correction")):
        assert said in enter(role).get(f"/dossiers/1/actions/{action}").text
