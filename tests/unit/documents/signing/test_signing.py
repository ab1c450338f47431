"""Signatures on a paper at each level: validated by the library and by `pdfsig`; one changed byte anywhere is found."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import NameObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfTimeStamper
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pypdfium2 import PdfDocument

from documents.signing import writing
from documents.signing.examining import NotSigned, examine
from documents.signing.keys import Key
from documents.signing.office import Level
from documents.signing.trust import Trust
from documents.signing.writing import Manner, sign
from tests.signed_paper import NOW, covered, missed_flips, signed_paper
from tests.signing_office import YEARS, Authority, Office, stroke

FLIPS, SEED = 25, 20261126  # script/soak tries ten thousand
LASTING_FLIPS = 12


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("keys"))
    made.trust(lists=True)
    return made


@pytest.fixture(scope="module")
def paper() -> bytes:
    """A short paper as it is issued."""
    return signed_paper().issued


@pytest.fixture(scope="module")
def signed() -> bytes:
    """The paper signed and sealed at B-B."""
    return signed_paper().content


@pytest.fixture(scope="module")
def trust() -> Trust:
    return signed_paper().trust


@pytest.fixture(scope="module")
def keys() -> tuple[Key, Key]:
    return signed_paper().signer, signed_paper().seal


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


def test_a_changed_bit_anywhere_is_found() -> None:
    assert missed_flips(FLIPS, SEED) == []


def test_at_b_lta_the_last_time_stamp_covers_every_byte_and_a_changed_bit_is_found() -> None:
    paper = signed_paper("B-LTA")
    ranges = covered(paper.content)
    assert [kind for kind, _, _ in ranges] == ["/Sig", "/Sig", "/DocTimeStamp"]
    assert {start for _, start, _ in ranges} == {0}
    assert ranges[-1][2] == len(paper.content), "the proof of both signatures and of the stamp lies before the stamp"
    assert len(paper.issued) < ranges[0][2] < ranges[1][2] < ranges[2][2]
    assert missed_flips(LASTING_FLIPS, SEED, "B-LTA") == []


@pytest.mark.parametrize(("level", "flips"), [("B-B", FLIPS), ("B-LTA", LASTING_FLIPS)])
def test_a_changed_bit_of_the_last_signature_itself_is_found(level: Level, flips: int) -> None:
    """Its frame and the certificates beside it are covered by nothing; they are held to what the standard demands."""
    assert missed_flips(flips, SEED, level, in_last=True) == []


def test_proof_behind_the_last_time_stamp_is_refused() -> None:
    """A revision that only brings more proof, which the library takes, but which no time stamp covers."""
    paper = signed_paper("B-LTA")
    writer = IncrementalPdfFileWriter(BytesIO(paper.content))
    store = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(paper.content)))
    writer.root["/DSS"] = writer.add_object(store.as_pdf_object())
    writer.update_root()
    longer = BytesIO()
    writer.write(longer)
    examine(paper.content, paper.issued, paper.trust, paper.moment)
    assert refusal_of(longer.getvalue(), paper.issued, paper.trust, paper.moment) == "changed"


def test_a_time_stamp_over_the_file_by_nobody_who_is_trusted_is_refused(
    office: Office, paper: bytes, signed: bytes, trust: Trust, tmp_path: Path
) -> None:
    foreign = Office(tmp_path, Authority("Cơ quan khác", number=5))
    moment = datetime.now(UTC)
    examine(stamped(signed, office), paper, trust, moment)
    assert refusal_of(stamped(signed, foreign), paper, trust, moment) == "untrusted"


def stamped(content: bytes, office: Office) -> bytes:
    """The file with a time stamp over all of it by the office's authority."""
    stamper = PdfTimeStamper(office.stamper())
    longer: BytesIO = stamper.timestamp_pdf(IncrementalPdfFileWriter(BytesIO(content)), "sha256")
    return longer.getvalue()


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
    cause: str, make: Callable[[bytes, bytes], bytes], paper: bytes, signed: bytes, trust: Trust
) -> None:
    assert refusal_of(make(paper, signed), paper, trust) == cause


def refusal_of(content: bytes, paper: bytes, trust: Trust, moment: datetime = NOW) -> str:
    with pytest.raises(NotSigned) as refused:
        examine(content, paper, trust, moment)
    return refused.value.cause


def test_a_change_that_is_signed_over_is_found(paper: bytes, keys: tuple[Key, Key], trust: Trust) -> None:
    """The signature covers the whole file, and the file begins with the issued bytes; yet the page says more."""
    writer = IncrementalPdfFileWriter(BytesIO(paper))
    page = writer.root["/Pages"]["/Kids"][0]
    page[NameObject("/Rotate")] = NumberObject(180)
    writer.update_container(page)
    turned = BytesIO()
    writer.write(turned)
    assert refusal_of(sign(turned.getvalue(), "signer", keys[0], Manner()), paper, trust) == "changed"


def test_what_follows_the_last_signature_is_found(paper: bytes, signed: bytes, trust: Trust) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    append_signature_field(writer, SigFieldSpec("Them", on_page=0, box=(10, 10, 60, 60)))
    more = BytesIO()
    writer.write(more)
    assert refusal_of(more.getvalue(), paper, trust) == "changed"


def test_a_picture_that_could_hide_the_text_is_refused(
    paper: bytes, keys: tuple[Key, Key], trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = replace(keys[0], image=stroke())
    assert len(examine(sign(paper, "signer", drawn, Manner()), paper, trust, NOW)) == 1
    monkeypatch.setattr(writing, "signature_box", lambda *_: (0, 0, 595, 500))
    assert refusal_of(sign(paper, "signer", drawn, Manner()), paper, trust) == "covers_text"


def test_whose_certificate_is_not_good_enough(paper: bytes, signed: bytes, trust: Trust) -> None:
    assert refusal_of(signed, paper, Trust()) == "untrusted"
    assert refusal_of(signed, paper, trust, NOW + 2 * YEARS) == "expired"
    revoking = Authority(revoked=[1 + sum("Hoàng Xuân Thành".encode())])
    lists = replace(trust, revoked=(revoking.revocation_list(),))
    assert refusal_of(signed, paper, lists) == "revoked"
