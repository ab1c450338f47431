"""What a decision leaves behind beside its paper: an entry in the book of recognitions, the end of one, or both."""

from typing import Literal

from sqlalchemy import Connection, insert, update

from casework.drawing_frame import Sheet, authority_of
from models.base import table_of
from models.places import Recognition, TitleEnd
from workflow.names import Field

R, T = table_of(Recognition), table_of(TitleEnd)


def enter(connection: Connection, sheet: Sheet) -> None:
    """Enter the title in the book, in the names of the day, in the transaction that took the number."""
    file, issued, units = sheet.file, sheet.issued, sheet.bodies.around.units
    assert issued is not None
    above = [units[unit_id] for unit_id in file.facts.unit.above if unit_id in units]
    connection.execute(
        insert(R),
        {
            "unit_id": file.row.unit_id,
            "unit_name": units[file.row.unit_id],
            "place_then": ", ".join(above),
            "subject": file.row.subject,
            "level": file.row.level,
            "year_recognised": sheet.inputs[Field.YEAR_RECOGNISED],
            "decision": issued.name,
            "signed_on": issued.signed_on,
            "authority": authority_of(sheet),
            "status": "valid",
            "dossier_id": file.row.id,
            "source": file.row.code,
        },
    )


def replace(connection: Connection, sheet: Sheet, event_id: int) -> None:
    """End the title as the earlier decision gave it, and enter it as the one in its place gives it."""
    end(connection, sheet, event_id, "replaced")
    enter(connection, sheet)


def end(connection: Connection, sheet: Sheet, event_id: int, standing: Literal["revoked", "replaced"]) -> None:
    """End the title that the decision names, with that decision, in the transaction that took the number."""
    issued, held = sheet.issued, sheet.file.facts.title
    assert issued is not None
    assert held is not None
    connection.execute(update(R).where(R.c.id == held.id).values(status=standing))
    connection.execute(
        insert(T),
        {
            "recognition_id": held.id,
            "standing": standing,
            "decision": issued.name,
            "signed_on": issued.signed_on,
            "authority": authority_of(sheet),
            "reason": str(sheet.inputs[Field.REASON]),
            "event_id": event_id,
        },
    )
