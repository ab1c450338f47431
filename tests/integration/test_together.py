"""One decision on several units: one number and one paper, each dossier through the door, all of it or nothing."""

import threading
from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import Engine, func, insert, select, text

from casework.audit import verify
from casework.door import Order, perform
from casework.errors import KeyReused, NotFound, NotTogether, Refused
from casework.together import JointOrder, perform_together
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from documents.seal import facts_of
from models.base import table_of
from models.documents import NumberSeries, OutgoingEntry, Paper, PaperDossier, PaperRelation
from models.dossiers import Condition, Dossier
from models.events import DossierEvent, EffectRow
from models.keys import sort_key
from models.places import Recognition, TitleEnd
from queries.facts import read_case
from queries.issued_papers import correctable_papers, paper_view
from queries.titles import title_page
from tests import world
from tests.failing import failures
from workflow.names import Field

P, OF, D, R = (table_of(one) for one in (Paper, PaperDossier, Dossier, Recognition))
TYPED = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: date(2025, 3, 10)}
TABLES = (
    *(Dossier, DossierEvent, EffectRow, NumberSeries, Paper, PaperDossier),
    *(Recognition, OutgoingEntry, PaperRelation, TitleEnd),
)
SAMPLED = 7


def plant(engine: Engine, count: int) -> list[world.Planted]:
    with unit_of_work(engine) as connection:
        world.found(connection, communes=count)
        return [world.plant(connection, world.FIRST_COMMUNE + n, "recommended", n + 1) for n in range(count)]


def joint(dossiers: Sequence[world.Planted], key: str = "together", action: str = "recognise") -> JointOrder:
    return JointOrder(action, {one.id: one.version for one in dossiers}, key, TYPED)


def decide(engine: Engine, order: JointOrder, person: int = world.CHAIRMAN) -> list[int | None]:
    with unit_of_work(engine) as connection:
        return [one.number for one in perform_together(connection, order, person, world.NOW)]


def snapshot(engine: Engine) -> list[list[tuple[object, ...]]]:
    with reading(engine) as connection:
        ordered = (select(table_of(one)).order_by(text("1, 2")) for one in TABLES)
        return [[tuple(row) for row in connection.execute(one)] for one in ordered]


def test_one_decision_recognises_forty_units(engine: Engine) -> None:
    dossiers = plant(engine, 40)
    assert decide(engine, joint(dossiers)) == [218] * 40
    with reading(engine) as connection:
        decision = connection.execute(select(P).where(P.c.kind == "decision")).one()
        about = connection.execute(select(OF.c.dossier_id).where(OF.c.paper_id == decision.id)).scalars().all()
        assert sorted(about) == [one.id for one in dossiers]
        assert connection.execute(select(func.count()).where(P.c.kind == "certificate")).scalar_one() == 40
        assert connection.execute(select(R.c.decision).distinct()).scalars().all() == ["218/QĐ-UBND"]
        assert connection.execute(select(func.count()).select_from(table_of(OutgoingEntry))).scalar_one() == 1
        assert set(connection.execute(select(D.c.state)).scalars()) == {"recognised"}
        assert verify(connection).findings == ()
    facts = from_json(decision.context)
    named = [f"xã Thử {n}" for n in range(1, 41)]
    assert [unit.name for unit in facts.units] == sorted(named, key=sort_key)
    assert "40 xã trên địa bàn tỉnh Cao Bằng" in facts.articles[0].text
    assert "Chủ tịch Ủy ban nhân dân các xã có tên trong Phụ lục" in facts.articles[2].text
    assert facts_of(facts) == "QD.218.QD-UBND.20250310.40-XA.NTM.2024"


def test_the_same_order_sent_again_is_the_same_decision(engine: Engine) -> None:
    dossiers = plant(engine, 3)
    decide(engine, joint(dossiers))
    before = snapshot(engine)
    with unit_of_work(engine) as connection:
        receipts = perform_together(connection, joint(dossiers), world.CHAIRMAN, world.NOW)
    assert [(one.dossier_id, one.repeated) for one in receipts] == [(1, True), (2, True), (3, True)]
    for others in (dossiers[:2], dossiers[1:]):
        with pytest.raises(KeyReused):
            decide(engine, joint(others))
    assert snapshot(engine) == before


def test_one_that_is_refused_stops_all_and_is_named(engine: Engine) -> None:
    dossiers = plant(engine, 3)
    with unit_of_work(engine) as connection:
        owing = table_of(Condition).update().where(table_of(Condition).c.dossier_id == 2)
        connection.execute(owing.values(debt_amount=5_000_000))
    before = snapshot(engine)
    with pytest.raises(NotTogether) as told:
        decide(engine, joint(dossiers))
    assert {key: [one.code for one in refusals] for key, refusals in told.value.refused.items()} == {
        2: ["debt_free.owed"]
    }
    assert snapshot(engine) == before


def test_one_that_was_decided_meanwhile_stops_all_and_is_named(engine: Engine) -> None:
    dossiers = plant(engine, 3)
    with unit_of_work(engine) as connection:
        alone = Order(3, "recognise", dossiers[2].version, "alone", TYPED)
        perform(connection, alone, world.SECOND_CHAIRMAN, world.NOW)
    before = snapshot(engine)
    with pytest.raises(NotTogether) as told:
        decide(engine, joint(dossiers))
    assert [(key, one.by) for key, one in told.value.stale.items()] == [(3, f"Người {world.SECOND_CHAIRMAN}")]
    assert snapshot(engine) == before


def test_only_several_of_one_kind_are_decided_together_and_only_recognised(engine: Engine) -> None:
    dossiers = plant(engine, 2)
    with pytest.raises(Refused) as alone:
        decide(engine, joint(dossiers[:1]))
    assert [one.code for one in alone.value.refusals] == ["together.count"]
    with unit_of_work(engine) as connection:
        connection.execute(D.update().where(D.c.id == 2).values(level="advanced"))
    with pytest.raises((Refused, NotTogether)):
        decide(engine, joint(dossiers))
    declining = JointOrder("decline", {one.id: one.version for one in dossiers}, "no", {Field.REASON: "Chưa đủ"})
    with pytest.raises(NotFound):
        decide(engine, declining)
    with pytest.raises(NotFound):
        decide(engine, joint([*dossiers, world.Planted(99, 1)]))


def test_a_failure_at_any_statement_leaves_the_state_before(engine: Engine) -> None:
    """Every seventh statement of a decision on three units fails once."""
    order = joint(plant(engine, 3))
    failed = failures(engine, lambda: decide(engine, order), lambda: snapshot(engine), SAMPLED)
    assert failed > 3 * SAMPLED
    with reading(engine) as connection:
        assert verify(connection).findings == ()


def test_joint_decisions_beside_single_ones_take_numbers_without_a_gap(engine: Engine) -> None:
    dossiers = plant(engine, 12)
    barrier = threading.Barrier(8)
    numbers: list[list[int | None]] = []

    def together(three: Sequence[world.Planted]) -> None:
        barrier.wait()
        numbers.append(decide(engine, joint(three, f"k{three[0].id}")))

    def alone(one: world.Planted) -> None:
        barrier.wait()
        with unit_of_work(engine) as connection:
            receipt = perform(connection, Order(one.id, "recognise", one.version, f"k{one.id}", TYPED), *by)
        numbers.append([receipt.number])

    by = (world.CHAIRMAN, world.NOW)
    work = [(together, dossiers[at : at + 2]) for at in range(0, 8, 2)] + [(alone, one) for one in dossiers[8:]]
    threads = [threading.Thread(target=one, args=(what,)) for one, what in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(set(given)) == 1 for given in numbers)
    assert sorted(given[0] or 0 for given in numbers) == list(range(218, 226))
    with reading(engine) as connection:
        assert verify(connection).findings == ()


def test_of_two_who_decide_overlapping_units_at_once_one_wins_whole(engine: Engine) -> None:
    dossiers = plant(engine, 3)
    barrier = threading.Barrier(2)
    told: list[object] = []

    def decide_as(person: int, some: Sequence[world.Planted]) -> None:
        barrier.wait()
        try:
            told.append(decide(engine, joint(some, f"by-{person}"), person))
        except NotTogether as error:
            told.append(error)

    ways = ((world.CHAIRMAN, dossiers[:2]), (world.SECOND_CHAIRMAN, dossiers[1:]))
    threads = [threading.Thread(target=decide_as, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (lost,) = (one for one in told if isinstance(one, NotTogether))
    assert list(lost.stale) == [2]
    assert [218, 218] in told
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).where(D.c.state == "recognised")).scalar_one() == 2
        assert verify(connection).findings == ()


def test_what_revokes_one_title_is_not_said_of_the_others_but_what_corrects_their_decision_is(engine: Engine) -> None:
    decide(engine, joint(plant(engine, 2)))
    said = (("revokes", "revocation_decision", 219), ("corrects", "correction_letter", 220))
    with unit_of_work(engine) as connection:
        first = connection.execute(select(P).where(P.c.kind == "decision")).one()
        for relation, kind, number in said:
            later = {"id": number, "kind": kind, "number": number, "code": kind}
            connection.execute(insert(P), first._asdict() | later)
            connection.execute(insert(OF), {"paper_id": number, "dossier_id": 1, "event_id": first.event_id})
            told = {"paper_id": number, "other_id": first.id, "relation": relation}
            connection.execute(insert(table_of(PaperRelation)), told)
        titles = connection.execute(select(R.c.id).order_by(R.c.dossier_id)).scalars().all()
        pages = [title_page(connection, one, world.TODAY) for one in titles]
        case = read_case(connection, 1, world.CHAIRMAN, world.TODAY)
        assert case
        paper = paper_view(connection, case.actor, world.TODAY, first.id)
        in_force = [[one.kind for one in correctable_papers(connection, dossier_id)] for dossier_id in (1, 2)]
    assert [[one.name for one in page.relations] for page in pages if page] == [
        ["220/QĐ-UBND", "219/QĐ-UBND"],
        ["220/QĐ-UBND"],
    ]
    assert paper
    assert (paper.units, paper.ended_units, paper.ended) == (2, 1, False)
    assert [one.unit for one in paper.relations] == ["Xã Thử 1"] * 2
    assert in_force == [["certificate"], ["decision", "certificate"]]
