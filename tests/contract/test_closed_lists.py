"""Every closed list is whole: each event kept and recorded, each effect handled, each name used somewhere."""

import ast

import yaml

from casework.copying import CLASSES
from casework.drawings import DRAWINGS
from casework.issuing import ABBREVIATIONS
from documents.kinds import KINDS
from jobs.handlers import HANDLERS
from queries.rulebook import procedures
from tests.contract.sources import closed_lists, dotted, files, modules_outside, nodes, text_of
from workflow.copies import COPIES
from workflow.decide import _FILLED
from workflow.events import BY_NO_PROCEDURE, KEEPS
from workflow.guards import GUARDS
from workflow.names import DocumentKind, Effect, EventType, Field, Role, SigningTrouble, Work
from workflow.policy import REACH_OF_ROLE

RESERVED = {
    "Subject.HAMLET": "hamlets are recognised too; their procedure is one more file, and the tables are ready for it",
    "Part.EVIDENCE": "the codes of domain section 3.2 are kept whole, and any part may be filed",
    "Part.VERIFICATION_REPORT": "as above",
    "Part.APPRAISAL_REPORT": "as above",
    "Part.COUNCIL_MINUTES": "as above",
    "Trouble.PAGES": "the press, which knows nothing of ours, names its causes by their values",
    "Trouble.TIME": "as above",
    "Trouble.MEMORY": "as above",
    "Trouble.TEMPLATE": "as above",
    **{
        f"SigningTrouble.{one.name}": "the signing room, which knows nothing of ours, does so too"
        for one in SigningTrouble
    },
}


def test_every_effect_has_a_handler_and_every_handler_an_effect() -> None:
    assert set(HANDLERS) == set(Effect)


def test_every_effect_is_owed_by_some_action() -> None:
    owed = {effect for one in procedures().values() for action in one.actions.values() for effect in action.effects}
    assert owed == set(Effect)


def test_every_event_says_what_it_keeps_and_is_recorded_by_some_procedure() -> None:
    recorded = {
        branch.records for one in procedures().values() for action in one.actions.values() for branch in action.branches
    }
    assert set(KEEPS) == recorded | set(BY_NO_PROCEDURE) == set(EventType)


def test_every_field_that_is_asked_for_is_checked_and_kept() -> None:
    asked = {field for one in procedures().values() for action in one.actions.values() for field in action.asks}
    assert asked == set(_FILLED) == set().union(*KEEPS.values()) == set(Field)


def test_an_action_asks_exactly_for_what_its_event_keeps() -> None:
    for procedure in procedures().values():
        for action in procedure.actions.values():
            kept = frozenset().union(*(KEEPS[branch.records] for branch in action.branches))
            assert set(action.asks) == kept, f"{procedure.id} {action.name}"


def test_every_guard_stands_in_some_procedure() -> None:
    used = {
        guard
        for one in procedures().values()
        for action in one.actions.values()
        for guard in (*action.guards, *(name for branch in action.branches for name in branch.guards))
    }
    assert used == set(GUARDS)


def test_every_kind_of_work_and_of_paper_belongs_to_some_procedure() -> None:
    states = [state for one in procedures().values() for state in one.states.values()]
    actions = [action for one in procedures().values() for action in one.actions.values()]
    assert {work for state in states for work in state.work} == set(Work)
    assert {kind for action in actions for kind in action.documents} == set(DocumentKind) - set(COPIES)


def test_every_paper_of_a_procedure_can_be_drawn_up_numbered_and_printed() -> None:
    assert set(DRAWINGS) | set(COPIES) == set(ABBREVIATIONS) == set(DocumentKind)
    assert set(CLASSES) == set(COPIES)
    assert {f"{kind}/v1" for kind in DocumentKind} <= set(KINDS)


def test_every_office_has_a_reach() -> None:
    assert set(REACH_OF_ROLE) == set(Role)


def spoken() -> set[str]:
    """Every name that the code uses as `List.MEMBER` and every word of the procedure and criteria files."""
    code = {dotted(node) for one in modules_outside("tests") for node in nodes(one.tree) if type(node) is ast.Attribute}
    data = [text_of(path) for path in files() if path.startswith("workflow/") and path.endswith(".yaml")]
    return code | {
        token.value
        for text in data
        for token in yaml.scan(text, yaml.CSafeLoader)
        if isinstance(token, yaml.ScalarToken)
    }


def test_every_name_of_a_list_is_used_or_reserved_with_a_reason() -> None:
    words = spoken()
    members = {f"{name}.{one.name}": one.value for name, members in closed_lists().items() for one in members}
    assert {name for name, value in members.items() if name not in words and value not in words} <= set(RESERVED)
    assert set(RESERVED) <= set(members)
