"""Plans that move dossiers: what the shipped one proves, and every mistake of a broken one with its line."""

from pathlib import Path

import pytest

from tests.builders import events_to, procedures
from workflow.events import BrokenHistory, Event
from workflow.move_loader import FOLDER, load_move, load_moves
from workflow.moving import MovePlan, fold_moved
from workflow.names import EventType, StateKind
from workflow.source import Broken

FILE = FOLDER / "three-tier-to-two-tier.yaml"
TEXT = FILE.read_text("utf-8")
PLANS = load_moves(procedures())
OLD, NEW = "commune-2022-three-tier@1", "commune-2022-two-tier@1"
PLAN: MovePlan = PLANS[OLD, NEW]
AT_COUNCIL, COUNTS = "  council: {to: council}\n", ", counts: {posting_complete: consultation_complete}}"
NOT_PROVEN = "was not proven before and is not asked again"

MISTAKES = [
    ("from: commune-2022-three-tier@1", "from: commune-1999@1", "the plan: unknown procedure 'commune-1999@1'"),
    ("since: 2025-07-01", "since: soon", "the plan: 'since' must be a date such as 2025-07-01"),
    ("since: 2025-07-01", "since: 2025-06-30", "'commune-2022-two-tier@1' is not in force on 2025-06-30"),
    ("[department_officer]", "[mayor]", "the plan: unknown role 'mayor'"),
    ("[department_officer]", "[district_chairman]", "the new procedure does not have the tier of 'district_chairman'"),
    ("mark: D", "mark: Q", "the plan: unknown mark 'Q'"),
    (AT_COUNCIL, "", "the plan does not say where 'council' goes on"),
    (AT_COUNCIL, "  council: {to: hell}\n", "state 'council': 'hell' is no open state of the new procedure"),
    (AT_COUNCIL, "  council: {to: announced}\n", "state 'council': 'announced' is no open state of the new procedure"),
    (
        AT_COUNCIL,
        f"{AT_COUNCIL}  announced: {{to: council}}\n",
        "state 'announced': the old procedure has no such open state",
    ),
    ("again: [parts_checked]}", "again: [counted]}", "state 'district_received': unknown guard 'counted'"),
    (
        "district_received: {to: department_received",
        "district_received: {to: province_appraising",
        f"state 'district_received': 'consultation_complete' {NOT_PROVEN}",
    ),
    (
        AT_COUNCIL,
        "  council: {to: council, again: [vote_carried]}\n",
        "state 'council': 'vote_carried' is to be asked again, but nothing after 'council' asks for it",
    ),
    (
        f"revocation_council: {{to: revocation_council{COUNTS}",
        "revocation_council: {to: revocation_council}",
        f"state 'revocation_council': 'posting_complete' {NOT_PROVEN}",
    ),
    ("surveying: {to: surveying}", "surveying: {to: surveying, then: x}", "state 'surveying': unknown key 'then'"),
]


@pytest.mark.parametrize(("old", "new", "cause"), MISTAKES, ids=[cause for *_, cause in MISTAKES])
def test_a_mistake_of_a_plan_is_told_with_its_line(tmp_path: Path, old: str, new: str, cause: str) -> None:
    assert TEXT.count(old) == 1
    path = tmp_path / FILE.name
    path.write_text(TEXT.replace(old, new), "utf-8")
    with pytest.raises(Broken) as broken:
        load_moves(procedures(), tmp_path)
    assert cause in [problem.cause for problem in broken.value.problems]
    assert all(problem.file == FILE.name and problem.line >= 1 for problem in broken.value.problems)


def test_the_shipped_plan_names_every_open_state_and_proves_what_the_new_procedure_asks_for() -> None:
    assert {name for name, one in PLAN.old.states.items() if one.kind is StateKind.OPEN} == set(PLAN.states)
    assert PLAN.proven("district_verifying")[-2:] == ("debt_free", "security_not_complex")
    assert "consultation_complete" not in PLAN.proven("district_ready")
    assert "posting_complete" in PLAN.proven("revocation_council")
    assert load_move(FILE, procedures()).states == PLAN.states


def moved(state: str, to: str) -> Event:
    return Event(EventType.MOVED, "move", state, to, {})


def test_a_history_is_followed_across_a_move_that_a_plan_allows() -> None:
    for name, move in PLAN.states.items():
        before = [(OLD, event) for event in events_to(PLAN.old, name)]
        assert fold_moved([*before, (NEW, moved(name, move.to))], procedures(), PLANS) == (NEW, move.to)
        assert fold_moved(before, procedures(), PLANS) == (OLD, name)
    onward = Event(EventType.WITHDRAWN, "withdraw", "council", "withdrawn", {})
    history = [*((OLD, event) for event in events_to(PLAN.old, "council")), (NEW, moved("council", "council"))]
    assert fold_moved([*history, (NEW, onward)], procedures(), PLANS) == (NEW, "withdrawn")
    assert fold_moved([], procedures(), PLANS) == ("", "")


def test_a_history_that_no_plan_allows_is_broken() -> None:
    before = [(OLD, event) for event in events_to(PLAN.old, "council")]
    onward = Event(EventType.WITHDRAWN, "withdraw", "council", "withdrawn", {})
    for rest in (
        [(NEW, moved("council", "recommended"))],
        [(NEW, moved("recommended", "council"))],
        [(OLD, moved("council", "council"))],
        [(NEW, onward)],
        [("commune-1999@1", onward)],
        [(NEW, moved("council", "council")), (OLD, onward)],
        [(NEW, moved("council", "council")), (NEW, moved("council", "council"))],
    ):
        with pytest.raises(BrokenHistory):
            fold_moved([*before, *rest], procedures(), PLANS)


def of_its_unit(kind: EventType, state: str, to: str) -> Event:
    return Event(kind, {EventType.PASSED_ON: "pass_on", EventType.LAPSED: "lapse"}[kind], state, to, {})


@pytest.mark.parametrize("key", [OLD, NEW])
def test_a_dossier_goes_on_or_ends_with_its_unit_in_every_open_state(key: str) -> None:
    procedure = procedures()[key]
    for name in (name for name, one in procedure.states.items() if one.kind is StateKind.OPEN):
        before = [(key, event) for event in events_to(procedure, name)]
        goes_on = [*before, (key, of_its_unit(EventType.PASSED_ON, name, name))]
        assert fold_moved([*goes_on, goes_on[-1]], procedures(), PLANS) == (key, name)
        ended = [*before, (key, of_its_unit(EventType.LAPSED, name, "withdrawn"))]
        assert fold_moved(ended, procedures(), PLANS) == (key, "withdrawn")
        for broken in (
            [*before, (key, of_its_unit(EventType.PASSED_ON, name, "withdrawn"))],
            [*before, (key, of_its_unit(EventType.LAPSED, name, name))],
            [*ended, (key, of_its_unit(EventType.PASSED_ON, "withdrawn", "withdrawn"))],
            [*ended, ended[-1]],
        ):
            with pytest.raises(BrokenHistory):
                fold_moved(broken, procedures(), PLANS)


def test_a_dossier_that_went_on_under_another_name_may_move_and_be_withdrawn_after_it() -> None:
    before = [(OLD, event) for event in events_to(PLAN.old, "council")]
    passed_on = of_its_unit(EventType.PASSED_ON, "council", "council")
    onward = Event(EventType.WITHDRAWN, "withdraw", "council", "withdrawn", {})
    history = [*before, (OLD, passed_on), (NEW, moved("council", "council")), (NEW, passed_on), (NEW, onward)]
    assert fold_moved(history, procedures(), PLANS) == (NEW, "withdrawn")
    with pytest.raises(BrokenHistory):
        fold_moved([*before, (NEW, passed_on)], procedures(), PLANS)
