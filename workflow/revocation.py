"""When a recognition may be taken back: the conditions of Article 4 (Regulation with Decision 18/2022/QĐ-TTg).

Two cases (domain section 5.1): R1, from 30 % to under 50 % of the criteria are not met and one of them is among those
that the Article names; R2, 50 % or more are not met. Both shares are figures of the procedure, the named criteria stand
in the criteria set, and all of it is compared as integers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from workflow.case import Case, Guard, least, reaches, registering
from workflow.names import Field, Level
from workflow.refusal import Refusal, refuse

GUARDS: dict[str, Guard] = {}
guard = registering(GUARDS)


class Ground(StrEnum):
    """By which of the two cases of the Article a recognition is revoked."""

    PARTLY = "r1"
    MOSTLY = "r2"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a column comes to: the criteria not met, those of them that the Article names, of how many, from how many.

    `partly` and `mostly` are the least numbers of criteria not met for the two cases.
    """

    unmet: tuple[str, ...]
    named: tuple[str, ...]
    total: int
    partly: int
    mostly: int
    ground: Ground | None


def shortfall(case: Case) -> Shortfall | None:
    """How far the unit falls short in the column that is judged now; None while no criteria set applies."""
    assessment = case.assessment(case.column)
    if assessment is None:
        return None
    rules = assessment.rules
    found = {rules.by_code[code].indicator.criterion for code in case.found_unmet(assessment)}
    found.update(case.concluded_against())
    unmet = tuple(one.code for one in rules.criteria_set.criteria if one.code in found)
    named = tuple(code for code in unmet if code in rules.criteria_set.revocation.criteria)
    total, some, half = len(rules.criteria_set.criteria), *(case.figure(name) for name in SHARES)
    ground = None
    if reaches(len(unmet), total, half):
        ground = Ground.MOSTLY
    elif named and reaches(len(unmet), total, some):
        ground = Ground.PARTLY
    return Shortfall(unmet, named, total, least(total, some), least(total, half), ground)


SHARES = ("revocation.r1_min", "revocation.r2_min")


@guard()
def title_held(case: Case) -> Iterator[Refusal]:
    """The unit holds the title that is to be taken back, and none that stands upon it."""
    facts = case.facts
    if facts.title is None:
        yield refuse("title_held.none", level=facts.level)
    elif not facts.title.decision.partition("/")[0].isdecimal():
        yield refuse("title_held.unnumbered", decision=facts.title.decision)
    if above := tuple(level for level in Level if level in facts.held_levels and _stands_upon(case, level)):
        yield refuse("title_held.above", level=facts.level, above=above)


def _stands_upon(case: Case, level: Level) -> bool:
    before = case.procedure.levels.get(level)
    return before is not None and (before is case.facts.level or _stands_upon(case, before))


@guard()
def revocation_ruled(case: Case) -> Iterator[Refusal]:
    """The criteria set by which the unit is judged says how a recognition by it is taken back."""
    rules = case.facts.rules
    if rules is None:
        yield refuse("criteria_adopted.none", level=case.facts.level)
    elif not rules.criteria_set.revocation.criteria:
        yield refuse("revocation_ruled.none", criteria_set=rules.criteria_set.key)


@guard()
def column_complete(case: Case) -> Iterator[Refusal]:
    """Every indicator has a value in the column that is judged."""
    assessment = case.assessment(case.column)
    if assessment is None:
        yield refuse("criteria_adopted.none", level=case.facts.level)
    elif assessment.unanswered:
        yield refuse("criteria_met.unanswered", indicators=assessment.unanswered)


@guard(*SHARES)
def fallen_short(case: Case) -> Iterator[Refusal]:
    """Half of the criteria are not met, or 30 % and one of those that Article 4 names."""
    found = shortfall(case)
    if found is None:
        yield refuse("criteria_adopted.none", level=case.facts.level)
    elif len(found.unmet) < found.partly:
        yield refuse("fallen_short.too_few", unmet=len(found.unmet), total=found.total, need=found.partly)
    elif found.ground is None:
        criteria = case.facts.rules.criteria_set.revocation.criteria if case.facts.rules else ()
        yield refuse(
            "fallen_short.none_named",
            unmet=len(found.unmet),
            total=found.total,
            criteria=criteria,
            need=found.mostly,
        )


@guard(reads_inputs=True)
def signed_after_recognition(case: Case) -> Iterator[Refusal]:
    """The decision of revocation is dated not before the recognition and not in the future."""
    signed, decided = case.day(Field.SIGNED_ON), case.recognised_on()
    if signed and signed > case.facts.today:
        yield refuse("signed_after_recognition.future", on=signed)
    if signed and decided and signed < decided:
        yield refuse("signed_after_recognition.before", on=signed, decided=decided)
