"""Signatures on a paper at each level: validated by the library and by `pdfsig`; one changed byte anywhere is found."""

import random
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from documents.context import from_plain
from documents.html import samples_of
from documents.pdf import render
from documents.signing.examining import NotSigned, examine
from documents.signing.keys import Key, KeyRing
from documents.signing.office import Level
from documents.signing.trust import Trust, read_trust
from documents.signing.writing import Manner, sign
from tests.signing_office import Office

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
FLIPS, SEED = 100, 20261126


@pytest.fixture(scope="module")
def paper() -> bytes:
    """A short paper as it is issued."""
    sample = next(iter(samples_of("withdrawal_letter", 1).values()))
    return render(replace(from_plain(sample), draft=False)).pdf


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("keys"))
    made.trust(lists=True)
    made.add("signers", "tinh.chutich", "Hoàng Xuân Thành", 1)
    made.add("seals", "04", "UBND TỈNH CAO BẰNG", 2)
    return made


@pytest.fixture(scope="module")
def keys(office: Office) -> tuple[Key, Key]:
    ring = KeyRing(office.folder)
    return ring.key("signer", "tinh.chutich", NOW), ring.key("seal", "04", NOW)


@pytest.fixture(scope="module")
def trust(office: Office) -> Trust:
    return read_trust(office.folder / "roots")


@pytest.fixture(scope="module")
def signed(paper: bytes, keys: tuple[Key, Key]) -> bytes:
    """The paper signed and sealed at B-B."""
    return sign(sign(paper, "signer", keys[0], Manner()), "seal", keys[1], Manner())


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
def test_each_level_validates(
    level: Level, paper: bytes, keys: tuple[Key, Key], office: Office, trust: Trust, tmp_path: Path
) -> None:
    manner = Manner(level, None if level == "B-B" else office.stamper(), trust)
    content = sign(sign(paper, "signer", keys[0], manner), "seal", keys[1], manner)
    seen = examine(content, paper, trust, datetime.now(UTC))
    assert [one.subject for one in seen] == ["Hoàng Xuân Thành", "UBND TỈNH CAO BẰNG"]
    assert {one.issuer for one in seen} == {"Cơ quan chứng thực thử"}
    assert {one.stamped for one in seen} == {level != "B-B"}
    assert (b"/DSS" in content, b"/DocTimeStamp" in content) == (level in {"B-LT", "B-LTA"}, level == "B-LTA")
    said = pdfsig(content, tmp_path)
    assert said.count("Signature is Valid.") == 2
    assert said.count("Signature Type: ETSI.CAdES.detached") == 2


def pdfsig(content: bytes, folder: Path) -> str:
    """What poppler says of the signatures of a file."""
    place = folder / "signed.pdf"
    place.write_bytes(content)
    program = shutil.which("pdfsig")
    assert program, "script/setup --tests installs poppler-utils"
    return subprocess.run([program, "-nocert", place], check=False, capture_output=True, text=True).stdout


def test_the_issued_bytes_stay_and_nothing_is_drawn_without_an_image(paper: bytes, signed: bytes) -> None:
    assert signed.startswith(paper)
    assert picture(paper) == picture(signed)


def picture(content: bytes) -> bytes:
    """The last page as an image."""
    with PdfDocument(content) as opened:
        return bytes(opened[len(opened) - 1].render(scale=1).to_pil().tobytes())


def test_a_changed_byte_anywhere_is_found(paper: bytes, signed: bytes, trust: Trust) -> None:
    chance = random.Random(SEED)
    for place in chance.sample(range(len(signed)), FLIPS):
        changed = bytearray(signed)
        changed[place] ^= 1 << chance.randrange(8)
        with pytest.raises(NotSigned):
            examine(bytes(changed), paper, trust, NOW)


@pytest.mark.parametrize(
    ("cause", "make"),
    [
        ("not_pdf", lambda paper, _: b"PK\x03\x04" + paper),
        ("other_file", lambda paper, signed: signed.replace(b"%PDF-1.7", b"%PDF-1.6", 1)),
        ("unsigned", lambda paper, _: paper),
        ("unsigned", lambda paper, _: paper + b"\n% nothing\n"),
        ("broken", lambda _, signed: signed[:-200]),
    ],
)
def test_what_is_not_the_signed_paper_is_refused(
    cause: str, make: object, paper: bytes, signed: bytes, trust: Trust
) -> None:
    assert callable(make)
    assert refusal_of(make(paper, signed), paper, trust) == cause


def refusal_of(content: bytes, paper: bytes, trust: Trust, moment: datetime = NOW) -> str:
    with pytest.raises(NotSigned) as refused:
        examine(content, paper, trust, moment)
    return refused.value.cause
