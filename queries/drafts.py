"""What a person has typed in a form and not sent yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from models.base import table_of
from models.drafts import Draft

D = table_of(Draft)


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form as they were typed last, when that was kept, and the dossier's version that was seen."""

    fields: Mapping[str, list[str]]
    saved_at: datetime
    seen_version: int


def typed_before(connection: Connection, person_id: int, address: str) -> Typed | None:
    """What this person has typed in the form of an address; None when nothing is kept."""
    row = connection.execute(
        select(D.c.fields, D.c.saved_at, D.c.seen_version).where(D.c.person_id == person_id, D.c.address == address)
    ).first()
    return Typed(row.fields, row.saved_at, row.seen_version) if row else None
