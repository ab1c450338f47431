"""Putting files on a dossier: as a part of it, or as evidence beside indicators from the unit's library."""

from dataclasses import dataclass
from datetime import date, datetime

from obstore.store import ObjectStore
from sqlalchemy import Connection, bindparam, insert, select, update

from casework.desk_work import Sheet, take_up
from casework.errors import NotFound, Refused
from casework.file_check import expected_type, media_type_of
from casework.storage import name_of, put
from casework.upsert import insert_once, upsert
from models.base import table_of
from models.dossiers import DossierPart
from models.evidence import EvidenceItem, EvidenceUse, StoredFile
from workflow.guards import COMMUNE_PARTS
from workflow.names import Part, Stage, Work
from workflow.refusal import refuse

F, ITEM, USE, PART = table_of(StoredFile), table_of(EvidenceItem), table_of(EvidenceUse), table_of(DossierPart)
MADE_BY_COMMUNE = frozenset({*COMMUNE_PARTS, Part.EVIDENCE})
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


def store(connection: Connection, storage: ObjectStore, upload: Upload, now: datetime) -> str:
    """Check and keep a file, and give its hash; the bytes are there before any row speaks of them.

    A file whose bytes are kept already is not checked and written again.
    """
    sha256 = name_of(upload.content)
    kept = connection.execute(select(F.c.media_type).where(F.c.sha256 == sha256)).scalar()
    if kept is None or kept != expected_type(upload.name):
        media_type = media_type_of(upload.name, upload.content)
        put(storage, upload.content)
        row = {"sha256": sha256, "size": len(upload.content), "media_type": media_type, "stored_at": now}
        insert_once(connection, F, row)
    return sha256


def attach_part(
    connection: Connection,
    storage: ObjectStore,
    dossier_id: int,
    part: Part,
    upload: Upload,
    person_id: int,
    now: datetime,
) -> str:
    """File a part that this tier makes; an earlier file of the same part stays, marked as replaced."""
    sheet = take_up(connection, dossier_id, Work.ATTACH_PART, person_id, now)
    if (part in MADE_BY_COMMUNE) is not (sheet.stage is Stage.COMMUNE):
        raise Refused((refuse("part.other_tier", parts=(part,)),))
    sha256 = store(connection, storage, upload, now)
    put_part(connection, sheet, part, sha256, upload.title)
    return sha256


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
    indicators: tuple[str, ...],
    upload: Upload,
    person_id: int,
    now: datetime,
) -> int:
    """Put a new file into the unit's library and beside these indicators, and give the item's id."""
    sheet = take_up(connection, dossier_id, Work.ATTACH_EVIDENCE, person_id, now)
    sha256 = store(connection, storage, upload, now)
    row = {
        "unit_id": sheet.file.row.unit_id,
        "file_sha256": sha256,
        "file_name": upload.name,
        "title": upload.title.strip() or upload.name,
        "expires_on": upload.expires_on,
        **sheet.signature,
    }
    item_id: int = connection.execute(insert(ITEM).returning(ITEM.c.id), row).scalar_one()
    _use(connection, sheet, indicators, item_id)
    return item_id


def reuse_evidence(
    connection: Connection, dossier_id: int, indicators: tuple[str, ...], item_id: int, person_id: int, now: datetime
) -> None:
    """Put an item of the unit's own library beside more indicators."""
    sheet = take_up(connection, dossier_id, Work.ATTACH_EVIDENCE, person_id, now)
    own = select(ITEM.c.id).where(ITEM.c.id == item_id, ITEM.c.unit_id == sheet.file.row.unit_id)
    if connection.execute(own).first() is None:
        raise NotFound(f"evidence {item_id}")
    _use(connection, sheet, indicators, item_id)


def _use(connection: Connection, sheet: Sheet, indicators: tuple[str, ...], item_id: int) -> None:
    rules = sheet.file.facts.rules
    unknown = tuple(code for code in indicators if rules is None or code not in rules.by_code)
    if unknown:
        raise Refused((refuse("answer.unknown_indicator", indicator=", ".join(unknown)),))
    beside = {"dossier_id": sheet.file.row.id, "item_id": item_id, **sheet.signature}
    upsert(connection, USE, *({**beside, "indicator": code} for code in indicators))
