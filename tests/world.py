"""A small world for tests and figures: a province with people, and dossiers planted in any state with a true history.

Planted dossiers are written with plain statements, not through the door, so that tests of the door do not depend on it;
their events are chained and follow the procedure, and everything the next step asks for is there.
"""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from sqlalchemy import Connection, func, insert, literal, select

from casework.chain import hash_of
from casework.opening import OF_REVOCATION
from casework.standing import holder_of
from models.base import Base, canonical, table_of
from models.council import AgendaItem, Attendance, Ballot, Council, CouncilMember, CouncilSession
from models.documents import Installation, NumberSeries, Paper, PaperDossier
from models.dossiers import Answer, AnswerRevision, Condition, Dossier, DossierPart, Survey
from models.events import DossierEvent, EffectRow
from models.evidence import EvidenceItem, EvidenceUse, StoredFile
from models.people import Person, RoleGrant
from models.places import AdminUnit, CriteriaAdoption
from queries.days import NO_DEADLINE
from queries.rulebook import criteria_sets, procedures
from workflow.criteria_set import Indicator, Kind, Value
from workflow.diagram_parts import review_states
from workflow.guards import COMMUNE_PARTS
from workflow.names import Column, Field, Role, StateKind
from workflow.procedure import Procedure

NOW = datetime(2025, 3, 10, 2, tzinfo=UTC)
TODAY = date(2025, 3, 10)
PROVINCE, DISTRICT, FIRST_COMMUNE = 1, 2, 10
PROCEDURE = "commune-2022-three-tier@1"
PAPER = "0" * 64
ADOPTED = {"2.1": 100, "2.2": 80, "2.3": 80, "2.4": 70, "16.1": 80, "17.1a": 90, "17.1b": 20, "17.2": 100, "17.12": 50}
PERSON = {role: 100 + place for place, role in enumerate(Role)}
CHAIRMAN = PERSON[Role.PROVINCIAL_CHAIRMAN]
SECOND_CHAIRMAN = 99
EVIDENCE = 1_000_000
DECISION = 2_000_000


@dataclass(frozen=True, slots=True)
class Planted:
    """A dossier that stands ready in some state."""

    id: int
    version: int


def found(connection: Connection, communes: int = 1, paper_last: int = 217) -> None:
    """Found the province: units, one person for each office, a second chairman, criteria, council and numbers."""
    _units(connection, communes)
    _people(connection)
    connection.execute(
        insert(table_of(CriteriaAdoption)),
        {
            "id": 1,
            "set_key": "commune-ntm-2021-2025",
            "subject": "commune",
            "level": "standard",
            "decision": "1024/QĐ-UBND",
            "decided_on": date(2022, 8, 12),
            "group_default": "tdmnpb",
            "thresholds": ADOPTED,
            "valid_from": date(2022, 8, 12),
            "practice": True,
        },
    )
    connection.execute(
        insert(table_of(NumberSeries)),
        {"unit_id": PROVINCE, "symbol": "QĐ-UBND", "year": 2025, "paper_last": paper_last, "last": paper_last},
    )
    connection.execute(insert(table_of(StoredFile)), {"sha256": PAPER, "size": 1, "media_type": "x", "stored_at": NOW})
    installed = {"id": 1, "practice": True, "scenario": "three-tier", "built_at": NOW}
    connection.execute(insert(table_of(Installation)), installed)
    _council(connection)
    count_on(connection)


def count_on(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that named their ids themselves."""
    if connection.dialect.name != "postgresql":
        return
    connection.exec_driver_sql(_count_on())


@cache
def _count_on() -> str:
    """One statement for all tables: the highest number of each, or its first number where there is none."""
    numbered = [table.name for table in Base.metadata.sorted_tables if table.autoincrement_column is not None]
    each = (f"SELECT '{name}' AS name, (SELECT max(id) FROM {name}) AS highest" for name in numbered)
    count = "setval(pg_get_serial_sequence(name, 'id'), coalesce(highest, 1), highest IS NOT NULL)"
    return f"SELECT {count} FROM ({' UNION ALL '.join(each)}) AS numbered"


def _units(connection: Connection, communes: int) -> None:
    _add_unit(connection, PROVINCE, "04", "province", "Tỉnh Cao Bằng", None)
    _add_unit(connection, DISTRICT, "042", "district", "Huyện Bảo Lâm", PROVINCE)
    for number in range(communes):
        add_commune(connection, number)


def add_commune(connection: Connection, number: int) -> int:
    """Add a commune of the district and give its id."""
    key = FIRST_COMMUNE + number
    _add_unit(connection, key, f"c{number:05}", "commune", f"Xã Thử {number + 1}", DISTRICT)
    return key


def _add_unit(connection: Connection, key: int, code: str, tier: str, name: str, parent: int | None) -> None:
    names = {"name": name, "full_name": name, "sort_key": code, "kind": "xã"}
    row = {"id": key, "code": code, "tier": tier, "parent_id": parent, "valid_from": date(1900, 1, 1), **names}
    connection.execute(insert(table_of(AdminUnit)), row)


def _people(connection: Connection) -> None:
    people = [(PERSON[role], role) for role in Role] + [(SECOND_CHAIRMAN, Role.PROVINCIAL_CHAIRMAN)]
    unit = {"commune": FIRST_COMMUNE, "district": DISTRICT, "province": PROVINCE}
    connection.execute(
        insert(table_of(Person)),
        [
            {"id": key, "login": f"p{key}", "name": f"Người {key}", "password_hash": "-", "created_at": NOW}
            for key, _ in people
        ],
    )
    connection.execute(
        insert(table_of(RoleGrant)),
        [
            {
                "person_id": key,
                "role": role.value,
                "unit_id": unit[role.tier],
                "department": "snnmt" if role is Role.DEPARTMENT_REVIEWER else None,
                "valid_from": date(2020, 1, 1),
            }
            for key, role in people
        ],
    )


def add_commune_chairman(connection: Connection, unit_id: int) -> int:
    """Add the chairman of a commune and give the person's id."""
    key = 10_000 + unit_id
    person = {"id": key, "login": f"p{key}", "name": f"Chủ tịch {key}", "password_hash": "-", "created_at": NOW}
    connection.execute(insert(table_of(Person)), person)
    grant = {"person_id": key, "role": "commune_chairman", "unit_id": unit_id, "valid_from": date(2020, 1, 1)}
    connection.execute(insert(table_of(RoleGrant)), grant)
    return key


def _council(connection: Connection) -> None:
    connection.execute(insert(table_of(Council)), {"id": 1, "unit_id": PROVINCE, "name": "Hội đồng", "decision": "9"})
    member = PERSON[Role.COUNCIL_MEMBER]
    row = {"council_id": 1, "person_id": member, "post": "Ủy viên", "chairs": True, "valid_from": date(2020, 1, 1)}
    connection.execute(insert(table_of(CouncilMember)), row)
    session = {"id": 1, "council_id": 1, "held_on": date(2025, 3, 3), "place": "Cao Bằng", "members": 1}
    over = NOW - timedelta(days=6)
    closed = {"opened_at": over, "closed_at": over, "minutes_sha256": PAPER}
    connection.execute(insert(table_of(CouncilSession)), {**session, **closed})
    connection.execute(insert(table_of(Attendance)), {"session_id": 1, "person_id": member})


def good_value(indicator: Indicator) -> Value:
    """A value that meets the required level of an indicator, whatever its kind."""
    if indicator.parts:
        return {part.code: good_value(part) for part in indicator.parts}
    if indicator.kind is Kind.BOOLEAN:
        return indicator.compare != "is_false"
    if indicator.kind is Kind.PERCENT:
        return {"part": 0 if indicator.compare == "<=" else 500, "whole": 500}
    return "9999" if indicator.kind in (Kind.MONEY, Kind.NUMBER) else 9999


def bad_value(indicator: Indicator) -> Value:
    """A value that misses the required level of an indicator, whatever its kind."""
    if indicator.parts:
        return {part.code: bad_value(part) for part in indicator.parts}
    if indicator.kind is Kind.BOOLEAN:
        return indicator.compare == "is_false"
    if indicator.kind is Kind.PERCENT:
        return {"part": 500 if indicator.compare == "<=" else 0, "whole": 500}
    return "0" if indicator.kind in (Kind.MONEY, Kind.NUMBER) else 0


def path_to(procedure: Procedure, state: str) -> list[tuple[str, str, str, str]]:
    """The shortest way of a dossier opened for a recognition to a state as (action, event, from, to)."""
    waiting: deque[tuple[str, list[tuple[str, str, str, str]]]] = deque([(procedure.start, [])])
    seen = {procedure.start}
    while waiting:
        here, way = waiting.popleft()
        if here == state:
            return way
        for action in procedure.actions_from(here):
            for branch in action.branches:
                if (to := branch.leads_to(here)) not in seen and action.name != OF_REVOCATION:
                    seen.add(to)
                    waiting.append((to, [*way, (action.name, branch.records.value, here, to)]))
    raise ValueError(state)


def plant(connection: Connection, unit_id: int, state: str, dossier_id: int) -> Planted:
    """Plant a dossier of a commune in a state, complete for every next step, with the history that leads there."""
    procedure = procedures()[PROCEDURE]
    way = path_to(procedure, state)
    events = _events(procedure, dossier_id, way)
    role, holder = holder_of(procedure, state, unit_id, DISTRICT, PROVINCE)
    is_open = procedure.states[state].kind is StateKind.OPEN
    decided = any(kind == "recognised" for _, kind, _, _ in way)
    connection.execute(
        insert(table_of(Dossier)),
        {
            "id": dossier_id,
            "code": f"HS-{dossier_id}",
            "subject": "commune",
            "level": "standard",
            "unit_id": unit_id,
            "district_id": DISTRICT,
            "province_id": PROVINCE,
            "procedure_id": procedure.id,
            "adoption_id": 1,
            "criteria_group": "tdmnpb",
            "criteria_year": 2025,
            "state": state,
            "version": len(way),
            "round": 1,
            "event_count": len(way),
            "head_hash": events[-1]["hash"],
            "holder_role": role,
            "holder_unit_id": holder,
            "due_on": NO_DEADLINE,
            "is_open": is_open,
            "opened_at": events[0]["at"],
            "closed_at": None if is_open else NOW,
            "changed_by": events[-1]["person_id"],
            "changed_at": events[-1]["at"],
            "field_checked_on": TODAY,
            "decided_by": CHAIRMAN if decided else None,
            "decided_on": TODAY if decided else None,
            "year_recognised": 2024 if decided else None,
        },
    )
    connection.execute(insert(table_of(DossierEvent)), events)
    _complete(connection, dossier_id, FALLEN if state in review_states(procedure) else ())
    if decided:
        _plant_decision(connection, dossier_id)
    return Planted(dossier_id, len(way))


def _plant_decision(connection: Connection, dossier_id: int) -> None:
    event = table_of(DossierEvent)
    by_decision = (event.c.dossier_id == dossier_id, event.c.type == "recognised")
    number = {"symbol": "QĐ-UBND", "year": TODAY.year, "number": dossier_id, "code": f"PLANTED{dossier_id}"}
    frozen = {"context": "{}", "template_version": 1, "person_id": CHAIRMAN, "at": NOW, "signed_on": TODAY}
    row = {
        "id": DECISION + dossier_id,
        "kind": "decision",
        "edition": 1,
        "unit_id": PROVINCE,
        **number,
        **frozen,
    }
    event_id = select(event.c.id).where(*by_decision).scalar_subquery()
    connection.execute(insert(table_of(Paper)).values(event_id=event_id, **row))
    of = {"paper_id": row["id"], "dossier_id": dossier_id}
    connection.execute(insert(table_of(PaperDossier)).values(event_id=event_id, **of))
    done = {"kind": "render_papers", "status": "done", "run_at": NOW, "done_at": NOW, "attempts": 1}
    connection.execute(insert(table_of(EffectRow)).values(event_id=event_id, **done))


FALLEN = ("1", "2", "3", "4", "5", "10")
"""The criteria that a dossier under review does not meet: six of nineteen, income among them."""
WITH_REASON = ("returned", "refused", "declined", "withdrawn", "refusal_proposed", "revocation_proposed", "revoked")


def _events(procedure: Procedure, dossier_id: int, way: list[tuple[str, str, str, str]]) -> list[dict[str, object]]:
    events: list[dict[str, object]] = []
    for seq, (action, kind, left, to) in enumerate(way, 1):
        role = procedure.actions[action].by[0]
        event: dict[str, object] = {
            "dossier_id": dossier_id,
            "seq": seq,
            "type": kind,
            "action": action,
            "from_state": left,
            "to_state": to,
            "procedure_id": procedure.id,
            "person_id": PERSON[role],
            "person_name": f"Người {PERSON[role]}",
            "role": role.value,
            "unit_id": {"commune": FIRST_COMMUNE, "district": DISTRICT, "province": PROVINCE}[role.tier],
            "wording": "",
            "at": NOW - timedelta(days=7, minutes=len(way) - seq),
            "reason": "Lý do" if kind in WITH_REASON else "",
            "payload": canonical({Field.YEAR_RECOGNISED: 2024} if kind == "recognised" else {}),
            "request_key": f"planted-{dossier_id}-{seq}",
            "previous_hash": events[-1]["hash"] if events else "",
        }
        event["hash"] = hash_of(event)
        events.append(event)
    return events


def _complete(connection: Connection, dossier_id: int, fallen: tuple[str, ...]) -> None:
    signed = {"person_id": PERSON[Role.COMMUNE_OFFICER], "at": NOW}
    indicators = criteria_sets()["commune-ntm-2021-2025"].indicators
    _answer(connection, dossier_id, indicators, fallen)
    unit_id = select(table_of(Dossier).c.unit_id).where(table_of(Dossier).c.id == dossier_id).scalar_subquery()
    item = {"id": EVIDENCE + dossier_id, "file_sha256": PAPER, "file_name": "m.pdf", "title": "Minh chứng", **signed}
    connection.execute(insert(table_of(EvidenceItem)).values(unit_id=unit_id, **item))
    proof = {"dossier_id": dossier_id, "item_id": EVIDENCE + dossier_id, **signed}
    connection.execute(insert(table_of(EvidenceUse)), [{**proof, "indicator": one.code} for one in indicators])
    papers = {"debt_sha256": PAPER, "security_sha256": PAPER}
    connection.execute(
        insert(table_of(Condition)),
        {"dossier_id": dossier_id, "debt_amount": 0, "security_complex": False, **papers, **signed},
    )
    connection.execute(
        insert(table_of(DossierPart)),
        [
            {"dossier_id": dossier_id, "part": part.value, "file_sha256": PAPER, "title": "Giấy", **signed}
            for part in COMMUNE_PARTS
        ],
    )
    counts = {"households_total": 400, "ballots_issued": 400, "ballots_valid": 390, "satisfied": 380, "no_opinion": 4}
    dates = {"started_on": date(2025, 1, 6), "closed_on": date(2025, 1, 20), "minutes_sha256": PAPER}
    connection.execute(
        insert(table_of(Survey)), {"dossier_id": dossier_id, "round": 1, "items": [], **counts, **dates, **signed}
    )
    connection.execute(
        insert(table_of(AgendaItem)), {"session_id": 1, "dossier_id": dossier_id, "position": dossier_id}
    )
    ballot = {"session_id": 1, "dossier_id": dossier_id, "person_id": PERSON[Role.COUNCIL_MEMBER]}
    connection.execute(insert(table_of(Ballot)), {**ballot, "choice": "yes", "at": NOW})


def _answer(
    connection: Connection, dossier_id: int, indicators: tuple[Indicator, ...], fallen: tuple[str, ...]
) -> None:
    """Answer every indicator alike in all columns: written out in one, from which the database copies the others."""
    answer, revision = table_of(Answer), table_of(AnswerRevision)
    first, *others = (column.value for column in Column)
    signed = {"person_id": PERSON[Role.COMMUNE_OFFICER], "at": NOW}
    blank = {"dossier_id": dossier_id, "not_applicable": False, "refuted": False, "reason": "", "version": 1, **signed}

    def value_of(indicator: Indicator) -> Value:
        return bad_value(indicator) if indicator.criterion in fallen else good_value(indicator)

    rows = [{**blank, "column_name": first, "indicator": one.code, "value": value_of(one)} for one in indicators]
    connection.execute(insert(answer), rows)
    names, of_dossier = answer.c.keys(), answer.c.dossier_id == dossier_id
    for other in others:
        told = [literal(other) if column.name == "column_name" else column for column in answer.c]
        copied = select(*told).where(of_dossier, answer.c.column_name == first)
        connection.execute(insert(answer).from_select(names, copied))
    connection.execute(insert(revision).from_select(names, select(*answer.c).where(of_dossier)))


def count_communes(connection: Connection) -> int:
    """How many communes there are."""
    units = table_of(AdminUnit)
    return int(connection.execute(select(func.count()).where(units.c.tier == "commune")).scalar_one())
