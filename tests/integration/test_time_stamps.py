"""Time stamps fetched over HTTP from an authority on this machine: at each level, and in each way that goes wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import clock
from casework.storage import get
from casework.unit_of_work import reading
from documents.signing import stamping
from documents.signing.examining import examine
from documents.signing.office import Level
from documents.signing.office import Office as Keys
from jobs.tools import Tools
from queries.wording import label
from tests import world
from tests.integration.test_signing import CLERK, DECISION, P, ask, drain, house, office, row
from tests.signing_office import Office
from tests.stamping import Server, serving
from workflow.names import SigningPart

__all__ = ["house", "office"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def authority(office: Office) -> Iterator[Server]:
    office.trust(lists=True)
    with serving(office) as server:
        yield server


def stamped(house: Tools, office: Office, authority: Server, level: Level = "B-T") -> Tools:
    return replace(house, office=Keys(office.folder, level=level, timestamp_url=authority.url))


@pytest.mark.parametrize("level", ["B-T", "B-LTA"])
def test_both_signatures_bear_the_authoritys_time(
    house: Tools, office: Office, authority: Server, level: Level
) -> None:
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    ask(house, CLERK, SigningPart.SEAL)
    drain(stamped(house, office, authority, level))
    with reading(house.engine) as connection:
        issued = connection.execute(select(P.c.sha256).where(P.c.id == DECISION)).scalar_one()
    sealed = get(house.storage, row(house, "seal").file_sha256)
    seen = examine(sealed, get(house.storage, issued), Keys(office.folder).trust(), clock.real_now())
    assert [one.stamped for one in seen] == [True, True]
    assert (row(house, "signer").stamped, row(house, "seal").stamped) == (True, True)
    assert authority.asked >= 2
    assert (b"/DocTimeStamp" in sealed) == (level == "B-LTA")


WRONG = "không phải là dấu thời gian"
WAYS = {
    "refuse": ("time_stamp_refused", "từ chối"),
    "late": ("time_stamp", "Chưa lấy được dấu thời gian"),
    "down": ("time_stamp", "Chưa lấy được dấu thời gian"),
    "page": ("time_stamp_wrong", WRONG),
    "noise": ("time_stamp_wrong", WRONG),
    "other moment": ("time_stamp_wrong", WRONG),
    "other bytes": ("time_stamp_wrong", WRONG),
}


def test_what_goes_wrong_is_told_and_tried_again_and_nothing_is_half_signed(
    house: Tools, office: Office, authority: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamping, "SECONDS", 0.5)
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    ask(house, CLERK, SigningPart.SEAL)
    for tries, (way, (trouble, said)) in enumerate(WAYS.items(), 1):
        authority.way = way
        drain(stamped(house, office, authority), timedelta(hours=tries))
        signer, seal = row(house, "signer"), row(house, "seal")
        found = (signer.status, signer.attempts, signer.trouble, signer.file_sha256)
        assert found == ("queued", tries, trouble, None), way
        assert (seal.status, seal.attempts) == ("queued", 0)
        told = label("signing_troubles", trouble, "vi")
        assert said in told
        assert "tự thử lại" in told
    authority.way = "stamp"
    drain(stamped(house, office, authority), timedelta(days=1))
    assert [row(house, part).status for part in ("signer", "seal")] == ["done", "done"]
    assert row(house, "signer").trouble is None
