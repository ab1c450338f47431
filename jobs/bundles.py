"""Making a whole dossier as one file: read piece by piece into a file of the machine, then put into the storage."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from casework import bundling, clock
from casework.owed import Task
from casework.storage import PIECE, put_made, stream
from casework.unit_of_work import reading, unit_of_work
from documents import verify_record
from documents.binding import Binder
from documents.context import to_json
from documents.kinds import DossierIndex
from documents.press import press
from documents.records import IndexLine, IndexStep
from documents.whole import Fields, index_page, to_xml
from jobs.tools import Tools
from models.keys import search_key
from queries.anchors import every_published, record_lines
from queries.bundles import path_of
from queries.days import day_of
from queries.dossiers import ENDINGS
from queries.publication import key_file, published_keys
from queries.whole import Item, Whole, read_whole
from workflow.names import Bundled

FOLDERS = {"papers": "van-ban", "parts": "thanh-phan", "evidence": "minh-chung", "minutes": "bien-ban"}
TOLD_EVERY_SECONDS = 0.5
NOT_MADE, NOT_FOUND, NOT_BOUND = "chưa tạo", "không đọc được", "chỉ có trong tệp ZIP"
MOMENT = "%d/%m/%Y %H:%M"
LONGEST_SLUG = 60


@dataclass
class Making:
    """A bundle in the making: of which dossier, with which tools, in which folder, and how far it is."""

    task: Task
    tools: Tools
    whole: Whole
    today: date
    folder: Path
    done: int = 0
    told: float = 0.0
    places: dict[int, str] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """How many steps it takes: one for each document, and two around them."""
        return len(self.whole.items) + 2

    def step(self) -> None:
        """One step more; told at most twice a second."""
        self.done += 1
        if time.monotonic() - self.told < TOLD_EVERY_SECONDS:
            return
        self.told = time.monotonic()
        with unit_of_work(self.tools.engine) as connection:
            bundling.tell(connection, self.task, self.done, self.steps, clock.now(connection))


def make(task: Task, tools: Tools) -> None:
    """Make what was asked for, and keep it with its size and hash."""
    with reading(tools.engine) as connection:
        whole, today = read_whole(connection, task.row.dossier_id), day_of(clock.now(connection))
    with TemporaryDirectory(prefix="bundle-") as name:
        making = Making(task, tools, whole, today, Path(name))
        target = Path(name) / "made"
        MAKERS[Bundled(task.row.kind)](making, target)
        size, digest = target.stat().st_size, _digest_of(target)
        put_made(tools.storage, path_of(task.row.id, task.row.kind), target)
    with unit_of_work(tools.engine) as connection:
        bundling.keep(connection, task, size, digest)


# --- the archive ---


def _zip(making: Making, target: Path) -> None:
    """All documents with the index, the events, the anchors, the keys, the check, and a manifest of hashes."""
    with ZipFile(target, "w", ZIP_DEFLATED, strict_timestamps=False) as archive:
        members: dict[str, str] = {}
        for number, item in enumerate(making.whole.items, 1):
            name = name_in_archive(number, item)
            making.places[number] = _add(archive, members, name, item, making) or name
            making.step()
        index = index_of(making)
        _write(archive, members, "index.html", index_page(index).encode())
        _write(archive, members, "index.pdf", press().print(to_json(index)).pdf)
        _write(archive, members, "dossier.xml", xml_of(making))
        making.step()
        with reading(making.tools.engine) as connection:
            _write(archive, members, "events.jsonl", b"".join(record_lines(connection, making.whole.id)))
            for day, content in every_published(connection, day_of(making.whole.opened_at)):
                _write(archive, members, f"anchors/{day.isoformat()}.json", content)
            _write(archive, members, "keys.json", key_file(published_keys(connection)).encode())
        _write(archive, members, "verify_record.py", Path(verify_record.__file__).read_bytes())
        _write(archive, {}, "manifest.json", _manifest(making.whole, members))


def name_in_archive(number: int, item: Item) -> str:
    """Where a document lies in the archive: its folder, its number in time order, and what it is in plain letters."""
    slug = search_key(item.title).replace(" ", "-")[:LONGEST_SLUG].strip("-")
    return f"{FOLDERS[item.group]}/{number:03d}-{slug}{ENDINGS.get(item.media_type, '')}"


def _add(archive: ZipFile, members: dict[str, str], name: str, item: Item, making: Making) -> str:
    """Add a document piece by piece; what stands in its place is said when it is not there."""
    if item.digest is None:
        return NOT_MADE
    pieces = stream(making.tools.storage, item.digest)
    try:
        first = next(pieces, b"")
    except FileNotFoundError:
        return NOT_FOUND
    entry = ZipInfo(name, item.local.timetuple()[:6])
    entry.compress_type, entry.external_attr = ZIP_STORED, 0o644 << 16
    found = sha256(first)
    with archive.open(entry, "w", force_zip64=True) as member:
        member.write(first)
        for piece in pieces:
            found.update(piece)
            member.write(piece)
    members[name] = found.hexdigest()
    return ""


def _write(archive: ZipFile, members: dict[str, str], name: str, content: bytes) -> None:
    archive.writestr(name, content)
    members[name] = sha256(content).hexdigest()


def _manifest(whole: Whole, members: Mapping[str, str]) -> bytes:
    return json.dumps({"dossier": whole.code, "sha256": members}, ensure_ascii=False, indent=1).encode()


# --- one paged file ---


def _pdf(making: Making, target: Path) -> None:
    """Every document that has pages, numbered through, behind the index."""
    with Binder(making.whole.code) as binder:
        for number, item in enumerate(making.whole.items, 1):
            page = binder.pages + 1
            making.places[number] = _bind(binder, number, item, making) or f"tr. {page}"
            making.step()
        binder.save(press().print(to_json(index_of(making))).pdf, target)


def _bind(binder: Binder, number: int, item: Item, making: Making) -> str:
    if item.digest is None:
        return NOT_MADE
    path = making.folder / f"{number}"
    try:
        with path.open("wb") as out:
            out.writelines(stream(making.tools.storage, item.digest))
    except FileNotFoundError:
        return NOT_FOUND
    return "" if binder.add(path, item.media_type) else NOT_BOUND


def _xml(making: Making, target: Path) -> None:
    """The data of the dossier, its documents and events."""
    target.write_bytes(xml_of(making))


MAKERS = {Bundled.ZIP: _zip, Bundled.PDF: _pdf, Bundled.XML: _xml}


# --- what is listed ---


def index_of(making: Making) -> DossierIndex:
    """The facts of the index."""
    whole = making.whole
    return DossierIndex(
        dossier=whole.code,
        unit=whole.unit,
        title=whole.title,
        state=whole.state,
        procedure=whole.procedure,
        printed_on=making.today,
        documents=tuple(_line(making, number, item) for number, item in enumerate(whole.items, 1)),
        events=tuple(
            IndexStep(
                seq=one.seq,
                at=one.local.strftime(MOMENT),
                what=one.what,
                who=f"{one.person}, {one.office}, {one.unit}",
                reason=one.reason,
            )
            for one in whole.steps
        ),
        practice=whole.practice,
    )


def _line(making: Making, number: int, item: Item) -> IndexLine:
    place = making.places.get(number, "")
    digest = "" if place in {NOT_MADE, NOT_FOUND} else item.digest or ""
    made_on = item.local.strftime(MOMENT)
    return IndexLine(number=number, name=item.title, by=item.person, made_on=made_on, place=place, sha256=digest)


def xml_of(making: Making) -> bytes:
    """A dossier's metadata by Decree 30/2020, Annex VI, with its documents and events in time order."""
    whole = making.whole
    dossier = {
        "FileNotation": whole.code,
        "OrganId": whole.unit_code,
        "OrganName": whole.unit,
        "Subject": f"{whole.unit} – {whole.title}",
        "State": whole.state,
        "Procedure": whole.procedure,
        "OpenedAt": whole.opened_at.isoformat(),
    }
    documents = (_document(making, number, item) for number, item in enumerate(whole.items, 1))
    return to_xml(dossier, documents, _events(whole))


def _document(making: Making, number: int, item: Item) -> Fields:
    return {
        "DocOrdinal": str(number),
        "FileNotation": making.whole.code,
        "TypeName": item.group,
        "CodeNumber": f"{item.number:02d}" if item.number else "",
        "CodeNotation": item.symbol,
        "IssuedDate": item.signed_on.strftime("%d/%m/%Y") if item.signed_on else "",
        "OrganName": item.organ,
        "Subject": item.title,
        "FullName": item.person,
        "PageAmount": str(item.pages or ""),
        "MadeAt": item.at.isoformat(),
        "MediaType": item.media_type,
        "Sha256": item.digest or "",
        "Place": making.places.get(number, ""),
    }


def _events(whole: Whole) -> Iterator[Fields]:
    for one in whole.steps:
        yield {
            "Ordinal": str(one.seq),
            "At": one.at.isoformat(),
            "Type": one.type,
            "Subject": one.what,
            "FullName": one.person,
            "Position": one.office,
            "OrganName": one.unit,
            "Reason": one.reason,
            "State": one.state,
        }


def _digest_of(path: Path) -> str:
    digest: Any = sha256()
    with path.open("rb") as content:
        while piece := content.read(PIECE):
            digest.update(piece)
    found: str = digest.hexdigest()
    return found
