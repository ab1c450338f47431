"""What every paper begins with: the frame of its body, what the dossier asks for, how a result was made public."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.bodies import Bodies, Body
from casework.issuing import Issued, symbol_of
from documents.records import Matter, Opinion, Publication, Signer
from documents.wording import LEVEL_TITLES, inside
from queries.council import Seat
from queries.dossier import Details
from queries.dossier_rows import Paper
from queries.facts import CaseFile
from queries.wording import label
from workflow.decide import Decision
from workflow.names import DocumentKind, EventType, Field, Stage, Tier

OF_THE_PROVINCE = frozenset(
    {
        DocumentKind.DECISION,
        DocumentKind.CERTIFICATE,
        DocumentKind.REFUSAL_DECISION,
        DocumentKind.REVOCATION_DECISION,
        DocumentKind.REPLACEMENT_DECISION,
        DocumentKind.CORRECTION_LETTER,
    }
)


@dataclass(frozen=True, slots=True)
class About:
    """The earlier paper that a paper is about: its row, the facts frozen in it, and what is said of it.

    Of a decision that only the book knows there are neither row nor facts.
    """

    paper_id: int
    kind: DocumentKind
    facts: Any
    corrections: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One act whose papers are drawn up: the dossier before it, what was typed, the bodies around, the number taken.

    The seats are those of the council's session, where the act is its conclusion. The notes are what was written for
    single things that are missing. A correction is about an earlier paper. Beside it stand the acts on other dossiers
    that are the same decision. It replaces another partly where that one stays the decision of units
    that have ended.
    """

    file: CaseFile
    decision: Decision
    inputs: Mapping[Field, Any]
    bodies: Bodies
    of_dossier: Details | None
    seats: tuple[Seat, ...]
    issued: Issued | None
    notes: Mapping[str, str] | None = None
    about: About | None = None
    beside: "tuple[Sheet, ...]" = ()
    partly: bool = False

    @property
    def details(self) -> Details:
        """All that the dossier's page shows; read for every act whose papers need it."""
        assert self.of_dossier is not None
        return self.of_dossier

    @property
    def today(self) -> date:
        """The day of the act."""
        return self.file.facts.today

    @property
    def stage(self) -> Stage:
        """The tier at which the act is done."""
        tier = self.file.procedure.states[self.file.facts.state].tier
        return Stage(tier) if tier else Stage.COMMUNE

    @property
    def tier(self) -> Tier:
        """The same as a tier of government."""
        return Tier(self.stage.value)

    def matter(self, year: int | None = None) -> Matter:
        """What the dossier asks for, in the names of the day."""
        row = self.file.row
        return Matter(
            unit=self.bodies.unit,
            place=self.bodies.above,
            title=LEVEL_TITLES[row.level],
            dossier=row.code,
            year=year or row.criteria_year,
            revocation=any(past.type is EventType.REVOCATION_PROPOSED for past in self.file.facts.history),
        )

    def body_of(self, kind: DocumentKind) -> Body:
        """The body that issues a kind of paper of this act."""
        if kind is DocumentKind.VOTE_MINUTES:
            return self.bodies.steering(self.tier)
        if kind in OF_THE_PROVINCE:
            return self.bodies.committee(Tier.PROVINCE)
        return self.bodies.of_actor()

    def unit_of(self, kind: DocumentKind) -> int:
        """The unit whose body issues a kind of paper."""
        return self.body_of(kind).unit_id

    def frame(self, kind: DocumentKind, *recipients: str, **changes: Any) -> dict[str, Any]:
        """The frame of a draft: boxes 2 to 4, 7 and 9, without a number and a day of signing."""
        body = self.body_of(kind)
        return {
            "issuing_body": body.name,
            "superior_body": body.superior,
            "authority": body.authority,
            "symbol": symbol_of(kind, body.code),
            "place": body.place,
            "drawn_on": self.today,
            "signer": body.signer,
            "recipients": recipients,
            "copy_kept_by": body.kept_by,
            "draft": True,
            "practice": self.bodies.around.practice,
        } | changes

    def secretary(self, post: str = "Thư ký") -> Signer:
        """Whoever acts as the one who writes the minutes."""
        return Signer(name=self.file.actor.name, post=post)

    def publication(self) -> Publication:
        """How the result was public at this tier, until today."""
        posted = self.details.postings[self.stage]
        places = tuple(label("places", place, "vi") for place in posted.places)
        times = posted.loudspeaker_times
        return Publication(posted_on=posted.posted_on, closed_on=self.today, places=places, times=times)

    def opinions(self) -> tuple[Opinion, ...]:
        """The comments of this tier with their explanations, in the order in which they were logged."""
        return tuple(
            Opinion(
                received_on=one.received_on,
                author=one.author,
                text=one.text,
                accepted=None if one.accepted is None else bool(one.accepted),
                explanation=one.explanation,
            )
            for one in self.details.comments
            if one.stage == self.stage
        )

    def percent(self, figure: str) -> int:
        """A share that the procedure asks for, in percent; `{stage}` stands for the tier."""
        return int(self.file.procedure.number(figure.format(stage=self.stage)))

    @property
    def sender(self) -> str:
        """The body that sent the dossier."""
        return f"Ủy ban nhân dân {inside(self.bodies.around.units[self.file.row.unit_id])}"


def issued_before(sheet: Sheet, *kinds: DocumentKind) -> list[Paper]:
    """The issued papers of these kinds in the dossier, in their order."""
    return [one for one in sheet.details.papers if one.kind in kinds]


def authority_of(sheet: Sheet) -> str:
    """Who recognises by the procedure: the chairman of the province in person, or the committee."""
    committee = sheet.bodies.committee(Tier.PROVINCE).name
    return f"Chủ tịch {committee}" if sheet.file.procedure.authority == "chairman" else committee
