"""The two practice provinces as `scenarios.yaml` describes them: when they stand, and the way of each dossier."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from practice.material import material

Days = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a dossier leaves the main road: the action, what was named as missing, whether the council said no."""

    action: str = ""
    missing: tuple[str, ...] = ()
    against: bool = False


STRAIGHT_ON = Turn()


@dataclass(frozen=True, slots=True)
class Life:
    """The way of one dossier: whose it is, where it lies and since when, what is done there, and its turns by state.

    Those of a session that are `joint` are recognised in one decision.
    """

    commune: str
    to: str
    since: int = 0
    filled: int = 0
    session: str = ""
    joint: bool = False
    weak: tuple[str, ...] = ()
    turns: Mapping[str, Turn] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A practice province: its moment (None for the real one), numbers, sessions, dossiers, and communes without one.

    Sessions are dated in working days from today; `ends_on` is the last day on which its offices exist.
    """

    name: str
    starts_at: datetime | None
    ends_on: date | None
    numbers: Mapping[int, int]
    officers_since: date
    sessions: Mapping[str, int]
    spare: tuple[str, ...]
    lives: tuple[Life, ...]


@cache
def scenario_of(name: str) -> Scenario:
    """The scenario with this name; KeyError for an unknown one."""
    raw = material("scenarios")[name]
    return Scenario(
        name=name,
        starts_at=raw["starts_at"],
        ends_on=raw["ends_on"],
        numbers=raw["numbers"],
        officers_since=raw["officers_since"],
        sessions=raw["sessions"],
        spare=tuple(raw["spare"]),
        lives=tuple(_life(row) for row in raw["dossiers"]),
    )


@cache
def days() -> Days:
    """The least and the most working days that a dossier lies in each state."""
    return {state: (least, most) for state, (least, most) in material("scenarios")["days"].items()}


def _life(row: Mapping[str, Any]) -> Life:
    turns = {state: _turn(turn) for state, turn in row.get("turns", {}).items()}
    return Life(**{**row, "weak": tuple(row.get("weak", ())), "turns": turns})


def _turn(row: Mapping[str, Any]) -> Turn:
    return Turn(**{**row, "missing": tuple(row.get("missing", ()))})
