"""The door: one act is written whole or not at all, once, in order, by one person, with its number."""

import json
import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, Engine, event, func, select, text

from casework.audit import verify
from casework.door import Order, Receipt, perform
from casework.errors import KeyReused, NotFound, Refused, Stale
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import NumberSeries, Paper
from models.dossiers import Dossier
from models.events import DossierEvent, EffectRow
from models.places import Recognition
from tests import world
from tests.failing import failures
from workflow.names import Field, Role

YEAR_AND_DAY = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: date(2025, 3, 10)}
RECOGNISED = 16


def recognise(dossier: world.Planted, key: str) -> Order:
    return Order(dossier.id, "recognise", dossier.version, key, YEAR_AND_DAY)


def act(engine: Engine, order: Order, person: int = world.CHAIRMAN) -> Receipt:
    with unit_of_work(engine) as connection:
        return perform(connection, order, person, world.NOW)


@pytest.fixture
def dossier(engine: Engine) -> world.Planted:
    with unit_of_work(engine) as connection:
        world.found(connection)
        return world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)


def snapshot(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    tables = (Dossier, DossierEvent, EffectRow, NumberSeries, Paper, Recognition)
    with reading(engine) as connection:
        return {
            model.__tablename__: [
                tuple(row) for row in connection.execute(select(table_of(model)).order_by(text("1, 2")))
            ]
            for model in tables
        }


def test_a_decision_writes_state_event_number_document_entry_and_effects_together(
    engine: Engine, dossier: world.Planted
) -> None:
    receipt = act(engine, recognise(dossier, "one"))
    assert (receipt.to_state, receipt.number, receipt.repeated) == ("recognised", 218, False)
    with reading(engine) as connection:
        row = connection.execute(select(table_of(Dossier))).one()
        paper, certificate = connection.execute(select(table_of(Paper)).order_by(table_of(Paper).c.id)).all()
        entry = connection.execute(select(table_of(Recognition))).one()
        kinds = connection.execute(select(table_of(EffectRow).c.kind).order_by("kind")).scalars().all()
        assert verify(connection).findings == ()
    assert (row.state, row.version, row.decided_by, row.decided_on, row.year_recognised) == (
        "recognised",
        dossier.version + 1,
        world.CHAIRMAN,
        date(2025, 3, 10),
        2024,
    )
    assert (paper.number, paper.sha256, json.loads(paper.context)["units"][0]["name"]) == (218, None, "xã Thử 1")
    assert (certificate.kind, certificate.number) == ("certificate", None)
    assert (entry.decision, entry.year_recognised, entry.signed_on) == ("218/QĐ-UBND", 2024, date(2025, 3, 10))
    assert kinds == ["notify_commune", "render_papers"]


def test_the_same_order_sent_five_times_is_one_event(engine: Engine, dossier: world.Planted) -> None:
    receipts = [act(engine, recognise(dossier, "same")) for _ in range(5)]
    assert [receipt.repeated for receipt in receipts] == [False, True, True, True, True]
    assert len({receipt.event_id for receipt in receipts}) == 1
    with reading(engine) as connection:
        drawn = connection.execute(select(func.count()).select_from(table_of(Paper))).scalar_one()
    assert drawn == 2


def test_a_key_of_another_persons_act_is_refused(engine: Engine, dossier: world.Planted) -> None:
    act(engine, recognise(dossier, "mine"))
    with pytest.raises(KeyReused):
        act(engine, recognise(dossier, "mine"), world.SECOND_CHAIRMAN)


def test_a_key_under_which_something_else_was_typed_is_refused(engine: Engine, dossier: world.Planted) -> None:
    """Whoever goes back in the browser and changes the form must not be told that the change was recorded."""
    act(engine, recognise(dossier, "back"))
    before = snapshot(engine)
    for name, typed in ((Field.YEAR_RECOGNISED, 2023), (Field.SIGNED_ON, date(2025, 3, 9))):
        with pytest.raises(KeyReused):
            act(engine, replace(recognise(dossier, "back"), inputs={**YEAR_AND_DAY, name: typed}))
    with pytest.raises(KeyReused):
        act(engine, replace(recognise(dossier, "back"), notes={"D1": "Thiếu chữ ký"}))
    assert snapshot(engine) == before


def test_a_page_that_grew_old_says_by_whom_and_when(engine: Engine, dossier: world.Planted) -> None:
    act(engine, recognise(dossier, "first"))
    with pytest.raises(Stale) as stale:
        act(engine, recognise(dossier, "second"), world.SECOND_CHAIRMAN)
    assert (stale.value.by, stale.value.at, stale.value.state) == (f"Người {world.CHAIRMAN}", world.NOW, "recognised")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PROVINCIAL_CHAIRMAN])
def test_nobody_else_decides_and_nothing_is_written(engine: Engine, dossier: world.Planted, role: Role) -> None:
    before = snapshot(engine)
    with pytest.raises(Refused) as refused:
        act(engine, recognise(dossier, "other"), world.PERSON[role])
    assert [refusal.code for refusal in refused.value.refusals] == ["policy.role"]
    assert snapshot(engine) == before


def test_a_dossier_out_of_reach_does_not_exist(engine: Engine, dossier: world.Planted) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(text("UPDATE dossier SET district_id = NULL"))
    with pytest.raises(NotFound):
        act(engine, recognise(dossier, "far"), world.PERSON[Role.DISTRICT_REVIEWER])
    with pytest.raises(NotFound):
        act(engine, Order(999, "recognise", 1, "none", YEAR_AND_DAY))


def test_an_act_that_the_facts_forbid_names_every_reason(engine: Engine, dossier: world.Planted) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(text("UPDATE condition SET debt_amount = 7, security_complex = :yes"), {"yes": True})
    with pytest.raises(Refused) as refused:
        act(engine, recognise(dossier, "debts"))
    assert [refusal.code for refusal in refused.value.refusals] == ["debt_free.owed", "security_not_complex.complex"]


def test_a_year_without_a_number_series_is_refused_whole(engine: Engine, dossier: world.Planted) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(text("DELETE FROM number_series"))
    before = snapshot(engine)
    with pytest.raises(Refused) as refused:
        act(engine, recognise(dossier, "unnumbered"))
    assert [refusal.code for refusal in refused.value.refusals] == ["number.no_series"]
    assert snapshot(engine) == before


def test_of_two_deciders_at_once_one_wins_and_the_other_is_told_who_and_when(
    engine: Engine, dossier: world.Planted
) -> None:
    barrier = threading.Barrier(2)
    results: dict[int, Receipt | Stale] = {}

    def decide_as(person: int) -> None:
        barrier.wait()
        try:
            results[person] = act(engine, recognise(dossier, f"by-{person}"), person)
        except Stale as stale:
            results[person] = stale

    threads = [threading.Thread(target=decide_as, args=(one,)) for one in (world.CHAIRMAN, world.SECOND_CHAIRMAN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = next(person for person, result in results.items() if isinstance(result, Receipt))
    told = next(result for result in results.values() if isinstance(result, Stale))
    assert (told.by, told.at) == (f"Người {winner}", world.NOW)
    with reading(engine) as connection:
        assert verify(connection).findings == ()


def test_the_same_order_sent_at_once_is_one_event(engine: Engine, dossier: world.Planted) -> None:
    barrier = threading.Barrier(4)
    receipts: list[Receipt] = []

    def send() -> None:
        barrier.wait()
        receipts.append(act(engine, recognise(dossier, "at-once")))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(receipt.repeated for receipt in receipts) == [False, True, True, True]


def test_one_key_on_two_dossiers_at_the_same_moment_is_refused_for_the_second(
    engine: Engine, dossier: world.Planted
) -> None:
    with unit_of_work(engine) as connection:
        second = world.plant(connection, world.add_commune(connection, 1), "recommended", 2)
    told: list[Exception] = []

    def decline(connection: Connection, one: world.Planted, person: int) -> None:
        order = Order(one.id, "decline", one.version, "one key", {Field.REASON: "Chưa đủ căn cứ"})
        perform(connection, order, person, world.NOW)

    def decline_second() -> None:
        try:
            with unit_of_work(engine) as connection:
                decline(connection, second, world.SECOND_CHAIRMAN)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
            told.append(error)

    thread = threading.Thread(target=decline_second)
    with unit_of_work(engine) as connection:
        decline(connection, dossier, world.CHAIRMAN)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()  # it waits for the first, which is not written yet
    thread.join()
    assert [type(error) for error in told] == [KeyReused]


def test_a_failure_at_any_statement_leaves_the_state_before(engine: Engine, dossier: world.Planted) -> None:
    order = recognise(dossier, "broken")
    assert failures(engine, lambda: act(engine, order), lambda: snapshot(engine)) > 8
    with reading(engine) as connection:
        assert verify(connection).findings == ()


def test_the_number_of_statements_of_an_act_is_fixed(engine: Engine, dossier: world.Planted) -> None:
    statements: list[str] = []
    event.listen(engine, "after_cursor_execute", lambda _c, _k, statement, *_: statements.append(statement))
    with unit_of_work(engine) as connection:
        order = Order(dossier.id, "decline", dossier.version, "no", {Field.REASON: "Chưa đủ căn cứ"})
        perform(connection, order, world.CHAIRMAN, world.NOW)
    assert len([one for one in statements if not one.startswith("BEGIN")]) == 5
