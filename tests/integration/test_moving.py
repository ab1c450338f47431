"""Dossiers whose district has ended go on by the two-tier procedure: listed first, moved one by one in their chains."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from blueprints.desk.base import key_of
from casework.audit import verify
from casework.consulting import PostingEntry, keep_posting
from casework.door import Order, perform
from casework.errors import KeyReused, NotFound
from casework.moving import listed, move_dossier
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import Paper
from models.dossiers import Dossier
from models.events import DossierEvent, EffectRow
from models.places import AdminUnit, Recognition
from queries.days import day_of
from queries.facts import read_case
from queries.rulebook import move_plans
from tests import world
from tests.integration.acting import add_grant, refusals, work
from workflow.decide import Offering, decide, offered
from workflow.decide import Refused as NotAllowed
from workflow.names import Field, Role

D, E, U, X = table_of(Dossier), table_of(DossierEvent), table_of(AdminUnit), table_of(EffectRow)
P = table_of(Paper)
(PLAN,) = move_plans().values()
AFTER = datetime(2025, 7, 14, 2, tzinfo=UTC)
OFFICER = world.PERSON[Role.DEPARTMENT_OFFICER]
STATES = ("self_assessing", "district_verifying", "district_vote", "returned", "province_appraising", "announced")


@pytest.fixture(autouse=True)
def under_way(engine: Engine) -> None:
    """Dossiers of six communes in as many states; their district ended on 30/06/2025."""
    with unit_of_work(engine) as connection:
        world.found(connection, communes=len(STATES))
        for number, state in enumerate(STATES):
            world.plant(connection, world.FIRST_COMMUNE + number, state, number + 1)
        ended = update(U).where(U.c.id == world.DISTRICT).values(valid_to=date(2025, 6, 30))
        connection.execute(ended)


def move(engine: Engine, dossier: int, person: int = OFFICER, now: datetime = AFTER) -> Any:
    with unit_of_work(engine) as connection:
        return move_dossier(connection, dossier, PLAN, person, now)


def rows(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(select(D).order_by(D.c.id)))


def causes(engine: Engine, code: str) -> list[str]:
    with reading(engine) as connection:
        return [one.cause for one in verify(connection).findings if one.dossier == code]


def listing(engine: Engine, now: datetime = AFTER) -> list[tuple[str, str, str | None]]:
    with reading(engine) as connection:
        found = listed(connection, PLAN, day_of(now))
        return [(one.state, one.to, one.against[0].code if one.against else None) for one in found]


def test_open_dossiers_are_listed_and_ends_stay(engine: Engine) -> None:
    assert listing(engine) == [
        ("self_assessing", "self_assessing", None),
        ("district_verifying", "department_received", None),
        ("district_vote", "province_comment", None),
        ("returned", "returned", None),
        ("province_appraising", "province_appraising", None),
    ]
    assert listing(engine, world.NOW) == []
    ended = update(U).where(U.c.id == world.FIRST_COMMUNE).values(valid_to=date(2025, 6, 30))
    work(engine, lambda c: c.execute(ended))
    assert listing(engine)[0] == ("self_assessing", "self_assessing", "moving.unit_first")
    assert refusals(move, engine, 1) == ["moving.unit_first"]


def test_each_goes_on_where_the_plan_says_with_its_chain_whole(engine: Engine) -> None:
    before = {number: causes(engine, f"HS-{number}") for number in range(1, 6)}
    for dossier in range(1, 6):
        receipt = move(engine, dossier)
        assert receipt.to_state == PLAN.states[STATES[dossier - 1]].to
        again = move(engine, dossier)
        assert (again.event_id, again.repeated) == (receipt.event_id, True)
    after = rows(engine)
    assert [row.procedure_id for row in after] == [PLAN.new.id] * 5 + [PLAN.old.id]
    assert [row.holder_role for row in after] == [
        *("commune_officer", "department_officer", "department_officer", "commune_officer", "department_officer"),
        None,
    ]
    assert [row.holder_unit_id for row in after][1:3] == [world.PROVINCE] * 2
    assert {number: causes(engine, f"HS-{number}") for number in range(1, 6)} == before


def test_a_moved_dossier_may_be_recognised_for_a_year_before_the_districts_ended(engine: Engine) -> None:
    """The criteria were those of 2021-2025 all the time; only the way to the decision has become another one."""
    with unit_of_work(engine) as connection:
        unit = world.add_commune(connection, 7)
        planted = world.plant(connection, unit, "recommended", 7)
    move(engine, planted.id)
    with reading(engine) as connection:
        file = read_case(connection, planted.id, world.CHAIRMAN, day_of(AFTER))
    assert file
    asked = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: day_of(AFTER)}
    assert not isinstance(decide(file.procedure, file.facts, file.actor, "recognise", asked), NotAllowed)
    early = decide(file.procedure, file.facts, file.actor, "recognise", {**asked, Field.YEAR_RECOGNISED: 2021})
    assert isinstance(early, NotAllowed)
    assert [one.code for one in early.refusals] == ["year_in_period.outside"]


def test_a_key_that_somebody_used_up_beforehand_is_not_that_of_a_move(engine: Engine) -> None:
    used = f"move:{PLAN.name}:1"
    assert key_of(used) != used
    with unit_of_work(engine) as connection:
        order = Order(1, "withdraw", rows(engine)[0].version, used, {Field.REASON: "Xã rút"})
        perform(connection, order, world.PERSON[Role.COMMUNE_CHAIRMAN], AFTER)
    with pytest.raises(KeyReused):
        move(engine, 1)


def test_the_event_says_why_on_which_basis_and_what_is_asked_again(engine: Engine) -> None:
    receipt = move(engine, 2)
    with reading(engine) as connection:
        event = connection.execute(select(E).where(E.c.id == receipt.event_id)).one()
        owed = connection.execute(select(X.c.kind).where(X.c.event_id == event.id).order_by(X.c.kind)).scalars().all()
    assert (event.type, event.action, event.procedure_id, event.person_id) == ("moved", "move", PLAN.new.id, OFFICER)
    assert event.reason.startswith("Cấp huyện kết thúc hoạt động")
    assert "Nghị định số 131/2025/NĐ-CP" in event.reason
    told = json.loads(event.payload)
    assert told["plan"] == "three-tier-to-two-tier"
    assert told["again"] == ["parts_checked", "criteria_met", "verdicts_explained"]
    assert owed == ["notify_commune", "notify_holder"]


def test_a_moved_dossier_goes_on_by_the_new_rules(engine: Engine) -> None:
    move(engine, 4)
    move(engine, 2)
    chairman = world.PERSON[Role.COMMUNE_CHAIRMAN]
    with reading(engine) as connection:
        returned = read_case(connection, 4, chairman, day_of(AFTER))
        received = read_case(connection, 2, OFFICER, day_of(AFTER))
    assert returned
    assert received
    assert [notice.stage for notice in returned.facts.returns] == ["district"]
    found = {offer.action.name: offer for offer in offered(received.procedure, received.facts, received.actor)}
    accept = found["accept_for_verification"]
    assert accept.status is Offering.BLOCKED
    assert [refusal.code for refusal in accept.refusals] == ["parts_checked.unchecked"]
    assert received.row.due_on == date(2025, 7, 21)
    work(engine, add_grant, chairman, Role.COMMUNE_CHAIRMAN, returned.row.unit_id)
    order = Order(4, "withdraw", returned.row.version, "out", {Field.REASON: "Rút để lập lại."})
    assert work(engine, perform, order, chairman, AFTER).to_state == "withdrawn"
    assert "the events lead" not in " ".join(causes(engine, "HS-4"))


def test_nobody_moves_what_is_not_to_be_moved(engine: Engine) -> None:
    with pytest.raises(NotFound):
        move(engine, 99)
    assert refusals(move, engine, 1, world.PERSON[Role.PROVINCIAL_CHAIRMAN]) == ["policy.role"]
    assert refusals(move, engine, 6) == ["moving.not_here"]
    assert refusals(move, engine, 1, now=world.NOW) == ["moving.too_early"]
    work(engine, lambda c: c.execute(update(U).where(U.c.id == world.DISTRICT).values(valid_to=None)))
    assert refusals(move, engine, 1) == ["moving.district_in_force"]
    assert {row.procedure_id for row in rows(engine)} == {PLAN.old.id}


def test_a_move_that_somebody_wrote_into_the_row_alone_is_found(engine: Engine) -> None:
    work(engine, lambda c: c.execute(update(D).where(D.c.id == 5).values(procedure_id=PLAN.new.id)))
    assert "it is not pinned to the procedure of its events" in causes(engine, "HS-5")


def test_a_review_that_was_moved_is_assessed_and_posted_by_the_commune(engine: Engine) -> None:
    unit = world.FIRST_COMMUNE + len(STATES) - 1
    with unit_of_work(engine) as connection:
        world.plant(connection, unit, "under_review", 7)
        given = {"decision": "07/QĐ-UBND", "signed_on": world.TODAY, "authority": "UBND tỉnh", "year_recognised": 2024}
        of = {"unit_id": unit, "subject": "commune", "level": "standard"}
        named = {"unit_name": "Xã Thử 6", "place_then": "Huyện Thử", "dossier_id": 7, "source": "HS-7"}
        connection.execute(insert(table_of(Recognition)), {**given, **of, **named})
        for role in (Role.COMMUNE_OFFICER, Role.COMMUNE_CHAIRMAN):
            add_grant(connection, world.PERSON[role], role, unit)
    move(engine, 7)
    officer, later = world.PERSON[Role.COMMUNE_OFFICER], AFTER + timedelta(days=16)
    entry = PostingEntry(day_of(AFTER), ("office", "culture_house"), loudspeaker_times=5)
    work(engine, keep_posting, 7, entry, officer, AFTER)

    def take(action: str, person: int) -> str:
        order = Order(7, action, rows(engine)[6].version, f"{action}-7", {})
        return str(work(engine, perform, order, person, later).to_state)

    assert take("assess_revocation", officer) == "revocation_dossier"
    assert take("submit_revocation", world.PERSON[Role.COMMUNE_CHAIRMAN]) == "revocation_appraising"
    with reading(engine) as connection:
        drawn = select(P.c.kind).where(P.c.kind != "decision").order_by(P.c.id)
        kinds = connection.execute(drawn).scalars().all()
    assert kinds == ["result_report", "opinion_summary"]
    assert "the events lead" not in " ".join(causes(engine, "HS-7"))
