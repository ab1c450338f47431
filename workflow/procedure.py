"""A procedure as a value: states, actions, figures and legal basis, frozen once it is loaded. No file is read here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from workflow.names import (
    Column,
    DocumentKind,
    Effect,
    EventType,
    Field,
    Level,
    Mark,
    Reach,
    Role,
    StateKind,
    Subject,
    Tier,
    Work,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number the law or practice sets, with its unit, its mark and where it comes from."""

    name: str
    value: int | Fraction
    unit: str
    mark: Mark
    source: str
    label_vi: str
    label_en: str


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How long one stage may take: a figure in working or calendar days, counted in these states."""

    name: str
    figure: str
    unit: str
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class State:
    """Where a dossier lies, who holds it there and what that office may fill in meanwhile."""

    name: str
    label_vi: str
    label_en: str
    kind: StateKind
    holder: Role | None
    clock: str | None
    column: Column | None
    work: Mapping[Work, tuple[Role, ...]] = field(default_factory=dict)

    @property
    def tier(self) -> Tier | None:
        """The tier at which the dossier lies in this state."""
        return self.holder.tier if self.holder else None


SAME = "same"
"""Where an action leads that is recorded and leaves the dossier in its state, with its holder and its clock."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One way an action can end: the guards that open it, the state it leads to and the event it records."""

    to: str
    records: EventType
    guards: tuple[str, ...]

    def leads_to(self, source: str) -> str:
        """The state that this way leads to from another one."""
        return source if self.to == SAME else self.to


@dataclass(frozen=True, slots=True)
class Action:
    """A step of the procedure: from where, by whom, under which guards, asking what, and what follows."""

    name: str
    label_vi: str
    label_en: str
    sources: tuple[str, ...]
    by: tuple[Role, ...]
    reach: Reach
    guards: tuple[str, ...]
    branches: tuple[Branch, ...]
    asks: tuple[Field, ...]
    effects: tuple[Effect, ...]
    documents: tuple[DocumentKind, ...]
    not_same_person_as: tuple[EventType, ...]
    takes_number: bool
    clause: str
    mark: Mark

    @property
    def stays(self) -> bool:
        """Whether the action leaves the dossier where it is."""
        return all(branch.to == SAME for branch in self.branches)


@dataclass(frozen=True, slots=True, eq=False)
class Procedure:
    """One version of the rules of recognition, to which a dossier is pinned for life."""

    key: str
    version: int
    title_vi: str
    title_en: str
    subject: Subject
    levels: Mapping[Level, Level | None]
    tiers: tuple[Tier, ...]
    in_force_from: date
    in_force_to: date | None
    legal_basis: tuple[str, ...]
    authority: str
    copies_signed: tuple[str, ...]
    start: str
    resets: frozenset[str]
    states: Mapping[str, State]
    actions: Mapping[str, Action]
    figures: Mapping[str, Figure]
    clocks: Mapping[str, ClockRule]
    mark: Mark
    digest: str

    @property
    def id(self) -> str:
        """The name under which dossiers are pinned to this version, such as `commune-2022-two-tier@1`."""
        return f"{self.key}@{self.version}"

    def actions_from(self, state: str) -> tuple[Action, ...]:
        """The actions that leave a state, in the order of the file."""
        return tuple(action for action in self.actions.values() if state in action.sources)

    def number(self, figure: str) -> int | Fraction:
        """The value of a figure by its name."""
        return self.figures[figure].value

    def in_force_on(self, day: date) -> bool:
        """Whether a dossier opened on this day follows this version."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)
