"""The signatures on papers: what can be signed, whose turn it is, how a batch goes, which file is the signed one."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from models.base import table_of
from models.documents import Dispatch, Paper, UnsignedView
from models.dossiers import Dossier
from models.people import Person
from models.places import AdminUnit
from models.signatures import PaperSignature
from queries.about import all_dossiers, first_dossier, how_many, ids_in, within_reach
from workflow.facts import Actor
from workflow.names import SigningPart, SigningWay
from workflow.policy import SIGNERS

P, S, D = table_of(Paper), table_of(PaperSignature), table_of(Dossier)
U, W = table_of(AdminUnit), table_of(Person)
DISPATCH, VIEW = table_of(Dispatch), table_of(UnsignedView)
FIRST, SECOND, ISSUER = S.alias("first"), S.alias("second"), U.alias("issuer")
MOST = 100


class Line(NamedTuple):
    """A numbered paper with how far its two signatures are; of a decision on several units the first one is named."""

    paper_id: int
    kind: str
    number: int
    symbol: str
    year: int
    signed_on: date
    dossier_id: int
    unit_name: str
    units: int
    signer_id: int
    signer_name: str
    signer_login: str
    unit_id: int
    unit_code: str
    issued: str | None
    signer_file: str | None
    signer_status: str | None
    signer_trouble: str | None
    seal_file: str | None
    seal_status: str | None
    seal_trouble: str | None
    about: str | None

    @property
    def name(self) -> str:
        """The number as it is written on the paper, such as 07/QĐ-UBND."""
        return f"{self.number:02d}/{self.symbol}"

    def standing(self, part: SigningPart) -> tuple[str | None, str | None]:
        """How far one of the signatures is, and what troubles it."""
        if part is SigningPart.SIGNER:
            return self.signer_status, self.signer_trouble
        return self.seal_status, self.seal_trouble

    @property
    def dossiers(self) -> tuple[int, ...]:
        """Every dossier that the paper is about."""
        return ids_in(self.about)

    @property
    def last_file(self) -> str | None:
        """The file with all signatures that there are; the issued one while there is none."""
        return self.seal_file or self.signer_file or self.issued

    @property
    def open_parts(self) -> tuple[SigningPart, ...]:
        """The signatures that are still to come, in their order."""
        made = {SigningPart.SIGNER: self.signer_file, SigningPart.SEAL: self.seal_file}
        return tuple(part for part, file in made.items() if file is None)


class Signature(NamedTuple):
    """One signature that is there: whose certificate, when, and how it came."""

    part: SigningPart
    way: SigningWay
    subject: str
    issuer: str
    serial: str
    signed_at: datetime
    stamped: bool
    by: str


def can_be_signed() -> ColumnElement[bool]:
    """The condition that what a signature is put on is there: the rendered paper, or for the seal the signer's file."""
    rendered = select(P.c.id).where(P.c.id == S.c.paper_id, P.c.sha256.is_not(None)).exists()
    signed = select(FIRST.c.id).where(FIRST.c.paper_id == S.c.paper_id, _made(FIRST, SigningPart.SIGNER)).exists()
    return or_(and_(S.c.part == SigningPart.SIGNER.value, rendered), and_(S.c.part == SigningPart.SEAL.value, signed))


def last_file() -> ColumnElement[Any]:
    """The file of a paper with all its signatures; the issued one while there is none."""
    files = {
        part: select(S.c.file_sha256).where(S.c.paper_id == P.c.id, S.c.part == part.value).correlate(P)
        for part in SigningPart
    }
    seal, signer = files[SigningPart.SEAL].scalar_subquery(), files[SigningPart.SIGNER].scalar_subquery()
    return func.coalesce(seal, signer, P.c.sha256)


def shown_file(once_signed: ColumnElement[Any] | None = None) -> ColumnElement[Any]:
    """What is shown of a paper: its file with signatures; before any, the draft, unless it went out signed by hand.

    Another file of it may be wanted once it is signed, such as the issued one beside the signed ones.
    """
    sent = select(DISPATCH.c.paper_id).where(DISPATCH.c.paper_id == P.c.id, DISPATCH.c.sent_on.is_not(None))
    view = select(VIEW.c.sha256).where(VIEW.c.paper_id == P.c.id, ~sent.correlate(P).exists()).correlate(P)
    signed = select(S.c.id).where(S.c.paper_id == P.c.id, S.c.file_sha256.is_not(None)).correlate(P).exists()
    wanted = last_file() if once_signed is None else once_signed
    return case((signed, wanted), else_=func.coalesce(view.scalar_subquery(), P.c.sha256))


def _made(table: Any, part: SigningPart) -> ColumnElement[bool]:
    return and_(table.c.part == part.value, table.c.file_sha256.is_not(None))


def _lines(dossier: ColumnElement[Any]) -> Any:
    joined = P.join(D, D.c.id == dossier).join(U, U.c.id == D.c.unit_id).join(W, W.c.id == P.c.person_id)
    joined = joined.join(ISSUER, ISSUER.c.id == P.c.unit_id)
    for table, part in ((FIRST, SigningPart.SIGNER), (SECOND, SigningPart.SEAL)):
        joined = joined.outerjoin(table, and_(table.c.paper_id == P.c.id, table.c.part == part.value))
    paper = (
        P.c.id,
        P.c.kind,
        P.c.number,
        P.c.symbol,
        P.c.year,
        P.c.signed_on,
        D.c.id.label("dossier_id"),
        U.c.full_name,
    )
    whose = (P.c.person_id, W.c.name, W.c.login, P.c.unit_id, ISSUER.c.code, P.c.sha256)
    stand = (table.c[name] for table in (FIRST, SECOND) for name in ("file_sha256", "status", "trouble"))
    return select(*paper, how_many(), *whose, *stand, all_dossiers()).select_from(joined).where(P.c.number.is_not(None))


def parts_of(actor: Actor, today: date) -> tuple[SigningPart, ...]:
    """The signatures that a person gives in the offices held today, the person's own first."""
    held = {grant.role for grant in actor.grants if grant.holds_on(today)}
    return tuple(part for part in SigningPart if held & set(SIGNERS[part]))


def to_be_signed(connection: Connection, actor: Actor, today: date, part: SigningPart) -> tuple[Line, ...]:
    """The papers that wait for this signature of this person, the oldest number first; at most 100."""
    units = [one.unit_id for one in actor.grants if one.role in SIGNERS[part] and one.holds_on(today)]
    lines = _lines(first_dossier()).where(P.c.unit_id.in_(units))
    if part is SigningPart.SIGNER:
        lines = lines.where(P.c.person_id == actor.person_id, FIRST.c.file_sha256.is_(None))
    else:
        others = P.c.person_id != actor.person_id  # nobody seals what they signed
        lines = lines.where(others, FIRST.c.file_sha256.is_not(None), SECOND.c.file_sha256.is_(None))
    ordered = lines.order_by(P.c.signed_on, P.c.symbol, P.c.number, P.c.id).limit(MOST)
    return tuple(Line(*row) for row in connection.execute(ordered))


def in_batch(connection: Connection, batch: str, person_id: int) -> tuple[tuple[Line, SigningPart], ...]:
    """The papers of one batch that this person asked for, each with the signature in question."""
    asked = select(S.c.paper_id, S.c.part).where(S.c.batch == batch, S.c.person_id == person_id)
    parts = {row.paper_id: SigningPart(row.part) for row in connection.execute(asked.order_by(S.c.id))}
    lines = _lines(first_dossier()).where(P.c.id.in_(parts)).order_by(P.c.signed_on, P.c.symbol, P.c.number, P.c.id)
    return tuple((Line(*row), parts[row.id]) for row in connection.execute(lines))


def line_of(connection: Connection, actor: Actor, today: date, paper_id: int) -> Line | None:
    """One numbered paper within reach; None for any other."""
    row = connection.execute(_lines(within_reach(actor, today)).where(P.c.id == paper_id)).first()
    return Line(*row) if row else None


def signatures_on(connection: Connection, paper_id: int) -> tuple[Signature, ...]:
    """The signatures that a paper has, the signer's first."""
    named = (S.c.part, S.c.way, S.c.subject, S.c.issuer, S.c.serial, S.c.signed_at, S.c.stamped, W.c.name)
    there = (
        select(*named).join(W, W.c.id == S.c.person_id).where(S.c.paper_id == paper_id, S.c.file_sha256.is_not(None))
    )
    rows = connection.execute(there.order_by(S.c.signed_at, S.c.id))
    return tuple(Signature(SigningPart(row[0]), SigningWay(row[1]), *row[2:]) for row in rows)


def left_over(lines: Iterable[tuple[Line, SigningPart]]) -> int:
    """How many of a batch are still being done."""
    return sum(line.standing(part)[0] in {"queued", "running"} for line, part in lines)
