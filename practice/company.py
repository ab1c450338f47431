"""Who acts in a practice province and what they have at hand: people by office, the council, the storage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from obstore.store import ObjectStore
from sqlalchemy import Connection, insert, select

from casework import passwords
from casework.admin_record import COMMAND
from casework.people import NewGrant, NewPerson, add_person, grant_office
from models.base import table_of
from models.council import Council, CouncilMember
from models.people import RoleGrant
from models.places import AdminUnit
from practice.accounts import PASSWORD, Account, accounts_of
from practice.material import invent_name, material
from practice.scenario import Scenario
from workflow.names import Role, Tier

U, G, COUNCIL, MEMBER = table_of(AdminUnit), table_of(RoleGrant), table_of(Council), table_of(CouncilMember)
COUNCIL_NAME = "Hội đồng thẩm định xã nông thôn mới tỉnh Cao Bằng"
MAIL = "thuc-hanh.example"  # a name that no mail ever reaches
COUNCIL_DECISION = "1187/QĐ-UBND"

Office = tuple[str, int, str | None]


@dataclass(frozen=True, slots=True)
class Company:
    """The people of a province by office, unit and department, its council with its members, and the storage."""

    storage: ObjectStore
    people: Mapping[Office, tuple[int, ...]]
    council_id: int
    members: tuple[int, ...]

    def holders(self, role: Role, unit_id: int, department: str | None = None) -> tuple[int, ...]:
        """Everybody in an office, the first to have been appointed first; KeyError when nobody is."""
        return self.people[role.value, unit_id, department]


def read_company(connection: Connection, storage: ObjectStore, day: date) -> Company:
    """The company as its offices stand on a day."""
    held: dict[Office, tuple[int, ...]] = defaultdict(tuple)
    for row in connection.execute(select(G).order_by(G.c.id)):
        if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
            department = row.department if row.role == Role.DEPARTMENT_REVIEWER else None
            held[row.role, row.unit_id, department] += (row.person_id,)
    members = connection.execute(select(MEMBER.c.person_id).order_by(MEMBER.c.person_id)).scalars().all()
    council_id = connection.execute(select(COUNCIL.c.id)).scalar_one()
    return Company(storage, dict(held), council_id, tuple(members))


@dataclass(frozen=True, slots=True)
class Staffing:
    """What is needed to appoint people: the day from which offices are held, the moment, the password's one hash."""

    since: date
    now: datetime
    password_hash: str
    units: Mapping[str, int]


def appoint(connection: Connection, scenario: Scenario, now: datetime) -> None:
    """Appoint everybody of a scenario: the listed accounts, the other communes and districts, and the council."""
    units = units_on(connection, scenario.officers_since)
    staffing = Staffing(scenario.officers_since, now, passwords.keep(PASSWORD), units)
    accounts = accounts_of(scenario.name)
    people = {account.login: _appoint_account(connection, staffing, account) for account in accounts}
    _found_council(connection, staffing, ((people[one.login], one) for one in accounts if one.council_post))
    listed = {account.unit_code for account in accounts}
    communes = sorted({*scenario.spare, *(life.commune for life in scenario.lives)} - listed)
    above = select(U.c.code).where(U.c.id.in_(_parents(connection, [units[code] for code in communes])))
    districts = sorted(set(connection.execute(above.where(U.c.tier == Tier.DISTRICT)).scalars()) - listed)
    for kind, codes in (("xa", communes), ("huyen", districts)):
        for code in codes:
            _appoint_others(connection, staffing, kind, code)


def units_on(connection: Connection, day: date) -> dict[str, int]:
    """The id of every unit that exists on a day, by its code."""
    rows = connection.execute(select(U.c.code, U.c.id, U.c.valid_to).where(U.c.valid_from <= day))
    return {row.code: row.id for row in rows if row.valid_to is None or day <= row.valid_to}


def _parents(connection: Connection, unit_ids: list[int]) -> list[int | None]:
    return list(connection.execute(select(U.c.parent_id).where(U.c.id.in_(unit_ids)).distinct()).scalars())


def _appoint_account(connection: Connection, staffing: Staffing, account: Account) -> int:
    new = NewPerson(account.login, account.name_vi, f"{account.login}@{MAIL}", staffing.password_hash)
    person_id = add_person(connection, new, COMMAND, staffing.now)
    unit_id = staffing.units[account.unit_code]
    office = NewGrant(account.role, unit_id, staffing.since, department=account.department, wording=account.wording)
    grant_office(connection, person_id, office, COMMAND, staffing.now)
    if account.council_post and account.role is not Role.COUNCIL_MEMBER:
        member = NewGrant(Role.COUNCIL_MEMBER, unit_id, staffing.since)
        grant_office(connection, person_id, member, COMMAND, staffing.now)
    return person_id


def _appoint_others(connection: Connection, staffing: Staffing, kind: str, code: str) -> None:
    """Appoint people who are not listed: they act in the dossiers of the other units."""
    for name, role in material("accounts")["others"][kind].items():
        login, called = f"{kind}.{code}.{name}", invent_name(code, name)
        new = NewPerson(login, called, password_hash=staffing.password_hash)
        person_id = add_person(connection, new, COMMAND, staffing.now)
        office = NewGrant(Role(role), staffing.units[code], staffing.since)
        grant_office(connection, person_id, office, COMMAND, staffing.now)


def _found_council(connection: Connection, staffing: Staffing, members: Iterable[tuple[int, Account]]) -> None:
    row = {"unit_id": staffing.units["04"], "name": COUNCIL_NAME, "decision": COUNCIL_DECISION}
    council_id = connection.execute(insert(COUNCIL).returning(COUNCIL.c.id), row).scalar_one()
    seats = [
        {
            "council_id": council_id,
            "person_id": person_id,
            "post": account.council_post,
            "chairs": account.role is not Role.COUNCIL_MEMBER,
            "valid_from": staffing.since,
            "valid_to": None,
        }
        for person_id, account in members
    ]
    connection.execute(insert(MEMBER), seats)
