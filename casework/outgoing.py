"""The outgoing register: a paper enters it with its number, in the same transaction, and never leaves it."""

from sqlalchemy import Connection, bindparam, insert, select

from casework.issuing import Issued
from documents.context import from_json
from documents.outgoing import entry_of, words_of
from models.base import table_of
from models.documents import OutgoingEntry, Paper
from models.keys import search_key

ENTRY, P = table_of(OutgoingEntry), table_of(Paper)
_NUMBERED = select(P.c.id).where(
    P.c.unit_id == bindparam("authority"),
    P.c.symbol == bindparam("of_symbol"),
    P.c.year == bindparam("of_year"),
    P.c.number == bindparam("given"),
)


def enter(connection: Connection, issued: Issued, context: str) -> None:
    """Enter a paper that has just got its number, with what its frozen context says for the register."""
    facts = from_json(context)
    of = {"authority": issued.unit_id, "of_symbol": issued.symbol, "of_year": issued.signed_on.year}
    paper_id = connection.execute(_NUMBERED, {**of, "given": issued.number}).scalar_one()
    entry = entry_of(facts)
    row = {"paper_id": paper_id, **entry, "search_key": search_key(words_of(facts, entry))}
    connection.execute(insert(ENTRY), row)
