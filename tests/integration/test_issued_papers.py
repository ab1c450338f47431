"""Papers after their act on real databases: one draft gets one number, whoever is quick; what was edited stays."""

import threading
from typing import Any

import pikepdf
import pytest
from obstore.store import MemoryStore
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from casework.door import Order, perform
from casework.errors import Refused
from casework.filing import Upload
from casework.issued_papers import Sending, keep_edited, note_dispatch, number_paper
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from models.base import table_of
from models.documents import NumberSeries, OutgoingEntry, Paper
from tests import world
from tests.integration.pages.test_filling_in import pdf
from tests.integration.test_audit import causes, tamper
from workflow.names import Field, Role

P, N = table_of(Paper), table_of(NumberSeries)
OFFICER, CLERK = world.PERSON[Role.COMMUNE_OFFICER], world.PERSON[Role.RECORDS_CLERK]
BOTH = 2


@pytest.fixture
def proposed(engine: Engine) -> Engine:
    """A dossier that its commune has submitted: paper 1 is the draft of its proposal."""
    with unit_of_work(engine) as connection:
        world.found(connection)
        planted = world.plant(connection, world.FIRST_COMMUNE, "commune_ready", 1)
        perform(connection, Order(1, "submit", planted.version, "k"), world.PERSON[Role.COMMUNE_CHAIRMAN], world.NOW)
    return engine


def refused(engine: Engine, act: Any) -> str:
    with pytest.raises(Refused) as error, unit_of_work(engine) as connection:
        act(connection)
    code: str = error.value.refusals[0].code
    return code


def test_of_two_who_number_one_draft_at_once_one_is_refused(proposed: Engine) -> None:
    barrier, outcomes = threading.Barrier(BOTH), []

    def number(typed: int) -> None:
        barrier.wait()
        try:
            with unit_of_work(proposed) as connection:
                number_paper(connection, 1, world.TODAY, typed, OFFICER, world.NOW)
            outcomes.append("numbered")
        except Refused as error:
            outcomes.append(error.refusals[0].code)

    threads = [threading.Thread(target=number, args=(typed,)) for typed in (46, 47)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["numbered", "paper.numbered_already"]
    with reading(proposed) as connection:
        numbered = connection.execute(select(P).where(P.c.number.is_not(None))).one()
        entered = connection.execute(select(table_of(OutgoingEntry).c.paper_id)).scalar_one()
        last = connection.execute(select(N.c.last).where(N.c.symbol == "TTr-UBND")).scalar_one()
    facts = from_json(numbered.context)
    assert (facts.number, facts.draft, facts.medium, facts.signed_on) == (last, False, "paper", world.TODAY)
    assert (entered, numbered.edition) == (numbered.id, BOTH)


def test_a_numbered_paper_is_rendered_again_and_edited_no_more(proposed: Engine) -> None:
    with unit_of_work(proposed) as connection:
        connection.execute(text("UPDATE effect SET status = 'done', done_at = run_at"))
        number_paper(connection, 1, world.TODAY, 46, OFFICER, world.NOW)
        owed = connection.execute(text("SELECT status FROM effect WHERE kind = 'render_papers'")).scalars().all()
    assert owed == ["queued"]
    upload = Upload("to-trinh.pdf", "", pdf())
    code = refused(proposed, lambda connection: keep_edited(connection, MemoryStore(), 1, upload, OFFICER, world.NOW))
    assert code == "paper.numbered_already"


def test_a_draft_does_not_go_out_and_another_body_numbers_nothing(proposed: Engine) -> None:
    sending = Sending(1, world.TODAY)
    assert refused(proposed, lambda c: note_dispatch(c, 1, sending, None, OFFICER, world.NOW)) == "paper.unnumbered"
    assert refused(proposed, lambda c: number_paper(c, 1, world.TODAY, 46, CLERK, world.NOW)) == "paper.other_unit"


def test_what_was_edited_and_entered_is_never_changed(proposed: Engine) -> None:
    upload = Upload("to-trinh.pdf", "", pdf())
    with unit_of_work(proposed) as connection:
        keep_edited(connection, MemoryStore(), 1, upload, OFFICER, world.NOW)
        number_paper(connection, 1, world.TODAY, 46, OFFICER, world.NOW)
    for table in ("edited_paper", "outgoing_entry"):
        with pytest.raises(DBAPIError, match="never changed"), unit_of_work(proposed) as connection:
            connection.execute(text(f"DELETE FROM {table}"))
    with reading(proposed) as connection:
        assert connection.execute(select(func.count()).select_from(table_of(OutgoingEntry))).scalar_one() == 1


# --- what the chain says of it ---


@pytest.fixture
def by_hand(proposed: Engine) -> Engine:
    """The proposal edited twice and then signed on paper as 46, which the chain finds in order at each step."""
    for act in ("edit", "edit again", "number"):
        with unit_of_work(proposed) as connection:
            if act == "number":
                number_paper(connection, 1, world.TODAY, 46, OFFICER, world.NOW)
            else:
                upload = Upload("to-trinh.pdf", "", pdf(Lang=pikepdf.String(act)))
                keep_edited(connection, MemoryStore(), 1, upload, OFFICER, world.NOW)
        assert causes(proposed) == []
    return proposed


def send_back(engine: Engine) -> None:
    """Take the next step of the dossier, which vouches for what was done with its papers."""
    with unit_of_work(engine) as connection:
        version = connection.execute(text("SELECT version FROM dossier")).scalar_one()
        back = Order(1, "return_from_district", version, "b", {Field.REASON: "Thiếu", Field.MISSING: ("1.1",)})
        perform(connection, back, world.PERSON[Role.DISTRICT_REVIEWER], world.NOW)
    assert causes(engine) == []


@pytest.mark.parametrize(
    "changed", ["context = replace(context, 'xã', 'phường')", "signed_on = '2025-03-09'", "number = 47"]
)
def test_a_hand_numbered_paper_is_held_against_its_draft_at_once(by_hand: Engine, changed: str) -> None:
    tamper(by_hand, [f"UPDATE paper SET {changed} WHERE edition = 2"])
    assert any("is not the draft that was numbered" in one for one in causes(by_hand))


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        (f"UPDATE edited_paper SET file_sha256 = '{world.PAPER}' WHERE id = 2", "edited_paper"),
        (f"UPDATE edited_paper SET person_id = {CLERK}", "edited_paper"),
        ("DELETE FROM edited_paper WHERE id = 2", "edited_paper"),
        ("UPDATE paper SET number = 47, context = replace(context, '46', '47') WHERE edition = 2", "paper"),
        (f"UPDATE paper SET person_id = {CLERK} WHERE edition = 2", "paper"),
    ],
)
def test_the_next_step_vouches_for_what_was_done_by_hand(by_hand: Engine, statement: str, table: str) -> None:
    send_back(by_hand)
    tamper(by_hand, [statement])
    assert causes(by_hand) == [f"what was filled in was changed: {table}"]


def test_what_is_done_by_hand_after_a_step_leaves_the_chain_whole(proposed: Engine) -> None:
    upload = Upload("to-trinh.pdf", "", pdf())
    with unit_of_work(proposed) as connection:
        keep_edited(connection, MemoryStore(), 1, upload, OFFICER, world.NOW)
    send_back(proposed)
    with unit_of_work(proposed) as connection:
        keep_edited(connection, MemoryStore(), 1, upload, OFFICER, world.NOW)
        number_paper(connection, 1, world.TODAY, 46, OFFICER, world.NOW)
    assert causes(proposed) == []
    tamper(proposed, ["UPDATE edited_paper SET at = '2025-03-01 00:00:00' WHERE id = 2"])
    assert causes(proposed) == ["what was filled in was changed: edited_paper"]
