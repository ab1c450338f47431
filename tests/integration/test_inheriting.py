"""A unit that ends while its dossier is under way: renamed, the dossier goes on; merged or split, it ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, insert, select, update

from casework.admin_record import Keeper
from casework.audit import verify
from casework.consulting import PostingEntry, keep_posting
from casework.door import Order, Receipt, perform
from casework.errors import KeyReused, NotFound, Stale
from casework.filing import reuse_evidence
from casework.inheriting import LAPSE, PASS_ON, listed, succeed, succeed_one
from casework.notices import tell
from casework.opening import Opening, open_dossier
from casework.succession import NewUnit, Resolution, close_unit, merge_unit, rename_unit
from casework.unit_of_work import reading, unit_of_work
from commands.dossier import GROUP
from models.base import table_of
from models.documents import Installation, Paper
from models.dossiers import Dossier
from models.events import DossierEvent, EffectRow
from models.notices import Notice
from models.places import PART, AdminUnit, Recognition
from queries.days import day_of
from queries.evidence import library
from tests import world
from tests.failing import failures
from tests.integration.acting import add_grant, case, refusals, work
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.decide import Refused, decide
from workflow.names import Field, Level, Role, Subject

D, E, X, N, R, P = (table_of(one) for one in (Dossier, DossierEvent, EffectRow, Notice, Recognition, Paper))
FIRST, SECOND, THIRD = (world.FIRST_COMMUNE + number for number in range(3))
OFFICER, CHAIRMAN = world.PERSON[Role.DEPARTMENT_OFFICER], world.PERSON[Role.COMMUNE_CHAIRMAN]
BY = Keeper("Quản trị", world.PERSON[Role.ADMINISTRATOR])
RESOLUTION = Resolution(date(2025, 4, 1), "Nghị quyết 12/NQ-HĐND")
AFTER = datetime(2025, 4, 2, 2, tzinfo=UTC)
DAY = day_of(AFTER)
NEW = NewUnit("c99999", "xã", "Mới")


@pytest.fixture(autouse=True)
def under_way(engine: Engine) -> None:
    """Three communes, each with a dossier under way."""
    with unit_of_work(engine) as connection:
        world.found(connection, communes=3)
        for number, state in enumerate(("public_comment", "recommended", "returned")):
            world.plant(connection, world.FIRST_COMMUNE + number, state, number + 1)
        world.count_on(connection)


def rename(engine: Engine, unit: int = FIRST, resolution: Resolution = RESOLUTION, name: str = "Tên Mới") -> int:
    return int(work(engine, rename_unit, unit, name, resolution, BY, world.NOW))


def merge(engine: Engine, *units: int, heir: Any = NEW, share: str = "full") -> int:
    for unit in units:
        heir = work(engine, merge_unit, unit, heir, RESOLUTION, BY, world.NOW, share=share)
    return int(heir)


def act(engine: Engine, action: str, dossier: int = 1, person: int = OFFICER, key: str = "k", seen: int = 0) -> Receipt:
    version = seen or case(engine, dossier, AFTER).row.version
    receipt: Receipt = work(engine, succeed, Order(dossier, action, version, key), person, AFTER)
    return receipt


def row(engine: Engine, dossier: int = 1) -> Any:
    with reading(engine) as connection:
        return connection.execute(select(D).where(D.c.id == dossier)).one()


def event(engine: Engine, receipt: Receipt) -> Any:
    with reading(engine) as connection:
        return connection.execute(select(E).where(E.c.id == receipt.event_id)).one()


def causes(engine: Engine, dossier: int = 1) -> list[str]:
    with reading(engine) as connection:
        return [one.cause for one in verify(connection).findings if one.dossier == f"HS-{dossier}"]


def listing(engine: Engine, *, ending: bool = False) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        found = list(listed(connection, DAY, ending=ending))
    return [(one.dossier_id, one.heir, one.to, [each.code for each in one.against]) for one in found]


# --- only renamed ---


def test_a_renamed_unit_is_still_the_same_when_another_one_joins_it_later(engine: Engine) -> None:
    heir = rename(engine)
    later = Resolution(DAY, "Nghị quyết 13/NQ-HĐND")
    with reading(engine) as connection:
        before = library(connection, heir, 1, "", 1)
    work(engine, merge_unit, SECOND, heir, later, BY, world.NOW)
    assert listing(engine)[0] == (1, "Xã Tên Mới", "public_comment", [])
    with reading(engine) as connection:
        assert library(connection, heir, 1, "", 1) == before
    assert before.total == 1


def test_a_dossier_goes_on_where_it_was_under_the_new_name(engine: Engine) -> None:
    before, found = row(engine), causes(engine)
    heir = rename(engine)
    assert listing(engine) == [(1, "Xã Tên Mới", "public_comment", [])]
    receipt = act(engine, PASS_ON)
    after, told = row(engine), event(engine, receipt)
    kept = ("state", "procedure_id", "district_id", "due_on", "round", "opened_at", "code", "is_open", "holder_role")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert (after.unit_id, after.holder_unit_id, after.version) == (heir, heir, before.version + 1)
    assert (told.type, told.action, told.person_id, told.role) == ("passed_on", PASS_ON, OFFICER, "department_officer")
    assert told.reason == "Xã Thử 1 đổi tên thành xã Tên Mới từ ngày 01/04/2025, theo Nghị quyết 12/NQ-HĐND."
    assert case(engine, 1, AFTER).facts.formerly[0].name == "Xã Thử 1"
    assert (causes(engine), listing(engine)) == (found, [])


@ON_SQLITE
def test_its_people_go_on_working_on_it_and_are_told(engine: Engine) -> None:
    rename(engine)
    receipt, officer = act(engine, PASS_ON), world.PERSON[Role.COMMUNE_OFFICER]
    work(engine, keep_posting, 1, PostingEntry(DAY, ("office", "culture_house"), loudspeaker_times=3), officer, AFTER)
    work(engine, tell, receipt.event_id, AFTER, commune=True)
    with reading(engine) as connection:
        told = set(connection.execute(select(N.c.person_id)).scalars())
        owed = connection.execute(select(X.c.kind).where(X.c.event_id == receipt.event_id)).scalars().all()
    assert told >= {officer, CHAIRMAN}
    assert sorted(owed) == ["notify_commune", "notify_holder"]
    order = Order(1, "withdraw", row(engine).version, "out", {Field.REASON: "Rút"})
    assert work(engine, perform, order, CHAIRMAN, AFTER).to_state == "withdrawn"
    assert "unit_id" not in " ".join(causes(engine))


def test_the_library_of_evidence_goes_along_with_the_unit(engine: Engine) -> None:
    officer = world.PERSON[Role.COMMUNE_OFFICER]
    work(engine, add_grant, officer, Role.COMMUNE_OFFICER, THIRD)
    heir = rename(engine, THIRD)
    act(engine, PASS_ON, 3)
    work(engine, reuse_evidence, 3, ("1.1",), world.EVIDENCE + 3, officer, AFTER)
    with pytest.raises(NotFound):
        work(engine, reuse_evidence, 3, ("1.1",), world.EVIDENCE + 2, officer, AFTER)
    with reading(engine) as connection:
        assert [one.id for one in library(connection, heir, 3, "", 1).items] == [world.EVIDENCE + 3]


def test_it_can_be_recognised_again_and_the_decision_says_what_the_unit_was_called(engine: Engine) -> None:
    rename(engine, SECOND)
    typed = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: DAY}
    stuck = case(engine, 2, AFTER)
    refused = decide(stuck.procedure, stuck.facts, stuck.actor, "recognise", typed)
    assert isinstance(refused, Refused)
    assert [one.code for one in refused.refusals] == ["unit_in_force.ended"]
    act(engine, PASS_ON, 2)
    order = Order(2, "recognise", row(engine, 2).version, "sign", typed)
    work(engine, perform, order, world.CHAIRMAN, AFTER)
    with reading(engine) as connection:
        context = connection.execute(select(P.c.context).where(P.c.kind == "decision"))
        assert "Căn cứ Nghị quyết 12/NQ-HĐND (xã Tên Mới trước đây là xã Thử 2)" in context.scalar_one()
        assert connection.execute(select(R.c.unit_name)).scalar_one() == "Xã Tên Mới"


@ON_SQLITE
def test_a_title_that_counted_when_it_was_opened_counts_on(engine: Engine) -> None:
    """The book keeps the title with the unit that held it; for the dossier under way nothing has to be proven anew."""
    of = {"unit_id": SECOND, "unit_name": "Xã Thử 2", "place_then": "", "subject": "commune", "level": "standard"}
    given = {"year_recognised": 2020, "decision": "1/QĐ-UBND", "signed_on": date(2021, 1, 4), "authority": "UBND tỉnh"}
    work(engine, lambda c: c.execute(insert(R), {**of, **given, "source": ""}))
    work(engine, lambda c: c.execute(update(D).where(D.c.id == 2).values(level="advanced")))
    rename(engine, SECOND)
    act(engine, PASS_ON, 2)
    with reading(engine) as connection:
        assert connection.execute(select(R.c.unit_id)).scalar_one() == SECOND
    assert case(engine, 2, AFTER).facts.held_levels == {Level.STANDARD}


@ON_SQLITE
def test_a_unit_renamed_twice_is_followed_to_its_last_name(engine: Engine) -> None:
    between = rename(engine)
    act(engine, PASS_ON, key="once")
    last = rename(engine, between, Resolution(DAY, "Nghị quyết 13/NQ-HĐND"), "Sau Cùng")
    act(engine, PASS_ON, key="again")
    assert (row(engine).unit_id, [one.name for one in case(engine, 1, AFTER).facts.formerly]) == (
        last,
        ["Xã Thử 1", "Xã Tên Mới"],
    )
    assert "unit_id" not in " ".join(causes(engine))
    first = rename(engine, SECOND)
    rename(engine, first, Resolution(DAY, "Nghị quyết 13/NQ-HĐND"), "Cuối")
    receipt = act(engine, PASS_ON, 2)
    assert [one.afterwards for one in case(engine, 2, AFTER).facts.formerly] == ["Xã Tên Mới", "Xã Cuối"]
    assert event(engine, receipt).reason.count("đổi tên thành") == 2


# --- merged, split, ended ---


def test_a_dossier_of_a_merged_unit_ends_with_the_reason_in_its_history(engine: Engine) -> None:
    merge(engine, FIRST, SECOND)
    code = "inheriting.not_the_same"
    assert listing(engine) == [(1, "", "withdrawn", [code]), (2, "", "withdrawn", [code])]
    assert listing(engine, ending=True) == [(1, "", "withdrawn", []), (2, "", "withdrawn", [])]
    assert refusals(act, engine, PASS_ON) == [code]
    found = causes(engine)
    receipt = act(engine, LAPSE)
    told, after = event(engine, receipt), row(engine)
    assert told.reason == "Xã Thử 1 nhập vào xã Mới từ ngày 01/04/2025, theo Nghị quyết 12/NQ-HĐND."
    assert (told.type, after.state, after.is_open, after.unit_id) == ("lapsed", "withdrawn", False, FIRST)
    assert (causes(engine), refusals(act, engine, LAPSE, key="more")) == (found, ["inheriting.not_open"])
    work(engine, tell, receipt.event_id, AFTER, commune=True)
    with reading(engine) as connection:
        assert CHAIRMAN in set(connection.execute(select(N.c.person_id)).scalars())


@ON_SQLITE
@pytest.mark.parametrize("way", ["into one that was there", "split", "partly", "renamed, then merged", "closed"])
def test_nothing_that_is_more_than_a_new_name_goes_on(engine: Engine, way: str) -> None:
    if way == "into one that was there":
        merge(engine, FIRST, heir=SECOND)
    elif way == "split":
        merge(engine, FIRST, heir=SECOND, share=PART)
        merge(engine, FIRST, heir=THIRD, share=PART)
    elif way == "partly":
        merge(engine, FIRST, share=PART)
    elif way == "renamed, then merged":
        between = rename(engine, FIRST, Resolution(date(2025, 3, 20), "Nghị quyết 11"))
        merge(engine, between, heir=SECOND)
    else:
        work(engine, close_unit, FIRST, RESOLUTION, BY, world.NOW)
    assert refusals(act, engine, PASS_ON) == ["inheriting.not_the_same"]
    reason = event(engine, act(engine, LAPSE)).reason
    said = {
        "into one that was there": "Xã Thử 1 nhập vào xã Thử 2",
        "split": "Một phần xã Thử 1 nhập vào xã Thử 3",
        "partly": "Một phần xã Thử 1 nhập vào xã Mới",
        "renamed, then merged": "đổi tên thành xã Tên Mới từ ngày 20/03/2025, theo Nghị quyết 11. Xã Tên Mới nhập",
        "closed": "Xã Thử 1 kết thúc sau ngày 31/03/2025; không ghi đơn vị kế thừa.",
    }
    assert said[way] in reason


@ON_SQLITE
def test_the_heir_of_a_merger_opens_a_dossier_of_its_own(engine: Engine) -> None:
    heir = merge(engine, FIRST, SECOND)
    act(engine, LAPSE)
    officer = world.PERSON[Role.COMMUNE_OFFICER]
    work(engine, add_grant, officer, Role.COMMUNE_OFFICER, heir)
    opened = work(engine, open_dossier, Opening(heir, Subject.COMMUNE, Level.STANDARD, "new"), officer, AFTER)
    assert opened.to_state == "self_assessing"


# --- the door ---


def test_nobody_moves_what_is_not_to_be_moved(engine: Engine) -> None:
    assert refusals(act, engine, PASS_ON) == ["inheriting.in_force"]
    heir = rename(engine)
    assert refusals(act, engine, LAPSE) == ["inheriting.goes_on"]
    assert refusals(act, engine, PASS_ON, person=CHAIRMAN) == ["policy.role"]
    with pytest.raises(NotFound):
        work(engine, succeed, Order(99, PASS_ON, 1, "k"), OFFICER, AFTER)
    with pytest.raises(Stale):
        act(engine, PASS_ON, seen=1)
    officer = world.PERSON[Role.COMMUNE_OFFICER]
    work(engine, open_dossier, Opening(heir, Subject.COMMUNE, Level.STANDARD, "own"), officer, AFTER)
    assert refusals(act, engine, PASS_ON) == ["no_other_open_dossier.exists"]
    assert row(engine).unit_id == FIRST


@ON_SQLITE
@pytest.mark.parametrize("state", ["under_review", "recognised"])
def test_a_dossier_about_a_title_stays_with_the_unit_that_holds_it(engine: Engine, state: str) -> None:
    unit = work(engine, world.add_commune, 7)
    work(engine, world.plant, unit, state, 7)
    rename(engine, unit)
    assert refusals(act, engine, PASS_ON, 7) == ["inheriting.title_stays"]
    assert listing(engine) == []


def test_the_same_order_twice_is_one_event_and_another_one_under_its_key_is_refused(engine: Engine) -> None:
    rename(engine)
    seen = row(engine).version
    first, again = act(engine, PASS_ON), act(engine, PASS_ON, seen=seen)
    assert (again.event_id, again.repeated, row(engine).event_count) == (first.event_id, True, first.seq)
    with pytest.raises(KeyReused):
        act(engine, LAPSE)


def test_the_heir_cannot_open_one_while_the_dossier_is_on_its_way_to_it(engine: Engine) -> None:
    heir, officer, said = rename(engine), world.PERSON[Role.COMMUNE_OFFICER], list[str]()
    opening = Opening(heir, Subject.COMMUNE, Level.STANDARD, "own")
    other = Thread(target=lambda: said.extend(refusals(work, engine, open_dossier, opening, officer, AFTER)))
    order = Order(1, PASS_ON, row(engine).version, "k")
    with unit_of_work(engine) as connection:
        succeed(connection, order, OFFICER, AFTER)
        other.start()
        other.join(0.2)
        assert other.is_alive()
    other.join()
    assert said == ["no_other_open_dossier.exists"]


def test_a_failure_after_any_statement_leaves_nothing(engine: Engine) -> None:
    rename(engine)
    version = row(engine).version
    order = Order(1, PASS_ON, version, "k")

    def standing() -> Any:
        with reading(engine) as connection:
            return [list(connection.execute(select(one).order_by(one.c.id))) for one in (D, E, X)]

    assert failures(engine, lambda: work(engine, succeed, order, OFFICER, AFTER), standing) > 8


def test_a_unit_that_somebody_wrote_into_the_row_alone_is_found(engine: Engine) -> None:
    unit, officer = work(engine, world.add_commune, 7), world.PERSON[Role.COMMUNE_OFFICER]
    work(engine, add_grant, officer, Role.COMMUNE_OFFICER, unit)
    opening = Opening(unit, Subject.COMMUNE, Level.STANDARD, "new")
    dossier = work(engine, open_dossier, opening, officer, world.NOW).dossier_id
    heir = rename(engine, unit)
    for units in ({"unit_id": heir, "holder_unit_id": heir}, {"unit_id": unit, "holder_unit_id": unit}):
        work(engine, lambda c, units=units: c.execute(update(D).where(D.c.id == dossier).values(units)))
        with reading(engine) as connection:
            found = [one.cause for one in verify(connection).findings if not one.dossier.startswith("HS-")]
        assert found == (["changed since it was opened: unit_id"] if units["unit_id"] == heir else [])
    act(engine, PASS_ON, dossier)
    with reading(engine) as connection:
        assert [one for one in verify(connection).findings if not one.dossier.startswith("HS-")] == []


@ON_SQLITE
def test_what_was_listed_is_done_unless_the_dossier_has_changed(engine: Engine) -> None:
    rename(engine)
    with reading(engine) as connection:
        (one,) = listed(connection, DAY, ending=False)
    older = replace(one, version=one.version - 1)
    assert refusals(work, engine, succeed_one, older, OFFICER, AFTER) == ["inheriting.changed"]
    assert work(engine, succeed_one, one, OFFICER, AFTER).type == "passed_on"


# --- the command ---


@pytest.fixture
def run(engine: Engine, database_url: str, tmp_path: Path) -> Callable[..., Result]:
    """The command over these communes, on the day after the resolution."""
    moments = {"practice_starts_at": AFTER, "built_at": datetime.now(UTC)}
    work(engine, lambda c: c.execute(update(table_of(Installation)).values(moments)))
    environment = {"DATABASE_URL": database_url, "INSTANCE_PATH": str(tmp_path / "instance")}

    def invoke(*words: str) -> Result:
        by = ("--by", f"p{OFFICER}", "--plan", "ended-units")
        return CliRunner().invoke(GROUP, ["move", *by, *words], env=environment)

    return invoke


@ON_SQLITE
def test_the_command_lists_each_dossier_first_and_then_does_what_it_said(engine: Engine, run: Any) -> None:
    rename(engine)
    merge(engine, SECOND, THIRD)
    tried = run("--dry-run")
    assert (tried.exit_code, row(engine).unit_id) == (0, FIRST)
    assert "HS-1  Xã Thử 1: public_comment → Xã Tên Mới, public_comment" in tried.output
    assert tried.output.count("[inheriting.not_the_same]") == 2
    assert tried.output.count("Thêm --end") == 1
    assert "Thêm --end" not in run("--dry-run", "--end").output
    done = run()
    assert (done.exit_code, row(engine).unit_id == FIRST, row(engine, 2).is_open) == (1, False, True)
    assert run("--end", "HS-2").exit_code == 0
    assert (row(engine, 2).state, row(engine, 3).state) == ("withdrawn", "returned")
    assert "HS-9" in run("HS-9").output
    assert "three-tier-to-two-tier, ended-units" in run("--plan", "nothing").output


@ON_SQLITE
def test_dossiers_whose_district_ended_are_moved_by_the_same_command(engine: Engine, run: Any) -> None:
    later = {"practice_starts_at": datetime(2025, 7, 14, 2, tzinfo=UTC), "built_at": datetime.now(UTC)}
    ended = update(table_of(AdminUnit)).where(table_of(AdminUnit).c.id == world.DISTRICT)
    work(engine, lambda c: c.execute(update(table_of(Installation)).values(later)))
    work(engine, lambda c: c.execute(ended.values(valid_to=date(2025, 6, 30))))
    rename(engine)
    plan = ("--plan", "three-tier-to-two-tier")
    assert "[moving.unit_first]" in run(*plan, "--dry-run").output
    assert run().exit_code == 0
    assert run(*plan).exit_code == 0
    assert {row(engine, number).procedure_id for number in (1, 2, 3)} == {"commune-2022-two-tier@1"}
    assert "the events lead" not in " ".join(causes(engine))
