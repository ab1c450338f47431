"""What is typed and not sent yet: kept for its person under the form's address, and gone once the form is sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete

from casework.errors import Refused
from casework.upsert import upsert
from models.base import canonical, table_of
from models.drafts import Draft
from workflow.refusal import refuse

D = table_of(Draft)
MOST_LETTERS = 200_000


def keep_draft(
    connection: Connection,
    person_id: int,
    address: str,
    fields: Mapping[str, Sequence[str]],
    seen_version: int,
    now: datetime,
) -> None:
    """Keep the fields of a form as they stand now, in place of what was kept of it before."""
    typed = {name: list(texts) for name, texts in fields.items()}
    if len(canonical(typed)) > MOST_LETTERS:
        raise Refused((refuse("draft.too_large"),))
    row = {"person_id": person_id, "address": address, "fields": typed, "seen_version": seen_version, "saved_at": now}
    upsert(connection, D, row)


def drop_draft(connection: Connection, person_id: int, address: str) -> None:
    """Let go of what was typed in a form: it has been sent, or its person does not want it any more."""
    connection.execute(delete(D).where(D.c.person_id == person_id, D.c.address == address))
