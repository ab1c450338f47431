"""The seal of a paper: what it says of each kind, that it is read back, that no letter of it can be another."""

import json
import subprocess
import sys
from base64 import b32encode
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from documents.records import RecognisedUnit
from documents.seal import Seal, facts_of, message_of, plain, read
from settings import ROOT
from tests.photographs import BASE, CODE, KEY_ID, KINDS, photographed, sample, seal_of

UNIT = RecognisedUnit(name="xã Đàm Thủy", place="huyện Trùng Khánh", level_title="đạt chuẩn nông thôn mới", year=2024)
FACTS = {
    "decision": "QD.5.QD-UBND.20260105.XA-HOA-AN-TINH-CAO-BANG.NTM.2025",
    "certificate": "BCN.218.QD-UBND.20250310.XA-NAM-TUAN-HUYEN-HOA-AN.NTM.2024",
    "revocation_decision": "TH.231.QD-UBND.20250320.XA-NAM-TUAN-HUYEN-HOA-AN.NTM.2024",
    "replacement_decision": "TT.240.QD-UBND.20250320.XA-NAM-TUAN-HUYEN-HOA-AN.NTM.2024",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_seal_says_what_the_paper_says(kind: str) -> None:
    assert facts_of(sample(kind)) == FACTS[kind]


def test_several_units_are_counted_and_long_names_cut() -> None:
    assert ".40-XA." in str(facts_of(replace(sample("decision"), units=(UNIT,) * 40)))
    long = replace(UNIT, name="xã " + "Đàm Thủy " * 20)
    unit = str(facts_of(replace(sample("decision"), units=(long,)))).split(".")[4]
    assert (len(unit), unit.startswith("XA-DAM-THUY-DAM")) == (60, True)


def test_a_draft_and_a_letter_bear_no_seal() -> None:
    assert facts_of(replace(sample("decision"), number=None)) is None
    assert facts_of(sample("return_notice")) is None


def test_a_seal_is_read_back_however_it_is_written() -> None:
    seal = seal_of("decision")
    text = seal.text(BASE)
    for written in (text, text.lower(), f" {text}\n", text.split(".VN/")[1]):
        assert read(written) == seal
    for wrong in ("", "https://elsewhere.example", text[:-1], text.replace("/V/", "/W/"), text + "A"):
        assert read(wrong) is None


def test_letters_without_marks() -> None:
    assert plain("Quyết định số 46/QĐ-UBND, xã Ngọc Đào") == "QUYET-DINH-SO-46-QD-UBND-XA-NGOC-DAO"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A file of published keys, and the text of a seal that one of them signed."""
    key, facts = Ed25519PrivateKey.generate(), FACTS["decision"]
    listed = {
        "id": KEY_ID,
        "public_key": key.public_key().public_bytes_raw().hex(),
        "from": "2025-01-02",
        "until": None,
    }
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    path.write_text(json.dumps({"keys": [listed]}))
    return path, Seal(CODE, KEY_ID, facts, key.sign(message_of(CODE, KEY_ID, facts))).text(BASE)


def check(keys: Path, text: str) -> tuple[int, str]:
    command = [sys.executable, "-I", str(ROOT / "script" / "check_paper.py"), str(keys), text]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=keys.parent)
    return done.returncode, done.stdout


def test_the_stand_alone_check_tells_true_from_false(published: tuple[Path, str]) -> None:
    keys, text = published
    code, said = check(keys, text)
    assert (code, "5/QD-UBND" in said, "05/01/2026" in said, "XA HOA AN TINH CAO BANG" in said) == (0, True, True, True)
    for other in (
        text.replace("QD.5.", "QD.6."),
        text.replace("HOA-AN", "HOA-BN"),
        text.replace("7K3Q", "7K3P"),
        text[:-103] + b32encode(bytes(64)).decode().rstrip("="),
        text.replace(KEY_ID, "AAAAAAAA"),
    ):
        assert check(keys, other)[0] == 1, other
    assert check(keys, "https://elsewhere.example")[0] == 2
    assert check(keys.parent / "nothing.json", text)[0] == 2


def test_every_letter_of_the_signed_text_counts(published: tuple[Path, str]) -> None:
    _, text = published
    right = read(text)
    for place in range(text.index("/V/") + 3, len(text) - 1):  # of the last letter two bits say nothing
        letter = "B" if text[place] != "B" else "C"
        changed = read(text[:place] + letter + text[place + 1 :])
        assert changed is None or changed != right


@pytest.mark.parametrize("seed", range(20))
def test_a_photographed_page_yields_its_code(seed: int) -> None:
    assert photographed(seed)
