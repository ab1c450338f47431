"""The facts of minutes (form 1.9 of Decree 30/2020)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.records import (
    Attendant,
    DecisionName,
    Frame,
    Matter,
    Publication,
    Signer,
    Tally,
    Votes,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes(Frame):
    """Minutes on a dossier: the secretary signs at the left, the chair (the frame's signer) at the right."""

    secretary: Signer
    matter: Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRecord(Minutes):
    """The record of a posting in the commune (biên bản niêm yết công khai)."""

    kind: Literal["posting_record"] = "posting_record"
    version: Literal[1] = 1
    publication: Publication
    opinions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteMinutes(Minutes):
    """The minutes of a Steering Committee's meeting and vote (biên bản họp, bỏ phiếu)."""

    kind: Literal["vote_minutes"] = "vote_minutes"
    version: Literal[1] = 1
    committee: str
    held_on: date
    votes: Votes


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilMinutes(Minutes):
    """The minutes of the council on one dossier: attendance, ballots and conclusion (biên bản họp Hội đồng)."""

    kind: Literal["council_minutes"] = "council_minutes"
    version: Literal[1] = 1
    council: str
    held_on: date
    held_at: str
    members: int
    attendants: tuple[Attendant, ...]
    in_favour: int
    against: int
    blank: int
    needed_percent: int
    tally: Tally
    recommended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementRecord(Minutes):
    """The record of the ceremony at which a decision was announced (biên bản công bố)."""

    kind: Literal["announcement_record"] = "announcement_record"
    version: Literal[1] = 1
    decision: DecisionName
    announced_on: date
    announced_at: str
