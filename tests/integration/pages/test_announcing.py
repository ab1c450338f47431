"""Announcing a decision: what is known stands there, day and place are typed, and dossier and register show them."""

from typing import Any

from sqlalchemy import Engine, select

from casework.unit_of_work import reading
from models.base import table_of
from models.places import Recognition
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE


def test_who_announces_which_decision_stands_there_and_is_shown_ever_after(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("recommended")
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    signed = {"year_recognised": "2024", "signed_on": "10/03/2025"}
    chairman.send(chairman.get("/dossiers/1/actions/recognise"), "/recognise", **signed)
    with reading(engine) as connection:
        title = connection.execute(select(table_of(Recognition).c.id)).scalar_one()
    assert "công bố" not in chairman.get(f"/register/{title}").text.partition("Cơ quan quyết định")[2]
    reviewer = enter(Role.DISTRICT_REVIEWER)
    form = reviewer.get("/dossiers/1/actions/announce")
    assert "Cơ quan công bố Ủy ban nhân dân huyện Bảo Lâm" in form.text
    assert "Số 218/QĐ-UBND ngày 10/03/2025" in form.text
    shown = reviewer.send(form, "/announce", announced_on="10/03/2025", announced_at="Nhà văn hóa xã")
    assert "Công bố ngày 10/03/2025 tại Nhà văn hóa xã" in shown.text
    said = "Ngày 10/03/2025 tại Nhà văn hóa xã; Ủy ban nhân dân huyện Bảo Lâm công bố"
    assert said in chairman.get(f"/register/{title}").text
