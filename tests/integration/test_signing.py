"""Signing by the server: in order after rendering, recorded once however often it is done, with every trouble told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from casework import clock, signing
from casework.door import Order, perform
from casework.errors import NotFound
from casework.signing import Asked
from casework.storage import get
from casework.unit_of_work import reading, unit_of_work
from documents.signing.examining import examine
from documents.signing.office import Office as Keys
from jobs import worker
from jobs.tools import Tools
from models.base import table_of
from models.documents import Paper
from models.people import RoleGrant
from models.signatures import PaperSignature
from practice.signing_keys import make_keys
from queries.people import read_actor
from queries.signatures import in_batch, line_of, signatures_on, to_be_signed
from queries.verification import checked
from tests import crash, world
from tests.house import stopped_at, tools
from tests.signing_office import Office
from workflow.names import Role, SigningPart
from workflow.refusal import Refusal

P, S = table_of(Paper), table_of(PaperSignature)
CLERK = world.PERSON[Role.RECORDS_CLERK]
DECISION = 1


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path / "keys")
    made.trust()
    made.add("signers", f"p{world.CHAIRMAN}", "Người ký thử", 1)
    made.add("seals", "04", "UBND TỈNH CAO BẰNG", 2)
    return made


@pytest.fixture
def house(engine: Engine, tmp_path: Path, office: Office) -> Tools:
    """A province whose chairman has decided, with keys."""
    with unit_of_work(engine) as connection:
        world.found(connection)
        version = world.plant(connection, world.FIRST_COMMUNE, "recommended", 1).version
        perform(connection, Order(1, "recognise", version, "k", crash.DECIDE), world.CHAIRMAN, world.NOW)
    return replace(tools(engine, tmp_path), office=Keys(office.folder))


def ask(house: Tools, person: int, part: SigningPart) -> dict[int, Refusal]:
    with unit_of_work(house.engine) as connection:
        asked = Asked(read_actor(connection, person), "batch", world.NOW)
        return dict(signing.ask(connection, [DECISION], part, asked))


def drain(house: Tools, later: timedelta = timedelta()) -> None:
    worker.drain(house, stopped_at(world.NOW + later))


def row(house: Tools, part: str) -> Any:
    with reading(house.engine) as connection:
        return connection.execute(select(S).where(S.c.part == part)).one()


def test_signer_then_seal_after_the_paper_is_rendered(house: Tools) -> None:
    assert ask(house, world.CHAIRMAN, SigningPart.SIGNER) == {}
    assert ask(house, CLERK, SigningPart.SEAL) == {}
    drain(house)
    with reading(house.engine) as connection:
        issued = connection.execute(select(P.c.sha256).where(P.c.id == DECISION)).scalar_one()
    signer, seal = row(house, "signer"), row(house, "seal")
    assert (signer.subject, seal.subject) == ("Người ký thử", "UBND TỈNH CAO BẰNG")
    files = [get(house.storage, name) for name in (issued, signer.file_sha256, seal.file_sha256)]
    assert house.office is not None
    seen = examine(files[2], files[0], house.office.trust(), clock.real_now())
    assert [one.subject for one in seen] == [signer.subject, seal.subject]
    assert files[1] == files[2][: len(files[1])]
    with reading(house.engine) as connection:
        code = connection.execute(select(P.c.code).where(P.c.id == DECISION)).scalar_one()
        known = checked(connection, code, world.TODAY)
    assert known is not None
    assert {issued, signer.file_sha256, seal.file_sha256} <= {digest for _, digest in known.files}


def test_a_paper_waits_for_the_chairman_then_for_the_clerk_and_for_nobody(house: Tools) -> None:
    assert waiting(house) == (1, 0)
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    drain(house)
    assert waiting(house) == (0, 1)
    with reading(house.engine) as connection:
        clerk = read_actor(connection, CLERK)
        (line, part), *others = in_batch(connection, "batch", world.CHAIRMAN)
        assert (line.standing(part), others) == (("done", None), [])
        assert line_of(connection, clerk, world.TODAY, DECISION) == line
        assert [one.part for one in signatures_on(connection, DECISION)] == [SigningPart.SIGNER]
    ask(house, CLERK, SigningPart.SEAL)
    drain(house)
    assert waiting(house) == (0, 0)


def waiting(house: Tools) -> tuple[int, int]:
    """How many papers wait for the chairman, and how many for the clerk."""
    with reading(house.engine) as connection:
        chairman, clerk = read_actor(connection, world.CHAIRMAN), read_actor(connection, CLERK)
        own = to_be_signed(connection, chairman, world.TODAY, SigningPart.SIGNER)
        return len(own), len(to_be_signed(connection, clerk, world.TODAY, SigningPart.SEAL))


def test_what_is_signed_stays(house: Tools) -> None:
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    drain(house)
    before = row(house, "signer")
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    drain(house)
    assert row(house, "signer") == before
    with pytest.raises(Exception, match="never taken off"), unit_of_work(house.engine) as connection:
        connection.execute(update(S).values(subject="Người khác"))


def test_cut_off_in_the_middle_it_is_done_again_and_shows_once(house: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    with monkeypatch.context() as patch:
        patch.setattr(signing, "record", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            drain(house)
    assert row(house, "signer").status == "running"
    drain(house, timedelta(minutes=3))
    found = row(house, "signer")
    assert (found.status, found.attempts) == ("done", 2)


def test_only_the_right_person_asks(house: Tools) -> None:
    assert [one.code for one in ask(house, CLERK, SigningPart.SIGNER).values()] == ["policy.role"]
    assert [one.code for one in ask(house, world.SECOND_CHAIRMAN, SigningPart.SIGNER).values()] == [
        "signature.of_another"
    ]
    assert [one.code for one in ask(house, world.CHAIRMAN, SigningPart.SEAL).values()] == ["policy.role"]
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    drain(house)
    with unit_of_work(house.engine) as connection:
        held = {"person_id": world.CHAIRMAN, "role": "records_clerk", "unit_id": world.PROVINCE}
        connection.execute(insert(table_of(RoleGrant)), {**held, "valid_from": world.TODAY})
    assert [one.code for one in ask(house, world.CHAIRMAN, SigningPart.SEAL).values()] == ["signature.own_seal"]
    with reading(house.engine) as connection:
        both = read_actor(connection, world.CHAIRMAN)
        assert to_be_signed(connection, both, world.TODAY, SigningPart.SEAL) == ()
    with pytest.raises(NotFound), unit_of_work(house.engine) as connection:
        signing.ask(connection, [99], SigningPart.SEAL, Asked(read_actor(connection, CLERK), "b", world.NOW))


@pytest.mark.parametrize(
    ("trouble", "break_it"),
    [
        ("key_missing", lambda office: next(office.folder.glob("signers/*.p12")).unlink()),
        ("key_locked", lambda office: next(office.folder.glob("signers/*.pass")).write_text("khác")),
        ("key_unreadable", lambda office: next(office.folder.glob("signers/*.p12")).write_bytes(b"nothing")),
        ("key_expired", lambda office: office.add("signers", f"p{world.CHAIRMAN}", "X", 1, until=world.NOW)),
        ("key_purpose", lambda office: office.add("signers", f"p{world.CHAIRMAN}", "X", 1, signs=False)),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_that_cannot_be_used_says_why_and_is_tried_again_when_asked(
    house: Tools, office: Office, trouble: str, break_it: Callable[[Office], object]
) -> None:
    break_it(office)
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    drain(house)
    found = row(house, "signer")
    assert (found.status, found.trouble) == ("failed", trouble)
    told = [one.cause for _, one in Keys(office.folder).troubles(clock.real_now())]
    assert told == ([] if trouble == "key_missing" else [trouble])
    office.add("signers", f"p{world.CHAIRMAN}", "Người ký thử", 1)
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    drain(house)
    assert row(house, "signer").trouble is None
    assert row(house, "signer").status == "done"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_time_stamp_that_cannot_be_had_is_tried_again_by_itself(house: Tools, office: Office) -> None:
    far = replace(house, office=Keys(office.folder, level="B-T", timestamp_url="http://127.0.0.1:9/"))
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    drain(far)
    found = row(house, "signer")
    assert (found.status, found.trouble) == ("queued", "time_stamp")
    drain(house, timedelta(minutes=5))
    assert row(house, "signer").status == "done"


def test_without_keys_the_seal_waits_for_the_signer(house: Tools) -> None:
    ask(house, CLERK, SigningPart.SEAL)
    drain(replace(house, office=None))
    assert (row(house, "seal").status, row(house, "seal").attempts) == ("queued", 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_practice_province_signs_with_keys_of_its_own(house: Tools, tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    make_keys(folder, {f"p{world.CHAIRMAN}": "Người ký"}, "04")
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    drain(replace(house, office=Keys(folder)))
    found = row(house, "signer")
    assert found.subject == "Người ký (THỰC HÀNH)"
    with reading(house.engine) as connection:
        issued = connection.execute(select(P.c.sha256).where(P.c.id == DECISION)).scalar_one()
    signed, before = get(house.storage, found.file_sha256), get(house.storage, issued)
    assert len(examine(signed, before, Keys(folder).trust(), clock.real_now())) == 1
    assert not list(Keys(folder).troubles(clock.real_now()))
