#!/usr/bin/env python3
"""Check a paper without a network, by the text of its QR code and the file of published keys.

    python3 check_paper.py KEYS.json "TEXT OF THE QR CODE" [PAPER.pdf]

The file of keys comes from the page of the province's keys, taken beforehand; the text is what any program for QR
codes reads from the paper. It needs the package `cryptography` and nothing of this project. It ends with 0 when the
province's key signed exactly these words, with 1 when not, with 2 when something could not be read.

The check says that the province issued such a paper; the public page says whether it was revoked or replaced since.
"""

import hashlib
import json
import re
import sys
from base64 import b32decode
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SHAPE = re.compile(r".*/V/([0-9A-Z]{1,20})/([A-Z2-7]{8})/([0-9A-Z.-]{1,200})/([A-Z2-7]{103})", re.DOTALL)
KINDS = {
    "QD": "Quyết định công nhận / decision of recognition",
    "BCN": "Bằng công nhận / certificate of recognition",
    "KCN": "Quyết định không công nhận / decision not to recognise",
    "TH": "Quyết định thu hồi / decision of revocation",
    "TT": "Quyết định thay thế / decision of replacement",
    "SY": "Bản sao y / true copy",
    "SL": "Bản sao lục / copy of a true copy",
    "TRS": "Bản trích sao / extract",
}
COPIES = ("SY", "SL", "TRS")
LEVELS = {"NTM": "nông thôn mới", "NC": "nông thôn mới nâng cao", "KM": "nông thôn mới kiểu mẫu", "HD": "hiện đại"}


def main(arguments: list[str]) -> int:
    """Check the text of a QR code against the published keys, and tell what it says."""
    if len(arguments) not in {2, 3}:
        say(str(__doc__))
        return 2
    found = SHAPE.fullmatch(arguments[1].strip().upper())
    try:
        keys = {one["id"]: one for one in json.loads(Path(arguments[0]).read_text("utf-8"))["keys"]}
    except (OSError, ValueError, KeyError) as wrong:
        say(f"Không đọc được tệp khóa / the file of keys cannot be read: {wrong}")
        return 2
    if found is None:
        say("Đây không phải nội dung mã QR của một văn bản / this is not the text of a paper's QR code")
        return 2
    code, key_id, facts, signature = found.groups()
    if key_id not in keys:
        say(f"Không có khóa {key_id} trong tệp khóa / there is no key {key_id} in the file: take the latest file")
        return 1
    if not is_signed(keys[key_id]["public_key"], f"dat-chuan-paper-1\n{code}/{key_id}/{facts}", signature):
        say("SAI: chữ ký không khớp, văn bản không do tỉnh phát hành như vậy / FALSE: the signature does not fit")
        return 1
    tell(code, keys[key_id], facts)
    if len(arguments) == 3:
        say(f"  SHA-256: {hashlib.sha256(Path(arguments[2]).read_bytes()).hexdigest()}")
    return 0


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def is_signed(public_key: str, message: str, signature: str) -> bool:
    """Whether the private half of a key signed a message."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(b32decode(signature + "="), message.encode())
    except InvalidSignature:
        return False
    return True


def tell(code: str, key: dict[str, str], facts: str) -> None:
    """Print what the paper must say; compare it with what is printed there."""
    kind, number, symbol, day, unit, level, year = facts.split(".")
    say("ĐÚNG: tỉnh đã ký những nội dung sau / TRUE: the province signed the following")
    about = (("Đơn vị / unit", unit.replace("-", " ")), ("Mức / title", f"{LEVELS.get(level, level)} {year}"))
    copied = (
        ("Sao từ / copy of", f"{level.replace('-', ' ')} {unit.replace('-', '/', 1)}"),
        ("Ngày / of", dated(year)),
    )
    for name, value in (
        ("Loại / kind", KINDS.get(kind, kind)),
        ("Số / number", f"{number}/{symbol}"),
        ("Ngày ký / signed on", dated(day)),
        *(copied if kind in COPIES else about),
        ("Mã tra cứu / look-up code", code.lower()),
        ("Khóa / key", f"{key['id']} ({key['from'][:10]} – {(key['until'] or '')[:10]})"),
    ):
        say(f"  {name}: {value}")


def dated(day: str) -> str:
    """A day as it is read: 10/03/2025."""
    return f"{day[6:]}/{day[4:6]}/{day[:4]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
