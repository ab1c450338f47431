"""What a guard looks at and what a guard is: one dossier before one procedure, and a condition with a name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from workflow.criteria import Assessment, assess
from workflow.events import DECIDING, OF_A_CORRECTION
from workflow.facts import Facts
from workflow.names import Column, EventType, Field, Stage
from workflow.procedure import Procedure, State
from workflow.refusal import Refusal


@dataclass(slots=True)
class Case:
    """One dossier before one procedure: facts, what was typed in the form, and what has been worked out so far."""

    procedure: Procedure
    facts: Facts
    inputs: Mapping[Field, object] | None = None
    assessments: dict[Column, Assessment] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """The state in which the dossier lies."""
        return self.procedure.states[self.facts.state]

    @property
    def stage(self) -> Stage:
        """The tier whose consultation, vote or check counts in this state."""
        tier = self.state.tier
        return Stage(tier) if tier else Stage.COMMUNE

    @property
    def column(self) -> Column:
        """The column of values that is judged in this state (domain section 2.1, G1)."""
        return self.state.column or Column.COMMUNE

    def may_ask_for(self, item: str) -> bool:
        """Whether a return may name this: a tier that has returned the dossier before adds only what changed since."""
        earlier = [notice.missing for notice in self.facts.returns if notice.stage == self.stage]
        return not earlier or item in self.facts.changed or any(item in missing for missing in earlier)

    def assessment(self, column: Column) -> Assessment | None:
        """The exact assessment of one column, worked out once; None while no criteria set applies."""
        if self.facts.rules is None:
            return None
        if column not in self.assessments:
            self.assessments[column] = assess(self.facts.rules, self.facts.answers.get(column, {}))
        return self.assessments[column]

    def recognised_on(self) -> date | None:
        """The day of the decision by which the title is held, here or before there were dossiers; else None."""
        here = next((past.on for past in reversed(self.facts.history) if past.type in DECIDING), None)
        return here or (self.facts.title.signed_on if self.facts.title else None)

    def correction_waits(self) -> bool:
        """Whether a correction was drafted that is neither signed nor declined."""
        last = next((past.type for past in reversed(self.facts.history) if past.type in OF_A_CORRECTION), None)
        return last is EventType.CORRECTION_DRAFTED

    def found_unmet(self, assessment: Assessment) -> tuple[str, ...]:
        """The indicators that miss their level or were found not met, in the column that is judged now."""
        refuted = self.facts.refuted.get(self.column)
        if not refuted:
            return assessment.unmet
        found = refuted.union(assessment.unmet)
        return tuple(code for code in assessment.rules.by_code if code in found)

    def concluded_against(self) -> tuple[str, ...]:
        """The criteria that a department concluded not to be met, where the departments' column is judged."""
        if self.column is not Column.APPRAISAL:
            return ()
        return tuple(code for code, conclusion in self.facts.conclusions.items() if not conclusion.met)

    def figure(self, name: str) -> int | Fraction:
        """A figure of the procedure by its name; `{stage}` stands for the tier of the present state."""
        return self.procedure.number(name.format(stage=self.stage))

    def typed(self, name: Field) -> object:
        """What was typed in one field of the form; None while there is nothing."""
        return self.inputs.get(name) if self.inputs else None

    def texts(self, name: Field) -> tuple[str, ...]:
        """A typed list; empty while there is none."""
        value = self.typed(name)
        return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()

    def day(self, name: Field) -> date | None:
        """A typed day; None while there is none."""
        value = self.typed(name)
        return value if type(value) is date else None


type_of_guard = Callable[[Case], Iterator[Refusal]]


@dataclass(frozen=True, slots=True)
class Guard:
    """A named condition, the figures it needs, and whether it looks at what was typed in the form."""

    name: str
    check: type_of_guard
    figures: tuple[str, ...]
    reads_inputs: bool
    sentence: str


def registering(into: dict[str, Guard]) -> Callable[..., Callable[[type_of_guard], type_of_guard]]:
    """The decorator that puts a condition into a list of guards under its function's name."""

    def guard(*figures: str, reads_inputs: bool = False) -> Callable[[type_of_guard], type_of_guard]:
        def register(check: type_of_guard) -> type_of_guard:
            sentence = (check.__doc__ or "").strip().splitlines()[0]
            into[check.__name__] = Guard(check.__name__, check, figures, reads_inputs, sentence)
            return check

        return register

    return guard


def reaches(part: int, whole: int, share: int | Fraction) -> bool:
    """Whether part of whole is at least the share given in hundredths, exactly ("từ X% trở lên")."""
    return whole > 0 and part * 100 >= share * whole


def least(whole: int, share: int | Fraction) -> int:
    """The least part of whole that reaches the share; of nothing no part does, and 1 is given."""
    return max(1, -(-share * whole // 100))
