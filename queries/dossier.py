"""Everything the page of one dossier shows beyond what the rules ask: who, when, files, texts; in one statement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select

from models.base import table_of
from models.council import CouncilSession
from models.documents import EditedPaper, PaperDossier
from models.documents import Paper as PaperRow
from models.dossiers import Answer, CheckedPart, Comment, Conclusion, Condition, DossierPart, Posting, Survey, Vote
from models.events import DossierEvent, EffectRow
from models.evidence import EvidenceItem, EvidenceUse, StoredFile
from models.people import Person
from models.places import AdminUnit
from queries.about import papers_of
from queries.days import VIETNAM, moment_of_text
from queries.dossier_rows import (
    Asked,
    Checked,
    Concluded,
    Entered,
    Filed,
    Named,
    Paper,
    Posted,
    Proof,
    Said,
    Session,
    Stated,
    Step,
    Voted,
)
from queries.facts import CaseFile
from queries.fresh import is_fresh
from queries.fused import JsonText, row_list, rows_of
from queries.voting import last_session
from queries.written_out import ask
from workflow.copies import COPIES
from workflow.names import Effect, Stage
from workflow.policy import SUBMISSIONS

P, F, U, OF = (table_of(one) for one in (Person, StoredFile, AdminUnit, PaperDossier))


@dataclass(frozen=True, slots=True)
class Details:
    """All that the page of a dossier shows, each list in its natural order.

    What an upper tier wrote down is of the dossier as it was submitted last; the conclusions from before stand apart.
    """

    entered: Mapping[tuple[str, str], Entered]
    steps: tuple[Step, ...]
    files: tuple[Filed, ...]
    proofs: tuple[Proof, ...]
    postings: Mapping[str, Posted]
    comments: tuple[Said, ...]
    survey: Asked | None
    votes: Mapping[str, Voted]
    stated: Stated
    checks: Mapping[tuple[str, str], Checked]
    conclusions: Mapping[str, Concluded]
    concluded_before: Mapping[str, Concluded]
    session: Session | None
    papers: tuple[Paper, ...]
    units: Mapping[int, str]


def _mine(table: Any) -> Any:
    return table.c.dossier_id == bindparam("dossier_id")


def _this_round(table: Any) -> Any:
    return and_(_mine(table), table.c.round == bindparam("round"))


def _counting(table: Any) -> Any:
    """The rows of this round that count: of an upper tier, those since the dossier was submitted to it last."""
    of_tier = is_fresh(table.c.at, bindparam("dossier_id"), SUBMISSIONS)
    return and_(_this_round(table), or_(table.c.stage == Stage.COMMUNE.value, of_tier))


def _signed(table: Any, *columns: Any) -> Any:
    """The rows of a table with who entered each, and when."""
    return row_list(*columns, P.c.name, table.c.at).select_from(table.join(P, P.c.id == table.c.person_id))


def _entered() -> Any:
    t = table_of(Answer)
    marks = (t.c.not_applicable, t.c.refuted, t.c.reason)
    listed = row_list(t.c.column_name, t.c.indicator, JsonText(t.c.value), *marks, P.c.name, t.c.at, t.c.version)
    return listed.select_from(t.join(P, P.c.id == t.c.person_id)).where(_mine(t))


def _steps() -> Any:
    t = table_of(DossierEvent)
    who = (t.c.person_name, t.c.role, U.c.full_name, t.c.wording)
    listed = row_list(t.c.seq, t.c.type, t.c.action, t.c.to_state, *who, t.c.at, t.c.reason, JsonText(t.c.payload))
    return listed.select_from(t.join(U, U.c.id == t.c.unit_id)).where(_mine(t))


def _files() -> Any:
    t = table_of(DossierPart)
    replaced = case((t.c.replaced_at.is_not(None), 1), else_=0)
    listed = row_list(t.c.id, t.c.part, t.c.title, F.c.sha256, F.c.media_type, F.c.size, P.c.name, t.c.at, replaced)
    joined = t.join(F, F.c.sha256 == t.c.file_sha256).join(P, P.c.id == t.c.person_id)
    return listed.select_from(joined).where(_mine(t))


def _proofs() -> Any:
    use, item = table_of(EvidenceUse), table_of(EvidenceItem)
    file = (item.c.title, item.c.file_name, F.c.sha256, F.c.media_type, F.c.size)
    listed = row_list(use.c.indicator, item.c.id, *file, item.c.expires_on, P.c.name, item.c.at)
    joined = use.join(item, item.c.id == use.c.item_id).join(F, F.c.sha256 == item.c.file_sha256)
    listed = listed.select_from(joined.join(P, P.c.id == item.c.person_id))
    return listed.where(_mine(use), use.c.removed_at.is_(None))


def _postings() -> Any:
    t = table_of(Posting)
    posted = (t.c.stage, t.c.posted_on, JsonText(t.c.places), t.c.loudspeaker_times, t.c.front_opinion)
    return _signed(t, *posted).where(_counting(t))


def _comments() -> Any:
    t = table_of(Comment)
    listed = row_list(t.c.id, t.c.stage, t.c.received_on, t.c.author, t.c.text, t.c.accepted, t.c.explanation)
    return listed.where(_this_round(t))


def _survey() -> Any:
    t = table_of(Survey)
    counts = (t.c.households_total, t.c.ballots_issued, t.c.ballots_valid, t.c.satisfied, t.c.no_opinion)
    asked = (t.c.started_on, t.c.closed_on, *counts, JsonText(t.c["items"]), t.c.minutes_sha256)
    return _signed(t, *asked).where(_this_round(t))


def _votes() -> Any:
    t = table_of(Vote)
    counts = (t.c.members, t.c.present, t.c.agreed)
    return _signed(t, t.c.stage, t.c.held_on, *counts, t.c.minutes_sha256).where(_counting(t))


def _stated() -> Any:
    t = table_of(Condition)
    return _signed(t, t.c.debt_amount, t.c.debt_sha256, t.c.security_complex, t.c.security_sha256).where(_mine(t))


def _checks() -> Any:
    t = table_of(CheckedPart)
    listed = row_list(t.c.stage, t.c.part, t.c.complete, t.c.note)
    return listed.where(_mine(t), is_fresh(t.c.at, bindparam("dossier_id")))


def _conclusions() -> Any:
    t = table_of(Conclusion)
    counts = case((is_fresh(t.c.at, bindparam("dossier_id")), 1), else_=0)
    listed = row_list(t.c.criterion, t.c.department, t.c.met, t.c.text, P.c.name, t.c.at, counts)
    return listed.select_from(t.join(P, P.c.id == t.c.person_id)).where(_mine(t))


def _session() -> Any:
    t = table_of(CouncilSession)
    opened, closed = (case((at.is_not(None), 1), else_=0) for at in (t.c.opened_at, t.c.closed_at))
    listed = row_list(t.c.id, t.c.held_on, t.c.place, t.c.members, opened, closed, t.c.minutes_sha256)
    return listed.where(t.c.id == last_session(bindparam("dossier_id")))


def _papers() -> Any:
    t, owed, final = table_of(PaperRow), table_of(EffectRow), table_of(EditedPaper)
    drawn = (t.c.id, OF.c.event_id, t.c.kind, t.c.edition, t.c.at)
    made = (t.c.sha256, t.c.pages, t.c.trouble, owed.c.status, owed.c.run_at)
    its_effect = (owed.c.event_id == t.c.event_id) & (owed.c.kind == Effect.RENDER_PAPERS.value)
    edited = (t.c.unit_id, final.c.file_sha256, P.c.name, final.c.at)
    other = t.alias("other")
    same = (other.c.event_id == t.c.event_id) & (other.c.kind == t.c.kind)
    of_any = select(func.max(final.c.id)).select_from(final.join(other, other.c.id == final.c.paper_id))
    last = of_any.where(same).correlate(t).scalar_subquery()
    listed = row_list(*drawn, t.c.number, t.c.symbol, t.c.signed_on, *made, *edited)
    joined = (
        papers_of(bindparam("dossier_id"))
        .join(owed, its_effect)
        .outerjoin(final, final.c.id == last)
        .outerjoin(P, P.c.id == final.c.person_id)
    )
    return listed.select_from(joined)


def _units() -> Any:
    ids: tuple[Any, ...] = (bindparam("unit_id"), bindparam("district_id"), bindparam("province_id"))
    return row_list(U.c.id, U.c.full_name).where(or_(*(U.c.id == each for each in ids)))


_LISTS: Mapping[str, tuple[type[Any], Callable[[], Any]]] = {
    "entered": (Entered, _entered),
    "steps": (Step, _steps),
    "files": (Filed, _files),
    "proofs": (Proof, _proofs),
    "postings": (Posted, _postings),
    "comments": (Said, _comments),
    "survey": (Asked, _survey),
    "votes": (Voted, _votes),
    "stated": (Stated, _stated),
    "checks": (Checked, _checks),
    "conclusions": (Concluded, _conclusions),
    "session": (Session, _session),
    "papers": (Paper, _papers),
    "units": (Named, _units),
}
EVERYTHING = select(*(make().scalar_subquery().label(name) for name, (_, make) in _LISTS.items()))


def read_details(connection: Connection, file: CaseFile) -> Details:
    """All that the page of a dossier shows, for a dossier that was read already."""
    row = file.row
    ids = {"unit_id": row.unit_id, "district_id": row.district_id, "province_id": row.province_id}
    texts = ask(connection, EVERYTHING, {"dossier_id": row.id, "round": row.round, **ids}).one()
    found = {
        name: [_built(kind, each) for each in rows_of(text)]
        for (name, (kind, _)), text in zip(_LISTS.items(), texts, strict=True)
    }
    return Details(
        entered={(one.column, one.indicator): one for one in found["entered"]},
        steps=tuple(sorted(found["steps"], key=lambda one: one.seq)),
        files=tuple(sorted(found["files"], key=lambda one: one.id)),
        proofs=tuple(sorted(found["proofs"], key=lambda one: (one.indicator, one.item_id))),
        postings={one.stage: one for one in found["postings"]},
        comments=tuple(sorted(found["comments"], key=lambda one: one.id)),
        survey=_only(found["survey"]),
        votes={one.stage: one for one in found["votes"]},
        stated=_only(found["stated"]) or Stated(None, None, None, None, "", None),
        checks={(one.stage, one.part): one for one in found["checks"]},
        conclusions={one.criterion: one for one in found["conclusions"] if one.counts},
        concluded_before={one.criterion: one for one in found["conclusions"] if not one.counts},
        session=_only(found["session"]),
        papers=_latest(found["papers"]),
        units={one.id: one.name for one in found["units"]},
    )


def _latest(papers: list[Paper]) -> tuple[Paper, ...]:
    """The last edition of every paper, in the order in which they were drawn up first; each copy is one by itself."""
    last: dict[tuple[int, str, int], Paper] = {}
    for paper in sorted(papers, key=lambda one: one.id):
        last[paper.event_id, paper.kind, paper.id if paper.kind in COPIES else 0] = paper
    return tuple(last.values())


_Kind = TypeVar("_Kind")


def _only(rows: list[_Kind]) -> _Kind | None:
    return rows[0] if rows else None


@lru_cache(maxsize=1024)
def _moment(text: str) -> datetime:
    return moment_of_text(text).astimezone(VIETNAM)


def _moment_if(text: str | None) -> datetime | None:
    return _moment(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_READ: Mapping[Any, Callable[[Any], Any]] = {
    date: _day,
    date | None: _day,
    datetime: _moment,
    datetime | None: _moment_if,
    bool: bool,
}


# Which fields of each kind are not what the text holds, and how they are read; looked up once, not for every row.
_READERS = {
    kind: [(place, _READ[type_]) for place, type_ in enumerate(kind.__annotations__.values()) if type_ in _READ]
    for kind, _ in _LISTS.values()
}


def _built(kind: type[Any], row: list[Any]) -> Any:
    for place, read in _READERS[kind]:
        row[place] = read(row[place])
    return kind(*row)


def holder_name(file: CaseFile, details: Details) -> str:
    """The name of the unit that holds the dossier now; empty when it has ended."""
    return details.units.get(file.row.holder_unit_id or 0, "")
