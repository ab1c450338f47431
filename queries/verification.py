"""What a stranger may know of a paper by its look-up code: that it was issued, what it gave, what it is worth today."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Subquery, and_, false, select, union

from models.base import table_of
from models.documents import Paper, PaperDossier
from models.places import AdminUnit, Recognition, TitleEnd
from models.signatures import PaperSignature
from models.trust import PaperSeal
from queries.fused import row_list, rows_of
from queries.lineage import by_unit, heirs_of
from queries.register import FROM, TITLE, Standing, Title, titles_of
from queries.relations import Said, public, relations_of, said_of
from workflow.copies import COPIES
from workflow.events import GIVES_TITLE
from workflow.names import DocumentKind, Relation

P, S, U, R, T = (table_of(one) for one in (Paper, PaperSeal, AdminUnit, Recognition, TitleEnd))
OF, G = table_of(PaperDossier), table_of(PaperSignature)


@dataclass(frozen=True, slots=True)
class Checked:
    """A paper that was issued: kind, number, day, body, the hash of each file that bears its code, and its titles.

    A copy tells of the paper that it copies too.
    """

    code: str
    kind: DocumentKind
    name: str
    signed_on: date
    issued_by: str
    files: tuple[tuple[DocumentKind, str], ...]
    titles: tuple[Title, ...]
    relations: tuple[Said, ...] = ()
    copied: "Checked | None" = None

    @property
    def original(self) -> "Checked":
        """The paper that a copy, or a copy of a copy, is in the end a copy of; of any other paper itself."""
        return self.copied.original if self.copied else self

    @property
    def standing(self) -> Standing | None:
        """What all its titles are worth, if it is one and the same; None where they differ, or of another paper."""
        found = {one.standing for one in self.titles} if self.kind in GIVES_TITLE else set()
        return found.pop() if len(found) == 1 else None


def checked(connection: Connection, code: str, today: date) -> Checked | None:
    """The paper of a look-up code, in two statements, and a copy's original in two more; None of an unknown code."""
    wanted = select(P.c.id, P.c.kind, P.c.number, P.c.symbol, P.c.signed_on, U.c.full_name)
    row = connection.execute(wanted.join(U, U.c.id == P.c.unit_id).where(P.c.code == code)).first()
    if row is None:
        return None
    name = f"{row.number:02d}/{row.symbol}"
    dossiers, events = (select(one).where(OF.c.paper_id == row.id) for one in (OF.c.dossier_id, OF.c.event_id))
    given = and_(R.c.dossier_id.in_(dossiers), R.c.decision == name, R.c.signed_on == row.signed_on)
    ended = T.c.event_id.in_(events) if row.kind not in COPIES else false()
    mine = given if row.kind in GIVES_TITLE else ended
    lines = select(*TITLE, R.c.sort_key).select_from(FROM).where(mine).order_by(R.c.sort_key, R.c.id).subquery()
    with_it = select(S.c.paper_id).where(S.c.code == code)
    files, titles, heirs, *bound = connection.execute(
        select(
            row_list(*_files(code).c).scalar_subquery(),
            row_list(*lines.c).scalar_subquery(),
            heirs_of(select(lines.c.unit_id), today).scalar_subquery(),
            *(one.scalar_subquery() for one in said_of(union(select(P.c.id).where(P.c.code == code), with_it))),
        )
    ).one()
    relations = public(relations_of(*map(rows_of, bound)))
    ordered = sorted(rows_of(titles), key=lambda one: (one[-1], one[0]))
    return Checked(
        code,
        DocumentKind(row.kind),
        name,
        row.signed_on,
        row.full_name,
        tuple((DocumentKind(kind), digest) for _, kind, digest in sorted(rows_of(files))),
        titles_of([one[:-1] for one in ordered], by_unit(rows_of(heirs)), today),
        relations,
        _copied(connection, relations, today),
    )


def _copied(connection: Connection, relations: tuple[Said, ...], today: date) -> Checked | None:
    """The paper that a copy says it is of."""
    of = next((one.code for one in relations if one.relation is Relation.COPIES and one.code), None)
    return checked(connection, of, today) if of else None


def _files(code: str) -> Subquery:
    """The files that bear a code: the numbered paper as issued and as signed, and papers that were sealed with it."""
    itself = select(P.c.id, P.c.kind, P.c.sha256).where(P.c.code == code, P.c.sha256.is_not(None))
    with_it = select(P.c.id, P.c.kind, P.c.sha256).join(S, S.c.paper_id == P.c.id)
    signed = select(P.c.id, P.c.kind, G.c.file_sha256).join(G, G.c.paper_id == P.c.id)
    others = with_it.where(S.c.code == code, P.c.sha256.is_not(None))
    return union(itself, others, signed.where(P.c.code == code, G.c.file_sha256.is_not(None))).subquery()
