"""The stand-alone check of the record: chains of events held against the published anchors of the days.

It needs nothing but this file, an export of the events and the anchors as they were published, and knows nothing of the
program that wrote them:

    python3 verify_record.py events.jsonl ANCHOR... [--keys keys.json]

An ANCHOR is a published file of a day, or a folder of them. What is hashed, and how, stands in docs/record.md.
"""

import argparse
import base64
import json
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

EVENTS_FORMAT = "dat-chuan-events/1"
ANCHOR_FORMAT = "dat-chuan-anchor/1"
CHAINED = (
    "dossier_id",
    "seq",
    "type",
    "action",
    "from_state",
    "to_state",
    "procedure_id",
    "person_id",
    "person_name",
    "role",
    "unit_id",
    "wording",
    "at",
    "reason",
    "payload",
    "request_key",
    "previous_hash",
)
ADMIN = ("id", "at", "actor_id", "actor_name", "act", "person_id", "details")
SENTENCES = {
    "missing": ("thiếu sự kiện", "event {} is missing"),
    "unlinked": ("không nối tiếp sự kiện trước", "it does not follow from the event before it"),
    "changed": ("nội dung đã bị thay đổi", "its content was changed"),
    "elsewhere": ("thuộc hồ sơ khác", "it belongs to another dossier"),
    "head": ("chuỗi không kết thúc ở nơi hồ sơ ghi", "the end of the chain is not where the dossier says"),
    "twice": ("hồ sơ có mặt hai lần", "the dossier is there twice"),
    "not_anchored": ("neo ngày {} ghi khác", "the anchor of {} vouches for something else"),
    "gone": ("neo ngày {} ghi một chuỗi không còn", "the anchor of {} vouches for a chain that is not there"),
    "admin": (
        "nhật ký quản trị khác neo ngày {}",
        "the administrative acts are not what the anchor of {} says",
    ),
    "anchor_broken": ("tệp neo đã bị thay đổi", "the anchor was changed"),
    "anchor_unlinked": ("tệp neo không nối tiếp tệp trước", "the anchor does not follow from the one before it"),
    "signature": ("chữ ký của tệp neo sai", "the signature of the anchor is not right"),
    "unsigned": ("tệp neo không có chữ ký", "the anchor is not signed"),
    "unreadable": ("tệp không đọc được", "it cannot be read"),
}


class Fault(NamedTuple):
    """One thing that does not add up: of which dossier or anchor, at which place, and the cause with its day."""

    subject: str
    seq: int
    cause: str
    detail: str = ""

    def said(self, language: int = 1) -> str:
        """The cause as a sentence: 0 Vietnamese, 1 English."""
        return SENTENCES[self.cause][language].format(self.detail)


# --- the canonical forms ---


def canonical(value: object) -> bytes:
    """A value as canonical JSON: UTF-8, keys in order, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: object) -> str:
    """The SHA-256 over a value's canonical JSON."""
    return sha256(canonical(value)).hexdigest()


def hash_of(event: Mapping[str, object]) -> str:
    """The SHA-256 over an event's fields in their fixed order."""
    return digest([event[name] for name in CHAINED])


def leaf_of(*named: object) -> str:
    """A leaf of the tree: SHA-256 over a zero byte and the canonical JSON of what it stands for."""
    return sha256(b"\x00" + canonical(list(named))).hexdigest()


def leaf_of_chain(dossier_id: object, seq: object, head: object) -> str:
    """The leaf of a dossier whose chain has so many events and ends in this hash."""
    return leaf_of("dossier", dossier_id, seq, head)


def root_of(leaves: Sequence[str]) -> str:
    """The root of the tree over these leaves: nodes of a one byte and both sides, split at the largest power of two."""
    level = [bytes.fromhex(leaf) for leaf in leaves]
    if not level:
        return sha256(b"").hexdigest()
    while len(level) > 1:  # an odd one out moves up as it is, which splits every tree at the largest power of two
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + level[len(level) // 2 * 2 :]
    return level[0].hex()


# --- what is read ---


@dataclass
class Record:
    """An export of events: whether it holds every dossier, the dossiers, and the administrative acts of a whole one."""

    whole: bool = False
    dossiers: list[dict[str, Any]] = field(default_factory=list)
    acts: list[dict[str, Any]] | None = None


def read_record(lines: Iterable[str]) -> Record:
    """The export of events: a line that says what it is, then a line for each dossier and each administrative act."""
    record = Record()
    for number, line in enumerate(lines):
        entry = json.loads(line)
        if number == 0:
            if entry["format"] != EVENTS_FORMAT:
                raise ValueError(entry["format"])
            record.whole, record.acts = entry["whole"], [] if entry["whole"] else None
        elif "act" in entry and record.acts is not None:
            record.acts.append(entry)
        else:
            record.dossiers.append(entry)
    return record


def read_anchors(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The published anchors, in the order of their numbers."""
    files = [file for path in paths for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    return sorted((json.loads(file.read_text("utf-8")) for file in files), key=lambda one: one["anchor"]["number"])


# --- what is checked ---


def walk(dossier: Mapping[str, Any]) -> Iterator[Fault]:
    """Walk one chain from its first event to its end."""
    code, previous = str(dossier["code"]), ""
    for number, event in enumerate(dossier["events"], 1):
        if event["seq"] != number:
            yield Fault(code, number, "missing", str(number))
            return
        if event["dossier_id"] != dossier["id"]:
            yield Fault(code, number, "elsewhere")
        if event["previous_hash"] != previous:
            yield Fault(code, number, "unlinked")
        if hash_of(event) != event["hash"]:
            yield Fault(code, number, "changed")
        previous = event["hash"]
    if [len(dossier["events"]), previous] != [dossier["event_count"], dossier["head_hash"]]:
        yield Fault(code, len(dossier["events"]), "head")


class Links:
    """The anchors one after the other: each is what it says it is, and follows from the one before."""

    def __init__(self, *, every: bool = False) -> None:
        self.every = every
        self.number, self.hash, self.day = 0, "", ""

    def check(self, published: Mapping[str, Any]) -> Iterator[Fault]:
        """Check the next anchor; unless every one is to be there, those before the first one are not asked for."""
        body = published["anchor"]
        day = str(body["day"])
        if (
            body["format"] != ANCHOR_FORMAT
            or published["hash"] != digest(body)
            or root_of(body["leaves"]) != body["root"]
        ):
            yield Fault(day, body["number"], "anchor_broken")
        follows = (self.number + 1, self.hash) == (body["number"], body["previous"]) and self.day < day
        if (self.every or self.number or body["number"] == 1) and not follows:
            yield Fault(day, body["number"], "anchor_unlinked")
        self.number, self.hash, self.day = body["number"], published["hash"], day


class Chains:
    """The ends that the chains have had, held against one anchor after the other."""

    def __init__(self, dossiers: Iterable[Mapping[str, Any]]) -> None:
        self.ends: dict[str, tuple[str, int]] = {}
        self.moments: dict[str, list[str]] = {}
        self.reached: dict[str, int] = {}
        for dossier in dossiers:
            ends = [(one["dossier_id"], one["seq"], one["hash"], one["at"]) for one in dossier["events"]]
            self.add(str(dossier["code"]), ends)

    def add(self, code: str, events: Iterable[tuple[Any, Any, Any, Any]]) -> None:
        """Add a chain: of each event the dossier's id, its place, its hash and its moment."""
        moments = self.moments.setdefault(code, [])
        for dossier_id, seq, head, at in events:
            self.ends[leaf_of_chain(dossier_id, seq, head)] = (code, seq)
            moments.append(str(at))

    def check(self, body: Mapping[str, Any], *, whole: bool, acts: str = "") -> Iterator[Fault]:
        """Hold every chain against an anchor: all that was settled by then is vouched for, and nothing else is."""
        day, settled = str(body["day"]), str(body["settled"])
        known = [self.ends[leaf] for leaf in body["leaves"] if leaf in self.ends]
        vouched: dict[str, int] = {}
        for code, seq in known:
            vouched[code] = max(seq, vouched.get(code, 0))
        for code, moments in self.moments.items():
            least = max(self.reached.get(code, 0), sum(moment <= settled for moment in moments))
            if vouched.get(code, 0) < least:
                yield Fault(code, least, "not_anchored", day)
        self.reached |= vouched
        strange = sum(leaf not in self.ends and leaf != acts for leaf in body["leaves"])
        if whole and (strange or len(known) != len(vouched)):
            yield Fault("", 0, "gone", day)
        if acts and acts not in body["leaves"]:
            yield Fault("", 0, "admin", day)


class Acts:
    """The administrative acts in the order of their moments, each chained to the one before."""

    def __init__(self, acts: Iterable[Mapping[str, Any]]) -> None:
        self.moments, self.heads = [], [""]
        for act in sorted(acts, key=lambda one: (one["at"], one["id"])):
            self.moments.append(str(act["at"]))
            self.heads.append(digest([*(act[name] for name in ADMIN), self.heads[-1]]))

    def leaf(self, settled: str) -> str:
        """The leaf of the acts up to a moment."""
        count = bisect_right(self.moments, settled)
        return leaf_of("admin", count, self.heads[count])


def verify(record: Record, anchors: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    """Walk every chain, then hold all of them against every anchor."""
    codes = [str(dossier["code"]) for dossier in record.dossiers]
    yield from (Fault(code, 0, "twice") for code in sorted({code for code in codes if codes.count(code) > 1}))
    for dossier in record.dossiers:
        yield from walk(dossier)
    links, chains = Links(), Chains(record.dossiers)
    acts = None if record.acts is None else Acts(record.acts)
    for published in anchors:
        yield from links.check(published)
        body = published["anchor"]
        yield from chains.check(body, whole=record.whole, acts=acts.leaf(str(body["settled"])) if acts else "")


def check_signature(published: Mapping[str, Any], keys: Mapping[str, Any]) -> Iterator[Fault]:
    """The publication key that the anchor names has signed its canonical form."""
    body, signature = published["anchor"], published.get("signature")
    if not signature:
        yield Fault(str(body["day"]), body["number"], "unsigned")
        return
    try:
        keys[published["key_id"]].verify(base64.b64decode(signature), canonical(body))
    except Exception:  # noqa: BLE001 - an unknown key, or whatever the library says: the signature is not right
        yield Fault(str(body["day"]), body["number"], "signature")


# --- the command ---


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the files that are named, print what does not add up, and give 1 when there is anything."""
    parser = argparse.ArgumentParser(prog="verify_record.py", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("events", type=Path, help="the export of the events (events.jsonl)")
    parser.add_argument("anchors", type=Path, nargs="+", help="published anchors, or folders of them")
    parser.add_argument("--keys", type=Path, help="the published keys (keys.json), to check the signatures too")
    asked = parser.parse_args(arguments)
    try:
        with asked.events.open(encoding="utf-8") as lines:
            record = read_record(lines)
        anchors = read_anchors(asked.anchors)
        faults = list(verify(record, anchors))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as wrong:
        sys.stdout.write(f"{SENTENCES['unreadable'][0]} / {SENTENCES['unreadable'][1]}: {wrong}\n")
        return 1
    sentence = "Không kiểm tra chữ ký (thiếu --keys). / Signatures were not checked (no --keys).\n"
    if asked.keys:
        keys, sentence = _load_keys(asked.keys)
        faults += [fault for one in anchors for fault in check_signature(one, keys)] if keys else []
    sys.stdout.write(sentence)
    for fault in faults:
        sys.stdout.write(f"{fault.subject or '-'}, {fault.seq}: {fault.said(0)} / {fault.said(1)}\n")
    events = sum(len(dossier["events"]) for dossier in record.dossiers)
    sys.stdout.write(
        f"{len(record.dossiers)} hồ sơ, {events} sự kiện, {len(anchors)} tệp neo, {len(faults)} sai lệch / "
        f"{len(record.dossiers)} dossiers, {events} events, {len(anchors)} anchors, {len(faults)} findings\n"
    )
    return 1 if faults or not anchors else 0


def _load_keys(path: Path) -> tuple[dict[str, Any], str]:
    """The published keys by their ids, with a sentence of what is checked; none where the library is not there."""
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError:
        return {}, (
            "Chữ ký chưa được kiểm tra: hãy cài thư viện cryptography (pip install cryptography). / "
            "Signatures were not checked: install the library cryptography (pip install cryptography).\n"
        )
    listed = json.loads(path.read_text("utf-8"))["keys"]
    keys = {str(one["id"]): load_pem_public_key(one["pem"].encode()) for one in listed}
    return keys, "Đã kiểm tra chữ ký. / Signatures were checked.\n"


if __name__ == "__main__":
    sys.exit(main())
