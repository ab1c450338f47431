"""The statements behind `read_case`: the dossier's row, and every list a rule may ask about as one JSON text each.

They are composed once. Each list is correlated with the dossier's row, so that a few dossiers cost what one costs.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Select, Text, and_, bindparam, case, func, null, or_, select, type_coerce

from models.base import table_of
from models.council import Ballot, CouncilSession
from models.dossiers import (
    Answer,
    CheckedPart,
    Comment,
    Conclusion,
    Condition,
    Dossier,
    DossierPart,
    Posting,
    Survey,
    Vote,
)
from models.events import DossierEvent
from models.evidence import EvidenceItem, EvidenceUse
from models.people import Person, RoleGrant
from models.places import IN_FORCE, AdminUnit, CriteriaAdoption, Holiday, Recognition
from queries.fused import JsonText, row_list
from queries.voting import last_session, voters
from workflow.names import Column

D, U, A = table_of(Dossier), table_of(AdminUnit), table_of(CriteriaAdoption)

_HEADER = (
    *D.c,
    U.c.full_name.label("unit_name"),
    U.c.tier.label("unit_tier"),
    U.c.valid_to.label("unit_valid_to"),
    U.c.code.label("unit_code"),
    A.c.set_key,
    A.c.decision.label("adoption_decision"),
    A.c.decided_on.label("adopted_on"),
    type_coerce(A.c.thresholds, Text).label("thresholds"),  # kept canonically, and taken as the text that it is
    A.c.practice.label("adoption_practice"),
)
_ROWS: Select[Any] = select(*_HEADER).join(U, U.c.id == D.c.unit_id).outerjoin(A, A.c.id == D.c.adoption_id)
_ONE, _SEVERAL = D.c.id == bindparam("dossier_id"), D.c.id.in_(bindparam("dossier_ids", expanding=True))
HEADER, HEADERS = _ROWS.where(_ONE), _ROWS.where(_SEVERAL).order_by(D.c.id)
LOCKED = HEADER.with_for_update(of=D)


def _mine(table: Any) -> Any:
    return table.c.dossier_id == D.c.id


def _this_round(table: Any) -> Any:
    return and_(_mine(table), table.c.round == D.c.round)


def answers_in(column: Column) -> str:
    """The name of the list of what stands in a column; each is a list of its own, since few rules ask for all three."""
    return f"{column.value}_answers"


def _answers(column: Column) -> Any:
    t = table_of(Answer)
    return row_list(
        t.c.indicator,
        JsonText(t.c.value),
        t.c.not_applicable,
        t.c.refuted,
        case((t.c.reason != "", 1), else_=0),
        t.c.at,
    ).where(_mine(t), t.c.column_name == column.value)


def _evidence() -> Any:
    use, item = table_of(EvidenceUse), table_of(EvidenceItem)
    valid = or_(item.c.expires_on.is_(None), item.c.expires_on >= bindparam("today"))
    listed = row_list(use.c.indicator, use.c.at).select_from(use.join(item, item.c.id == use.c.item_id))
    return listed.where(_mine(use), use.c.removed_at.is_(None), valid)


def _parts() -> Any:
    t = table_of(DossierPart)
    return row_list(t.c.part, t.c.at).where(_mine(t), t.c.replaced_at.is_(None))


def _postings() -> Any:
    t = table_of(Posting)
    return row_list(
        t.c.stage, t.c.at, t.c.posted_on, JsonText(t.c.places), t.c.loudspeaker_times, t.c.front_opinion
    ).where(_this_round(t))


def _comments() -> Any:
    t = table_of(Comment)
    return row_list(t.c.stage).where(_this_round(t), t.c.accepted.is_(None))


def _survey() -> Any:
    t = table_of(Survey)
    return row_list(
        t.c.households_total,
        t.c.ballots_issued,
        t.c.ballots_valid,
        t.c.satisfied,
        case((t.c.minutes_sha256.is_not(None), 1), else_=0),
        JsonText(t.c["items"]),
    ).where(_this_round(t))


def _votes() -> Any:
    t = table_of(Vote)
    filed = case((t.c.minutes_sha256.is_not(None), 1), else_=0)
    return row_list(t.c.stage, t.c.at, t.c.members, t.c.present, t.c.agreed, filed).where(_this_round(t))


def _condition() -> Any:
    t = table_of(Condition)
    return row_list(
        t.c.debt_amount,
        case((t.c.debt_sha256.is_not(None), 1), else_=0),
        t.c.security_complex,
        case((t.c.security_sha256.is_not(None), 1), else_=0),
    ).where(_mine(t))


def _checks() -> Any:
    t = table_of(CheckedPart)
    return row_list(t.c.stage, t.c.at, t.c.part, t.c.complete).where(_mine(t))


def _conclusions() -> Any:
    t = table_of(Conclusion)
    return row_list(t.c.criterion, t.c.at, t.c.department, t.c.met).where(_mine(t))


def _sitting() -> Any:
    session, ballot = table_of(CouncilSession), table_of(Ballot)
    cast = select(func.count()).where(ballot.c.session_id == session.c.id, ballot.c.dossier_id == D.c.id)
    counts = [
        cast.where(ballot.c.choice == one).correlate(session, D).scalar_subquery() for one in ("yes", "no", "blank")
    ]
    attended = voters(session.c.id, D.c.id)
    held = case((session.c.closed_at.is_not(None), session.c.held_on), else_=null())
    filed = case((session.c.minutes_sha256.is_not(None), 1), else_=0)
    listed = row_list(held, session.c.members, attended, *counts, filed)
    return listed.where(session.c.id == last_session(D.c.id))


def _history() -> Any:
    t = table_of(DossierEvent)
    asked = or_(*(t.c.type == kind for kind in ("returned", "resubmitted", "passed_on")))
    payload = case((asked, t.c.payload), else_="{}").label("payload")
    told = select(t.c.type, t.c.person_id, t.c.at, t.c.to_state, t.c.from_state, payload)
    *columns, said = told.where(_mine(t)).order_by(t.c.seq).correlate(D).subquery().c
    return row_list(*columns, JsonText(said))


def _steps() -> Any:
    """The history without what was said in it."""
    t = table_of(DossierEvent)
    steps = select(t.c.type, t.c.person_id, t.c.at).where(_mine(t)).order_by(t.c.seq).correlate(D).subquery()
    return row_list(*steps.c)


def _titles() -> Any:
    t = table_of(Recognition)
    mine = case((_mine(t), 1), else_=0)
    return row_list(t.c.level, mine, t.c.id, t.c.decision, t.c.signed_on, t.c.year_recognised, t.c.authority).where(
        t.c.unit_id == D.c.unit_id, IN_FORCE
    )


def _grants() -> Any:
    """The offices of the person who asks, oldest first: of several that fit, one acts in the first."""
    t, person = table_of(RoleGrant), table_of(Person)
    held = (
        select(person.c.name, t.c.role, t.c.unit_id, t.c.valid_from, t.c.valid_to, t.c.department, t.c.wording)
        .select_from(person.join(t, t.c.person_id == person.c.id))
        .where(person.c.id == bindparam("person_id"), person.c.disabled_at.is_(None))
        .order_by(t.c.id)
    )
    return row_list(*held.subquery().c)


def _holidays() -> Any:
    t = table_of(Holiday)
    return row_list(t.c.day, t.c.effect, t.c.name_vi, t.c.official).where(
        t.c.day.between(bindparam("first_day"), bindparam("last_day"))
    )


def _earlier() -> Any:
    t = table_of(DossierEvent)
    act = (t.c.id, t.c.dossier_id, t.c.person_id, t.c.action, t.c.seq, t.c.type, t.c.to_state)
    return row_list(*act, JsonText(t.c.payload)).where(t.c.request_key == bindparam("request_key"))


LISTS: Mapping[str, Callable[[], Any]] = {
    **{answers_in(column): partial(_answers, column) for column in Column},
    "evidence": _evidence,
    "parts": _parts,
    "postings": _postings,
    "comments": _comments,
    "survey": _survey,
    "votes": _votes,
    "condition": _condition,
    "checks": _checks,
    "conclusions": _conclusions,
    "sitting": _sitting,
    "history": _history,
    "titles": _titles,
    "grants": _grants,
    "holidays": _holidays,
    "earlier": _earlier,
}


def _fused(lists: Mapping[str, Callable[[], Any]]) -> Select[Any]:
    return select(*(make().correlate(D).scalar_subquery().label(name) for name, make in lists.items())).select_from(D)


EVERYTHING, EVERYTHING_OF = _fused(LISTS).where(_ONE), _fused(LISTS).where(_SEVERAL).order_by(D.c.id)
STANDING = _fused({"steps": _steps, "grants": _grants}).where(_ONE)
