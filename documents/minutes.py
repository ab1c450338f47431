"""The facts of minutes (form 1.9 of Decree 30/2020)."""

from dataclasses import dataclass
from datetime import date

from documents.document import document
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


@document("posting_record")
class PostingRecord(Minutes):
    """The record of a posting in the commune (biên bản niêm yết công khai)."""

    publication: Publication
    opinions: int


@document("vote_minutes")
class VoteMinutes(Minutes):
    """The minutes of a Steering Committee's meeting and vote (biên bản họp, bỏ phiếu)."""

    committee: str
    held_on: date
    votes: Votes


@document("council_minutes")
class CouncilMinutes(Minutes):
    """The minutes of the council on one dossier: attendance, ballots and conclusion (biên bản họp Hội đồng)."""

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


@document("announcement_record")
class AnnouncementRecord(Minutes):
    """The record of the ceremony at which a decision was announced (biên bản công bố)."""

    decision: DecisionName
    announced_on: date
    announced_at: str
