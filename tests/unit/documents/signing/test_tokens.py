"""A key on a token signs through its PKCS#11 module; SoftHSM is the token."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11 import Attribute
from pkcs11.util.x509 import decode_x509_certificate

from documents.context import from_plain
from documents.html import samples_of
from documents.pdf import render
from documents.signing.examining import examine
from documents.signing.keys import KeyRing, SigningFault
from documents.signing.trust import read_trust
from documents.signing.writing import Manner, sign
from tests.signing_office import Office, private_key

PLACES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
MODULE = next((place for place in PLACES if Path(place).exists()), PLACES[0])
PIN, NUMBER = "12345678", 3


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A folder in which the seal's key is an address of a token."""
    folder = tmp_path_factory.mktemp("token")
    made = Office(folder / "keys")
    made.trust()
    _fill_token(folder, made)
    seals = made.folder / "seals"
    seals.mkdir()
    (seals / "04.pkcs11").write_text(f"pkcs11:token=Van%20thu;object=seal?module-path={MODULE}\n")
    (seals / "04.pass").write_text(PIN)
    return made


def _fill_token(folder: Path, made: Office) -> None:
    """Make a token with the seal's key and certificate on it."""
    (folder / "tokens").mkdir()
    (folder / "softhsm.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm.conf")
    key = private_key(NUMBER)
    certificate = made.authority.issue("UBND TỈNH CAO BẰNG", key)
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _softhsm("--init-token", "--free", "--label", "Van thu", "--pin", PIN, "--so-pin", PIN)
    named = ("--token", "Van thu", "--label", "seal", "--id", "A1", "--pin", PIN)
    _softhsm("--import", str(folder / "key.pem"), *named)
    described = decode_x509_certificate(certificate.public_bytes(Encoding.DER))
    with pkcs11.lib(MODULE).get_token(token_label="Van thu").open(rw=True, user_pin=PIN) as session:
        session.create_object({**described, Attribute.LABEL: "seal", Attribute.TOKEN: True})


def _softhsm(*words: str) -> None:
    program = shutil.which("softhsm2-util")
    assert program, "script/setup --tests installs softhsm2"
    done = subprocess.run([program, *words], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout


def test_a_key_on_a_token_signs(office: Office) -> None:
    paper = render(from_plain(next(iter(samples_of("withdrawal_letter", 1).values())))).pdf
    now = datetime.now(UTC)
    ring = KeyRing(office.folder)
    key = ring.key("seal", "04", now)
    assert key.holder == "UBND TỈNH CAO BẰNG"
    content = sign(paper, "seal", key, Manner())
    assert [one.subject for one in examine(content, paper, read_trust(office.folder / "roots"), now)] == [key.holder]
    (office.folder / "seals" / "04.pass").write_text("87654321")
    with pytest.raises(SigningFault) as refused:
        ring.key("seal", "04", now)
    assert refused.value.cause == "key_locked"
