"""A decision on several units replaced as a whole: one number and one paper, all of its units or none."""

import threading
from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import Engine, func, insert, select

from casework.audit import verify
from casework.door import Order, perform
from casework.errors import NotTogether, Refused
from casework.together import JointOrder, perform_together, sketch_together
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from documents.seal import facts_of
from models.base import table_of
from models.documents import OutgoingEntry, Paper, PaperDossier, PaperRelation
from models.dossiers import Dossier
from models.events import DossierEvent
from models.places import AdminUnit, Recognition, TitleEnd
from queries.facts import read_cases
from queries.issued_papers import paper_view
from queries.verification import checked
from tests import world
from tests.failing import failures
from tests.integration import test_together as together
from workflow.names import Field

P, OF, D, R, T, B = (table_of(one) for one in (Paper, PaperDossier, Dossier, Recognition, TitleEnd, PaperRelation))
REASON = "Ghi sai năm công nhận."
TYPED = {Field.REASON: REASON, Field.YEAR_RECOGNISED: 2023, Field.SIGNED_ON: date(2025, 3, 10)}


def recognised(engine: Engine, count: int) -> None:
    """One decision, number 218, on so many units."""
    together.decide(engine, together.joint(together.plant(engine, count)))


def order(engine: Engine, ids: Sequence[int], key: str = "in its place", year: int = 2023) -> JointOrder:
    with reading(engine) as connection:
        seen = dict(connection.execute(select(D.c.id, D.c.version).where(D.c.id.in_(ids))).all())
    return JointOrder("replace", seen, key, TYPED | {Field.YEAR_RECOGNISED: year})


def alone(engine: Engine, dossier_id: int, key: str = "alone") -> None:
    with unit_of_work(engine) as connection:
        version = connection.execute(select(D.c.version).where(D.c.id == dossier_id)).scalar_one()
        perform(connection, Order(dossier_id, "replace", version, key, TYPED), world.CHAIRMAN, world.NOW)


def code(engine: Engine, number: int) -> str:
    with reading(engine) as connection:
        return str(connection.execute(select(P.c.code).where(P.c.number == number)).scalar_one())


def test_the_whole_is_replaced_under_one_number(engine: Engine) -> None:
    recognised(engine, 3)
    assert together.decide(engine, order(engine, (1, 2, 3))) == [219] * 3
    with reading(engine) as connection:
        decision = connection.execute(select(P).where(P.c.kind == "replacement_decision")).one()
        old = connection.execute(select(P.c.id).where(P.c.number == 218)).scalar_one()
        about = connection.execute(select(OF.c.dossier_id, OF.c.event_id).where(OF.c.paper_id == decision.id)).all()
        events = table_of(DossierEvent)
        chains = dict(connection.execute(select(events.c.id, events.c.dossier_id)).all())
        assert {(dossier, chains[event_id]) for dossier, event_id in about} == {(1, 1), (2, 2), (3, 3)}
        bonds = connection.execute(select(B.c.paper_id, B.c.other_id).where(B.c.relation == "replaces")).all()
        certificates = connection.execute(
            select(OF.c.dossier_id, P.c.id).join(P, P.c.id == OF.c.paper_id).where(P.c.kind == "certificate")
        ).all()
        of_each = {one: sorted(paper for dossier, paper in certificates if dossier == one) for one in (1, 2, 3)}
        assert {tuple(one) for one in bonds} == {(decision.id, old), *((new, was) for was, new in of_each.values())}
        titles = connection.execute(select(R.c.status, R.c.decision, R.c.year_recognised).order_by(R.c.id)).all()
        assert [tuple(one) for one in titles] == [("replaced", "218/QĐ-UBND", 2024)] * 3 + [
            ("valid", "219/QĐ-UBND", 2023)
        ] * 3
        ends = connection.execute(select(T.c.decision, T.c.standing, T.c.reason)).all()
        assert [tuple(one) for one in ends] == [("219/QĐ-UBND", "replaced", REASON)] * 3
        assert connection.execute(select(func.count()).select_from(table_of(OutgoingEntry))).scalar_one() == 2
        assert set(connection.execute(select(D.c.state)).scalars()) == {"recognised"}
        assert verify(connection).findings == ()
    facts = from_json(decision.context)
    assert [unit.name for unit in facts.units] == ["xã Thử 1", "xã Thử 2", "xã Thử 3"]
    assert "thay thế Quyết định số 218/QĐ-UBND" in facts.articles[2].text
    assert "đối với" not in facts.articles[2].text
    assert facts_of(facts) == "TT.219.QD-UBND.20250310.03-XA.NTM.2023"


def test_its_pages_say_so_at_once_and_it_is_replaced_again(engine: Engine) -> None:
    recognised(engine, 2)
    together.decide(engine, order(engine, (1, 2)))
    with reading(engine) as connection:
        old = checked(connection, code(engine, 218), world.TODAY)
        new = checked(connection, code(engine, 219), world.TODAY)
        case = read_cases(connection, (1,), world.CHAIRMAN, world.TODAY)[0]
        paper = paper_view(connection, case.actor, world.TODAY, 1)
    assert old
    assert new
    assert paper
    assert (old.standing, [one.name for one in old.relations]) == ("replaced", ["219/QĐ-UBND"])
    assert (new.standing, len(new.titles)) == ("valid", 2)
    assert (paper.units, paper.ended_units, paper.ended) == (2, 2, True)
    together.decide(engine, order(engine, (1, 2), "again", 2024))
    with reading(engine) as connection:
        assert connection.execute(select(R.c.decision).where(R.c.status == "valid").distinct()).scalars().all() == [
            "220/QĐ-UBND"
        ]
        assert verify(connection).findings == ()


def test_a_part_of_it_is_not_replaced(engine: Engine) -> None:
    recognised(engine, 3)
    before = together.snapshot(engine)
    with pytest.raises(Refused) as told:
        alone(engine, 1)
    assert [one.code for one in told.value.refusals] == ["replaced.several"]
    assert told.value.refusals[0].parameters["units"] == "Xã Thử 1, Xã Thử 2, Xã Thử 3"
    with pytest.raises(Refused):
        together.decide(engine, order(engine, (1, 2)))
    assert together.snapshot(engine) == before


def test_two_decisions_are_not_replaced_by_one(engine: Engine) -> None:
    dossiers = together.plant(engine, 4)
    together.decide(engine, together.joint(dossiers[:2], "first"))
    together.decide(engine, together.joint(dossiers[2:], "second"))
    with pytest.raises(Refused):
        together.decide(engine, order(engine, (1, 2, 3, 4)))


def revoke_for_one(engine: Engine) -> None:
    """A later paper that ended the decision for dossier 1 alone."""
    with unit_of_work(engine) as connection:
        first = connection.execute(select(P).where(P.c.number == 218)).one()
        later = {"id": 900, "kind": "revocation_decision", "number": 219, "code": "later"}
        connection.execute(insert(P), first._asdict() | later)
        connection.execute(insert(OF), {"paper_id": 900, "dossier_id": 1, "event_id": first.event_id})
        connection.execute(insert(B), {"paper_id": 900, "other_id": first.id, "relation": "revokes"})
        world.count_on(connection)


def test_what_was_revoked_for_one_unit_is_replaced_for_the_others(engine: Engine) -> None:
    recognised(engine, 3)
    revoke_for_one(engine)
    with pytest.raises(Refused):
        together.decide(engine, order(engine, (1, 2, 3)))
    with unit_of_work(engine) as connection:
        connection.exec_driver_sql("UPDATE number_series SET last = 219")
    assert together.decide(engine, order(engine, (2, 3))) == [220] * 2


def test_a_unit_that_has_ended_keeps_the_decision_it_had(engine: Engine) -> None:
    recognised(engine, 3)
    units = table_of(AdminUnit)
    with unit_of_work(engine) as connection:
        merged = units.update().where(units.c.id == world.FIRST_COMMUNE).values(valid_to=date(2025, 3, 1))
        connection.execute(merged)
        files = list(read_cases(connection, (2, 3), world.CHAIRMAN, world.TODAY))
        draft = sketch_together(connection, files, "replace", TYPED)
    together.decide(engine, order(engine, (2, 3)))
    with reading(engine) as connection:
        frozen = connection.execute(select(P.c.context).where(P.c.number == 219)).scalar_one()
        titles = connection.execute(select(R.c.status).order_by(R.c.id)).scalars().all()
    said = from_json(frozen).articles
    assert "của Chủ tịch Ủy ban nhân dân tỉnh Cao Bằng đối với 02 xã trên địa bàn tỉnh Cao Bằng." in said[2].text
    assert draft.articles == said
    assert titles == ["valid", "replaced", "replaced", "valid", "valid"]


def test_the_same_order_sent_again_is_the_same_decision(engine: Engine) -> None:
    recognised(engine, 2)
    first = order(engine, (1, 2))
    together.decide(engine, first)
    before = together.snapshot(engine)
    with unit_of_work(engine) as connection:
        receipts = perform_together(connection, first, world.CHAIRMAN, world.NOW)
    assert [one.repeated for one in receipts] == [True, True]
    assert together.snapshot(engine) == before


def test_a_failure_at_any_statement_leaves_the_state_before(engine: Engine) -> None:
    """Every seventh statement of a replacement for three units fails once."""
    recognised(engine, 3)
    wanted = order(engine, (1, 2, 3))
    failed = failures(
        engine, lambda: together.decide(engine, wanted), lambda: together.snapshot(engine), together.SAMPLED
    )
    assert failed > 5 * together.SAMPLED
    with reading(engine) as connection:
        assert verify(connection).findings == ()


def test_of_two_who_replace_it_at_once_one_wins_whole(engine: Engine) -> None:
    recognised(engine, 2)
    barrier = threading.Barrier(2)
    told: list[object] = []
    orders = {who: order(engine, (1, 2), f"by-{who}") for who in (world.CHAIRMAN, world.SECOND_CHAIRMAN)}

    def replace_as(person: int) -> None:
        barrier.wait()
        try:
            told.append(together.decide(engine, orders[person], person))
        except NotTogether as error:
            told.append(error)

    threads = [threading.Thread(target=replace_as, args=(who,)) for who in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (lost,) = (one for one in told if isinstance(one, NotTogether))
    assert sorted(lost.stale) == [1, 2]
    assert [219, 219] in told
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).where(R.c.status == "valid")).scalar_one() == 2
        assert verify(connection).findings == ()
