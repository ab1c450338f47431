"""The conditions of the law as named functions: each looks at a case and yields every reason against going on.

A guard states a fact (`residents_satisfied`) and reads like the clause it enforces. Figures come from the procedure
with their marks; shares are compared as exact integers. What is granted to whom is in `policy`, not here.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from workflow.case import Case, Guard, reaches, registering
from workflow.criteria import Assessment
from workflow.names import Column, Field, Part, Stage
from workflow.refusal import Refusal, refuse
from workflow.revocation import GUARDS as OF_REVOCATION

FIRST_TITLES = 2009  # the first national criteria, Decision 491/QĐ-TTg of 16/4/2009
PROVINCIAL = ("tỉnh", "thành phố")
COMMUNE_PLACES = ("office", "culture_house")
COMMUNE_PARTS = (
    *(Part.PROPOSAL, Part.RESULT_REPORT, Part.OPINIONS, Part.MINUTES, Part.DEBT_REPORT, Part.SURVEY_REPORT),
    *(Part.PICTURES, Part.POLICE_CONFIRMATION),
)

GUARDS: dict[str, Guard] = dict(OF_REVOCATION)
guard = registering(GUARDS)


# Opening a dossier


@guard()
def unit_in_force(case: Case) -> Iterator[Refusal]:
    """The unit still exists today."""
    if case.facts.unit.valid_to and case.facts.unit.valid_to < case.facts.today:
        yield refuse("unit_in_force.ended", unit=case.facts.unit.name, on=case.facts.unit.valid_to)


@guard()
def level_opened_in_order(case: Case) -> Iterator[Refusal]:
    """The unit holds the level that must come before the requested one, and not yet the requested one (section 1.1)."""
    facts, level = case.facts, case.facts.level
    if level not in case.procedure.levels:
        yield refuse("level_opened_in_order.not_in_procedure", level=level)
        return
    before = case.procedure.levels[level]
    if before and before not in facts.held_levels:
        yield refuse("level_opened_in_order.before_missing", level=level, before=before)
    if level in facts.held_levels:
        yield refuse("level_opened_in_order.already_held", level=level)


@guard()
def no_other_open_dossier(case: Case) -> Iterator[Refusal]:
    """No other dossier of the same unit, subject and level is under way."""
    if case.facts.other_open:
        yield refuse("no_other_open_dossier.exists", dossier=case.facts.other_open)


@guard()
def criteria_adopted(case: Case) -> Iterator[Refusal]:
    """The province has adopted a complete criteria set for the requested level."""
    rules = case.facts.rules
    if rules is None:
        yield refuse("criteria_adopted.none", level=case.facts.level)
    elif not rules.passable:
        yield refuse("criteria_adopted.incomplete", criteria_set=rules.criteria_set.key)


# Self-assessment and the four conditions of Article 4 (Regulation with Decision 18/2022/QĐ-TTg)


@guard()
def self_assessment_complete(case: Case) -> Iterator[Refusal]:
    """Every indicator has a value of the commune and at least one piece of evidence."""
    assessment = case.assessment(Column.COMMUNE)
    if assessment is None:
        yield refuse("criteria_adopted.none", level=case.facts.level)
        return
    if assessment.unanswered:
        yield refuse("self_assessment_complete.unanswered", indicators=assessment.unanswered)
    answered = case.facts.answers.get(Column.COMMUNE, {})
    bare = tuple(
        code for code, answer in answered.items() if not answer.not_applicable and code not in case.facts.evidence
    )
    if bare:
        yield refuse("self_assessment_complete.without_evidence", indicators=bare)


@guard()
def criteria_met(case: Case) -> Iterator[Refusal]:
    """G1: every criterion is met in the column of the tier that judges now, and no department concluded otherwise."""
    assessment = case.assessment(case.column)
    if assessment is None:
        yield refuse("criteria_adopted.none", level=case.facts.level)
        return
    if not assessment.all_met or case.facts.refuted.get(case.column):
        yield from _short_of_met(case, assessment)
    if against := case.concluded_against():
        yield refuse("criteria_met.concluded_against", criteria=against)


def _short_of_met(case: Case, assessment: Assessment) -> Iterator[Refusal]:
    if not assessment.rules.passable:
        yield refuse("criteria_adopted.incomplete", criteria_set=assessment.rules.criteria_set.key)
    if assessment.unanswered:
        yield refuse("criteria_met.unanswered", indicators=assessment.unanswered)
    if unmet := case.found_unmet(assessment):
        yield refuse("criteria_met.not_met", indicators=unmet)
    if assessment.unknown:
        yield refuse("criteria_met.unknown", indicators=assessment.unknown)


@guard("survey.threshold", "survey.item_threshold")
def residents_satisfied(case: Case) -> Iterator[Refusal]:
    """G2: the share of satisfied residents, and of each single question, reaches the required rate."""
    survey = case.facts.survey
    if survey is None:
        yield refuse("survey_complete.missing")
        return
    need = case.figure("survey.threshold")
    if not reaches(survey.satisfied, survey.ballots_valid, need):
        yield refuse(
            "residents_satisfied.too_few", satisfied=survey.satisfied, valid=survey.ballots_valid, need=str(need)
        )
    each = case.figure("survey.item_threshold")
    if low := tuple(item.code for item in survey.items if not reaches(item.satisfied, item.answered, each)):
        yield refuse("residents_satisfied.item_too_low", items=low, need=str(each))


@guard()
def debt_free(case: Case) -> Iterator[Refusal]:
    """G3: the commune has no outstanding construction debt of the programme, and a paper says so."""
    debt = case.facts.debt
    if debt is None:
        yield refuse("debt_free.unstated")
    elif debt.amount:
        yield refuse("debt_free.owed", amount=debt.amount)
    elif not debt.confirmed:
        yield refuse("debt_free.unconfirmed")


@guard()
def security_not_complex(case: Case) -> Iterator[Refusal]:
    """G4: the commune is not complex in security and order, as the police confirm."""
    security = case.facts.security
    if security is None:
        yield refuse("security_not_complex.unstated")
    elif security.complex:
        yield refuse("security_not_complex.complex")
    elif not security.confirmed:
        yield refuse("security_not_complex.unconfirmed")


# Posting, survey, votes


@guard("posting.days", "posting.loudspeaker_times")
def posting_complete(case: Case) -> Iterator[Refusal]:
    """The result hung at the office and the culture houses, was read out, and the period is over."""
    posting = case.facts.postings.get(Stage.COMMUNE)
    if posting is None:
        yield refuse("posting_complete.missing")
        return
    if absent := tuple(place for place in COMMUNE_PLACES if place not in posting.places):
        yield refuse("posting_complete.places", places=absent)
    times = case.figure("posting.loudspeaker_times")
    if posting.loudspeaker_times < times:
        yield refuse("posting_complete.loudspeaker", times=posting.loudspeaker_times, need=int(times))
    yield from _period_over(case, posting.posted_on, "posting_complete.period", "posting.days")


@guard("{stage}_comment.days", "{stage}_comment.broadcasts")
def consultation_complete(case: Case) -> Iterator[Refusal]:
    """The report stood on the portal, was broadcast, the Fatherland Front gave its opinion, and the period is over."""
    posting = case.facts.postings.get(case.stage)
    if posting is None:
        yield refuse("consultation_complete.missing")
        return
    if "portal" not in posting.places:
        yield refuse("consultation_complete.portal")
    need = case.figure("{stage}_comment.broadcasts")
    if posting.loudspeaker_times < need:
        yield refuse("consultation_complete.broadcasts", times=posting.loudspeaker_times, need=int(need))
    if not posting.front_opinion:
        yield refuse("consultation_complete.front_opinion")
    yield from _period_over(case, posting.posted_on, "consultation_complete.period", "{stage}_comment.days")


def _period_over(case: Case, since: date, code: str, figure: str) -> Iterator[Refusal]:
    days = int(case.figure(figure))
    if (case.facts.today - since).days < days:
        yield refuse(code, days=days, until=since + timedelta(days=days))


@guard()
def comments_explained(case: Case) -> Iterator[Refusal]:
    """Each comment received at this tier has its explanation."""
    if count := case.facts.open_comments.get(case.stage, 0):
        yield refuse("comments_explained.open", count=count)


@guard("survey.household_share")
def survey_complete(case: Case) -> Iterator[Refusal]:
    """Enough households were asked and the tally's minutes are on file."""
    survey = case.facts.survey
    if survey is None:
        yield refuse("survey_complete.missing")
        return
    need = case.figure("survey.household_share")
    if not reaches(survey.ballots_issued, survey.households_total, need):
        yield refuse(
            "survey_complete.households", asked=survey.ballots_issued, total=survey.households_total, need=str(need)
        )
    if not survey.minutes_filed:
        yield refuse("survey_complete.minutes")


@guard("{stage}_vote.threshold")
def vote_carried(case: Case) -> Iterator[Refusal]:
    """The steering committee of this tier met, agreed by the required share, and its minutes are on file."""
    vote = case.facts.votes.get(case.stage)
    if vote is None:
        yield refuse("vote_carried.missing")
        return
    need = case.figure("{stage}_vote.threshold")
    if not reaches(vote.agreed, vote.present, need):
        yield refuse("vote_carried.too_few", agreed=vote.agreed, present=vote.present, need=str(need))
    if not vote.minutes_filed:
        yield refuse("vote_carried.minutes")


# Receiving a dossier, returning and supplementing it


@guard()
def parts_present(case: Case) -> Iterator[Refusal]:
    """Every part of the dossier that the commune makes is on file (domain section 3.2)."""
    if missing := tuple(part for part in COMMUNE_PARTS if part not in case.facts.parts):
        yield refuse("parts_present.missing", parts=missing)


@guard()
def parts_checked(case: Case) -> Iterator[Refusal]:
    """The receiving office has ticked every part as complete."""
    checklist = case.facts.checklists.get(case.stage, {})
    unchecked = tuple(part for part in COMMUNE_PARTS if part not in checklist)
    incomplete = tuple(part for part, complete in checklist.items() if not complete)
    if unchecked:
        yield refuse("parts_checked.unchecked", parts=unchecked)
    if incomplete:
        yield refuse("parts_checked.incomplete", parts=incomplete)


@guard(reads_inputs=True)
def nothing_new_asked(case: Case) -> Iterator[Refusal]:
    """A second return by one tier names only what the first named or what changed since: all at once, in writing."""
    if late := tuple(item for item in case.texts(Field.MISSING) if not case.may_ask_for(item)):
        yield refuse("nothing_new_asked.late", items=late)


@guard()
def missing_supplied(case: Case) -> Iterator[Refusal]:
    """Everything that the last return named has changed since: a part filed, a value entered, evidence added."""
    named = case.facts.returns[-1].missing if case.facts.returns else frozenset()
    if unchanged := tuple(sorted(named - case.facts.changed)):
        yield refuse("missing_supplied.unchanged", items=unchanged)


@guard(reads_inputs=True)
def changes_listed(case: Case) -> Iterator[Refusal]:
    """The list of changes covers everything that the last return named, and nothing that did not change."""
    if not case.facts.returns:
        return
    changes = case.texts(Field.CHANGES)
    if absent := tuple(sorted(case.facts.returns[-1].missing.difference(changes))):
        yield refuse("changes_listed.absent", items=absent)
    if unchanged := tuple(item for item in changes if item not in case.facts.changed):
        yield refuse("changes_listed.unchanged", items=unchanged)


@guard()
def verdicts_explained(case: Case) -> Iterator[Refusal]:
    """Each indicator found not met carries the reviewer's reason."""
    assessment = case.assessment(case.column)
    reasons = case.facts.reasons.get(case.column, frozenset())
    found = case.found_unmet(assessment) if assessment else ()
    if silent := tuple(code for code in found if code not in reasons):
        yield refuse("verdicts_explained.silent", indicators=silent)


# Appraisal, council, decision


@guard()
def criteria_concluded(case: Case) -> Iterator[Refusal]:
    """Each criterion has the written conclusion of the department that owns it."""
    criteria = case.facts.rules.criteria_set.criteria if case.facts.rules else ()
    if open_criteria := tuple(item.code for item in criteria if item.code not in case.facts.conclusions):
        yield refuse("criteria_concluded.open", criteria=open_criteria)


@guard()
def field_checked(case: Case) -> Iterator[Refusal]:
    """The commune was looked at on the spot."""
    if not case.facts.field_checked:
        yield refuse("field_checked.missing")


@guard("council.quorum")
def council_quorate(case: Case) -> Iterator[Refusal]:
    """The council sat on this dossier with enough of its members, and its minutes are on file."""
    sitting = case.facts.sitting
    if sitting is None or sitting.held_on is None:
        yield refuse("council_quorate.not_sat")
        return
    need = case.figure("council.quorum")
    if not reaches(sitting.present, sitting.members, need):
        yield refuse("council_quorate.too_few", present=sitting.present, members=sitting.members, need=str(need))
    if sitting.yes + sitting.no + sitting.blank != sitting.present:
        cast = sitting.yes + sitting.no + sitting.blank
        yield refuse("council_quorate.ballots", cast=cast, present=sitting.present)
    if not sitting.minutes_filed:
        yield refuse("council_quorate.minutes")


@guard("council.threshold")
def council_in_favour(case: Case) -> Iterator[Refusal]:
    """Enough of the members present voted yes."""
    sitting = case.facts.sitting
    need = case.figure("council.threshold")
    if sitting is None or not reaches(sitting.yes, sitting.present, need):
        yes, present = (sitting.yes, sitting.present) if sitting else (0, 0)
        yield refuse("council_in_favour.too_few", yes=yes, present=present, need=str(need))


@guard(reads_inputs=True)
def year_in_period(case: Case) -> Iterator[Refusal]:
    """The year recognised is a year up to that of signing, and not before the criteria applied."""
    year, signed = case.typed(Field.YEAR_RECOGNISED), case.day(Field.SIGNED_ON)
    rules = case.facts.rules
    first = rules.criteria_set.valid_from.year if rules else case.procedure.in_force_from.year
    first = FIRST_TITLES if case.facts.from_book else first
    last = (signed or case.facts.today).year
    if type(year) is int and not first <= year <= last:
        yield refuse("year_in_period.outside", year=year, first=first, last=last)


@guard(reads_inputs=True)
def signed_after_council(case: Case) -> Iterator[Refusal]:
    """The decision is dated not before the council sat and not in the future."""
    signed, sitting = case.day(Field.SIGNED_ON), case.facts.sitting
    if signed and signed > case.facts.today:
        yield refuse("signed_after_council.future", on=signed)
    if signed and sitting and sitting.held_on and signed < sitting.held_on:
        yield refuse("signed_after_council.before", on=signed, council=sitting.held_on)


@guard(reads_inputs=True)
def announced_after_decision(case: Case) -> Iterator[Refusal]:
    """The announcement is dated not before the decision and not in the future."""
    announced, decided = case.day(Field.ANNOUNCED_ON), case.recognised_on()
    if announced and announced > case.facts.today:
        yield refuse("announced_after_decision.future", on=announced)
    if announced and decided and announced < decided:
        yield refuse("announced_after_decision.before", on=announced, decided=decided)


@guard()
def given_by_province(case: Case) -> Iterator[Refusal]:
    """A decision that was made before there were dossiers here was made by a province, which alone replaces it."""
    held = case.facts.title if case.facts.only_in_book else None
    if held and not any(name in held.authority.casefold() for name in PROVINCIAL):
        yield refuse("given_by_province.other", decision=held.decision, authority=held.authority)


@guard()
def correction_waits(case: Case) -> Iterator[Refusal]:
    """A correction was drafted, and is neither signed nor declined."""
    if not case.correction_waits():
        yield refuse("correction_waits.none")
