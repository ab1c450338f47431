"""The library of evidence of a unit, by whatever name: every file filed for any of its dossiers, the newest first."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, and_, select

from models.base import table_of
from models.evidence import EvidenceItem, EvidenceUse, StoredFile
from models.keys import search_key
from models.people import Person
from queries.days import VIETNAM
from queries.lineage import same_units

ITEM, USE, F, P = table_of(EvidenceItem), table_of(EvidenceUse), table_of(StoredFile), table_of(Person)
PAGE = 25


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the library, and the indicators of one dossier beside which it stands already."""

    id: int
    title: str
    file_name: str
    digest: str
    media_type: str
    size: int
    expires_on: date | None
    person: str
    at: datetime
    proves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """One page of a library, and how many files it holds that were looked for."""

    items: tuple[Item, ...]
    total: int
    page: int
    pages: int


def library(connection: Connection, unit_id: int, dossier_id: int, wanted: str, page: int) -> Library:
    """The files of a unit whose title or name holds the wanted words, with or without marks; each file once."""
    words = search_key(wanted).split()
    newest: dict[str, Item] = {}
    for item in _items(connection, unit_id, dossier_id):
        key = search_key(f"{item.title} {item.file_name}")
        if all(word in key for word in words):
            first = newest.setdefault(item.digest, item)
            newest[item.digest] = replace(first, proves=tuple(dict.fromkeys((*first.proves, *item.proves))))
    found = list(newest.values())
    pages = max(1, -(-len(found) // PAGE))
    page = min(page, pages)
    return Library(tuple(found[(page - 1) * PAGE : page * PAGE]), len(found), page, pages)


def _items(connection: Connection, unit_id: int, dossier_id: int) -> list[Item]:
    """Every item of a unit, the newest first, in one statement."""
    here = and_(USE.c.item_id == ITEM.c.id, USE.c.dossier_id == dossier_id, USE.c.removed_at.is_(None))
    described = (ITEM.c.title, ITEM.c.file_name, F.c.sha256, F.c.media_type, F.c.size, ITEM.c.expires_on)
    joined = ITEM.join(F, F.c.sha256 == ITEM.c.file_sha256).join(P, P.c.id == ITEM.c.person_id).outerjoin(USE, here)
    rows = connection.execute(
        select(ITEM.c.id, *described, P.c.name, ITEM.c.at, USE.c.indicator)
        .select_from(joined)
        .where(ITEM.c.unit_id.in_(same_units(unit_id)))
        .order_by(ITEM.c.id.desc(), USE.c.indicator)
    )
    items: dict[int, Item] = {}
    for row in rows:
        file = (row.sha256, row.media_type, row.size, row.expires_on)
        new = Item(row.id, row.title, row.file_name, *file, row.name, row.at.astimezone(VIETNAM), ())
        item = items.setdefault(row.id, new)
        if row.indicator:
            items[row.id] = replace(item, proves=(*item.proves, row.indicator))
    return list(items.values())
