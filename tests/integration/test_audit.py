"""What the audit finds: any change behind the door's back, whether of the history or of what it led to."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from casework.answering import Entry, answer
from casework.audit import verify
from casework.checking import PartCheck, check_parts
from casework.consulting import VoteEntry, keep_vote
from casework.door import Order, perform
from casework.opening import Opening, open_dossier
from casework.unit_of_work import reading, unit_of_work
from migrations.triggers import HISTORY, OUTGOING, PAPER_DOSSIERS, PAPERS
from tests import world
from tests.integration.test_door import YEAR_AND_DAY
from workflow.guards import COMMUNE_PARTS
from workflow.names import Column, Field, Level, Role, Subject

OFFICER, CHAIRMAN = world.PERSON[Role.COMMUNE_OFFICER], world.PERSON[Role.COMMUNE_CHAIRMAN]
LATER = world.NOW + timedelta(hours=1)


def tamper(engine: Engine, statements: Sequence[str], extra: Sequence[str] = ()) -> None:
    """Change rows as somebody could who rules over the database and takes its triggers away or lets them sleep."""
    kept = (*(one.table for one in (*HISTORY, *PAPERS, *PAPER_DOSSIERS, *OUTGOING)), *extra)
    drop = [f"DROP TRIGGER {table}_no_{what}" for table in kept for what in ("update", "delete")]
    asleep = ["SET LOCAL session_replication_role = replica"]
    with unit_of_work(engine) as connection:
        for statement in (*(asleep if engine.dialect.name == "postgresql" else drop), *statements):
            connection.execute(text(statement))


def causes(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [finding.cause for finding in verify(connection).findings]


@pytest.fixture
def _recognised(engine: Engine) -> None:
    """Recognise one dossier."""
    with unit_of_work(engine) as connection:
        world.found(connection)
        dossier = world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)
        order = Order(dossier.id, "recognise", dossier.version, "one", YEAR_AND_DAY)
        perform(connection, order, world.CHAIRMAN, world.NOW)
    assert causes(engine) == []


BOOK = "the book of recognitions is not what the decision says"
ISSUED = "the issued document is not what the decision says"
PAPER = "its papers are not what was drawn up with it"
DECIDED = "who decided, when and for which year is not what the decision says"


@pytest.mark.usefixtures("_recognised")
@pytest.mark.parametrize(
    ("statement", "cause"),
    [
        ("UPDATE dossier SET year_recognised = 2023", DECIDED),
        ("UPDATE dossier SET decided_on = '2025-03-09'", DECIDED),
        (f"UPDATE dossier SET decided_by = {world.SECOND_CHAIRMAN}", DECIDED),
        ("UPDATE recognition SET year_recognised = 2023", BOOK),
        ("UPDATE recognition SET decision = '1/QĐ-UBND'", BOOK),
        ("UPDATE recognition SET signed_on = '2025-03-09'", BOOK),
        ("UPDATE recognition SET level = 'model'", BOOK),
        (f"UPDATE recognition SET unit_id = {world.PROVINCE}", BOOK),
        ("DELETE FROM recognition", BOOK),
        ("UPDATE paper SET number = 1 WHERE kind = 'decision'", ISSUED),
        ("UPDATE paper SET signed_on = '2025-03-09' WHERE kind = 'decision'", ISSUED),
        ("UPDATE paper SET context = replace(context, 'Thử', 'Thật')", PAPER),
        ("DELETE FROM outgoing_entry; DELETE FROM paper_dossier; DELETE FROM paper", PAPER),
        ("DELETE FROM outgoing_entry; DELETE FROM paper_dossier; DELETE FROM paper", ISSUED),
        ("UPDATE dossier SET holder_role = 'inspector'", "it does not lie with the office that its state says"),
        (
            "UPDATE dossier SET procedure_id = 'commune-2022-two-tier@1'",
            "it is not pinned to the procedure of its events",
        ),
        ("UPDATE dossier_event SET payload = 'nonsense' WHERE seq = 2", "its content was changed"),
        ("UPDATE answer SET refuted = NOT refuted WHERE indicator = '1.1' AND column_name = 'review'", "review 1.1"),
        ("DELETE FROM answer_revision WHERE indicator = '1.1' AND column_name = 'review'", "review 1.1"),
    ],
)
def test_a_change_of_what_a_decision_led_to_is_found(engine: Engine, statement: str, cause: str) -> None:
    tamper(engine, statement.split("; "))
    assert any(found.endswith(cause) for found in causes(engine))


def test_what_was_fixed_when_the_dossier_was_opened_cannot_be_changed_unseen(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
        opening = Opening(world.FIRST_COMMUNE, Subject.COMMUNE, Level.STANDARD, "new")
        open_dossier(connection, opening, OFFICER, world.NOW)
    assert causes(engine) == []
    tamper(engine, ["UPDATE dossier SET level = 'model', criteria_year = 2022"])
    assert causes(engine) == ["changed since it was opened: level, criteria_year"]


@pytest.mark.parametrize("column", ["value = 'false'", "refuted = NOT refuted", "not_applicable = NOT not_applicable"])
def test_a_sealed_column_cannot_be_changed_unseen(engine: Engine, column: str) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
        dossier = world.plant(connection, world.FIRST_COMMUNE, "commune_ready", 1)
        perform(connection, Order(1, "submit", dossier.version, "submit"), CHAIRMAN, LATER)
    assert causes(engine) == []
    tamper(engine, [f"UPDATE {table} SET {column} WHERE indicator = '1.1'" for table in ("answer", "answer_revision")])
    assert causes(engine) == ["the values in the column 'commune' were changed"]


def test_values_entered_lawfully_after_a_seal_leave_it_whole(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
        dossier = world.plant(connection, world.FIRST_COMMUNE, "returned", 1)
        entry = Entry(Column.COMMUNE, "1.1", value=True)
        answer(connection, 1, entry, OFFICER, world.NOW)
        resubmit = Order(1, "resubmit", dossier.version + 1, "again", {Field.CHANGES: ("1.1",)})
        perform(connection, resubmit, CHAIRMAN, world.NOW)
        back = {Field.REASON: "Thiếu", Field.MISSING: ("1.1",)}
        reviewer = world.PERSON[Role.DISTRICT_REVIEWER]
        seen = dossier.version + 2
        perform(connection, Order(1, "return_from_district", seen, "back", back), reviewer, world.NOW)
        answer(connection, 1, entry, OFFICER, LATER)
    assert causes(engine) == []


# --- what is overwritten in place ---

SUBMITTED = world.NOW + timedelta(hours=2)


@pytest.fixture
def _received(engine: Engine) -> None:
    """Let a dossier be voted on, submitted, checked and received for verification, through the door."""
    reviewer = world.PERSON[Role.DISTRICT_REVIEWER]
    with unit_of_work(engine) as connection:
        world.found(connection)
        dossier = world.plant(connection, world.FIRST_COMMUNE, "commune_vote", 1)
        vote = VoteEntry(world.TODAY, 20, 19, 19, world.PAPER)
        keep_vote(connection, 1, vote, OFFICER, world.NOW)
        perform(connection, Order(1, "record_commune_vote", dossier.version + 1, "agree"), OFFICER, LATER)
        perform(connection, Order(1, "submit", dossier.version + 2, "submit"), CHAIRMAN, SUBMITTED)
        checks = tuple(PartCheck(part, complete=True) for part in COMMUNE_PARTS)
        check_parts(connection, 1, checks, reviewer, SUBMITTED + timedelta(hours=1))
    assert causes(engine) == []


FILLED_IN = "what was filled in was changed: "


@pytest.mark.usefixtures("_received")
@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE vote SET agreed = 18", "vote"),
        ("UPDATE vote SET held_on = '2025-03-09'", "vote"),
        (f"UPDATE vote SET person_id = {world.SECOND_CHAIRMAN}", "vote"),
        ("UPDATE vote SET agreed = 18, at = '2025-03-12 00:00:00'", "vote"),
        ("UPDATE vote SET round = 2", "vote"),
        ("DELETE FROM vote", "vote"),
    ],
)
def test_what_was_filled_in_and_sealed_cannot_be_changed_unseen(engine: Engine, statement: str, table: str) -> None:
    tamper(engine, [statement])
    assert causes(engine) == [FILLED_IN + table]


@pytest.mark.usefixtures("_received")
def test_what_is_being_filled_in_is_sealed_with_the_next_step(engine: Engine) -> None:
    reviewer, later = world.PERSON[Role.DISTRICT_REVIEWER], SUBMITTED + timedelta(hours=2)
    with unit_of_work(engine) as connection:
        version = connection.execute(text("SELECT version FROM dossier")).scalar_one()
        perform(connection, Order(1, "accept_for_verification", version, "accept"), reviewer, later)
    assert causes(engine) == []
    tamper(engine, ["UPDATE checked_part SET note = 'x' WHERE part = 'D1'"])
    assert causes(engine) == [FILLED_IN + "checked_part"]
