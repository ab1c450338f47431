"""What is known of a dossier at one moment: a frozen snapshot that guards and policy may look at, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from workflow.criteria import Answer, Rules
from workflow.names import Column, EventType, Level, Part, Role, Stage


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit as it stands on the day: its name, tier and the units above it.

    The id names the unit in its period: official codes are used again for other units after a reform.
    """

    id: int
    name: str
    tier: str
    above: tuple[int, ...]
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """An office held: role, unit, period, and for a substitute the words of the signature (KT., TL., TUQ., Q.)."""

    role: Role
    unit_id: int
    valid_from: date
    valid_to: date | None = None
    department: str | None = None
    wording: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the office is held on this day, first and last day included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, with every office the person holds."""

    person_id: int
    name: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Posting:
    """How the result was made public at one tier: where, since when, how often read out, and the Front's opinion."""

    posted_on: date
    places: frozenset[str]
    loudspeaker_times: int = 0
    front_opinion: bool = False


@dataclass(frozen=True, slots=True)
class SurveyItem:
    """One question of the satisfaction survey with its counts."""

    code: str
    satisfied: int
    answered: int


@dataclass(frozen=True, slots=True)
class Survey:
    """The residents' satisfaction survey in counts; shares are computed, never typed."""

    households_total: int
    ballots_issued: int
    ballots_valid: int
    satisfied: int
    minutes_filed: bool
    items: tuple[SurveyItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Vote:
    """The vote of a steering committee in counts."""

    members: int
    present: int
    agreed: int
    minutes_filed: bool


@dataclass(frozen=True, slots=True)
class Debt:
    """Outstanding construction debt of the programme in VND, and whether its confirmation is on file."""

    amount: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Security:
    """Whether the police call the commune complex in security and order, and whether their paper is on file."""

    complex: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The written conclusion of the department that owns a criterion."""

    department: str
    met: bool


@dataclass(frozen=True, slots=True)
class Sitting:
    """The council's sitting on this dossier: members, those present, ballots and minutes."""

    held_on: date | None
    members: int
    present: int
    yes: int
    no: int
    blank: int
    minutes_filed: bool


@dataclass(frozen=True, slots=True)
class Past:
    """One event of the dossier's history as far as the rules ask for it."""

    type: EventType
    person_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Return:
    """One notice of return: by which tier, and the parts it named as missing."""

    stage: Stage
    missing: frozenset[str]


@dataclass(frozen=True, slots=True)
class Title:
    """A title in the book that holds: by which decision, signed when and by whom, and for which year."""

    id: int
    decision: str
    signed_on: date
    year: int
    authority: str


@dataclass(frozen=True, slots=True)
class Former:
    """A name that the unit had until a day while the dossier was under way, and by which resolution the next began."""

    name: str
    last_day: date
    legal_basis: str
    afterwards: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a dossier stands: all that the policy asks of it."""

    today: date
    state: str
    unit: Unit
    level: Level
    history: tuple[Past, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts(Standing):
    """Everything about one dossier that a rule may depend on."""

    held_levels: frozenset[Level] = frozenset()
    title: Title | None = None  # the unit's own at this level
    other_open: str | None = None
    rules: Rules | None = None
    answers: Mapping[Column, Mapping[str, Answer]] = field(default_factory=dict)
    refuted: Mapping[Column, frozenset[str]] = field(default_factory=dict)
    reasons: Mapping[Column, frozenset[str]] = field(default_factory=dict)
    evidence: frozenset[str] = frozenset()
    parts: frozenset[Part] = frozenset()
    postings: Mapping[Stage, Posting] = field(default_factory=dict)
    open_comments: Mapping[Stage, int] = field(default_factory=dict)
    survey: Survey | None = None
    votes: Mapping[Stage, Vote] = field(default_factory=dict)
    debt: Debt | None = None
    security: Security | None = None
    checklists: Mapping[Stage, Mapping[str, bool]] = field(default_factory=dict)
    conclusions: Mapping[str, Conclusion] = field(default_factory=dict)
    field_checked: bool = False
    sitting: Sitting | None = None
    returns: tuple[Return, ...] = ()
    formerly: tuple[Former, ...] = ()
    changed: frozenset[str] = frozenset()  # parts and indicators that the commune touched since the last return

    @property
    def from_book(self) -> bool:
        """Whether the dossier was opened to review a title that was given before there were dossiers here."""
        return bool(self.history) and self.history[0].type is EventType.REVOCATION_PROPOSED

    @property
    def only_in_book(self) -> bool:
        """Whether the decision by which the unit holds its title is one that the book names, and no paper from here."""
        return self.from_book and all(past.type is not EventType.REPLACED for past in self.history)
