"""What the pages of a session share: the session before a person, its quorum, and each tally as the law counts it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from wtforms import Form

from blueprints import database, signed
from blueprints.access import Pages
from blueprints.face import lang
from casework.errors import NotFound, Refused
from queries.council import Item, Seat, SessionFile, Waiting, read_session, sees_all, units_of, waiting_for_session
from queries.days import VIETNAM
from queries.rulebook import procedures
from queries.sessions import SignedIn
from queries.wording import sentence
from workflow.case import least, reaches
from workflow.names import Role, Tier
from workflow.procedure import Figure

pages = Pages("council", __name__)
SEATED = frozenset(role for role in Role if role.tier is Tier.PROVINCE)
SECRETARY = frozenset({Role.COUNCIL_SECRETARY})
MEMBERS = frozenset({Role.COUNCIL_MEMBER})
PLACES = {
    "council.has_voted": "members",
    "council.not_member": "members",
    "council.voted_already": "dossiers",
    "council.on_agenda": "dossiers",
    "council.no_members": "held_on",
}
"""The field beside which a refusal stands that does not name one itself."""


class Share(NamedTuple):
    """A part of a whole beside the share that the law asks for: how many that is, and whether it is reached."""

    part: int
    whole: int
    need: int
    figure: Figure
    reached: bool


def share_of(part: int, whole: int, figure: Figure) -> Share:
    """How a part of a whole stands to a figure."""
    return Share(part, whole, least(whole, figure.value), figure, reaches(part, whole, figure.value))


@dataclass
class Room:
    """One session before one person: the session, and whether the person is its secretary or one of its members."""

    file: SessionFile
    person: SignedIn

    @property
    def url(self) -> str:
        """The address of the session's page."""
        return url_for("council.session_page", session_id=self.file.id)

    @property
    def step(self) -> str:
        """How far the session is: planned, open or closed."""
        return "closed" if self.file.closed_at else "open" if self.file.opened_at else "planned"

    @property
    def can_open(self) -> bool:
        """Whether the day of the session has come."""
        return self.file.held_on <= g.today

    @property
    def is_secretary(self) -> bool:
        """Whether the person is secretary of this council's unit today."""
        return self.file.unit_id in units_of(self.person.actor, g.today, SECRETARY)

    @cached_property
    def seat(self) -> Any:
        """The person's own seat in the council on that day, or None."""
        mine = (seat for seat in self.file.seats if seat.person_id == self.person.person_id)
        return next(mine, None) if self.file.unit_id in units_of(self.person.actor, g.today, MEMBERS) else None

    @property
    def votes(self) -> bool:
        """Whether the person can vote now: present in a session that is open."""
        return self.step == "open" and self.seat is not None and self.seat.present

    @property
    def ballots_asked(self) -> list[Item]:
        """The dossiers on which the person is asked for a ballot."""
        return [item for item in self.file.items if item.is_mine_to_vote_on] if self.votes else []

    @property
    def ballots_left(self) -> list[Item]:
        """The dossiers on which the person has not voted yet."""
        return [item for item in self.ballots_asked if item.mine is None]

    @cached_property
    def waiting(self) -> tuple[Waiting, ...]:
        """The dossiers that could be put on its agenda."""
        return waiting_for_session(database.reader(), self.person.actor, g.today, self.file.unit_id)

    @cached_property
    def voted_on(self) -> list[Item]:
        """The dossiers on which a session that is over came to a result: enough members voted, and all who could."""
        items = self.file.items if self.file.closed_at else ()
        return [item for item in items if item.cast == item.voters and self.attendance(item).reached]

    @property
    def put_off(self) -> list[Item]:
        """The dossiers on which a session that is over came to none, and which wait for another."""
        items = self.file.items if self.file.closed_at else ()
        return [item for item in items if item.is_there and item not in self.voted_on]

    @cached_property
    def to_conclude(self) -> list[Item]:
        """The dossiers of a session that is over whose conclusion is not recorded."""
        return [item for item in self.voted_on if item.is_there and not item.outcome]

    @property
    def quorums(self) -> list[Share]:
        """Those present beside the members that must be, once for each figure among the procedures of the agenda."""
        found = (self._figure(item, "council.quorum") for item in self.file.items)
        figures = {figure.value: figure for figure in found}
        return [share_of(self.file.present, self.file.members, figure) for figure in figures.values()]

    @property
    def figures(self) -> list[Figure]:
        """The figures by which the council's result is counted, each once."""
        names = ("council.quorum", "council.threshold")
        listed = [self._figure(item, name) for name in names for item in self.file.items]
        return list({(one.name, one.value): one for one in listed}.values())

    def shows_ballots_of(self, person_id: int) -> bool:
        """Whether one sees how this member voted: nobody before the end, then secretary and inspector, and oneself."""
        if self.step != "closed":
            return False
        return self.is_secretary or sees_all(self.person.actor, g.today) or person_id == self.person.person_id

    @property
    def ballots_shown(self) -> list[Seat]:
        """The members whose ballots one sees."""
        return [seat for seat in self.file.seats if seat.present and self.shows_ballots_of(seat.person_id)]

    @staticmethod
    def local(moment: datetime) -> datetime:
        """A moment in the time of the office."""
        return moment.astimezone(VIETNAM)

    def attendance(self, item: Item) -> Share:
        """The members who vote on a dossier beside those that must."""
        return share_of(item.voters, self.file.members, self._figure(item, "council.quorum"))

    def tally(self, item: Item) -> Share:
        """The votes in favour of a dossier beside those that it needs."""
        return share_of(item.yes, item.voters, self._figure(item, "council.threshold"))

    def _figure(self, item: Item, name: str) -> Figure:
        return procedures()[item.procedure_id].figures[name]


class MovedOn(Exception):
    """The session has gone past what a page was opened for."""

    def __init__(self, room: Room) -> None:
        self.room = room
        super().__init__(f"session {room.file.id} is {room.step}")

    @property
    def code(self) -> str:
        """The refusal that says so."""
        return {"planned": "council.not_open", "open": "council.opened", "closed": "council.closed"}[self.room.step]


def open_room(session_id: int) -> Room:
    """The session of a council in one's units; NotFound outside them, as if there were none."""
    person = signed.require_person()
    file = read_session(database.reader(), session_id, person.person_id)
    if file is None or not (file.unit_id in units_of(person.actor, g.today) or sees_all(person.actor, g.today)):
        raise NotFound(f"session {session_id}")
    return Room(file, person)


def secretarys_room(session_id: int) -> Room:
    """The session before its secretary; NotFound to everybody else."""
    room = open_room(session_id)
    if not room.is_secretary:
        raise NotFound(f"session {session_id}")
    return room


def act_or_say(act: Callable[[Connection, int, datetime], object], form: Form | None = None) -> list[str]:
    """Do one act in its own transaction and give nothing; or the reasons why not, those of a field put beside it."""
    try:
        with database.act() as connection:
            act(connection, signed.require_person().person_id, g.now)
    except Refused as error:
        return [said for one in error.refusals if (said := _beside_field(form, one))]
    return []


def _beside_field(form: Form | None, refusal: Any) -> str:
    """Put a refusal beside the field that it speaks of; the sentence when it speaks of none."""
    said = sentence(refusal, lang())
    of_file = "minutes" if refusal.code.startswith("file.") else None
    name = refusal.parameters.get("field") or PLACES.get(refusal.code, of_file)
    if form is None or name not in form:
        return said
    form[name].errors = [*form[name].errors, said]
    return ""


def back_to(room: Room, words: str) -> ResponseReturnValue:
    """The session's page, with what was done on top."""
    flash(words, "success")
    return redirect(room.url, 303)
