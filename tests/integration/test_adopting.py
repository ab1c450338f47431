"""The province's adoption of a criteria set: what it opens, what it refuses, and that old dossiers keep theirs."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, delete, select

from casework.admin_record import Keeper
from casework.adopting import Adopting, adopt_set, left_to_province
from casework.errors import NotFound, Refused
from casework.opening import Opening, open_dossier
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Dossier
from models.places import CriteriaAdoption
from queries.adoptions import adoptions
from queries.facts import read_case
from queries.rulebook import criteria_sets
from tests import world
from workflow.criteria import Blocked
from workflow.names import Level, Role, Subject

A = table_of(CriteriaAdoption)
SET = "commune-ntm-2021-2025"
DAY = date(2025, 3, 3)
LEVELS: dict[str, bool | int | str] = {
    code: 80 for code, leaf in left_to_province(criteria_sets()[SET]).items() if leaf.kind == "percent"
}
ADOPTING = Adopting(SET, "12/2025/QĐ-UBND", DAY, DAY, "tdmnpb", LEVELS)
OFFICER = world.PERSON[Role.COMMUNE_OFFICER]


@pytest.fixture(autouse=True)
def province(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)


def adopt(engine: Engine, adopting: Adopting = ADOPTING) -> int:
    with unit_of_work(engine) as connection:
        return adopt_set(connection, adopting, Keeper("Quản trị"), world.NOW)


def open_one(engine: Engine) -> int:
    with unit_of_work(engine) as connection:
        opening = Opening(world.FIRST_COMMUNE, Subject.COMMUNE, Level.STANDARD, "key")
        return open_dossier(connection, opening, OFFICER, world.NOW).dossier_id


def test_without_an_adoption_nothing_is_opened_and_with_one_it_stands_on_it(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(delete(A))
    with pytest.raises(Refused) as refused:
        open_one(engine)
    assert "criteria_adopted.none" in [one.code for one in refused.value.refusals]
    adoption_id = adopt(engine)
    dossier_id = open_one(engine)
    with reading(engine) as connection:
        file = read_case(connection, dossier_id, OFFICER, world.TODAY)
        (entered,) = adoptions(connection)[SET]
    assert file
    assert (file.row.adoption_id, file.row.criteria_group) == (adoption_id, "tdmnpb")
    assert file.facts.rules
    assert file.facts.rules.by_code["2.1"].threshold == 80
    assert Blocked.BY_PROVINCE not in file.facts.rules.blocked.values()
    assert (entered.decision, entered.in_force_on(DAY), entered.practice) == ("12/2025/QĐ-UBND", True, True)


def test_a_dossier_keeps_the_adoption_on_which_it_was_opened(engine: Engine) -> None:
    dossier_id = open_one(engine)
    with reading(engine) as connection:
        before = connection.execute(select(table_of(Dossier).c.adoption_id)).scalar_one()
    adoption_id = adopt(engine)
    with reading(engine) as connection:
        assert connection.execute(select(table_of(Dossier).c.adoption_id)).scalar_one() == before != adoption_id
        assert [one.id for one in adoptions(connection)[SET]] == [adoption_id, before]
        file = read_case(connection, dossier_id, OFFICER, world.TODAY)
    assert file


@pytest.mark.parametrize(
    ("adopting", "code"),
    [
        (replace(ADOPTING, decision=" "), "adoption.no_decision"),
        (replace(ADOPTING, decided_on=date(2025, 3, 11), valid_from=date(2025, 3, 11)), "adoption.future"),
        (replace(ADOPTING, valid_from=date(2025, 3, 2)), "adoption.early"),
        (replace(ADOPTING, decided_on=date(2020, 1, 2), valid_from=date(2020, 1, 2)), "adoption.early"),
        (replace(ADOPTING, group_default=None), "adoption.no_group"),
        (replace(ADOPTING, group_default="nhom1"), "adoption.no_group"),
        (replace(ADOPTING, thresholds={"2.1": 101}), "adoption.unfit"),
        (replace(ADOPTING, thresholds={"99.9": 10}), "adoption.unfit"),
        (replace(ADOPTING, thresholds={"2.1": "viel"}), "adoption.unfit"),
        (
            replace(ADOPTING, set_key="commune-ntm-2026-2030", group_default="nhom3", thresholds={}),
            "adoption.incomplete",
        ),
    ],
)
def test_an_adoption_that_does_not_fit_is_refused(engine: Engine, adopting: Adopting, code: str) -> None:
    with pytest.raises(Refused) as refused:
        adopt(engine, adopting)
    assert code in [one.code for one in refused.value.refusals]
    with reading(engine) as connection:
        assert len(connection.execute(select(A.c.id)).all()) == 1


def test_a_decision_adopts_a_set_once_and_only_one_that_there_is(engine: Engine) -> None:
    adopt(engine)
    with pytest.raises(Refused) as refused:
        adopt(engine)
    assert [one.code for one in refused.value.refusals] == ["adoption.known"]
    with pytest.raises(NotFound):
        adopt(engine, replace(ADOPTING, set_key="nothing"))
