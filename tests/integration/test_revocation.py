"""A recognition taken back by the law's count: reviewed, assessed, appraised, voted on, decided; or kept."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from casework.audit import verify
from casework.errors import NotFound, Refused
from casework.opening import open_revocation
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from models.base import table_of
from models.documents import Paper
from models.dossiers import Dossier
from models.places import AdminUnit, CriteriaAdoption, Recognition, TitleEnd
from tests import world
from tests.integration.acting import case, refusals, work
from tests.integration.revoking import LATER, NAMED, REASON, UNNAMED, appraise, assess, judge, post, sit, take
from workflow.names import Role

D, R, T, P = table_of(Dossier), table_of(Recognition), table_of(TitleEnd), table_of(Paper)


@pytest.fixture(autouse=True)
def titled(engine: Engine) -> None:
    """A commune that was recognised before there were dossiers here."""
    with unit_of_work(engine) as connection:
        world.found(connection, communes=2)
        connection.execute(insert(R), title())


def title(**more: Any) -> dict[str, Any]:
    row = {"unit_id": world.FIRST_COMMUNE, "unit_name": "Xã Thử 1", "place_then": "Huyện Thử", "level": "standard"}
    given = {"decision": "46/QĐ-UBND", "signed_on": date(2020, 1, 20), "year_recognised": 2019, "subject": "commune"}
    return {"id": 1, **row, **given, "authority": "UBND tỉnh Cao Bằng", "source": "caobang.gov.vn", **more}


def review(engine: Engine, role: Role = Role.DEPARTMENT_OFFICER, key: str = "review", now: datetime = world.NOW) -> int:
    with unit_of_work(engine) as connection:
        return open_revocation(connection, 1, REASON, key, world.PERSON[role], now).dossier_id


def standing(engine: Engine) -> tuple[str, str]:
    with reading(engine) as connection:
        state = connection.execute(select(D.c.state).where(D.c.id == 1)).scalar_one()
        return state, connection.execute(select(R.c.status)).scalar_one()


def findings(engine: Engine) -> tuple[Any, ...]:
    with reading(engine) as connection:
        return verify(connection).findings


# --- the whole road ---


def test_a_title_without_a_dossier_is_revoked_by_the_law_from_the_review_to_the_decision(engine: Engine) -> None:
    fallen = (*UNNAMED[:5], NAMED)
    assert review(engine) == 1
    assess(engine, *fallen)
    appraise(engine, *fallen)
    sit(engine, "yes")
    take(engine, "conclude_revocation", Role.COUNCIL_SECRETARY)
    receipt = take(engine, "revoke", Role.PROVINCIAL_CHAIRMAN, reason=REASON, signed_on=LATER.date())
    assert (receipt.number, standing(engine)) == (218, ("revoked", "revoked"))
    with reading(engine) as connection:
        end = connection.execute(select(T)).one()
        papers = connection.execute(select(P.c.kind, P.c.context).order_by(P.c.id)).all()
    assert (end.recognition_id, end.standing, end.decision, end.reason) == (1, "revoked", "218/QĐ-UBND", REASON)
    assert [kind for kind, _ in papers] == [
        *("verification_report", "consultation_notice", "appraisal_report", "council_minutes", "revocation_decision")
    ]
    decision = from_json(papers[-1].context)
    assert (decision.revoked.number, decision.revoked.symbol) == (46, "QĐ-UBND")
    assert (decision.units[0].year, decision.revoked.authority) == (2019, "UBND tỉnh Cao Bằng")
    assert all(from_json(text).matter.revocation for _, text in papers[:-1])
    assert from_json(papers[0].context).tally.criteria_met == 13
    assert findings(engine) == ()


def test_too_few_criteria_or_none_that_is_named_end_the_road_with_the_figures(engine: Engine) -> None:
    review(engine)
    post(engine)
    for fallen, code, told in (
        ((*UNNAMED[:4], NAMED), "fallen_short.too_few", {"unmet": 5, "total": 19, "need": 6}),
        (UNNAMED, "fallen_short.none_named", {"unmet": 9, "total": 19, "criteria": ("10", "17", "19"), "need": 10}),
    ):
        judge(engine, fallen)
        with pytest.raises(Refused) as refused:
            take(engine, "assess_revocation", Role.DISTRICT_REVIEWER)
        assert [(one.code, one.parameters) for one in refused.value.refusals] == [(code, told)]
    judge(engine, (*UNNAMED, "11"))
    assert take(engine, "assess_revocation", Role.DISTRICT_REVIEWER).to_state == "revocation_dossier"


def test_what_the_departments_find_counts_and_not_what_the_district_found(engine: Engine) -> None:
    review(engine)
    assess(engine, *UNNAMED, NAMED)
    assert refusals(appraise, engine, *UNNAMED[:4], NAMED) == ["fallen_short.too_few"]
    take(engine, "return_revocation_from_province", Role.DEPARTMENT_OFFICER, reason="Chưa đủ căn cứ.")
    assert case(engine, 1, LATER).row.round == 2
    assert standing(engine) == ("under_review", "valid")
    assert findings(engine) == ()


def test_a_review_waits_for_all_values_and_for_the_opinions(engine: Engine) -> None:
    review(engine)
    assert refusals(take, engine, "assess_revocation", Role.DISTRICT_REVIEWER) == [
        *("criteria_met.unanswered", "fallen_short.too_few", "consultation_complete.missing")
    ]
    judge(engine, (*UNNAMED, NAMED))
    post(engine, date(2025, 3, 10))
    early = world.NOW + timedelta(days=3)
    assert refusals(take, engine, "assess_revocation", Role.DISTRICT_REVIEWER, early) == [
        "consultation_complete.period"
    ]


def test_a_title_whose_criteria_are_met_again_or_whom_the_council_keeps_stays_and_can_be_reviewed_again(
    engine: Engine,
) -> None:
    review(engine)
    judge(engine, ())
    take(engine, "record_recovery", Role.DISTRICT_REVIEWER, reason="Đã khắc phục xong.")
    assert standing(engine) == ("recognition_kept", "valid")
    take(engine, "propose_revocation", Role.DISTRICT_REVIEWER, world.NOW, reason=REASON)
    assess(engine, *UNNAMED, NAMED)
    appraise(engine, *UNNAMED, NAMED)
    sit(engine, "no")
    assert take(engine, "conclude_revocation", Role.COUNCIL_SECRETARY).type == "revocation_not_recommended"
    assert standing(engine) == ("recognition_kept", "valid")
    assert findings(engine) == ()


def test_the_chairman_keeps_a_title_in_writing_and_signs_only_what_the_council_has_voted_on(engine: Engine) -> None:
    review(engine)
    assess(engine, *UNNAMED, NAMED)
    appraise(engine, *UNNAMED, NAMED)
    sit(engine, "yes")
    take(engine, "conclude_revocation", Role.COUNCIL_SECRETARY)
    chairman = Role.PROVINCIAL_CHAIRMAN
    early = LATER.date() - timedelta(days=1)
    assert refusals(take, engine, "revoke", chairman, reason=REASON, signed_on=early) == ["signed_after_council.before"]
    assert refusals(take, engine, "keep_recognition", chairman, reason=" ") == ["input.reason"]
    assert take(engine, "keep_recognition", chairman, reason="Giữ nguyên.").to_state == "recognition_kept"
    assert standing(engine) == ("recognition_kept", "valid")


# --- opening it ---


def test_a_review_is_opened_once_by_those_who_see_the_unit_and_the_same_request_gives_the_same_dossier(
    engine: Engine,
) -> None:
    with pytest.raises(NotFound), unit_of_work(engine) as connection:
        open_revocation(connection, 99, REASON, "none", world.PERSON[Role.DEPARTMENT_OFFICER], world.NOW)
    work(engine, lambda c: c.execute(R.update().values(unit_id=world.FIRST_COMMUNE + 1)))
    with pytest.raises(NotFound):
        review(engine, Role.COMMUNE_OFFICER)
    work(engine, lambda c: c.execute(R.update().values(unit_id=world.FIRST_COMMUNE)))
    assert refusals(review, engine, Role.INSPECTOR) == ["policy.role"]
    assert review(engine) == review(engine) == 1
    assert refusals(review, engine, key="another") == ["no_other_open_dossier.exists"]
    judge(engine, ())
    take(engine, "record_recovery", Role.DISTRICT_REVIEWER, reason="Đã khắc phục.")
    assert refusals(review, engine, key="third") == ["title_held.in_dossier"]


def test_nothing_is_reviewed_that_does_not_hold_or_has_no_rule(engine: Engine) -> None:
    work(engine, lambda c: c.execute(R.update().values(status="replaced")))
    assert refusals(review, engine) == ["title_held.none"]
    work(engine, lambda c: c.execute(R.update().values(status="valid")))
    work(engine, lambda c: c.execute(insert(R), title(id=2, level="advanced")))
    assert refusals(review, engine) == ["title_held.above"]
    work(engine, lambda c: c.execute(R.delete().where(R.c.id == 2)))
    work(engine, lambda c: c.execute(table_of(AdminUnit).update().values(valid_to=date(2025, 2, 1))))
    assert refusals(review, engine) == ["unit_in_force.ended"]
    work(engine, lambda c: c.execute(table_of(CriteriaAdoption).update().values(valid_to=date(2025, 2, 1))))
    assert refusals(review, engine) == ["unit_in_force.ended", "criteria_adopted.none"]


def test_a_model_commune_is_reviewed_by_the_advanced_set(engine: Engine) -> None:
    work(engine, lambda c: c.execute(R.update().values(level="model")))
    assert refusals(review, engine) == ["criteria_adopted.none"]
    adoption = {
        "set_key": "commune-advanced-2021-2025",
        "subject": "commune",
        "level": "advanced",
        "decision": "8/QĐ-UBND",
    }
    dated = {"decided_on": date(2022, 9, 5), "valid_from": date(2022, 9, 5), "thresholds": {}, "practice": True}
    work(
        engine,
        lambda c: c.execute(insert(table_of(CriteriaAdoption)), {**adoption, **dated, "group_default": "tdmnpb"}),
    )
    assert review(engine) == 1
    assert case(engine).row.set_key == "commune-advanced-2021-2025"


def test_a_title_that_was_reviewed_and_then_changed_in_the_book_is_found(engine: Engine) -> None:
    review(engine)
    work(engine, lambda c: c.execute(R.update().values(decision="47/QĐ-UBND")))
    assert [one.cause for one in findings(engine)] == ["the book of recognitions is not what the decision says"]
