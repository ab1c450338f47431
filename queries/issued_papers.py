"""One paper as its own page shows it: what it says, where it stands, the text edited by hand, how it went out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from models.base import table_of
from models.documents import Dispatch, EditedPaper, NumberSeries, OutgoingEntry, Paper, PaperDossier
from models.dossiers import Dossier
from models.evidence import StoredFile
from models.people import Person
from models.places import AdminUnit
from models.signatures import PaperSignature
from queries.about import all_dossiers, how_many, ids_in, papers_of, within_reach
from queries.days import VIETNAM
from queries.dossiers import ENDINGS, Download
from queries.fused import row_list, rows_of
from queries.relations import Said, correctable, ended_units, relations_of, said_of
from queries.scope import visible_to
from workflow.facts import Actor
from workflow.names import SigningPart

P, OF, D, U, F = (table_of(one) for one in (Paper, PaperDossier, Dossier, AdminUnit, StoredFile))
E, S, N = table_of(EditedPaper), table_of(Dispatch), table_of(NumberSeries)
ENTRY, WHO, G = table_of(OutgoingEntry), table_of(Person), table_of(PaperSignature)
EDITOR, SENDER, ISSUER, OTHER = WHO.alias("editor"), WHO.alias("sender"), U.alias("issuer"), P.alias("other")


class Named(NamedTuple):
    """A paper by its kind and number."""

    id: int
    kind: str
    number: int | None
    symbol: str

    @property
    def name(self) -> str:
        """The number as it is written, such as 07/QĐ-UBND; empty where it bears none."""
        return f"{self.number:02d}/{self.symbol}" if self.number is not None else ""


class Edited(NamedTuple):
    """The text that was edited by hand: its bytes, by whom, and when."""

    digest: str
    by: str
    at: datetime


class Sent(NamedTuple):
    """How a paper went out, as it was noted last."""

    copies: int | None
    sent_on: date | None
    kept_by: str
    receipt: str
    note: str
    by: str
    at: datetime


class Dealt(NamedTuple):
    """A dossier that a paper is about."""

    id: int
    code: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper with its issuing unit and the first dossier within reach.

    `last` is its last edition, `by_hand` its series. It may be about several `units`, in as many `dossiers`; `others`
    are those beside the first that are within reach too.
    """

    id: int
    dossier_id: int
    dossier_code: str
    dossier_unit: str
    dossiers: tuple[int, ...]
    units: int
    others: tuple[Dealt, ...]
    kind: str
    number: int | None
    symbol: str
    signed_on: date | None
    unit_id: int
    unit_name: str
    digest: str | None
    pages: int | None
    template_version: int
    at: datetime
    context: str
    last: int
    subject: str
    kept_by: str
    edited: Edited | None
    sent: Sent | None
    by_hand: dict[int, bool]
    relations: tuple[Said, ...]
    ended_units: int
    sealed: bool
    procedure_id: str
    state: str

    @property
    def issued(self) -> bool:
        """Whether it was signed in full, or went out signed by hand."""
        return self.number is not None and (self.sealed or bool(self.sent and self.sent.sent_on))

    @property
    def numbered_elsewhere(self) -> bool:
        """Whether it is a draft of which another edition bears the number."""
        return self.number is None and self.last != self.id

    @property
    def ended(self) -> bool:
        """Whether later papers replaced or revoked this one for every unit that it is about."""
        return self.ended_units >= self.units

    @property
    def name(self) -> str:
        """The number as it is written, such as 07/QĐ-UBND; empty for a draft."""
        return f"{self.number:02d}/{self.symbol}" if self.number is not None else ""


def paper_view(connection: Connection, actor: Actor, today: date, paper_id: int) -> PaperView | None:
    """A paper of a dossier within the actor's reach, in one statement; None outside it."""
    row = connection.execute(_view(actor, today).where(P.c.id == paper_id)).first()
    if row is None:
        return None
    edited = Edited(row.edited_digest, row.editor, row.edited_at.astimezone(VIETNAM)) if row.edited_digest else None
    return PaperView(
        *(row.id, row.dossier_id, row.code, row.dossier_unit, ids_in(row.dossiers), row.units, _others(row)),
        *(row.kind, row.number, row.symbol, row.signed_on),
        *(row.unit_id, row.unit_name, row.sha256, row.pages, row.template_version, row.at.astimezone(VIETNAM)),
        *(row.context, row.last, row.subject or "", row.entry_kept_by or ""),
        edited,
        _sent(row),
        {year: bool(by_hand) for year, by_hand in rows_of(row.series)},
        relations_of(rows_of(row.later), rows_of(row.earlier)),
        *(row.ended_units, row.sealed is not None, row.procedure_id, row.state),
    )


def _sent(row: Any) -> Sent | None:
    if row.noted_at is None:
        return None
    noted = (row.copies, row.sent_on, row.kept_by, row.receipt, row.note, row.sender)
    return Sent(*noted, row.noted_at.astimezone(VIETNAM))


def _same_paper() -> Any:
    return (OTHER.c.event_id == P.c.event_id) & (OTHER.c.kind == P.c.kind)


def last_edited() -> Any:
    """The id of the last text that was edited by hand, of any edition of a paper."""
    of_any = E.join(OTHER, OTHER.c.id == E.c.paper_id)
    return select(func.max(E.c.id)).select_from(of_any).where(_same_paper()).correlate(P).scalar_subquery()


def seal_of() -> Any:
    """The file of a paper that bears the body's seal; nothing where it is not sealed."""
    sealed = select(G.c.file_sha256).where(G.c.paper_id == P.c.id, G.c.part == SigningPart.SEAL.value)
    return sealed.correlate(P).scalar_subquery()


def _others(row: Any) -> tuple[Dealt, ...]:
    found = sorted(Dealt._make(one) for one in rows_of(row.dealt))
    return tuple(one for one in found if one.id != row.dossier_id)


def dealt_with(actor: Actor, today: date) -> Any:
    """The dossiers within reach that a paper is about."""
    joined = OF.join(D, D.c.id == OF.c.dossier_id).join(U, U.c.id == D.c.unit_id)
    listed = row_list(D.c.id, D.c.code, U.c.full_name).select_from(joined)
    return listed.where(OF.c.paper_id == P.c.id, visible_to(actor, today)).correlate(P).scalar_subquery()


def _view(actor: Actor, today: date) -> Any:
    last = select(func.max(OTHER.c.id)).where(_same_paper()).correlate(P).scalar_subquery()
    series = row_list(N.c.year, N.c.by_hand).where(N.c.unit_id == P.c.unit_id, N.c.symbol == P.c.symbol).correlate(P)
    joined = (
        P.join(D, D.c.id == within_reach(actor, today))
        .join(U, U.c.id == D.c.unit_id)
        .join(ISSUER, ISSUER.c.id == P.c.unit_id)
        .outerjoin(ENTRY, ENTRY.c.paper_id == P.c.id)
        .outerjoin(E, E.c.id == last_edited())
        .outerjoin(EDITOR, EDITOR.c.id == E.c.person_id)
        .outerjoin(S, S.c.paper_id == P.c.id)
        .outerjoin(SENDER, SENDER.c.id == S.c.person_id)
    )
    said = (
        P.c.id,
        D.c.id.label("dossier_id"),
        D.c.code,
        U.c.full_name.label("dossier_unit"),
        all_dossiers().label("dossiers"),
        how_many().label("units"),
    )
    named = (dealt_with(actor, today).label("dealt"), P.c.kind, P.c.number, P.c.symbol)
    made = (P.c.signed_on, P.c.unit_id, ISSUER.c.full_name.label("unit_name"), P.c.sha256, P.c.pages, P.c.at)
    kept = (P.c.template_version, P.c.context, ENTRY.c.subject, ENTRY.c.kept_by.label("entry_kept_by"))
    edited = (E.c.file_sha256.label("edited_digest"), E.c.at.label("edited_at"), EDITOR.c.name.label("editor"))
    noted = (S.c.copies, S.c.sent_on, S.c.kept_by, S.c.receipt, S.c.note, S.c.at.label("noted_at"))
    more = (SENDER.c.name.label("sender"), last.label("last"), series.scalar_subquery().label("series"))
    later, earlier = (one.correlate(P).scalar_subquery() for one in said_of([P.c.id]))
    bound = (
        later.label("later"),
        earlier.label("earlier"),
        ended_units().label("ended_units"),
        seal_of().label("sealed"),
    )
    columns = (*said, *named, *made, *kept, *edited, *noted, *more, *bound)
    return select(*columns, D.c.procedure_id, D.c.state).select_from(joined)


def correctable_papers(connection: Connection, dossier_id: int) -> tuple[Named, ...]:
    """The papers of a dossier that can be corrected, the decision first."""
    named = select(P.c.id, P.c.kind, P.c.number, P.c.symbol).select_from(papers_of(dossier_id))
    rows = connection.execute(named.where(correctable()).order_by(P.c.id))
    return tuple(Named(*row) for row in rows)


def edited_text(connection: Connection, actor: Actor, today: date, paper_id: int) -> Download | None:
    """The last text of a paper that was edited by hand, for whoever may see the dossier; None when there is none."""
    row = connection.execute(
        select(F.c.sha256, F.c.media_type, P.c.symbol, within_reach(actor, today).label("seen"))
        .add_columns(all_dossiers().label("dossiers"))
        .select_from(P.join(E, E.c.id == last_edited()))
        .join(F, F.c.sha256 == E.c.file_sha256)
        .where(P.c.id == paper_id)
    ).first()
    if row is None or row.seen is None:
        return None
    name = f"{row.symbol}-sua-tay-{paper_id}{ENDINGS[row.media_type]}"
    return Download(row.sha256, name, row.media_type, ids_in(row.dossiers))
