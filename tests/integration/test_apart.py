"""What is decided, counted and shown of one dossier is the same whatever is done with others, by whomever.

Six dossiers in six states are read in every way there is. Then the house is filled with others, in all states, of other
communes, of another province and of the same communes, with sessions, ballots, papers and events of the same people.
Read again, nothing of the six has changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.council import AgendaItem, Attendance, Ballot, Council, CouncilMember, CouncilSession
from models.documents import EditedPaper, Paper, PaperDossier, PaperRelation
from models.dossiers import Answer, CheckedPart, Comment, Conclusion, Dossier, Posting, Vote
from models.events import DossierEvent
from models.people import Person, RoleGrant
from models.places import AdminUnit, Recognition, TitleEnd
from queries.anchors import record_lines
from queries.appraisals import Asked, appraisals, criteria_of
from queries.council import read_session, waiting_for_session
from queries.dossier import read_details
from queries.dossiers import Filter, dossiers_seen, numbers_seen
from queries.facts import read_case
from queries.inbox import Choice, inbox
from queries.issued_papers import correctable_papers, paper_view
from queries.left import COUNTED, read_left
from queries.outgoing import waiting
from queries.papers import read_around
from queries.people import read_actor
from queries.rulebook import procedures
from queries.signing import waiting_for_decision
from queries.titles import title_page
from queries.whole import read_whole
from tests import world
from workflow.decide import decide, offered
from workflow.facts import Actor, Facts
from workflow.names import Role

WATCHED = ("self_assessing", "district_received", "province_appraising", "council", "recommended", "recognised")
OTHERS = tuple(state for state, one in procedures()[world.PROCEDURE].states.items() if one.kind != "start")
FIRST_WATCHED, FIRST_OTHER, OTHER_PROVINCE, OTHER_DISTRICT = 101, 301, 7, 8
SIX = {FIRST_WATCHED + place: state for place, state in enumerate(WATCHED)}
OURS = "HS-10"  # how their codes begin, and nobody else's
PEOPLE = tuple(
    world.PERSON[role]
    for role in (
        *(Role.DISTRICT_REVIEWER, Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_REVIEWER),
        *(Role.COUNCIL_SECRETARY, Role.COUNCIL_MEMBER, Role.PROVINCIAL_CHAIRMAN),
    )
)
MEMBER, SECRETARY = world.PERSON[Role.COUNCIL_MEMBER], world.PERSON[Role.COUNCIL_SECRETARY]
EARLIER, LATER = world.NOW - timedelta(days=5), world.NOW + timedelta(days=1)
OUTCOME = world.NOW - timedelta(days=7)
D, A, E, P, OF = (table_of(one) for one in (Dossier, Answer, DossierEvent, Paper, PaperDossier))
S, ITEM, B = table_of(CouncilSession), table_of(AgendaItem), table_of(Ballot)
ALL_LED = criteria_of(frozenset())


# --- what is read ---


def plain(value: Any) -> Any:
    """A value with everything in it worked out, so that it can be compared."""
    if isinstance(value, Facts):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping) and not is_dataclass(value):
        return {key: plain(each) for key, each in value.items()}
    return value


def read_all(engine: Engine) -> dict[tuple[object, ...], Any]:
    """Everything that is read of the six, each thing by its name."""
    with reading(engine) as connection:
        actors = {person: read_actor(connection, person) for person in PEOPLE}
        found: dict[tuple[object, ...], Any] = {}
        for dossier_id, state in SIX.items():
            found |= {(state, name): what for name, what in itself(connection, dossier_id)}
            holder = procedures()[world.PROCEDURE].states[state].holder
            for person in {MEMBER, world.PERSON[holder or Role.INSPECTOR]}:
                reads = before(connection, dossier_id, read_actor(connection, person))
                found |= {(state, person, name): what for name, what in reads}
        for person, actor in actors.items():
            found |= {(person, name): what for name, what in listed(connection, actor)}
        return found


def itself(connection: Connection, dossier_id: int) -> Iterator[tuple[str, Any]]:
    """What is read of a dossier, whoever reads it."""
    file = read_case(connection, dossier_id, SECRETARY, world.TODAY)
    assert file
    yield "details", read_details(connection, file)
    yield "around", read_around(connection, file, world.TODAY)
    yield "whole", read_whole(connection, dossier_id)
    yield "record", list(record_lines(connection, dossier_id))
    yield "correctable", correctable_papers(connection, dossier_id)
    title = connection.execute(select(table_of(Recognition).c.id).where(R.c.dossier_id == dossier_id)).scalar()
    yield "title", title and title_page(connection, title, world.TODAY)


def before(connection: Connection, dossier_id: int, actor: Actor) -> Iterator[tuple[str, Any]]:
    """What a person may do with a dossier, and how far it is for that person."""
    file = read_case(connection, dossier_id, actor.person_id, world.TODAY)
    assert file
    yield "case", (file.row, plain(file.facts), file.actor, file.stays, file.calendar)
    yield "offered", offered(file.procedure, file.facts, file.actor)
    decisions = partial(decide, file.procedure, file.facts, file.actor)
    yield "decided", [decisions(one.name, {}) for one in file.procedure.actions_from(file.facts.state)]
    yield "left", read_left(connection, [dossier_id], COUNTED, actor.person_id)


def listed(connection: Connection, actor: Actor) -> Iterator[tuple[str, Any]]:
    """The lines of the six in each list, and the counts of the lists that are narrowed to them."""
    today = world.TODAY
    yield "inbox", inbox(connection, actor, today, choice=Choice(wanted=OURS))
    yield "appraisals", appraisals(connection, actor, today, Asked(ALL_LED, wanted=OURS))
    yield "found", dossiers_seen(connection, actor, today, Filter(OURS))
    yield "numbers", numbers_seen(connection, actor, today, Filter(OURS))
    yield "session", [one for one in waiting_for_session(connection, actor, today) if one.dossier_id in SIX]
    yield "decision", [one for one in waiting_for_decision(connection, actor, today) if one.line.id in SIX]
    desk = waiting(connection, {world.PROVINCE})
    lists = (desk.numbers, desk.dispatches, desk.announcements)
    yield "clerk", [[one for one in each if one.dossier_id in SIX] for each in lists]
    session = read_session(connection, 1, actor.person_id)
    assert session
    yield "sitting", (session.council, session.held_on, session.members, session.present, session.closed_at)
    yield "agenda", [one for one in session.items if one.dossier_id in SIX]
    yield "ballots", [one for one in session.ballots if one.dossier_id in SIX]
    papers = connection.execute(select(OF.c.paper_id).where(OF.c.dossier_id.in_(SIX))).scalars().all()
    yield "papers", [paper_view(connection, actor, today, one) for one in papers]


# --- what is there ---

R, T = table_of(Recognition), table_of(TitleEnd)


def fill_in(connection: Connection, dossier_id: int, at: datetime, text: str, people: tuple[int, int]) -> None:
    """What tiers write down of a dossier in every round and stage: ticks, conclusions, comments, postings, votes."""
    signed = {"dossier_id": dossier_id, "person_id": people[0], "at": at}
    tiers = [{**signed, "stage": stage} for stage in ("commune", "district", "province")]
    rounds = [{**one, "round": number} for one in tiers for number in (1, 2)]
    posted = {"posted_on": date(2025, 3, 3), "places": [text], "loudspeaker_times": 3, "front_opinion": True}
    voted = {"held_on": date(2025, 3, 4), "members": 10, "present": 9, "agreed": 8}
    said = {"received_on": date(2025, 3, 3), "author": text, "text": text, "accepted": None}
    concluded = {**signed, "person_id": people[1], "department": "snnmt", "text": text}
    rows = {
        CheckedPart: [{**one, "part": "D7", "complete": False, "note": text} for one in tiers],
        Posting: [{**one, **posted} for one in rounds],
        Vote: [{**one, **voted} for one in rounds],
        Comment: [{**one, **said} for one in rounds],
        Conclusion: [{**concluded, "criterion": code, "met": code == "3"} for code in ("3", "10")],
    }
    for table, each in rows.items():
        connection.execute(insert(table_of(table)), each)


def give_title(connection: Connection, dossier_id: int, unit_id: int, at: datetime, status: str = "valid") -> None:
    """The title that a planted decision gives, and a text of that decision that was edited by hand."""
    title = {"id": dossier_id, "unit_id": unit_id, "unit_name": f"Xã {unit_id}", "place_then": "Huyện Bảo Lâm"}
    given = {"decision": f"{dossier_id:02d}/QĐ-UBND", "signed_on": world.TODAY, "authority": "Chủ tịch"}
    kind = {"subject": "commune", "level": "standard", "year_recognised": 2024, "source": ""}
    row = {**title, **given, **kind, "status": status, "dossier_id": dossier_id}
    connection.execute(insert(R), row)
    text = {"paper_id": world.DECISION + dossier_id, "file_sha256": world.PAPER, "at": at}
    connection.execute(insert(table_of(EditedPaper)), {**text, "person_id": world.CHAIRMAN})


def again(connection: Connection, dossier_id: int, kind: str, person: int) -> None:
    """One more event of a dossier, by the same people as those of all the others."""
    last = select(E).where(E.c.dossier_id == dossier_id).order_by(E.c.seq.desc()).limit(1)
    row = dict(connection.execute(last).mappings().one())
    del row["id"]
    key = {"seq": row["seq"] + 1, "request_key": f"{kind}-{dossier_id}-{row['seq']}", "previous_hash": row["hash"]}
    changed = {"type": kind, "at": LATER, "person_id": person, "reason": "Lý do", "payload": '{"missing":["D7"]}'}
    connection.execute(insert(E), {**row, **key, **changed})


def plant_watched(connection: Connection) -> None:
    """The six, each with what was written down of it, and the two councils of their province."""
    world.found(connection, communes=len(WATCHED) + len(OTHERS))
    for place, state in enumerate(WATCHED):
        dossier_id, unit_id = FIRST_WATCHED + place, world.FIRST_COMMUNE + place
        world.plant(connection, unit_id, state, dossier_id)
        fill_in(connection, dossier_id, EARLIER, "của mình", (SECRETARY, world.PERSON[Role.DEPARTMENT_REVIEWER]))
    give_title(connection, FIRST_WATCHED + 5, world.FIRST_COMMUNE + 5, EARLIER)
    council = {"id": 2, "unit_id": world.PROVINCE, "name": "Hội đồng khác", "decision": "10"}
    connection.execute(insert(table_of(Council)), council)
    connection.execute(update(S).values(closed_at=OUTCOME - timedelta(minutes=1)))  # before the outcomes


def plant_others(connection: Connection) -> None:
    """The others in every state there is; every third lies in another province, every fourth in a watched commune."""
    for place, state in enumerate(OTHERS):
        dossier_id, unit_id = FIRST_OTHER + place, world.FIRST_COMMUNE + len(WATCHED) + place
        world.plant(connection, unit_id, state, dossier_id)
        fill_in(connection, dossier_id, LATER, "của hồ sơ khác", (MEMBER, world.PERSON[Role.COMMUNE_CHAIRMAN]))
        for kind in ("resubmitted", "returned", "revocation_submitted", "forwarded"):
            again(connection, dossier_id, kind, PEOPLE[place % len(PEOPLE)])
        if connection.execute(select(D.c.decided_on).where(D.c.id == dossier_id)).scalar():
            give_title(connection, dossier_id, unit_id, LATER, "revoked" if state == "revoked" else "valid")
    connection.execute(update(A).where(A.c.dossier_id >= FIRST_OTHER, A.c.column_name == "commune").values(at=LATER))
    ids = [FIRST_OTHER + place for place in range(len(OTHERS))]
    elsewhere = {"province_id": OTHER_PROVINCE, "district_id": OTHER_DISTRICT}
    connection.execute(update(D).where(D.c.id.in_(ids[::3])).values(elsewhere))
    for place, dossier_id in enumerate(ids[1::4]):
        unit = world.FIRST_COMMUNE + place % len(WATCHED)
        level = ("advanced", "model")[place // len(WATCHED)]
        connection.execute(update(D).where(D.c.id == dossier_id).values(unit_id=unit, level=level))


def found_elsewhere(connection: Connection) -> None:
    """Another province with people in all offices, one of them in the other council of this one."""
    for key, tier, parent in ((OTHER_PROVINCE, "province", None), (OTHER_DISTRICT, "district", OTHER_PROVINCE)):
        named = {"id": key, "code": f"x{key}", "tier": tier, "name": "Khác", "full_name": "Tỉnh Khác", "kind": "xã"}
        row = {**named, "sort_key": "x", "parent_id": parent, "valid_from": date(1900, 1, 1)}
        connection.execute(insert(table_of(AdminUnit)), row)
    for place, role in enumerate(Role):
        person = {"id": 900 + place, "login": f"q{place}", "name": "Khác", "password_hash": "-"}
        connection.execute(insert(table_of(Person)), {**person, "created_at": world.NOW})
        office = {"person_id": 900 + place, "role": role.value, "valid_from": date(2020, 1, 1), "department": "syt"}
        connection.execute(insert(table_of(RoleGrant)), {**office, "unit_id": OTHER_PROVINCE})
    seat = {"council_id": 2, "person_id": 900, "post": "Ủy viên", "chairs": False, "valid_from": date(2020, 1, 1)}
    connection.execute(insert(table_of(CouncilMember)), seat)


def sit_on_others(connection: Connection) -> None:
    """Sessions of both councils on the others: one over, one open, one called; some stay in that of the six."""
    ids = [FIRST_OTHER + place for place in range(len(OTHERS))]
    ends = {"closed_at": OUTCOME, "opened_at": EARLIER, "minutes_sha256": world.PAPER}
    for session, how in ((2, ends), (3, {"opened_at": LATER}), (4, {})):
        held = {"id": session, "council_id": 1 + session % 2, "held_on": date(2025, 3, 9), "place": "Khác"}
        connection.execute(insert(S), {**held, "members": 9, **how})
        for person in (MEMBER, SECRETARY, 900):
            connection.execute(insert(table_of(Attendance)), {"session_id": session, "person_id": person})
        here = ids[session::4]
        connection.execute(update(ITEM).where(ITEM.c.dossier_id.in_(here)).values(session_id=session))
        connection.execute(update(B).where(B.c.dossier_id.in_(here)).values(session_id=session, choice="no"))
        cast = [{"session_id": session, "dossier_id": one, "person_id": 900, "choice": "no"} for one in here]
        connection.execute(insert(B), [{**one, "at": LATER} for one in cast])


def issue_others(connection: Connection) -> None:
    """Later papers that revoke those of the others, and one more that bears the number of a decision of the six."""
    mine = select(P).where(P.c.id > world.DECISION + FIRST_OTHER - 1).order_by(P.c.id)
    for paper in connection.execute(mine).mappings().all():
        dossier_id = paper["id"] - world.DECISION
        later = {"id": paper["id"] + 1000, "kind": "revocation_decision", "number": paper["number"] + 1000}
        if OTHERS[dossier_id - FIRST_OTHER] == "announced":
            later |= {"kind": "replacement_decision", "number": FIRST_WATCHED + 5, "year": 2026, "edition": 2}
        connection.execute(insert(P), {**paper, **later, "code": f"x{dossier_id}"})
        of = {"paper_id": later["id"], "dossier_id": dossier_id, "event_id": paper["event_id"]}
        connection.execute(insert(OF), of)
        bond = {"paper_id": later["id"], "other_id": paper["id"], "relation": "revokes"}
        connection.execute(insert(table_of(PaperRelation)), bond)
        end = {"recognition_id": dossier_id, "standing": "revoked", "decision": "9/QĐ-UBND", "authority": "Chủ tịch"}
        told = {"signed_on": world.TODAY, "reason": "Lý do", "event_id": paper["event_id"]}
        connection.execute(insert(T), {**end, **told})


@pytest.fixture
def watched(engine: Engine) -> Engine:
    """The six dossiers, alone in the house."""
    with unit_of_work(engine) as connection:
        plant_watched(connection)
    return engine


def test_nothing_of_a_dossier_depends_on_another_one(watched: Engine) -> None:
    alone = read_all(watched)
    with unit_of_work(watched) as connection:
        for add in (found_elsewhere, plant_others, sit_on_others, issue_others):
            add(connection)
    among_others = read_all(watched)
    assert [name for name in alone if alone[name] != among_others[name]] == []
    assert sum(bool(one) for one in alone.values()) > len(alone) // 2
