"""Putting files on a dossier: as a part of it, or as evidence beside indicators from the unit's library."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from obstore.store import ObjectStore
from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, update

from casework.desk_work import Sheet, take_up
from casework.errors import NotFound, Refused
from casework.file_check import expected_type, media_type_of
from casework.storage import is_kept, name_of, put
from casework.upsert import insert_once, upsert
from models.base import table_of
from models.dossiers import DossierPart
from models.evidence import EvidenceItem, EvidenceUse, StoredFile
from queries.lineage import same_units
from workflow.guards import COMMUNE_PARTS
from workflow.names import Part, Stage, Work
from workflow.refusal import refuse

F, ITEM, USE, PART = table_of(StoredFile), table_of(EvidenceItem), table_of(EvidenceUse), table_of(DossierPart)
MADE_BY_COMMUNE = frozenset({*COMMUNE_PARTS, Part.EVIDENCE})
_KEPT = select(F.c.media_type).where(F.c.sha256 == bindparam("name"))
_ADD_ITEM = insert(ITEM).returning(ITEM.c.id)
_ADD_PART = insert(PART)
_REPLACE_PART = (
    update(PART)
    .where(PART.c.dossier_id == bindparam("this_dossier"), PART.c.part == bindparam("this_part"))
    .where(PART.c.replaced_at.is_(None))
    .values(replaced_at=bindparam("moment"))
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: its name at the sender's, a title, its bytes, and when it ceases to prove anything."""

    name: str
    title: str
    content: bytes
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """A file that is kept already: under which name, with which title, and until when it proves anything."""

    name: str
    title: str
    expires_on: date | None = None


def store(connection: Connection, storage: ObjectStore, upload: Upload, now: datetime) -> str:
    """Check and keep a file, and give its hash; the bytes are there before any row speaks of them.

    A file whose bytes are kept already is not checked and written again, unless they are gone or were cut off.
    """
    sha256 = name_of(upload.content)
    kept = connection.execute(_KEPT, {"name": sha256}).scalar()
    if kept is None or kept != expected_type(upload.name):
        media_type = media_type_of(upload.name, upload.content)
        put(storage, upload.content)
        row = {"sha256": sha256, "size": len(upload.content), "media_type": media_type, "stored_at": now}
        insert_once(connection, F, row)
    elif not is_kept(storage, sha256, len(upload.content)):
        put(storage, upload.content)
    return sha256


def attach_parts(
    connection: Connection,
    storage: ObjectStore,
    dossier_id: int,
    uploads: Mapping[Part, Upload],
    person_id: int,
    now: datetime,
) -> None:
    """File parts that this tier makes; an earlier file of the same part stays, marked as replaced."""
    sheet = take_up(connection, dossier_id, Work.ATTACH_PART, person_id, now)
    others = tuple(part for part in uploads if (part in MADE_BY_COMMUNE) is not (sheet.stage is Stage.COMMUNE))
    if others:
        raise Refused((refuse("part.other_tier", parts=others),))
    for part, upload in uploads.items():
        put_part(connection, sheet, part, store(connection, storage, upload, now), upload.title)


def put_part(connection: Connection, sheet: Sheet, part: Part, sha256: str, title: str) -> None:
    """Make a stored file the current one of a part."""
    of_dossier = {"this_dossier": sheet.file.row.id, "this_part": part.value, "moment": sheet.now}
    connection.execute(_REPLACE_PART, of_dossier)
    row = {"dossier_id": sheet.file.row.id, "part": part.value, "file_sha256": sha256, "title": title}
    connection.execute(_ADD_PART, {**row, **sheet.signature})


def attach_evidence(
    connection: Connection,
    storage: ObjectStore,
    dossier_id: int,
    proofs: Iterable[tuple[Upload, tuple[str, ...]]],
    person_id: int,
    now: datetime,
) -> None:
    """Put new files into the unit's library and each beside the indicators that it proves: all of them, or none."""
    sheet = take_up(connection, dossier_id, Work.ATTACH_EVIDENCE, person_id, now)
    for upload, indicators in proofs:
        item_id = _add_item(connection, sheet, store(connection, storage, upload, now), upload)
        _use(connection, sheet, indicators, item_id)


def _add_item(connection: Connection, sheet: Sheet, sha256: str, of: Upload | Described) -> int:
    """Put a stored file into the unit's library with its title and its last day."""
    row = {"unit_id": sheet.file.row.unit_id, "file_sha256": sha256, **sheet.signature}
    described = {"file_name": of.name, "title": of.title.strip() or of.name, "expires_on": of.expires_on}
    item_id: int = connection.execute(_ADD_ITEM, {**row, **described}).scalar_one()
    return item_id


def reuse_evidence(
    connection: Connection, dossier_id: int, indicators: tuple[str, ...], item_id: int, person_id: int, now: datetime
) -> None:
    """Put an item of the unit's own library beside more indicators."""
    sheet = take_up(connection, dossier_id, Work.ATTACH_EVIDENCE, person_id, now)
    own = select(ITEM.c.id).where(ITEM.c.id == item_id, ITEM.c.unit_id.in_(same_units(sheet.file.row.unit_id)))
    if connection.execute(own).first() is None:
        raise NotFound(f"evidence {item_id}")
    _use(connection, sheet, indicators, item_id)


def remove_evidence(
    connection: Connection, dossier_id: int, indicator: str, item_id: int, person_id: int, now: datetime
) -> None:
    """Take an item off an indicator; it stays in the library, and that it stood there stays on record."""
    take_up(connection, dossier_id, Work.ATTACH_EVIDENCE, person_id, now)
    if not _take_off(connection, dossier_id, item_id, now, USE.c.indicator == indicator):
        raise NotFound(f"evidence {item_id} at {indicator}")


def amend_evidence(
    connection: Connection,
    storage: ObjectStore,
    dossier_id: int,
    item_id: int,
    amended: Upload | Described,
    person_id: int,
    now: datetime,
) -> int:
    """Put another file, title or last day in the place of an item, beside each indicator that it proves here.

    The earlier item stays as it was, for the library and for other dossiers. Gives the id of the new one.
    """
    sheet = take_up(connection, dossier_id, Work.ATTACH_EVIDENCE, person_id, now)
    library = ITEM.c.unit_id.in_(same_units(sheet.file.row.unit_id))
    earlier = connection.execute(select(ITEM.c.file_sha256).where(ITEM.c.id == item_id, library)).first()
    indicators = _take_off(connection, dossier_id, item_id, now) if earlier else ()
    if earlier is None or not indicators:
        raise NotFound(f"evidence {item_id}")
    if isinstance(amended, Upload):
        new_id = _add_item(connection, sheet, store(connection, storage, amended, now), amended)
    else:
        new_id = _add_item(connection, sheet, earlier.file_sha256, amended)
    _use(connection, sheet, indicators, new_id)
    return new_id


def _take_off(
    connection: Connection, dossier_id: int, item_id: int, now: datetime, *which: ColumnElement[bool]
) -> tuple[str, ...]:
    """Note that an item no longer stands beside these indicators of a dossier, and give those where it stood."""
    standing = (USE.c.dossier_id == dossier_id, USE.c.item_id == item_id, USE.c.removed_at.is_(None))
    taken = update(USE).where(*standing, *which).values(removed_at=now).returning(USE.c.indicator)
    return tuple(connection.execute(taken).scalars())


def _use(connection: Connection, sheet: Sheet, indicators: tuple[str, ...], item_id: int) -> None:
    rules = sheet.file.rules
    unknown = tuple(code for code in indicators if rules is None or code not in rules.by_code)
    if unknown:
        raise Refused((refuse("answer.unknown_indicator", indicator=", ".join(unknown)),))
    beside = {"dossier_id": sheet.file.row.id, "item_id": item_id, "removed_at": None, **sheet.signature}
    upsert(connection, USE, *({**beside, "indicator": code} for code in indicators))
