"""What becomes of a dossier under way when its unit ends: it goes on under the unit's new name, or ends with its unit.

Where a unit is only called otherwise, land and people are the same and all that was done counts. Where units were
merged or split, nothing that was found is about the new unit: the dossier ends, and the heir opens one of its own. A
dossier about a title that was given stays with the unit that holds the title.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, and_, select, update

from casework.door import Order, Receipt, receipt_of_earlier, stale, take_up
from casework.errors import Refused, Stale
from casework.moving import Standing, action_of, carry_out, office_of
from documents.wording import inside
from models.base import table_of
from models.dossiers import Dossier
from models.events import DossierEvent
from models.places import FULL, AdminUnit
from queries.case_lists import HEADER
from queries.days import day_of
from queries.facts import CaseFile, unit_of
from queries.lineage import Fate, Step, fate_of
from queries.rulebook import procedures
from workflow.case import Case
from workflow.decide import Decision
from workflow.events import Event
from workflow.facts import Grant
from workflow.moving import withdrawn_in
from workflow.names import EventType, Field, Mark, Role, Tier
from workflow.refusal import Refusal, refuse

D, U, E = table_of(Dossier), table_of(AdminUnit), table_of(DossierEvent)
PLAN = "ended-units"
PASS_ON, LAPSE = "pass_on", "lapse"
BY = (Role.DEPARTMENT_OFFICER,)
CLAUSE, MARK = "domain 6: a title is the unit's that held it; the rest is not ruled", Mark.DERIVED


def listed(connection: Connection, today: date, *, ending: bool) -> Iterator[Standing]:
    """The open dossiers for a title whose unit has ended, by their codes; `ending`: those that cannot go on end."""
    fate: Callable[[int], Fate] = cache(lambda unit_id: fate_of(connection, unit_id, today))
    first = and_(E.c.dossier_id == D.c.id, E.c.seq == 1)
    joined = D.join(U, U.c.id == D.c.unit_id).join(E, first)
    columns = (*D.c, U.c.full_name.label("unit_name"), U.c.valid_to.label("unit_valid_to"))
    untitled = and_(E.c.type != EventType.REVOCATION_PROPOSED.value, D.c.decided_on.is_(None))
    mine = select(*columns).select_from(joined).where(D.c.is_open, untitled, U.c.valid_to < today)
    for row in connection.execute(mine.order_by(D.c.code)).all():
        became = fate(row.unit_id)
        action = LAPSE if ending and became.goes_on_as is None else PASS_ON
        against = (*_against(row, became, action, today, titled=False), *_other_open(connection, row, became))
        to = row.state if became.goes_on_as else withdrawn_in(procedures()[row.procedure_id])
        heir = became.steps[-1].new_name if became.goes_on_as else ""
        found = (row.id, row.version, row.code, row.unit_name, row.state, to)
        yield Standing(*found, (), against, heir)


def prospect(connection: Connection, file: CaseFile) -> tuple[Fate, str, tuple[Refusal, ...]]:
    """What became of a dossier's unit, what is to be done with the dossier, and what stands against it."""
    became = fate_of(connection, file.row.unit_id, file.facts.today)
    action = LAPSE if became.goes_on_as is None else PASS_ON
    return became, action, _refusals(connection, file, became, action)


def succeed(connection: Connection, order: Order, person_id: int, now: datetime) -> Receipt:
    """Let a dossier go on under its unit's new name (`pass_on`) or end with its unit (`lapse`), or say why not."""
    file = take_up(connection, order, person_id, now)
    if file.earlier:
        return receipt_of_earlier(file, order)
    if file.row.version != order.seen_version:
        raise stale(connection, file)
    grant, became = office_of(file, BY), fate_of(connection, file.row.unit_id, day_of(now))
    if order.action == PASS_ON and became.goes_on_as:
        connection.execute(select(U.c.id).where(U.c.id == became.goes_on_as).with_for_update(key_share=True))
    if against := _refusals(connection, file, became, order.action):
        raise Refused(against)
    if order.action == LAPSE:
        return carry_out(connection, file, file, _ended(file, became, grant), order, now)
    decision, going_on = _passed_on(file, became, grant), _under_its_heir(connection, file, became)
    return carry_out(connection, going_on, going_on, decision, order, now)


def succeed_one(connection: Connection, one: Standing, person_id: int, now: datetime) -> Receipt:
    """Do with a dossier what the list says of it, or say that it has changed since."""
    action = PASS_ON if one.heir else LAPSE
    key = f"{action}:{one.dossier_id}:{one.version}"
    try:
        return succeed(connection, Order(one.dossier_id, action, one.version, key), person_id, now)
    except Stale as changed:
        raise Refused((refuse("inheriting.changed"),)) from changed


def is_about_title(file: CaseFile) -> bool:
    """Whether a dossier is about a title that its unit was given: it stays with that unit, and its steps are open."""
    return file.row.decided_on is not None or file.facts.from_book


def _refusals(connection: Connection, file: CaseFile, became: Fate, action: str) -> tuple[Refusal, ...]:
    against = _against(file.row, became, action, file.facts.today, titled=is_about_title(file))
    return (*against, *_other_open(connection, file.row, became))


def _against(row: Row[Any], became: Fate, action: str, today: date, *, titled: bool) -> Iterator[Refusal]:
    if not row.is_open:
        yield refuse("inheriting.not_open", state=row.state)
    elif row.unit_valid_to is None or row.unit_valid_to >= today:
        yield refuse("inheriting.in_force", unit=row.unit_name)
    elif titled:
        yield refuse("inheriting.title_stays", unit=row.unit_name)
    elif action != LAPSE and became.goes_on_as is None:
        yield refuse("inheriting.not_the_same", unit=row.unit_name)
    elif action == LAPSE and became.goes_on_as is not None:
        yield refuse("inheriting.goes_on", unit=became.steps[-1].new_name)


def _other_open(connection: Connection, row: Row[Any], became: Fate) -> Iterator[Refusal]:
    """The dossier that the heir has opened already for the same title."""
    if became.goes_on_as:
        same = (D.c.unit_id == became.goes_on_as, D.c.subject == row.subject, D.c.level == row.level)
        code = connection.execute(select(D.c.code).where(*same, D.c.is_open)).scalar()
        if code:
            yield refuse("no_other_open_dossier.exists", dossier=code)


def _under_its_heir(connection: Connection, file: CaseFile, became: Fate) -> CaseFile:
    """The dossier as one of the heir, under the district in which the heir lies; one without keeps the former."""
    heir, above = U.alias("heir"), U.alias("above")
    joined = heir.join(above, above.c.id == heir.c.parent_id)
    district = select(above.c.id).select_from(joined).where(heir.c.id == became.goes_on_as)
    found = connection.execute(district.where(above.c.tier == Tier.DISTRICT.value)).scalar()
    units = {"unit_id": became.goes_on_as, "district_id": found or file.row.district_id}
    connection.execute(update(D).where(D.c.id == file.row.id).values(units))
    row = connection.execute(HEADER, {"dossier_id": file.row.id}).one()
    return replace(file, row=row, facts=replace(file.facts, unit=unit_of(row)))


def _passed_on(file: CaseFile, became: Fate, grant: Grant) -> Decision:
    """The dossier goes on where it is; what its unit holds counts on, under whatever name it was given."""
    formerly = [[one.old_name, _last_day(one).isoformat(), one.legal_basis, one.new_name] for one in became.steps]
    told = {"unit_id": became.goes_on_as, "formerly": formerly, "held": sorted(file.facts.held_levels)}
    return _decided(file, grant, Event(EventType.PASSED_ON, PASS_ON, file.facts.state, file.facts.state, told), became)


def _ended(file: CaseFile, became: Fate, grant: Grant) -> Decision:
    state = file.facts.state
    return _decided(file, grant, Event(EventType.LAPSED, LAPSE, state, withdrawn_in(file.procedure), {}), became)


def _decided(file: CaseFile, grant: Grant, event: Event, became: Fate) -> Decision:
    told = {**event.payload, Field.REASON.value: reason_of(file, became)}
    action = action_of(event, BY, CLAUSE, MARK)
    return Decision(replace(event, payload=told), grant, action, Case(file.procedure, file.facts))


def reason_of(file: CaseFile, became: Fate) -> str:
    """What became of the unit, as the event keeps it: each succession with its first day and its legal basis."""
    if not became.steps:
        return (
            f"{file.facts.unit.name} kết thúc sau ngày {file.facts.unit.valid_to:%d/%m/%Y}; không ghi đơn vị kế thừa."
        )
    return " ".join(f"{_told(one, became)}." for one in became.steps)


def _told(step: Step, became: Fate) -> str:
    whole = step.old_name if step.share == FULL else f"Một phần {inside(step.old_name)}"
    verb = "đổi tên thành" if became.is_renaming(step) else "nhập vào"
    return f"{whole} {verb} {inside(step.new_name)} từ ngày {step.effective_from:%d/%m/%Y}, theo {step.legal_basis}"


def _last_day(step: Step) -> date:
    return step.effective_from - timedelta(days=1)
