"""The council's sitting: called with an agenda, opened with those present, ballots by dossier, closed with minutes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, update

from casework.desk_work import Sheet, require_after_result, take_up
from casework.errors import NotFound, Refused
from casework.upsert import upsert
from models.base import table_of
from models.council import AgendaItem, Attendance, Ballot, Council, CouncilMember, CouncilSession
from models.people import Person
from queries.days import day_of
from queries.facts import read_case
from queries.people import read_actor
from queries.voting import voters
from workflow.case import Case, reaches
from workflow.guards import council_quorate
from workflow.names import Role, Work
from workflow.refusal import Refusal, refuse

S, ITEM, B, MEMBER = table_of(CouncilSession), table_of(AgendaItem), table_of(Ballot), table_of(CouncilMember)
PRESENT, COUNCIL, PERSON = table_of(Attendance), table_of(Council), table_of(Person)
CHOICES = ("yes", "no", "blank")


@dataclass(frozen=True, slots=True)
class Held:
    """A session held by its secretary: its row, the dossiers still before the council, and why the others are not."""

    row: Row[Any]
    there: tuple[Sheet, ...]
    gone: tuple[Refusal, ...]


# --- before it opens ---


def convene(
    connection: Connection,
    council_id: int,
    held_on: date,
    place: str,
    dossier_ids: tuple[int, ...],
    person_id: int,
    now: datetime,
) -> int:
    """Call a session with these dossiers on its agenda, and give its id; the members of that day are counted."""
    if not dossier_ids:
        raise Refused((refuse("council.no_agenda"),))
    _require_secretary(connection, council_id, person_id, day_of(now))
    agenda = _take_up_unvoted(connection, council_id, dossier_ids, held_on, person_id, now)
    members = _members_on(connection, council_id, held_on)
    row = {"council_id": council_id, "held_on": held_on, "place": place, "members": members}
    session_id: int = connection.execute(insert(S).returning(S.c.id), row).scalar_one()
    _add_to_agenda(connection, session_id, agenda, 0)
    return session_id


def reschedule(
    connection: Connection, session_id: int, held_on: date, place: str, secretary_id: int, now: datetime
) -> None:
    """Move a session that is not open yet to another day or place; the members of the new day are counted."""
    held = _not_open_yet(connection, session_id, secretary_id, now)
    for sheet in held.there:
        require_after_result(sheet, held_on=held_on)
    members = _members_on(connection, held.row.council_id, held_on)
    moved = {"held_on": held_on, "place": place, "members": members}
    connection.execute(update(S).where(S.c.id == session_id).values(moved))


def put_on_agenda(
    connection: Connection, session_id: int, dossier_ids: tuple[int, ...], secretary_id: int, now: datetime
) -> None:
    """Put more dossiers at the end of the agenda of a session that is not open yet."""
    held = _not_open_yet(connection, session_id, secretary_id, now)
    if not dossier_ids:
        raise Refused((refuse("council.no_agenda"),))
    of_council, held_on = held.row.council_id, held.row.held_on
    agenda = _take_up_unvoted(connection, of_council, dossier_ids, held_on, secretary_id, now)
    last = connection.execute(select(func.max(ITEM.c.position)).where(ITEM.c.session_id == session_id)).scalar()
    _add_to_agenda(connection, session_id, agenda, last or 0)


def take_off_agenda(connection: Connection, session_id: int, dossier_id: int, secretary_id: int, now: datetime) -> None:
    """Take a dossier off the agenda of a session that is not open yet; the last one stays until it is called off."""
    _not_open_yet(connection, session_id, secretary_id, now)
    agenda = _agenda_of(connection, session_id)
    if dossier_id not in agenda:
        raise NotFound(f"dossier {dossier_id} in session {session_id}")
    if len(agenda) == 1:
        raise Refused((refuse("council.last_item"),))
    connection.execute(delete(ITEM).where(ITEM.c.session_id == session_id, ITEM.c.dossier_id == dossier_id))


def call_off(connection: Connection, session_id: int, secretary_id: int, now: datetime) -> None:
    """Call off a session that was never opened: it has decided nothing, and its dossiers wait for another."""
    _not_open_yet(connection, session_id, secretary_id, now)
    connection.execute(delete(ITEM).where(ITEM.c.session_id == session_id))
    connection.execute(delete(S).where(S.c.id == session_id))


def _take_up_unvoted(
    connection: Connection,
    council_id: int,
    dossier_ids: Sequence[int],
    held_on: date,
    person_id: int,
    now: datetime,
) -> list[int]:
    """Hold the dossiers of an agenda in one order for everybody, so that two secretaries never wait for each other."""
    agenda, unit_id = list(dict.fromkeys(dossier_ids)), _unit_of(connection, council_id)
    for dossier_id in sorted(agenda):
        sheet = take_up(connection, dossier_id, Work.KEEP_COUNCIL, person_id, now)
        if sheet.file.row.province_id != unit_id:  # somebody may be secretary of councils in several provinces
            raise Refused((refuse("policy.reach", unit=sheet.file.row.unit_name),))
        require_after_result(sheet, held_on=held_on)
        _require_unvoted(connection, sheet)
        _require_free(connection, sheet)
    return agenda


def _require_unvoted(connection: Connection, sheet: Sheet) -> None:
    """Refuse a dossier on which the council has sat already with enough members: its vote is not taken again."""
    held = sheet.file
    file = read_case(connection, held.row.id, held.actor.person_id, held.standing.today)
    if file and next(council_quorate(Case(file.procedure, file.facts)), None) is None:
        raise Refused((refuse("council.voted_already", dossier=sheet.file.row.code),))


def _require_free(connection: Connection, sheet: Sheet) -> None:
    """Refuse a dossier that stands on the agenda of a session that is not over."""
    standing = (
        select(S.c.held_on)
        .join(ITEM, ITEM.c.session_id == S.c.id)
        .where(ITEM.c.dossier_id == sheet.file.row.id, S.c.closed_at.is_(None))
    )
    held_on = connection.execute(standing).scalars().first()
    if held_on:
        raise Refused((refuse("council.on_agenda", dossier=sheet.file.row.code, on=held_on),))


def _members_on(connection: Connection, council_id: int, day: date) -> int:
    """How many members the council has on a day; refused when it has none."""
    counted = select(func.count()).select_from(MEMBER).where(_in_office(council_id, day))
    members = int(connection.execute(counted).scalar_one())
    if not members:
        raise Refused((refuse("council.no_members"),))
    return members


def _in_office(council_id: int, day: date) -> Any:
    still = or_(MEMBER.c.valid_to.is_(None), MEMBER.c.valid_to >= day)
    return and_(MEMBER.c.council_id == council_id, MEMBER.c.valid_from <= day, still)


def _add_to_agenda(connection: Connection, session_id: int, agenda: list[int], last: int) -> None:
    rows = [
        {"session_id": session_id, "dossier_id": dossier_id, "position": position}
        for position, dossier_id in enumerate(agenda, last + 1)
    ]
    connection.execute(insert(ITEM), rows)


# --- while it sits ---


def open_session(
    connection: Connection, session_id: int, present: Collection[int], secretary_id: int, now: datetime
) -> None:
    """Open a session on its day with the members present; from then on its agenda stands."""
    held = _not_open_yet(connection, session_id, secretary_id, now)
    if held.row.held_on > day_of(now):
        raise Refused((refuse("date.future", field="held_on", on=held.row.held_on),))
    _require_anything(held)
    members = _members_on(connection, held.row.council_id, held.row.held_on)
    connection.execute(update(S).where(S.c.id == session_id).values(opened_at=now, members=members))
    _note_present(connection, held.row, present)


def note_present(
    connection: Connection, session_id: int, present: Collection[int], secretary_id: int, now: datetime
) -> None:
    """Note who is present in an open session: all of them, in place of those noted before."""
    held = _sitting(connection, session_id, secretary_id, now)
    _require_anything(held)
    _note_present(connection, held.row, present)


def _note_present(connection: Connection, session: Row[Any], present: Collection[int]) -> None:
    """Write who is present; only members of that day can be, and nobody leaves who has cast a ballot."""
    members = select(MEMBER.c.person_id).where(_in_office(session.council_id, session.held_on))
    if set(present) - set(connection.execute(members).scalars()):
        raise Refused((refuse("council.not_member"),))
    if not present:
        raise Refused((refuse("council.nobody_present"),))
    voted = select(B.c.person_id, PERSON.c.name).join(PERSON, PERSON.c.id == B.c.person_id)
    voters = dict(connection.execute(voted.where(B.c.session_id == session.id).distinct()).all())
    if left := sorted(name for person, name in voters.items() if person not in present):
        raise Refused((refuse("council.has_voted", names=tuple(left)),))
    connection.execute(delete(PRESENT).where(PRESENT.c.session_id == session.id))
    connection.execute(insert(PRESENT), [{"session_id": session.id, "person_id": one} for one in sorted(present)])


def cast_ballots(
    connection: Connection, session_id: int, choices: Mapping[int, str], person_id: int, now: datetime
) -> None:
    """Cast a present member's ballots on dossiers of the agenda; they can be changed until the session ends."""
    if not choices or set(choices.values()) - set(CHOICES):
        raise Refused((refuse("council.choice"),))
    for dossier_id in sorted(choices):
        take_up(connection, dossier_id, Work.CAST_BALLOT, person_id, now)
    session = connection.execute(select(S).where(S.c.id == session_id)).first()
    if session is None or set(choices) - set(_agenda_of(connection, session_id)):
        raise NotFound(f"session {session_id}")
    _require_sitting(session)
    present = select(PRESENT).where(PRESENT.c.session_id == session_id, PRESENT.c.person_id == person_id)
    if connection.execute(present).first() is None:
        raise Refused((refuse("council.not_present"),))
    frame = {"session_id": session_id, "person_id": person_id, "at": now}
    upsert(connection, B, *({**frame, "dossier_id": one, "choice": choice} for one, choice in sorted(choices.items())))


def close_session(
    connection: Connection, session_id: int, minutes_sha256: str, secretary_id: int, now: datetime
) -> None:
    """End the session with its minutes; from then on no ballot changes and the tally stands."""
    held = _sitting(connection, session_id, secretary_id, now)
    _require_every_ballot(connection, held)
    connection.execute(update(S).where(S.c.id == session_id).values(closed_at=now, minutes_sha256=minutes_sha256))


def _require_every_ballot(connection: Connection, held: Held) -> None:
    """Refuse to end while a member present who may vote on a dossier has not; without a quorum nobody has to."""
    ballots = select(func.count()).where(B.c.session_id == ITEM.c.session_id, B.c.dossier_id == ITEM.c.dossier_id)
    counts = (ITEM.c.dossier_id, ballots.scalar_subquery(), voters(ITEM.c.session_id, ITEM.c.dossier_id))
    counted = connection.execute(select(*counts).where(ITEM.c.session_id == held.row.id))
    votes = {dossier_id: (cast, present) for dossier_id, cast, present in counted}
    open_votes = []
    for sheet in held.there:
        cast, present = votes[sheet.file.row.id]
        quorum = sheet.file.procedure.number("council.quorum")
        if cast != present and reaches(present, held.row.members, quorum):
            open_votes.append(sheet.file.row.code)
    if open_votes:
        raise Refused((refuse("council.ballots_missing", dossiers=tuple(open_votes)),))


# --- holding a session ---


def _not_open_yet(connection: Connection, session_id: int, secretary_id: int, now: datetime) -> Held:
    session = _locked(connection, session_id)
    if session.opened_at is not None:
        raise Refused((refuse("council.closed" if session.closed_at else "council.opened"),))
    return _held(connection, session, secretary_id, now)


def _sitting(connection: Connection, session_id: int, secretary_id: int, now: datetime) -> Held:
    session = _locked(connection, session_id)
    _require_sitting(session)
    return _held(connection, session, secretary_id, now)


def _locked(connection: Connection, session_id: int) -> Row[Any]:
    """The session's row, held; a ballot that is being cast refers to it, so the lock leaves its key free."""
    session = connection.execute(select(S).where(S.c.id == session_id).with_for_update(key_share=True)).first()
    if session is None:
        raise NotFound(f"session {session_id}")
    return session


def _require_sitting(session: Row[Any]) -> None:
    if session.closed_at is not None:
        raise Refused((refuse("council.closed"),))
    if session.opened_at is None:
        raise Refused((refuse("council.not_open"),))


def _held(connection: Connection, session: Row[Any], secretary_id: int, now: datetime) -> Held:
    """Hold a session as its secretary, with the dossiers of its agenda that still lie before the council."""
    _require_secretary(connection, session.council_id, secretary_id, day_of(now))
    there, gone = [], []
    for dossier_id in sorted(_agenda_of(connection, session.id)):
        try:
            there.append(take_up(connection, dossier_id, Work.KEEP_COUNCIL, secretary_id, now))
        except Refused as refused:
            if refused.refusals[0].code != "policy.not_now":
                raise
            gone.append(refused.refusals[0])
    return Held(session, tuple(there), tuple(gone))


def _require_secretary(connection: Connection, council_id: int, person_id: int, today: date) -> None:
    """Refuse everybody who is not the secretary of the council's unit today; to those outside there is no session."""
    unit_id = _unit_of(connection, council_id)
    grants = [one for one in read_actor(connection, person_id).grants if one.unit_id == unit_id and one.holds_on(today)]
    if not grants:
        raise NotFound(f"council {council_id}")
    if all(grant.role is not Role.COUNCIL_SECRETARY for grant in grants):
        raise Refused((refuse("policy.role", roles=(Role.COUNCIL_SECRETARY,)),))


def _unit_of(connection: Connection, council_id: int) -> int | None:
    """The province whose council it is; None where there is none."""
    unit_id: int | None = connection.execute(select(COUNCIL.c.unit_id).where(COUNCIL.c.id == council_id)).scalar()
    return unit_id


def _require_anything(held: Held) -> None:
    """Refuse a session all of whose dossiers are gone, with the reasons."""
    if not held.there:
        raise Refused(held.gone)


def _agenda_of(connection: Connection, session_id: int) -> list[int]:
    agenda = select(ITEM.c.dossier_id).where(ITEM.c.session_id == session_id).order_by(ITEM.c.position)
    return list(connection.execute(agenda).scalars())
