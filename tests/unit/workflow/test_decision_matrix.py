"""Procedure x state x role x action as one golden table: how each stands for a compliant and an empty dossier."""

import csv
import io

import pytest

from tests.builders import actor, compliant, history_to, procedures, valid_inputs
from tests.golden.regenerate import MATRIX, RELEASED, decision_matrix, release
from workflow.decide import Decision, Refused, decide
from workflow.names import Role
from workflow.procedure import Procedure
from workflow.refusal import refuse


def test_the_decision_matrix_is_as_agreed() -> None:
    assert decision_matrix().splitlines() == MATRIX.read_text("utf-8").splitlines()


def test_releasing_again_changes_no_hash() -> None:
    assert release() == RELEASED.read_text("utf-8")


def test_a_released_file_that_changed_is_not_released_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Changed:
        def exists(self) -> bool:
            return True

        def read_text(self, _encoding: str) -> str:
            return '{"commune-2022-two-tier.yaml": "0"}'

    monkeypatch.setattr("tests.golden.regenerate.RELEASED", Changed())
    with pytest.raises(SystemExit, match="commune-2022-two-tier.yaml was released and has changed"):
        release()


def test_a_compliant_dossier_offers_each_action_to_its_offices_and_to_nobody_else() -> None:
    ready: dict[tuple[str, str, str], set[str]] = {}
    for row in csv.DictReader(io.StringIO(MATRIX.read_text("utf-8"))):
        if row["dossier"] == "compliant":
            key = (row["procedure"], row["state"], row["action"])
            ready[key] = {role for role in Role if row[role] == "ready"}
    assert ready == {
        (procedure.id, state, action.name): {role.value for role in action.by}
        for procedure in procedures().values()
        for action in procedure.actions.values()
        for state in action.sources
    }


@pytest.mark.parametrize("procedure", procedures().values(), ids=lambda procedure: procedure.key)
def test_what_the_matrix_does_not_list_does_not_exist(procedure: Procedure) -> None:
    for state in procedure.states:
        for action in procedure.actions.values():
            of = compliant(action, state, history=history_to(procedure, state))
            who = actor(action.by[0])
            found = decide(procedure, of, who, action.name, valid_inputs(procedure, action, of))
            if state in action.sources:
                assert isinstance(found, Decision)
            else:
                assert found == Refused((refuse("action.not_here", action=action.name, state=state),))
