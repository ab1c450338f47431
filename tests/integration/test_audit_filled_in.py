"""What the audit vouches for of ballots, comments and evidence: what was there when their state was left stays."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, text

from casework import consulting, council, filing
from casework.audit import verify
from casework.door import Order
from casework.moving import carry_out
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.council import AgendaItem
from queries.facts import read_case
from tests import world
from tests.integration.acting import act, add_member, work
from workflow.case import Case
from workflow.decide import Decision
from workflow.events import Event
from workflow.names import Field, Role

OFFICER, SECRETARY = world.PERSON[Role.COMMUNE_OFFICER], world.PERSON[Role.COUNCIL_SECRETARY]
MEMBER, SECOND = world.PERSON[Role.COUNCIL_MEMBER], world.PERSON[Role.INSPECTOR]
ITEM = table_of(AgendaItem)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CHANGED = "what was filled in was changed: "
LATER, LATEST = world.NOW + timedelta(hours=1), world.NOW + timedelta(hours=2)


def causes(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [finding.cause for finding in verify(connection).findings]


def tamper(engine: Engine, statement: str) -> None:
    with unit_of_work(engine) as connection:
        for one in statement.split("; "):
            connection.execute(text(one))


def plant(engine: Engine, state: str, count: int = 1) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection, communes=count)
        for number in range(count):
            world.plant(connection, world.FIRST_COMMUNE + number, state, number + 1)
        connection.execute(delete(ITEM))


def open_session(engine: Engine, *dossiers: int, now: datetime = world.NOW) -> int:
    """Open a session on dossiers with two members present."""
    session = work(engine, council.convene, 1, world.TODAY, "Cao Bằng", dossiers, SECRETARY, now)
    work(engine, council.open_session, session, [MEMBER, SECOND], SECRETARY, now)
    return int(session)


def cast(engine: Engine, session: int, choice: str, *dossiers: int, now: datetime = world.NOW) -> None:
    for person in (MEMBER, SECOND):
        work(engine, council.cast_ballots, session, dict.fromkeys(dossiers, choice), person, now)


def close(engine: Engine, session: int, now: datetime = world.NOW) -> None:
    work(engine, council.close_session, session, world.PAPER, SECRETARY, now)


def concluded(engine: Engine, choice: str = "yes") -> int:
    """Let the council sit on a dossier, with a ballot that is changed before the end, and record its result."""
    session = open_session(engine, 1)
    cast(engine, session, "blank", 1)
    cast(engine, session, choice, 1)
    close(engine, session)
    act(engine, "conclude_council", Role.COUNCIL_SECRETARY, LATER)
    return session


def lead_to(engine: Engine, state: str) -> None:
    """Lead a dossier on by the first action of each state, without asking what the action's rules are."""
    with unit_of_work(engine) as connection:
        while (file := read_case(connection, 1, world.CHAIRMAN, world.TODAY)) and file.row.state != state:
            action = file.procedure.actions_from(file.row.state)[0]
            branch = action.branches[0]
            event = Event(branch.records, action.name, file.row.state, branch.leads_to(file.row.state), {})
            decision = Decision(event, file.actor.grants[0], action, Case(file.procedure, file.facts))
            carry_out(connection, file, file, decision, Order(1, action.name, 0, f"on-{file.row.version}"), LATER)


@pytest.fixture
def _voted(engine: Engine) -> None:
    plant(engine, "council")
    add_member(engine, SECOND)
    concluded(engine)
    assert causes(engine) == []


SITTINGS = ["council_session", "attendance", "ballot"]
OTHER_SESSION = (
    "INSERT INTO council_session (id, council_id, held_on, place, members, opened_at, closed_at) "
    "SELECT 9, 1, held_on, place, members, opened_at, '2025-03-12 00:00:00' FROM council_session WHERE id = 2; "
    "INSERT INTO agenda_item (session_id, dossier_id, position) VALUES (9, 1, 1)"
)


def before_the_council_again(engine: Engine) -> int:
    """Bring a dossier before the council once more, after a first session that was against it; return that session."""
    plant(engine, "council")
    add_member(engine, SECOND)
    first = concluded(engine, "no")
    back = {Field.REASON.value: "Thiếu", Field.MISSING.value: ("1.1",)}
    act(engine, "return_after_council", Role.COUNCIL_SECRETARY, LATER, **back)
    lead_to(engine, "council")
    return first


@ON_SQLITE
@pytest.mark.usefixtures("_voted")
@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        (f"UPDATE ballot SET choice = 'no' WHERE session_id = 2 AND person_id = {MEMBER}", ["ballot"]),
        ("UPDATE ballot SET choice = 'no', at = '2025-03-12 00:00:00' WHERE session_id = 2", ["ballot"]),
        (f"DELETE FROM ballot WHERE session_id = 2 AND person_id = {MEMBER}", ["ballot"]),
        (f"INSERT INTO ballot VALUES (2, 1, {OFFICER}, 'yes', '2025-03-12 00:00:00')", ["ballot"]),
        (f"UPDATE attendance SET person_id = {OFFICER} WHERE session_id = 2 AND person_id = {SECOND}", ["attendance"]),
        (f"DELETE FROM attendance WHERE session_id = 2 AND person_id = {SECOND}", ["attendance"]),
        (f"INSERT INTO attendance (session_id, person_id) VALUES (2, {OFFICER})", ["attendance"]),
        ("UPDATE council_session SET held_on = '2025-03-09' WHERE id = 2", ["council_session"]),
        ("UPDATE council_session SET members = 3 WHERE id = 2", ["council_session"]),
        (
            "UPDATE council_session SET closed_at = '2025-03-12 00:00:00' WHERE id = 2",
            SITTINGS,
        ),
        (
            "UPDATE council_session SET closed_at = NULL WHERE id = 2",
            SITTINGS,
        ),
        ("DELETE FROM agenda_item", SITTINGS),
        (OTHER_SESSION, ["council_session"]),
    ],
)
def test_what_the_council_did_cannot_be_changed_unseen_after_its_result(
    engine: Engine, statement: str, tables: list[str]
) -> None:
    tamper(engine, statement)
    assert causes(engine) == [CHANGED + table for table in tables]


def test_a_second_session_after_a_return_is_lawful_and_what_the_first_did_stays_vouched_for(engine: Engine) -> None:
    first = before_the_council_again(engine)
    second = open_session(engine, 1, now=LATEST)
    cast(engine, second, "yes", 1, now=LATEST)
    assert causes(engine) == []
    close(engine, second, LATEST)
    assert causes(engine) == []
    act(engine, "conclude_council", Role.COUNCIL_SECRETARY, LATEST)
    assert causes(engine) == []
    tamper(engine, f"UPDATE ballot SET choice = 'yes', at = '2025-03-12 00:00:00' WHERE session_id = {first}")
    assert causes(engine) == [CHANGED + "ballot"]


@ON_SQLITE
def test_a_past_session_is_vouched_for_while_the_dossier_is_before_the_council_again(engine: Engine) -> None:
    first = before_the_council_again(engine)
    tamper(engine, f"UPDATE council_session SET closed_at = '2025-03-12 00:00:00' WHERE id = {first}")
    assert causes(engine) == [CHANGED + table for table in SITTINGS]


def test_a_session_that_goes_on_after_a_dossier_was_withdrawn_from_it_is_lawful(engine: Engine) -> None:
    plant(engine, "council", 2)
    add_member(engine, SECOND)
    session = open_session(engine, 1, 2)
    cast(engine, session, "yes", 1)
    act(engine, "withdraw", Role.COMMUNE_CHAIRMAN, LATER, reason="Xin rút")
    cast(engine, session, "yes", 2, now=LATEST)
    close(engine, session, LATEST)
    assert causes(engine) == []


# --- comments ---


OTHER_COMMENT = (
    "INSERT INTO comment (dossier_id, round, stage, received_on, author, text, person_id, at) "
    "SELECT dossier_id, round, stage, received_on, author, text, person_id, '2025-03-12 00:00:00' FROM comment"
)


@pytest.fixture
def _commented(engine: Engine) -> None:
    """Log a comment and explain it later, then go on."""
    plant(engine, "public_comment")
    words = ("Bà Lý", "Đường còn lầy", world.TODAY)
    comment = work(engine, consulting.log_comment, 1, *words, OFFICER, world.NOW)
    work(engine, consulting.explain_comment, 1, comment, "Đã sửa", OFFICER, LATER, accepted=True)
    assert causes(engine) == []
    lead_to(engine, "surveying")
    assert causes(engine) == []


@ON_SQLITE
@pytest.mark.usefixtures("_commented")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE comment SET text = 'Đường tốt', at = '2025-03-12 00:00:00'",
        "UPDATE comment SET accepted = NOT accepted",
        "UPDATE comment SET explanation = 'Không'",
        "DELETE FROM comment",
        OTHER_COMMENT,
    ],
)
def test_a_comment_cannot_be_changed_unseen_after_its_state_was_left(engine: Engine, statement: str) -> None:
    tamper(engine, statement)
    assert causes(engine) == [CHANGED + "comment"]


def test_a_comment_of_a_second_round_is_lawful(engine: Engine) -> None:
    plant(engine, "public_comment")
    first = work(engine, consulting.log_comment, 1, "Bà Lý", "Lầy", world.TODAY, OFFICER, world.NOW)
    lead_to(engine, "district_comment")
    reviewer = world.PERSON[Role.DISTRICT_REVIEWER]
    second = work(engine, consulting.log_comment, 1, "Ông Hà", "Thiếu đèn", world.TODAY, reviewer, LATEST)
    assert causes(engine) == []
    work(engine, consulting.explain_comment, 1, second, "Sẽ lắp", reviewer, LATEST, accepted=True)
    assert causes(engine) == []
    tamper(engine, f"DELETE FROM comment WHERE id = {first}")
    assert causes(engine) == [CHANGED + "comment"]


# --- evidence beside indicators ---


@ON_SQLITE
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_use SET removed_at = '2025-03-12 00:00:00' WHERE indicator = '1.1'",
        "UPDATE evidence_use SET indicator = '99' WHERE indicator = '1.1'",
        "DELETE FROM evidence_use WHERE indicator = '1.1'",
        f"INSERT INTO evidence_use VALUES (1, '99', {world.EVIDENCE + 1}, {OFFICER}, '2025-03-12 00:00:00', NULL)",
    ],
)
def test_what_proved_an_indicator_cannot_be_changed_unseen_after_its_state_was_left(
    engine: Engine, statement: str
) -> None:
    plant(engine, "self_assessing")
    lead_to(engine, "surveying")
    assert causes(engine) == []
    tamper(engine, statement)
    assert causes(engine) == [CHANGED + "evidence_use"]


def test_evidence_is_changed_lawfully_once_the_dossier_was_returned(engine: Engine) -> None:
    plant(engine, "self_assessing")
    lead_to(engine, "district_received")
    back = {Field.REASON.value: "Thiếu", Field.MISSING.value: ("1.1",)}
    act(engine, "return_from_district", Role.DISTRICT_REVIEWER, LATER, **back)
    work(engine, filing.remove_evidence, 1, "1.1", world.EVIDENCE + 1, OFFICER, LATEST)
    assert causes(engine) == []
    lead_to(engine, "district_received")
    assert causes(engine) == []
    tamper(engine, "UPDATE evidence_use SET removed_at = NULL")
    assert causes(engine) == [CHANGED + "evidence_use"]
