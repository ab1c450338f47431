"""What the tiers state and check: debt, security, completeness, conclusions by criterion, the field check."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select, update

from casework.desk_work import require_past, take_up
from casework.errors import Refused
from casework.upsert import upsert
from models.base import table_of
from models.dossiers import CheckedPart, Conclusion, Condition, Dossier
from workflow.names import Part, Work
from workflow.refusal import refuse

K, D = table_of(Condition), table_of(Dossier)


def state_debt(
    connection: Connection, dossier_id: int, amount: int, document: str | None, person_id: int, now: datetime
) -> None:
    """State the outstanding construction debt in VND, zero meaning none, with the confirmation's file hash."""
    take_up(connection, dossier_id, Work.STATE_DEBT, person_id, now)
    if amount < 0:
        raise Refused((refuse("debt.negative"),))
    _keep(connection, dossier_id, person_id, now, debt_amount=amount, debt_sha256=document)


def confirm_security(
    connection: Connection, dossier_id: int, document: str | None, person_id: int, now: datetime, *, is_complex: bool
) -> None:
    """State whether the commune is complex in security and order, with the file hash of the police's confirmation."""
    take_up(connection, dossier_id, Work.CONFIRM_SECURITY, person_id, now)
    _keep(connection, dossier_id, person_id, now, security_complex=is_complex, security_sha256=document)


def _keep(connection: Connection, dossier_id: int, person_id: int, now: datetime, **stated: object) -> None:
    before = connection.execute(select(K).where(K.c.dossier_id == dossier_id)).mappings().first()
    row = dict(before) if before else {"dossier_id": dossier_id}
    upsert(connection, K, {**row, **stated, "person_id": person_id, "at": now})


@dataclass(frozen=True, slots=True)
class PartCheck:
    """One ticked line of the completeness check, with a note where the part is not complete."""

    part: Part
    complete: bool
    note: str = ""


def check_parts(
    connection: Connection, dossier_id: int, checks: tuple[PartCheck, ...], person_id: int, now: datetime
) -> None:
    """Keep the receiving office's check of the parts; an incomplete one needs a note for the return notice."""
    sheet = take_up(connection, dossier_id, Work.KEEP_CHECKLIST, person_id, now)
    bare = tuple(check.part for check in checks if not check.complete and not check.note.strip())
    if bare:
        raise Refused((refuse("check.without_note", parts=bare),))
    frame = {"dossier_id": dossier_id, "stage": sheet.stage.value, **sheet.signature}
    ticked = [{"part": one.part.value, "complete": one.complete, "note": one.note.strip()} for one in checks]
    upsert(connection, table_of(CheckedPart), *({**frame, **line} for line in ticked))


@dataclass(frozen=True, slots=True)
class Concluded:
    """A department's written conclusion on one criterion."""

    criterion: str
    text: str
    met: bool


def conclude(
    connection: Connection, dossier_id: int, conclusions: tuple[Concluded, ...], person_id: int, now: datetime
) -> None:
    """Write a department's conclusions on criteria; only the department that leads each of them may."""
    sheet = take_up(connection, dossier_id, Work.CONCLUDE_CRITERION, person_id, now)
    rules, mine = sheet.file.rules, sheet.departments
    owners = {one.criterion: rules.criteria_set.leader_of(one.criterion) if rules else "" for one in conclusions}
    for one in conclusions:
        if owners[one.criterion] not in mine:
            raise Refused((refuse("policy.department", department=owners[one.criterion]),))
        if not one.text.strip():
            raise Refused((refuse("conclusion.empty", criterion=one.criterion),))
    frame = {"dossier_id": dossier_id, **sheet.signature}
    written = [
        {"criterion": code, "department": owners[code], "met": one.met, "text": one.text.strip()}
        for code, one in ((one.criterion, one) for one in conclusions)
    ]
    upsert(connection, table_of(Conclusion), *({**frame, **row} for row in written))


def check_field(connection: Connection, dossier_id: int, checked_on: date, person_id: int, now: datetime) -> None:
    """Keep the day on which the commune was looked at on the spot; not in the future."""
    sheet = take_up(connection, dossier_id, Work.CHECK_FIELD, person_id, now)
    require_past(sheet, checked_on=checked_on)
    connection.execute(update(D).where(D.c.id == dossier_id).values(field_checked_on=checked_on))
