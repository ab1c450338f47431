"""What happens to a decision that was wrong: replaced by one of its kind, or corrected by an official letter."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select, update

from casework.audit import verify
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from documents.seal import facts_of
from jobs.tools import tools_of
from jobs.worker import drain
from models.base import table_of
from models.documents import NumberSeries, OutgoingEntry, Paper, PaperRelation
from models.events import DossierEvent
from models.notices import Notice
from models.places import AdminUnit, Recognition, TitleEnd
from tests import world
from tests.client import Browser
from tests.integration.pages.test_desk import ON_SQLITE
from tests.integration.pages.test_revocation import code_of, take
from workflow.names import Role

pytestmark = ON_SQLITE
P, R, B = table_of(Paper), table_of(Recognition), table_of(PaperRelation)
U, N, E = table_of(AdminUnit), table_of(Notice), table_of(DossierEvent)
REASON = "Ghi sai năm công nhận."
WRONG: dict[str, Any] = {"printed_1": "xã Thử 1", "right_1": "xã Thử Một", "where_1": "Điều 1"}


@pytest.fixture(autouse=True)
def recognised(engine: Engine, enter: Any, plant: Any) -> None:
    """A decision of recognition, paper 1 with the number 218, and its certificate, paper 2; letters begin at 1."""
    plant("recommended")
    with unit_of_work(engine) as connection:
        row = {"unit_id": world.PROVINCE, "symbol": "UBND", "year": 2025, "paper_last": 0, "last": 0}
        connection.execute(insert(table_of(NumberSeries)), row)
    take(enter(Role.PROVINCIAL_CHAIRMAN), "recognise", year_recognised="2024", signed_on="10/03/2025")


def replaced(enter: Any, status: int = 303, **typed: Any) -> Any:
    values: dict[str, Any] = {"reason": REASON, "year_recognised": "2023", "signed_on": "10/03/2025", **typed}
    return take(enter(Role.PROVINCIAL_CHAIRMAN), "replace", status, **values)


def corrected(enter: Any, paper: str = "1") -> None:
    take(enter(Role.RECORDS_CLERK), "draft-correction", paper=paper, **WRONG)
    take(enter(Role.PROVINCIAL_CHAIRMAN), "correct", signed_on="10/03/2025")


def test_a_replaced_decision_shows_so_in_the_next_request(enter: Any, engine: Engine, app: Flask) -> None:
    stranger, code = Browser(app), code_of(engine, "decision")
    assert "còn hiệu lực" in stranger.get(f"/v/{code}").text
    replaced(enter)
    old = stranger.get(f"/v/{code}").text
    assert "đã được thay thế" in old
    assert "Thay bằng Quyết định số 219/QĐ-UBND ngày 10/03/2025." in old
    new = stranger.get(f"/v/{code_of(engine, 'replacement_decision')}").text
    assert "còn hiệu lực" in new
    assert "Văn bản này thay thế: Quyết định công nhận 218/QĐ-UBND" in new
    book = stranger.get("/register").text
    assert "Đã được thay thế" in book
    assert "Còn hiệu lực" in book
    assert "219/QĐ-UBND" in stranger.get("/register/1").text
    assert "Năm công nhận 2023" in stranger.get("/register/2").text
    page = enter(Role.RECORDS_CLERK).get("/papers/1")
    assert "Văn bản này đã được thay thế" in page.text
    assert "Quyết định thay thế 219/QĐ-UBND" in page.text
    drain(tools_of(app.extensions["settings"], engine))
    with reading(engine) as connection:
        assert verify(connection).findings == ()
        standing = connection.execute(select(R.c.status, R.c.year_recognised).order_by(R.c.id)).all()
        assert [tuple(one) for one in standing] == [("replaced", 2024), ("valid", 2023)]
        end = connection.execute(select(table_of(TitleEnd))).one()
        assert (end.standing, end.decision, end.reason) == ("replaced", "219/QĐ-UBND", REASON)
        assert sorted(connection.execute(select(B.c.paper_id, B.c.other_id, B.c.relation)).all()) == [
            (3, 1, "replaces"),
            (4, 2, "replaces"),
        ]
        assert connection.execute(select(P.c.sha256).where(P.c.id.in_((3, 4)))).scalars().all().count(None) == 0


def test_the_new_decision_names_the_old_one_and_the_certificate_follows(enter: Any, engine: Engine) -> None:
    page = enter(Role.PROVINCIAL_CHAIRMAN).get("/dossiers/1/actions/replace")
    assert "thay thế Quyết định số 218/QĐ-UBND" in " ".join(page.text.split())
    replaced(enter)
    with reading(engine) as connection:
        frozen = dict(connection.execute(select(P.c.id, P.c.context).where(P.c.id > 2)).all())
        entry = connection.execute(select(table_of(OutgoingEntry)).where(table_of(OutgoingEntry).c.paper_id == 3)).one()
    decision, certificate = from_json(frozen[3]), from_json(frozen[4])
    assert "thay thế Quyết định số 218/QĐ-UBND ngày 10 tháng 3 năm 2025" in decision.articles[2].text
    assert (decision.number, decision.year_recognised, decision.replaced.number) == (219, 2023, 218)
    assert (certificate.decision.number, certificate.units[0].year) == (219, 2023)
    assert "thay thế Quyết định số 218/QĐ-UBND" in entry.subject
    assert str(facts_of(decision)).startswith("TT.219.QD-UBND.20250310.XA-THU-1-")


def test_a_replaced_decision_is_replaced_again_and_none_under_review(enter: Any, engine: Engine) -> None:
    replaced(enter)
    replaced(enter, year_recognised="2024")
    with reading(engine) as connection:
        assert connection.execute(select(R.c.status).order_by(R.c.id)).scalars().all() == [
            *("replaced", "replaced", "valid")
        ]
        assert verify(connection).findings == ()
    take(enter(Role.DISTRICT_REVIEWER), "announce", announced_on="10/03/2025", announced_at="Nhà văn hóa xã")
    take(enter(Role.DEPARTMENT_OFFICER), "propose-revocation", reason=REASON)
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    chairman.get("/dossiers/1/actions/replace", 404)
    enter(Role.RECORDS_CLERK).get("/dossiers/1/actions/draft-correction", 404)
    with reading(engine) as connection:
        assert verify(connection).findings == ()


def test_a_relation_that_was_taken_away_or_put_in_is_found(enter: Any, engine: Engine) -> None:
    replaced(enter)
    with unit_of_work(engine) as connection:
        for trigger in ("no_delete", "no_update"):
            connection.exec_driver_sql(f"DROP TRIGGER paper_relation_{trigger}")
    for statement in (
        "UPDATE paper_relation SET relation = 'corrects' WHERE paper_id = 3",
        "DELETE FROM paper_relation WHERE paper_id = 3",
        "INSERT INTO paper_relation VALUES (2, 1, 'revokes')",
    ):
        with unit_of_work(engine) as connection:
            connection.exec_driver_sql(statement)
        with reading(engine) as connection:
            causes = {one.cause for one in verify(connection).findings}
        assert causes == {"what its papers say of earlier ones is not what was said with it"}


def test_who_may_not_and_what_cannot_be(enter: Any, engine: Engine) -> None:
    for role in (Role.RECORDS_CLERK, Role.DEPARTMENT_OFFICER, Role.COMMUNE_CHAIRMAN):
        enter(role).get("/dossiers/1/actions/replace", 404)
    for typed, said in (
        ({"reason": " "}, "Hãy ghi lý do."),
        ({"signed_on": "09/03/2025"}, "trước ngày ký quyết định công nhận 10/03/2025"),
        ({"signed_on": "11/03/2025"}, "còn ở phía trước"),
        ({"year_recognised": "2026"}, "phải từ"),
    ):
        page = replaced(enter, 422, **typed)
        assert said in page.text
        assert dict(page.form_to("replace").values)["year_recognised"] == typed.get("year_recognised", "2023")
    with reading(engine) as connection:
        assert connection.execute(select(B)).all() == []


def test_a_correction_leaves_the_paper_valid_and_says_so(enter: Any, engine: Engine, app: Flask) -> None:
    stranger, code = Browser(app), code_of(engine, "decision")
    corrected(enter)
    said = "Đã đính chính theo Công văn đính chính 01/UBND ngày 10/03/2025."
    for address in (f"/v/{code}", "/register/1"):
        page = stranger.get(address)
        assert said in " ".join(page.text.split())
    assert "còn hiệu lực" in stranger.get(f"/v/{code}").text
    letter = stranger.get(f"/v/{code_of(engine, 'correction_letter')}").text
    assert "Văn bản này đính chính: Quyết định công nhận 218/QĐ-UBND" in letter
    clerk = enter(Role.RECORDS_CLERK)
    assert "Đã đính chính theo Công văn đính chính 01/UBND" in clerk.get("/papers/1").text
    assert "“xã Thử 1” sửa lại là “xã Thử Một”" in clerk.get("/dossiers/1").text
    assert "đính chính Quyết định số 218/QĐ-UBND" in clerk.get("/outgoing/register").text
    drain(tools_of(app.extensions["settings"], engine))
    clerk.get("/papers/3.pdf")
    with reading(engine) as connection:
        assert connection.execute(select(R.c.status)).scalars().all() == ["valid"]
        assert verify(connection).findings == ()
        facts = from_json(connection.execute(select(P.c.context).where(P.c.id == 3)).scalar_one())
    assert (facts.number, facts.corrected.number, facts.corrections[0].right) == (1, 218, "xã Thử Một")
    assert facts.subject.startswith("về việc công nhận xã Thử 1")
    begun = dict(enter(Role.PROVINCIAL_CHAIRMAN).get("/dossiers/1/actions/replace").form_to("replace").values)
    assert begun["year_recognised"] == "2024"
    replaced(enter)
    for page in (stranger.get(f"/v/{code}"), stranger.get("/register/1"), clerk.get("/papers/1")):
        assert "Đã đính chính theo" in page.text
        assert "vẫn có hiệu lực" not in page.text, "it was replaced since"


def test_a_certificate_is_corrected_by_the_name_of_its_decision(enter: Any, engine: Engine) -> None:
    page = enter(Role.RECORDS_CLERK).get("/papers/2")
    assert any("/actions/draft-correction" in href for href, _ in page.links)
    take(enter(Role.RECORDS_CLERK), "draft-correction", paper="2", printed_1="XÃ THỬ 1", right_1="XÃ THỬ MỘT")
    page = enter(Role.PROVINCIAL_CHAIRMAN).get("/dossiers/1/actions/correct")
    assert "đính chính Bằng công nhận kèm theo Quyết định số 218/QĐ-UBND" in " ".join(page.text.split())


def test_words_are_found_as_they_are_read_whatever_signs_they_have(enter: Any, engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(U).where(U.c.id == world.FIRST_COMMUNE).values(full_name="Xã Cư M'gar & “Mới”"))
    replaced(enter)
    name = "xã Cư M'gar & “Mới”"
    wrong: dict[str, Any] = {
        "printed_1": name,
        "right_1": "xã Cư M'Gar",
        "printed_2": "năm 2023.",
        "right_2": "năm 2023;",
    }
    take(enter(Role.RECORDS_CLERK), "draft-correction", paper="3", **wrong)


def test_a_draft_is_held_against_the_paper_and_waits_for_another_person(enter: Any, engine: Engine) -> None:
    clerk, chairman = enter(Role.RECORDS_CLERK), enter(Role.PROVINCIAL_CHAIRMAN)
    assert "Chưa có dự thảo đính chính" in chairman.get("/dossiers/1/actions/correct").text
    attempts: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"paper": "1"}, "Hãy ghi ít nhất một chỗ sai", "#printed_1"),
        ({"paper": "1", "printed_1": "xã Thử 7", "right_1": "xã Thử"}, "không có “xã Thử 7”", "#printed_1"),
        ({"paper": "1", **WRONG, "printed_3": "Thử 8", "right_3": "x"}, "không có “Thử 8”", "#printed_3"),
        ({"paper": "1", "printed_1": "xã Thử 1", "right_1": "xã Thử 1"}, "giống hệt", "#printed_1"),
        ({"paper": "7", **WRONG}, "không đính chính được", "#paper"),
    )
    for typed, said, beside in attempts:
        page = take(clerk, "draft-correction", 422, **typed)
        assert any(href == beside and said in words for href, words in page.links), said
    take(clerk, "draft-correction", paper="1", **WRONG)
    assert "Có 1 công văn đính chính chờ ký" in chairman.get("/signing").text
    clerk.get("/dossiers/1/actions/correct", 404)
    take(chairman, "decline-correction", reason="Không cần.")
    assert "đính chính chờ ký" not in chairman.get("/signing").text
    assert "Chưa có dự thảo đính chính" in chairman.get("/dossiers/1/actions/correct").text
    with reading(engine) as connection:
        assert verify(connection).findings == ()
        assert connection.execute(select(P.c.id).where(P.c.kind == "correction_letter")).all() == []


def test_whoever_drafted_a_correction_is_told_what_became_of_it_and_nobody_else_of_a_decline(
    enter: Any, engine: Engine, app: Flask
) -> None:
    clerk, chairman = enter(Role.RECORDS_CLERK), enter(Role.PROVINCIAL_CHAIRMAN)

    def told() -> list[tuple[int, str]]:
        """Who has been told of what since the decision, after the worker did what was owed."""
        drain(tools_of(app.extensions["settings"], engine))
        with reading(engine) as connection:
            rows = connection.execute(
                select(N.c.person_id, E.c.type).join(E, E.c.id == N.c.event_id).order_by(N.c.id)
            ).all()
        return [(person, event) for person, event in rows if event.startswith("correct")]

    take(clerk, "draft-correction", paper="1", **WRONG)
    assert told() == []
    take(chairman, "decline-correction", reason="Không cần.")
    declined = (world.PERSON[Role.RECORDS_CLERK], "correction_declined")
    assert told() == [declined]
    assert "Không ban hành đính chính về Xã Thử 1" in clerk.get("/notices").text
    take(clerk, "draft-correction", paper="1", **WRONG)
    take(clerk, "decline-correction", reason="Soạn nhầm.")
    assert told() == [declined]
    corrected(enter)
    assert (world.PERSON[Role.RECORDS_CLERK], "corrected") in told()


def test_each_step_is_offered_on_the_paper_to_whose_it_is(enter: Any) -> None:
    offers = {
        role: [href.split("/actions/")[1] for href, _ in enter(role).get("/papers/1").links if "/actions/" in href]
        for role in (Role.RECORDS_CLERK, Role.PROVINCIAL_CHAIRMAN, Role.INSPECTOR, Role.COMMUNE_OFFICER)
    }
    assert offers == {
        Role.RECORDS_CLERK: ["draft-correction?paper=1"],
        Role.PROVINCIAL_CHAIRMAN: ["replace?paper=1"],
        Role.INSPECTOR: [],
        Role.COMMUNE_OFFICER: [],
    }
