"""The rows of a dossier's page: one named tuple for each list, its fields in the order of its statement."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple


class Entered(NamedTuple):
    """The value of one indicator in one column, with its reason, who entered it, when and which version it is."""

    column: str
    indicator: str
    value: Any
    not_applicable: bool
    refuted: bool
    reason: str
    person: str
    at: datetime
    version: int


class Step(NamedTuple):
    """One event of the history with the actor's office at that time."""

    seq: int
    type: str
    action: str
    to_state: str
    person: str
    role: str
    unit: str
    wording: str
    at: datetime
    reason: str
    payload: Mapping[str, Any]


class Filed(NamedTuple):
    """A file as a part of the dossier; a replaced one stays in sight."""

    id: int
    part: str
    title: str
    digest: str
    media_type: str
    size: int
    person: str
    at: datetime
    replaced: bool


class Proof(NamedTuple):
    """A file beside an indicator."""

    indicator: str
    item_id: int
    title: str
    file_name: str
    digest: str
    media_type: str
    size: int
    expires_on: date | None
    person: str
    at: datetime


class Posted(NamedTuple):
    """How the result is public at one tier."""

    stage: str
    posted_on: date
    places: list[str]
    loudspeaker_times: int
    front_opinion: bool
    person: str
    at: datetime


class Said(NamedTuple):
    """A comment and its explanation; `accepted` is None while it is open."""

    id: int
    stage: str
    received_on: date
    author: str
    text: str
    accepted: int | None
    explanation: str


class Asked(NamedTuple):
    """The satisfaction survey of this round."""

    started_on: date
    closed_on: date
    households_total: int
    ballots_issued: int
    ballots_valid: int
    satisfied: int
    no_opinion: int | None
    items: list[list[Any]]
    minutes: str | None
    person: str
    at: datetime

    @property
    def dissatisfied(self) -> int | None:
        """The valid forms that are neither satisfied nor without an opinion; unknown where the latter are."""
        return None if self.no_opinion is None else self.ballots_valid - self.satisfied - self.no_opinion


class Voted(NamedTuple):
    """The vote of a tier's steering committee in this round."""

    stage: str
    held_on: date
    members: int
    present: int
    agreed: int
    minutes: str | None
    person: str
    at: datetime


class Stated(NamedTuple):
    """What is stated on debt (VND) and security, each with its paper."""

    debt_amount: int | None
    debt_paper: str | None
    security_complex: int | None
    security_paper: str | None
    person: str
    at: datetime | None


class Checked(NamedTuple):
    """One line of a completeness check."""

    stage: str
    part: str
    complete: bool
    note: str


class Concluded(NamedTuple):
    """A department's conclusion on a criterion, and whether it is on the dossier as it was submitted last."""

    criterion: str
    department: str
    met: bool
    text: str
    person: str
    at: datetime
    counts: bool


class Session(NamedTuple):
    """The session of the council that counts for the dossier."""

    id: int
    held_on: date
    place: str
    members: int
    opened: bool
    closed: bool
    minutes: str | None


class Paper(NamedTuple):
    """A paper of an act in its last edition; a draft has no number, and `digest` is None until it is rendered.

    Until then the trouble says why it is late, and the effect whether and when it is tried next. The final text, if
    there is one, was edited by hand.
    """

    id: int
    event_id: int
    kind: str
    edition: int
    at: datetime
    number: int | None
    symbol: str
    signed_on: date | None
    digest: str | None
    pages: int | None
    trouble: str | None
    effect: str
    tried_at: datetime
    unit_id: int
    final: str | None
    edited_by: str | None
    edited_at: datetime | None


class Named(NamedTuple):
    """A unit by its id."""

    id: int
    name: str
