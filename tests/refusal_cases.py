"""Each refusal code of each guard: facts that are refused with it, and the nearest facts that pass."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from tests.builders import COMMUNE, DAY, TODAY, answers, past, posting, sitting, survey, vote
from tests.criteria_examples import make_adoption, make_indicator, make_set
from workflow.criteria import Rules, compile_rules
from workflow.facts import Conclusion, Debt, Return, Security, SurveyItem
from workflow.guards import COMMUNE_PARTS
from workflow.names import Column, EventType, Field, Level, Part, Stage


@dataclass(frozen=True)
class Pair:
    """One code of one guard: changes to a compliant dossier that are refused, what is told, changes that pass."""

    guard: str
    code: str
    refused: Mapping[str, Any]
    told: Mapping[str, Any] = field(default_factory=dict)
    passed: Mapping[str, Any] = field(default_factory=dict)
    state: str = "self_assessing"
    typed: Mapping[Field, object] | None = None
    typed_well: Mapping[Field, object] | None = None
    figures: Mapping[str, int | Fraction] = field(default_factory=dict)


def rules_with(*codes: str, complete: bool = True, unknown: str = "") -> Rules:
    """Rules of yes-or-no indicators; one of them may have no level yet, and the set may be incomplete."""
    listed = [
        make_indicator(code=code, criterion=code[0], unknown=True, thresholds={})
        if code == unknown
        else make_indicator(code=code, criterion=code[0])
        for code in codes
    ]
    return compile_rules(make_set(*listed, complete=complete), make_adoption(), "tdmnpb", 2024)


ALL = ("1.1", "1.2", "2.1")
INCOMPLETE = rules_with(*ALL, complete=False)
D5 = frozenset({"D5"})


def in_column(column: Column, **how: tuple[str, ...]) -> dict[Column, Any]:
    """Compliant answers in every column, except in this one."""
    return {each: answers(**(how if each is column else {})) for each in Column}


def at(stage: Stage, value: object) -> dict[Stage, Any]:
    return {stage: value}


OPENING = [
    Pair(
        "unit_in_force",
        "unit_in_force.ended",
        {"unit": replace(COMMUNE, valid_to=TODAY - DAY)},
        {"unit": "Nam Tuấn", "on": TODAY - DAY},
        {"unit": replace(COMMUNE, valid_to=TODAY)},
    ),
    Pair(
        "level_opened_in_order",
        "level_opened_in_order.before_missing",
        {"level": Level.ADVANCED},
        {"level": "advanced", "before": "standard"},
        {"level": Level.ADVANCED, "held_levels": frozenset({Level.STANDARD})},
    ),
    Pair(
        "level_opened_in_order",
        "level_opened_in_order.already_held",
        {"level": Level.MODEL, "held_levels": frozenset(Level)},
        {"level": "model"},
        {"level": Level.MODEL, "held_levels": frozenset({Level.STANDARD, Level.ADVANCED})},
    ),
    Pair(
        "level_opened_in_order",
        "level_opened_in_order.not_in_procedure",
        {"level": "modern"},
        {"level": "modern"},
        {"level": Level.STANDARD},
    ),
    Pair(
        "no_other_open_dossier",
        "no_other_open_dossier.exists",
        {"other_open": "CB-2025-0007"},
        {"dossier": "CB-2025-0007"},
        {"other_open": None},
    ),
    Pair("criteria_adopted", "criteria_adopted.none", {"rules": None}, {"level": "standard"}),
    Pair("criteria_adopted", "criteria_adopted.incomplete", {"rules": INCOMPLETE}, {"criteria_set": "sample"}),
]

ASSESSMENT = [
    Pair("self_assessment_complete", "criteria_adopted.none", {"rules": None}, {"level": "standard"}),
    Pair(
        "self_assessment_complete",
        "self_assessment_complete.unanswered",
        {"answers": in_column(Column.COMMUNE, without=("1.2", "2.1"))},
        {"indicators": ("1.2", "2.1")},
        {"answers": in_column(Column.COMMUNE, no=("1.2",))},
    ),
    Pair(
        "self_assessment_complete",
        "self_assessment_complete.without_evidence",
        {"evidence": frozenset({"1.1", "2.1"})},
        {"indicators": ("1.2",)},
        {
            "evidence": frozenset({"1.1", "2.1"}),
            "answers": {Column.COMMUNE: answers() | {"1.2": answers()["1.2"]._replace(not_applicable=True)}},
        },
    ),
    Pair("criteria_met", "criteria_adopted.none", {"rules": None}, {"level": "standard"}),
    Pair("criteria_met", "criteria_adopted.incomplete", {"rules": INCOMPLETE}, {"criteria_set": "sample"}),
    Pair(
        "criteria_met",
        "criteria_met.unanswered",
        {"answers": in_column(Column.COMMUNE, without=("2.1",))},
        {"indicators": ("2.1",)},
        {"answers": in_column(Column.REVIEW, without=("2.1",))},
    ),
    Pair(
        "criteria_met",
        "criteria_met.not_met",
        {"answers": in_column(Column.REVIEW, no=("1.2",)), "refuted": {Column.REVIEW: frozenset({"2.1"})}},
        {"indicators": ("1.2", "2.1")},
        {"answers": in_column(Column.COMMUNE, no=("1.2",)), "refuted": {Column.APPRAISAL: frozenset({"2.1"})}},
        state="district_verifying",
    ),
    Pair(
        "criteria_met",
        "criteria_met.unknown",
        {"rules": rules_with(*ALL, unknown="1.1")},
        {"indicators": ("1.1",)},
        {"rules": rules_with(*ALL)},
    ),
    Pair(
        "criteria_met",
        "criteria_met.concluded_against",
        {"conclusions": {"1": Conclusion("sxd", met=True), "2": Conclusion("sct", met=False)}},
        {"criteria": ("2",)},
        {"conclusions": {"1": Conclusion("sxd", met=True), "2": Conclusion("sct", met=True)}},
        state="council",
    ),
    Pair(
        "verdicts_explained",
        "verdicts_explained.silent",
        {
            "answers": in_column(Column.REVIEW, no=("2.1",)),
            "refuted": {Column.REVIEW: frozenset({"1.1", "1.2"})},
            "reasons": {Column.REVIEW: frozenset({"1.2"}), Column.COMMUNE: frozenset({"1.1", "2.1"})},
        },
        {"indicators": ("1.1", "2.1")},
        {
            "answers": in_column(Column.REVIEW, no=("2.1",)),
            "refuted": {Column.REVIEW: frozenset({"1.1"})},
            "reasons": {Column.REVIEW: frozenset({"1.1", "2.1"})},
        },
        state="district_verifying",
    ),
]

CONDITIONS = [
    Pair("residents_satisfied", "survey_complete.missing", {"survey": None}),
    Pair(
        "residents_satisfied",
        "residents_satisfied.too_few",
        {"survey": survey(satisfied=899, ballots_valid=999)},
        {"satisfied": 899, "valid": 999, "need": "90"},
        {"survey": survey(satisfied=900, ballots_valid=1000)},
    ),
    Pair(
        "residents_satisfied",
        "residents_satisfied.item_too_low",
        {"survey": survey(items=(SurveyItem("1", 80, 100), SurveyItem("2", 79, 99), SurveyItem("3", 0, 0)))},
        {"items": ("2", "3"), "need": "80"},
        {"survey": survey(items=(SurveyItem("1", 80, 100), SurveyItem("2", 81, 101)))},
    ),
    Pair("debt_free", "debt_free.unstated", {"debt": None}),
    Pair("debt_free", "debt_free.owed", {"debt": Debt(1, confirmed=True)}, {"amount": 1}),
    Pair("debt_free", "debt_free.unconfirmed", {"debt": Debt(0, confirmed=False)}),
    Pair("security_not_complex", "security_not_complex.unstated", {"security": None}),
    Pair("security_not_complex", "security_not_complex.complex", {"security": Security(complex=True, confirmed=True)}),
    Pair(
        "security_not_complex",
        "security_not_complex.unconfirmed",
        {"security": Security(complex=False, confirmed=False)},
    ),
]

CONSULTATION = [
    Pair("posting_complete", "posting_complete.missing", {"postings": {Stage.DISTRICT: posting()}}),
    Pair(
        "posting_complete",
        "posting_complete.places",
        {"postings": at(Stage.COMMUNE, posting(places=frozenset({"office", "portal"})))},
        {"places": ("culture_house",)},
        {"postings": at(Stage.COMMUNE, posting(places=frozenset({"office", "culture_house"})))},
    ),
    Pair(
        "posting_complete",
        "posting_complete.loudspeaker",
        {"postings": at(Stage.COMMUNE, posting(loudspeaker_times=4))},
        {"times": 4, "need": 5},
        {"postings": at(Stage.COMMUNE, posting(loudspeaker_times=5))},
    ),
    Pair(
        "posting_complete",
        "posting_complete.period",
        {"postings": at(Stage.COMMUNE, posting(posted_on=TODAY - 14 * DAY))},
        {"days": 15, "until": TODAY + DAY},
        {"postings": at(Stage.COMMUNE, posting(posted_on=TODAY - 15 * DAY))},
    ),
    Pair(
        "consultation_complete",
        "consultation_complete.missing",
        {"postings": {Stage.COMMUNE: posting()}},
        state="district_comment",
    ),
    Pair(
        "consultation_complete",
        "consultation_complete.portal",
        {"postings": at(Stage.DISTRICT, posting(places=frozenset({"office", "culture_house"})))},
        {},
        {"postings": at(Stage.DISTRICT, posting(places=frozenset({"portal"})))},
        state="district_comment",
    ),
    Pair(
        "consultation_complete",
        "consultation_complete.broadcasts",
        {"postings": at(Stage.DISTRICT, posting(loudspeaker_times=2))},
        {"times": 2, "need": 3},
        {"postings": at(Stage.DISTRICT, posting(loudspeaker_times=3))},
        state="district_comment",
    ),
    Pair(
        "consultation_complete",
        "consultation_complete.front_opinion",
        {"postings": at(Stage.DISTRICT, posting(front_opinion=False))},
        state="district_comment",
    ),
    Pair(
        "consultation_complete",
        "consultation_complete.period",
        {"postings": at(Stage.DISTRICT, posting(posted_on=TODAY - 29 * DAY))},
        {"days": 30, "until": TODAY + DAY},
        {"postings": at(Stage.DISTRICT, posting(posted_on=TODAY - 30 * DAY))},
        state="district_comment",
        figures={"district_comment.days": 30},
    ),
    Pair(
        "comments_explained",
        "comments_explained.open",
        {"open_comments": {Stage.COMMUNE: 2, Stage.DISTRICT: 1}},
        {"count": 1},
        {"open_comments": {Stage.COMMUNE: 2, Stage.DISTRICT: 0}},
        state="district_comment",
    ),
    Pair("survey_complete", "survey_complete.missing", {"survey": None}),
    Pair(
        "survey_complete",
        "survey_complete.households",
        {"survey": survey(ballots_issued=699, households_total=999)},
        {"asked": 699, "total": 999, "need": "70"},
        {"survey": survey(ballots_issued=700, households_total=1000)},
    ),
    Pair("survey_complete", "survey_complete.minutes", {"survey": survey(minutes_filed=False)}),
    Pair(
        "vote_carried",
        "vote_carried.missing",
        {"votes": {Stage.COMMUNE: vote()}},
        {},
        {"votes": {Stage.DISTRICT: vote()}},
        state="district_vote",
    ),
    Pair(
        "vote_carried",
        "vote_carried.too_few",
        {"votes": at(Stage.COMMUNE, vote(present=19, agreed=17))},
        {"agreed": 17, "present": 19, "need": "90"},
        {"votes": at(Stage.COMMUNE, vote(present=20, agreed=18))},
        state="commune_vote",
    ),
    Pair(
        "vote_carried",
        "vote_carried.minutes",
        {"votes": at(Stage.COMMUNE, vote(minutes_filed=False))},
        state="commune_vote",
    ),
]

RETURNING = [
    Pair(
        "parts_present",
        "parts_present.missing",
        {"parts": frozenset(COMMUNE_PARTS) - {Part.PROPOSAL, Part.PICTURES}},
        {"parts": ("D1", "D7")},
        {"parts": frozenset(COMMUNE_PARTS)},
    ),
    Pair(
        "parts_checked",
        "parts_checked.unchecked",
        {"checklists": {Stage.DISTRICT: dict.fromkeys(COMMUNE_PARTS[1:], True)}},
        {"parts": ("D1",)},
        {"checklists": {Stage.DISTRICT: dict.fromkeys(COMMUNE_PARTS, True)}},
        state="district_received",
    ),
    Pair(
        "parts_checked",
        "parts_checked.incomplete",
        {"checklists": {Stage.DISTRICT: dict.fromkeys(COMMUNE_PARTS, True) | {Part.MINUTES: False}}},
        {"parts": ("D4",)},
        {"checklists": {Stage.DISTRICT: dict.fromkeys(COMMUNE_PARTS, True)}},
        state="district_received",
    ),
    Pair(
        "nothing_new_asked",
        "nothing_new_asked.late",
        {"returns": (Return(Stage.DISTRICT, D5),), "changed": frozenset({"1.1"})},
        {"items": ("D7",)},
        {"returns": (Return(Stage.PROVINCE, D5),)},
        state="district_received",
        typed={Field.MISSING: ["D5", "1.1", "D7"]},
    ),
    Pair(
        "nothing_new_asked",
        "nothing_new_asked.late",
        {"returns": (Return(Stage.DISTRICT, D5),)},
        {"items": ("D7",)},
        {"returns": (Return(Stage.DISTRICT, D5), Return(Stage.DISTRICT, frozenset({"D7"})))},
        state="district_received",
        typed={Field.MISSING: ("D7",)},
    ),
    Pair(
        "changes_listed",
        "changes_listed.absent",
        {
            "returns": (Return(Stage.DISTRICT, frozenset({"D1"})), Return(Stage.DISTRICT, D5 | {"D7", "1.1"})),
            "changed": frozenset({"D7"}),
        },
        {"items": ("1.1", "D5")},
        {"returns": ()},
        state="returned",
        typed={Field.CHANGES: ["D7"]},
    ),
    Pair(
        "changes_listed",
        "changes_listed.absent",
        {"returns": (Return(Stage.DISTRICT, D5),), "changed": frozenset({"D5", "D7"})},
        {"items": ("D5",)},
        {"returns": (Return(Stage.DISTRICT, D5),), "changed": frozenset({"D5", "D7"})},
        state="returned",
        typed={Field.CHANGES: "D5"},
        typed_well={Field.CHANGES: ["D5", "D7"]},
    ),
    Pair(
        "missing_supplied",
        "missing_supplied.unchanged",
        {"returns": (Return(Stage.PROVINCE, D5), Return(Stage.DISTRICT, frozenset({"D7", "1.1", "1.2"})))},
        {"items": ("1.1", "1.2", "D7")},
        {"returns": (Return(Stage.DISTRICT, D5),), "changed": D5},
        state="returned",
    ),
    Pair(
        "changes_listed",
        "changes_listed.unchanged",
        {"returns": (Return(Stage.DISTRICT, D5 | {"1.1"}),), "changed": frozenset({"1.1"})},
        {"items": ("D5", "D7")},
        {"returns": (Return(Stage.DISTRICT, D5 | {"1.1"}),), "changed": frozenset({"1.1", "D5", "D7"})},
        state="returned",
        typed={Field.CHANGES: ["1.1", "D5", "D7"]},
    ),
]

COUNCIL = [
    Pair(
        "criteria_concluded",
        "criteria_concluded.open",
        {"conclusions": {"1": Conclusion("sxd", met=True)}},
        {"criteria": ("2",)},
        {"conclusions": {"1": Conclusion("sxd", met=True), "2": Conclusion("sct", met=False)}},
    ),
    Pair("field_checked", "field_checked.missing", {"field_checked": False}),
    Pair("council_quorate", "council_quorate.not_sat", {"sitting": None}),
    Pair("council_quorate", "council_quorate.not_sat", {"sitting": sitting(held_on=None)}),
    Pair(
        "council_quorate",
        "council_quorate.too_few",
        {"sitting": sitting(members=29, present=20)},
        {"present": 20, "members": 29, "need": "70"},
        {"sitting": sitting(members=28, present=20)},
    ),
    Pair(
        "council_quorate",
        "council_quorate.ballots",
        {"sitting": sitting(present=20, yes=17, no=1, blank=1)},
        {"cast": 19, "present": 20},
        {"sitting": sitting(present=20, yes=17, no=1, blank=2)},
    ),
    Pair("council_quorate", "council_quorate.minutes", {"sitting": sitting(minutes_filed=False)}),
    Pair(
        "council_in_favour",
        "council_in_favour.too_few",
        {"sitting": sitting(present=20, yes=17, no=3)},
        {"yes": 17, "present": 20, "need": "90"},
        {"sitting": sitting(present=20, yes=18, no=2)},
    ),
    Pair(
        "council_in_favour",
        "council_in_favour.too_few",
        {"sitting": None},
        {"yes": 0, "present": 0, "need": "90"},
    ),
]

DATES = [
    Pair(
        "year_in_period",
        "year_in_period.outside",
        {},
        {"year": TODAY.year + 1, "first": 2022, "last": TODAY.year},
        typed={Field.YEAR_RECOGNISED: TODAY.year + 1},
        typed_well={Field.YEAR_RECOGNISED: TODAY.year},
    ),
    Pair(
        "year_in_period",
        "year_in_period.outside",
        {},
        {"year": 2021, "first": 2022, "last": TODAY.year},
        typed={Field.YEAR_RECOGNISED: 2021},
        typed_well={Field.YEAR_RECOGNISED: 2022},
    ),
    Pair(
        "year_in_period",
        "year_in_period.outside",
        {},
        {"year": 2025, "first": 2022, "last": 2024},
        typed={Field.YEAR_RECOGNISED: 2025, Field.SIGNED_ON: date(2024, 12, 31)},
        typed_well={Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: date(2024, 12, 31)},
    ),
    Pair(
        "signed_after_council",
        "signed_after_council.future",
        {},
        {"on": TODAY + DAY},
        typed={Field.SIGNED_ON: TODAY + DAY},
        typed_well={Field.SIGNED_ON: TODAY},
    ),
    Pair(
        "signed_after_council",
        "signed_after_council.before",
        {},
        {"on": TODAY - 6 * DAY, "council": TODAY - 5 * DAY},
        typed={Field.SIGNED_ON: TODAY - 6 * DAY},
        typed_well={Field.SIGNED_ON: TODAY - 5 * DAY},
    ),
    Pair(
        "announced_after_decision",
        "announced_after_decision.future",
        {},
        {"on": date(2025, 6, 11)},
        typed={Field.ANNOUNCED_ON: date(2025, 6, 11)},
        typed_well={Field.ANNOUNCED_ON: date(2025, 6, 10)},
    ),
    Pair(
        "announced_after_decision",
        "announced_after_decision.before",
        {"history": (past(EventType.RECOMMENDED, on=TODAY), past(EventType.RECOGNISED, on=TODAY - 3 * DAY))},
        {"on": TODAY - 4 * DAY, "decided": TODAY - 3 * DAY},
        {"history": (past(EventType.RECOMMENDED, on=TODAY), past(EventType.RECOGNISED, on=TODAY - 4 * DAY))},
        typed={Field.ANNOUNCED_ON: TODAY - 4 * DAY},
    ),
    Pair(
        "signed_after_recognition",
        "signed_after_recognition.future",
        {},
        {"on": TODAY + DAY},
        typed={Field.SIGNED_ON: TODAY + DAY},
        typed_well={Field.SIGNED_ON: TODAY},
    ),
    Pair(
        "signed_after_recognition",
        "signed_after_recognition.before",
        {"history": (past(EventType.RECOGNISED, on=TODAY - 3 * DAY),)},
        {"on": TODAY - 4 * DAY, "decided": TODAY - 3 * DAY},
        {"history": (past(EventType.RECOGNISED, on=TODAY - 4 * DAY),)},
        typed={Field.SIGNED_ON: TODAY - 4 * DAY},
    ),
    Pair(
        "correction_waits",
        "correction_waits.none",
        {"history": (past(EventType.CORRECTION_DRAFTED), past(EventType.CORRECTED))},
        passed={"history": (past(EventType.CORRECTED), past(EventType.CORRECTION_DRAFTED))},
    ),
]

PAIRS = [*OPENING, *ASSESSMENT, *CONDITIONS, *CONSULTATION, *RETURNING, *COUNCIL, *DATES]
