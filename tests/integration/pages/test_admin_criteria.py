"""The pages of procedures and criteria sets: marks in words, levels by group, and the adoption that is entered."""

from typing import Any

import pytest
from sqlalchemy import Engine, delete, select

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.places import CriteriaAdoption
from queries.rulebook import criteria_sets, procedures
from tests.client import Browser
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.guards import GUARDS
from workflow.names import Role

pytestmark = ON_SQLITE
SET = "/admin/criteria/commune-ntm-2021-2025"
A = table_of(CriteriaAdoption)


@pytest.fixture
def keeper(enter: Any) -> Browser:
    browser: Browser = enter(Role.ADMINISTRATOR)
    return browser


def test_every_procedure_is_shown_whole_in_both_languages(enter: Any, keeper: Browser) -> None:
    listed = keeper.get("/admin/procedures").text
    for procedure in procedures().values():
        address = f"/admin/procedures/{procedure.key}/{procedure.version}"
        page = keeper.get(address)
        assert procedure.title_vi in listed
        for state in procedure.states.values():
            assert state.label_vi in page.text
        for action in procedure.actions.values():
            assert action.label_vi in page.text
        for figure in procedure.figures.values():
            assert figure.label_vi in page.text
        for basis in procedure.legal_basis:
            assert basis in page.text
        assert "Đã đọc trong văn bản pháp luật" in page.text
        assert "<svg" in page.text_of_file
        assert not [name for name in GUARDS if name in page.text]
    token = dict(keeper.get("/admin/procedures").form_to("/language").values)["csrf_token"]
    keeper.post("/language", {"lang": "en", "csrf_token": token})
    english = keeper.get("/admin/procedures/commune-2022-two-tier/1").text
    assert "The unit still exists today" in english
    assert "working days" in english


def test_a_set_shows_every_indicator_and_what_is_not_settled(keeper: Browser) -> None:
    for key, chosen in criteria_sets().items():
        page = keeper.get(f"/admin/criteria/{key}")
        for indicator in chosen.indicators:
            assert " ".join(indicator.name_vi.split()) in page.text
            assert f"indicator-{indicator.code}" in page.ids
    unfinished = keeper.get("/admin/criteria/commune-ntm-2026-2030")
    assert "Bộ tiêu chí này chưa đầy đủ" in unfinished.text
    assert "Chưa có chỉ tiêu nào của tiêu chí này" in unfinished.text
    assert "văn bản có 10 và 47" in unfinished.text
    assert not [href for href, _ in unfinished.links if href.endswith("/adoption")]
    assert "Xã nhóm 1: ≥ 40 %" in unfinished.text


def test_an_adoption_is_entered_with_the_levels_of_the_province(engine: Engine, keeper: Browser) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(delete(A))
    page = keeper.get(SET)
    assert "Tỉnh chưa áp dụng bộ tiêu chí này" in page.text
    assert "Tỉnh chưa quy định mức đạt chuẩn" in page.text
    form = keeper.get(f"{SET}/adoption")
    given = {"decision": "12/2025/QĐ-UBND", "decided_on": "03/03/2025", "valid_from": "03/03/2025"}
    values: dict[str, Any] = {**given, "group": "tdmnpb", "level__2.1": "82,5"}
    page = keeper.send(form, "/adoption", 422, **{**values, "level__2.1": "82.5", "valid_from": ""})
    assert "“82.5” viết là 82,5." in page.text
    assert ("level-2.1", "82.5") in page.form_to("/adoption").values
    page = keeper.send(form, "/adoption", 422, **{**values, "group": ""})
    assert "Hãy chọn nhóm xã" in page.text
    page = keeper.send(form, "/adoption", 422, **{**values, "level__2.1": "120"})
    assert "không phù hợp với chỉ tiêu" in page.text
    page = keeper.send(form, "/adoption", **values)
    assert "Đã ghi nhận quyết định áp dụng" in page.text
    assert "12/2025/QĐ-UBND" in page.text
    assert "≥ 82,5 %" in page.text
    with reading(engine) as connection:
        assert connection.execute(select(A.c.thresholds)).scalar_one() == {"2.1": "82.5"}
    page = keeper.send(form, "/adoption", 422, **values)
    assert "đã được ghi" in page.text
