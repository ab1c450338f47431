"""Each refusal code of a revocation, and the law's thresholds on sets of other sizes."""

from tests.builders import answers, past, title
from tests.criteria_examples import make_adoption, make_indicator, make_set
from tests.refusal_cases import Pair
from workflow.criteria import Answer, Rules, compile_rules
from workflow.criteria_set import NOT_RULED, Revocation
from workflow.names import Column, EventType, Level


def rules_of(count: int, *named: int) -> Rules:
    """Rules of that many criteria with one yes-or-no indicator each, some of them named by the Article."""
    listed = [make_indicator(code=f"{number}.1", criterion=str(number)) for number in range(1, count + 1)]
    ruled = Revocation(tuple(map(str, named))) if named else NOT_RULED
    return compile_rules(make_set(*listed, revocation=ruled), make_adoption(), "tdmnpb", 2024)


def unmet(count: int, *criteria: int) -> dict[Column, dict[str, Answer]]:
    """Every column with these criteria not met."""
    column = {f"{number}.1": Answer(number not in criteria) for number in range(1, count + 1)}
    return dict.fromkeys(Column, column)


RULELESS = {"rules": None}
NAMED, OTHER = rules_of(19, 10, 17, 19), range(1, 10)
REVOKING = [
    Pair("title_held", "title_held.none", {"title": None}, {"level": Level.STANDARD}),
    Pair(
        "title_held",
        "title_held.unnumbered",
        {"title": title(decision="không số/QĐ-UBND")},
        {"decision": "không số/QĐ-UBND"},
    ),
    Pair(
        "title_held",
        "title_held.above",
        {"held_levels": frozenset(Level)},
        {"level": Level.STANDARD, "above": (Level.ADVANCED, Level.MODEL)},
        {"held_levels": frozenset({Level.STANDARD})},
    ),
    Pair(
        "given_by_province",
        "given_by_province.other",
        {"title": title(authority="Ủy ban nhân dân huyện Hòa An"), "history": (past(EventType.REVOCATION_PROPOSED),)},
        {"decision": title().decision, "authority": "Ủy ban nhân dân huyện Hòa An"},
        {"title": title(), "history": (past(EventType.REVOCATION_PROPOSED),)},
    ),
    Pair("revocation_ruled", "criteria_adopted.none", RULELESS, {"level": Level.STANDARD}),
    Pair("revocation_ruled", "revocation_ruled.none", {"rules": rules_of(3)}, {"criteria_set": "sample"}),
    Pair("column_complete", "criteria_adopted.none", RULELESS, {"level": Level.STANDARD}, state="under_review"),
    Pair(
        "column_complete",
        "criteria_met.unanswered",
        {"answers": {Column.REVIEW: answers(without=("1.2",))}},
        {"indicators": ("1.2",)},
        state="under_review",
    ),
    Pair("fallen_short", "criteria_adopted.none", RULELESS, {"level": Level.STANDARD}, state="under_review"),
    Pair(
        "fallen_short",
        "fallen_short.too_few",
        {"rules": NAMED, "answers": unmet(19, 1, 2, 3, 4, 10)},
        {"unmet": 5, "total": 19, "need": 6},
        {"rules": NAMED, "answers": unmet(19, 1, 2, 3, 4, 5, 10)},
        state="under_review",
    ),
    Pair(
        "fallen_short",
        "fallen_short.none_named",
        {"rules": NAMED, "answers": unmet(19, *OTHER)},
        {"unmet": 9, "total": 19, "criteria": ("10", "17", "19"), "need": 10},
        {"rules": NAMED, "answers": unmet(19, *OTHER, 11)},
        state="under_review",
    ),
]
