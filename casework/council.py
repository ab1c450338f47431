"""The council's sitting: convening with an agenda, attendance, ballots on each dossier, closing with the minutes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from casework.desk_work import Sheet, require_after_result, take_up
from casework.errors import NotFound, Refused
from casework.upsert import upsert
from models.base import table_of
from models.council import AgendaItem, Attendance, Ballot, CouncilMember, CouncilSession
from queries.days import day_of
from workflow.case import Case
from workflow.guards import council_quorate
from workflow.names import Work
from workflow.refusal import Refusal, refuse

S, ITEM, B, MEMBER = table_of(CouncilSession), table_of(AgendaItem), table_of(Ballot), table_of(CouncilMember)
PRESENT = table_of(Attendance)
CHOICES = ("yes", "no", "blank")


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
    agenda = tuple(dict.fromkeys(dossier_ids))
    if not agenda:
        raise Refused((refuse("council.no_agenda"),))
    for dossier_id in sorted(agenda):  # one order for everybody, so that two secretaries never wait for each other
        sheet = take_up(connection, dossier_id, Work.KEEP_COUNCIL, person_id, now)
        require_after_result(sheet, held_on=held_on)
        _require_unvoted(sheet)
    in_office = (
        MEMBER.c.council_id == council_id,
        MEMBER.c.valid_from <= held_on,
        or_(MEMBER.c.valid_to.is_(None), MEMBER.c.valid_to >= held_on),
    )
    members = connection.execute(select(func.count()).select_from(MEMBER).where(*in_office)).scalar_one()
    if not members:
        raise Refused((refuse("council.no_members"),))
    row = {"council_id": council_id, "held_on": held_on, "place": place, "members": members}
    session_id: int = connection.execute(insert(S).returning(S.c.id), row).scalar_one()
    connection.execute(
        insert(ITEM),
        [
            {"session_id": session_id, "dossier_id": dossier_id, "position": position}
            for position, dossier_id in enumerate(agenda, 1)
        ],
    )
    return session_id


def _require_unvoted(sheet: Sheet) -> None:
    """Refuse a dossier on which the council has sat already with enough members: its vote is not taken again."""
    if next(council_quorate(Case(sheet.file.procedure, sheet.file.facts)), None) is None:
        raise Refused((refuse("council.voted_already", dossier=sheet.file.row.code),))


def attend(connection: Connection, session_id: int, member_id: int, secretary_id: int, now: datetime) -> None:
    """Note that a member is present; only members in office on that day can be."""
    session = _open_session(connection, session_id, secretary_id, now)
    _require_member(connection, session.council_id, member_id, session.held_on)
    upsert_present = {"session_id": session_id, "person_id": member_id}
    if connection.execute(select(PRESENT).filter_by(**upsert_present)).first() is None:
        connection.execute(insert(PRESENT), upsert_present)


def cast_ballot(
    connection: Connection, session_id: int, dossier_id: int, choice: str, person_id: int, now: datetime
) -> None:
    """Cast a present member's ballot on one dossier of the agenda; it can be changed until the session ends."""
    take_up(connection, dossier_id, Work.CAST_BALLOT, person_id, now)
    session = connection.execute(select(S).where(S.c.id == session_id)).first()
    on_agenda = select(ITEM).where(ITEM.c.session_id == session_id, ITEM.c.dossier_id == dossier_id)
    if session is None or connection.execute(on_agenda).first() is None:
        raise NotFound(f"session {session_id}")
    if session.closed_at is not None:
        raise Refused((refuse("council.closed"),))
    present = select(PRESENT).where(PRESENT.c.session_id == session_id, PRESENT.c.person_id == person_id)
    if connection.execute(present).first() is None:
        raise Refused((refuse("council.not_present"),))
    if choice not in CHOICES:
        raise Refused((refuse("council.choice"),))
    row = {"session_id": session_id, "dossier_id": dossier_id, "person_id": person_id, "choice": choice, "at": now}
    upsert(connection, B, row)


def close_session(
    connection: Connection, session_id: int, minutes_sha256: str | None, secretary_id: int, now: datetime
) -> None:
    """End the session with its minutes; from then on no ballot changes and the tally stands."""
    _open_session(connection, session_id, secretary_id, now)
    connection.execute(update(S).where(S.c.id == session_id).values(closed_at=now, minutes_sha256=minutes_sha256))


def _open_session(connection: Connection, session_id: int, secretary_id: int, now: datetime) -> Row[Any]:
    """Hold a session with the dossiers of its agenda that still lie before the council; refused when none does.

    A ballot that is being cast refers to the session's row, so the lock leaves its key free.
    """
    session = connection.execute(select(S).where(S.c.id == session_id).with_for_update(key_share=True)).first()
    if session is None:
        raise NotFound(f"session {session_id}")
    if session.closed_at is not None:
        raise Refused((refuse("council.closed"),))
    if session.held_on > day_of(now):
        raise Refused((refuse("date.future", field="held_on", on=session.held_on),))
    agenda = select(ITEM.c.dossier_id).where(ITEM.c.session_id == session_id).order_by(ITEM.c.dossier_id)
    gone = [
        _left(connection, dossier_id, secretary_id, now) for dossier_id in connection.execute(agenda).scalars().all()
    ]
    if all(gone):
        raise Refused(tuple(refusal for refusal in gone if refusal))
    return session


def _left(connection: Connection, dossier_id: int, secretary_id: int, now: datetime) -> Refusal | None:
    """Take up a dossier of the agenda; the reason when it no longer lies before the council."""
    try:
        take_up(connection, dossier_id, Work.KEEP_COUNCIL, secretary_id, now)
    except Refused as refused:
        if refused.refusals[0].code == "policy.not_now":
            return refused.refusals[0]
        raise
    return None


def _require_member(connection: Connection, council_id: int, person_id: int, day: date) -> None:
    member = select(MEMBER).where(
        MEMBER.c.council_id == council_id,
        MEMBER.c.person_id == person_id,
        MEMBER.c.valid_from <= day,
        or_(MEMBER.c.valid_to.is_(None), MEMBER.c.valid_to >= day),
    )
    if connection.execute(member).first() is None:
        raise Refused((refuse("council.not_member"),))
