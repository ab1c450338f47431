"""The values of indicators: three columns, each written only by its own tier, every value kept for good."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from casework.desk_work import Sheet, take_up
from casework.errors import Refused, Stale, StaleAnswers
from casework.upsert import upsert
from models.base import table_of
from models.dossiers import Answer, AnswerRevision
from models.people import Person
from workflow.criteria_set import InvalidValue
from workflow.criteria_values import validate_value
from workflow.names import Column, Role, Work
from workflow.refusal import Refusal, refuse

A, V, P = table_of(Answer), table_of(AnswerRevision), table_of(Person)
_STANDING = (
    select(*A.c, P.c.name)
    .join(P, P.c.id == A.c.person_id)
    .where(A.c.dossier_id == bindparam("of_dossier"), A.c.column_name == bindparam("column"))
    .where(A.c.indicator.in_(bindparam("indicators", expanding=True)))
)
_SAID = tuple(column.name for column in A.c)
_REVISE = insert(V).from_select(
    _SAID,
    select(A)
    .where(A.c.dossier_id == bindparam("of_dossier"), A.c.column_name == bindparam("column"))
    .where(A.c.indicator.in_(bindparam("indicators", expanding=True))),
)
WORK_OF_COLUMN = {
    Column.COMMUNE: Work.ASSESS_COMMUNE,
    Column.REVIEW: Work.ASSESS_REVIEW,
    Column.APPRAISAL: Work.ASSESS_APPRAISAL,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered for one indicator in one column; `seen_version` is the version on the page, 0 for none."""

    column: Column
    indicator: str
    value: object
    not_applicable: bool = False
    refuted: bool = False
    reason: str = ""
    seen_version: int | None = None


def answer(connection: Connection, dossier_id: int, entry: Entry, person_id: int, now: datetime) -> int:
    """Enter one value and give its new version; a value of the wrong shape or of another's column is refused."""
    return answer_all(connection, dossier_id, (entry,), person_id, now)[0]


def answer_all(
    connection: Connection, dossier_id: int, entries: tuple[Entry, ...], person_id: int, now: datetime
) -> list[int]:
    """Enter several values of one column, each for another indicator, in one act: all of them, or none.

    StaleAnswers names every indicator whose value is no longer the one that was seen. What stands already is not
    written again, and what was left as it was seen is left as it is now.
    """
    if len({entry.column for entry in entries}) != 1 or len({entry.indicator for entry in entries}) != len(entries):
        raise ValueError("one act fills one column, and each indicator in it once")
    sheet = take_up(connection, dossier_id, WORK_OF_COLUMN[entries[0].column], person_id, now)
    before = _standing(connection, dossier_id, entries)
    rows = {entry.indicator: _row(sheet, entry, before.get(entry.indicator)) for entry in entries}
    fresh = {code: row for code, row in rows.items() if not _is_same(row, before.get(code))}
    stale = {entry.indicator: entry.seen_version for entry in entries if _is_stale(entry, before, fresh)}
    if stale:
        for code in _untouched(connection, rows, stale):
            del stale[code], fresh[code]
    if stale:
        raise _stale_answers(sheet, [before[code] for code in stale])
    if fresh:
        upsert(connection, A, *fresh.values())
        connection.execute(_REVISE, {**_place(dossier_id, entries), "indicators": list(fresh)})
    return [row["version"] if code in fresh else before[code].version for code, row in rows.items()]


def _is_stale(entry: Entry, before: dict[str, Any], fresh: Collection[str]) -> bool:
    standing = before.get(entry.indicator)
    if standing is None or entry.seen_version is None or entry.indicator not in fresh:
        return False
    return bool(standing.version != entry.seen_version)


def _untouched(connection: Connection, rows: dict[str, dict[str, Any]], stale: dict[str, int | None]) -> list[str]:
    """The indicators that were sent just as they stood when the page was opened: nobody wanted to change those."""
    one = next(iter(rows.values()))
    mine = (V.c.dossier_id == one["dossier_id"], V.c.column_name == one["column_name"], V.c.indicator.in_(stale))
    seen = [row for row in connection.execute(select(V).where(*mine)) if row.version == stale[row.indicator]]
    return [row.indicator for row in seen if _is_same(rows[row.indicator], row)]


def _stale_answers(sheet: Sheet, changed: list[Any]) -> StaleAnswers:
    last = max(changed, key=lambda one: one.at)
    stale = Stale(last.name, last.at, sheet.file.row.state, last.version)
    return StaleAnswers(stale, tuple(one.indicator for one in changed))


def _standing(connection: Connection, dossier_id: int, entries: tuple[Entry, ...]) -> dict[str, Any]:
    """The answers that stand in these places already, with who gave them and when."""
    asked = {**_place(dossier_id, entries), "indicators": [entry.indicator for entry in entries]}
    return {row.indicator: row for row in connection.execute(_STANDING, asked)}


def _place(dossier_id: int, entries: tuple[Entry, ...]) -> dict[str, Any]:
    return {"of_dossier": dossier_id, "column": entries[0].column.value}


def _is_same(row: dict[str, Any], standing: Any) -> bool:
    """Whether this very answer stands already: sent twice, or recorded a moment before while it was typed."""
    said = ("value", "not_applicable", "refuted", "reason")
    return standing is not None and all(row[name] == getattr(standing, name) for name in said)


def _row(sheet: Sheet, entry: Entry, standing: Any) -> dict[str, Any]:
    value = _checked(sheet, entry)
    version = standing.version if standing else 0
    return {
        "dossier_id": sheet.file.row.id,
        "column_name": entry.column.value,
        "indicator": entry.indicator,
        **sheet.signature,
        "value": value,
        "not_applicable": entry.not_applicable,
        "refuted": entry.refuted,
        "reason": entry.reason.strip(),
        "version": version + 1,
    }


def _checked(sheet: Sheet, entry: Entry) -> object:
    rules = sheet.file.rules
    rule = rules.by_code.get(entry.indicator) if rules else None
    if rule is None:
        raise Refused((refuse("answer.unknown_indicator", indicator=entry.indicator),))
    if sheet.grant.role is Role.DEPARTMENT_REVIEWER and rule.indicator.department not in sheet.departments:
        raise Refused((refuse("policy.department", department=rule.indicator.department),))
    if entry.not_applicable:
        return None
    try:
        return validate_value(rule.indicator, entry.value)
    except InvalidValue as error:
        parameters = {name: str(value) for name, value in error.params.items()}
        raise Refused((Refusal(str(error.code), {"indicator": entry.indicator, **parameters}),)) from error
