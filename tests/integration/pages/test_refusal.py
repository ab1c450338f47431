"""A unit that is not recognised: proposed by the council, decided by the chairman, numbered, on paper, public."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from casework import passwords
from casework.audit import verify
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from documents.seal import facts_of
from jobs.tools import tools_of
from jobs.worker import drain
from models.base import table_of
from models.documents import OutgoingEntry, Paper
from models.dossiers import Dossier
from models.people import Person
from models.places import Recognition
from tests import world
from tests.client import Browser
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
P, D = table_of(Paper), table_of(Dossier)
PASSWORD = "chín con voi trắng 2025"
REASON = "Tiêu chí Môi trường và an toàn thực phẩm chưa đạt.\nTỷ lệ phiếu đồng ý chưa đạt mức yêu cầu."


@pytest.fixture
def chairman(engine: Engine, enter: Any, plant: Any) -> Browser:
    """The chairman, before whom the council's secretary has laid the proposal not to recognise."""
    plant("not_recommended")
    secretary = enter(Role.COUNCIL_SECRETARY)
    address = "/dossiers/1/actions/propose-refusal"
    secretary.send(secretary.get(address), "propose-refusal", reason=REASON)
    with unit_of_work(engine) as connection:
        who = table_of(Person).c.id == world.PERSON[Role.PROVINCIAL_CHAIRMAN]
        connection.execute(update(table_of(Person)).where(who).values(password_hash=passwords.keep(PASSWORD)))
    browser: Browser = enter(Role.PROVINCIAL_CHAIRMAN)
    return browser


def refuse(chairman: Browser, status: int = 303, **changes: str) -> Any:
    page = chairman.get("/signing/1")
    asked = {"password": PASSWORD} if "password" in page.form_to("/signing/1").names else {}
    return chairman.send(page, "/signing/1", status, **asked, **changes)


def state(engine: Engine) -> str:
    with reading(engine) as connection:
        return str(connection.execute(select(D.c.state)).scalar_one())


def test_the_chairman_reads_the_draft_with_the_councils_reasons(chairman: Browser) -> None:
    assert "1 hồ sơ chờ quyết định" in chairman.get("/signing").text
    page = chairman.get("/signing/1")
    assert "Không công nhận xã Thử 1, huyện Bảo Lâm, tỉnh Cao Bằng đạt chuẩn nông thôn mới" in page.text
    assert "1. Tiêu chí Môi trường và an toàn thực phẩm chưa đạt." in page.text
    assert REASON.splitlines()[1] in dict(page.form_to("/signing/1").values)["reason"]


def test_a_refusal_takes_a_number_and_stands_on_paper(
    engine: Engine, chairman: Browser, enter: Any, app: Flask
) -> None:
    refuse(chairman, reason=REASON, signed_on="10/03/2025")
    assert state(engine) == "closed_rejected"
    drain(tools_of(app.extensions["settings"], engine))
    with reading(engine) as connection:
        paper = connection.execute(select(P).where(P.c.kind == "refusal_decision")).one()
        entry = connection.execute(select(table_of(OutgoingEntry))).one()
        assert connection.execute(select(table_of(Recognition))).all() == []
        assert verify(connection).findings == ()
    facts = from_json(paper.context)
    assert (paper.number, paper.symbol, facts.authority) == (218, "QĐ-UBND", "chairman")
    assert (facts.signer.name, facts.signer.post) == (f"Người {world.CHAIRMAN}", "Chủ tịch")
    assert [clause.text for clause in facts.articles[0].clauses] == REASON.splitlines()
    assert any("Biên bản họp ngày 03 tháng 3 năm 2025" in basis for basis in facts.legal_bases)
    assert facts_of(facts) == "KCN.218.QD-UBND.20250310.XA-THU-1-HUYEN-BAO-LAM.NTM.2025"
    assert entry.subject.startswith("Quyết định về việc không công nhận xã Thử 1")
    assert paper.sha256
    public = Browser(app).get(f"/v/{paper.code}").text
    assert "218/QĐ-UBND" in public
    assert "Quyết định không công nhận" in public
    assert "Quyết định không công nhận 218/QĐ-UBND" in enter(Role.RECORDS_CLERK).get("/outgoing").text
    assert f"/papers/{paper.id}" in {address for address, _ in enter(Role.COMMUNE_OFFICER).get("/dossiers/1").links}


def test_what_is_missing_or_too_early_decides_nothing(engine: Engine, chairman: Browser) -> None:
    assert "Hãy ghi lý do" in refuse(chairman, 422, reason="", signed_on="10/03/2025").text
    assert "trước ngày Hội đồng họp" in refuse(chairman, 422, reason=REASON, signed_on="28/02/2025").text
    assert state(engine) == "refusal_proposed"


def test_the_chairman_may_send_it_back_to_the_council(engine: Engine, chairman: Browser) -> None:
    token = dict(chairman.get("/signing/1").form_to("/signing/1").values)
    kept = {name: token[name] for name in ("csrf_token", "seen_version")}
    sent = {**kept, "action": "decline", "password": PASSWORD, "reason": "Cần xem lại tiêu chí 17.", "request_key": "n"}
    chairman.post("/signing/1", sent, 303)
    assert state(engine) == "not_recommended"


def test_nobody_else_refuses(chairman: Browser, enter: Any) -> None:
    chairman.get("/signing/1")
    enter(Role.COUNCIL_SECRETARY).get("/dossiers/1/actions/refuse", 404)
    enter(Role.DEPARTMENT_OFFICER).get("/dossiers/1/actions/refuse", 404)
