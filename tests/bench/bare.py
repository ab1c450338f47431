"""The floor of the pages: a bare Flask application that checks a session and shows the same rows from Core.

It reads the same database and the same cookie as the house, in the same few statements that anybody would write, and
puts the rows into one small template. What the criteria table shows and no table of the
database holds (required levels, results) it takes from the rules. It knows no languages, no offices, no forms, and none
of the other sections of a dossier's page.
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from flask import Flask, abort, g, render_template_string, session
from sqlalchemy import Connection, Engine, func, select

from models.base import table_of
from models.database import READING, begin, make_engine
from models.dossiers import Answer, Dossier
from models.evidence import EvidenceUse
from models.people import Person, SignInSession
from models.places import AdminUnit
from queries.rulebook import rules_of
from tests import world
from workflow.criteria import Answer as Given
from workflow.criteria import Rules, assess
from workflow.criteria_set import Criterion, Indicator
from workflow.criteria_values import format_value, required_text

A, D, P, S, U, USE = (table_of(one) for one in (Answer, Dossier, Person, SignInSession, AdminUnit, EvidenceUse))
COLUMNS = ("commune", "review", "appraisal")
SET = "commune-ntm-2021-2025"
LINES = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Việc cần làm</title></head><body>
<p>{{ person.name }}</p><h1>Việc cần làm</h1><table>
{% for row in rows %}<tr><td><a href="/dossiers/{{ row.id }}">{{ row.full_name }}</a></td><td>{{ row.code }}</td>
<td>{{ row.level }}</td><td>{{ row.state }}</td><td>{{ row.due_on.strftime("%d/%m/%Y") }}</td></tr>{% endfor %}
</table></body></html>"""
WORDS = {"met": "Đạt", "not_met": "Chưa đạt", "not_applicable": "Không áp dụng", None: "Chưa đánh giá"}
TABLE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Hồ sơ</title></head><body>
<p>{{ person.name }}</p><h1>{{ dossier.code }}</h1><table>
{% for code, name, results, lines in criteria %}<tr><th><a href="{{ dossier.id }}/criteria/{{ code }}">{{ code }}.
{{ name }}</a></th>{% for met, result in results %}<td>{{ met }}/{{ lines|length }} {{ words[result] }}</td>
{% endfor %}</tr>
{% for code, name, level, files, cells in lines %}<tr><td>{{ code }} {{ name }}<br>Mức đạt chuẩn: {{ level }}
{% if files %} · {{ files }} minh chứng{% endif %}</td>
{% for cell in cells %}<td>{% if cell %}{% if cell[0] %}{{ cell[0] }} {% endif %}{{ words[cell[1]] }}
{% if cell[2] %}Khác{% endif %}{% else %}–{% endif %}</td>{% endfor %}</tr>{% endfor %}{% endfor %}
</table></body></html>"""


def create_app() -> Flask:
    """The bare application on the database of the environment."""
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY=os.environ["SECRET_KEY"], SESSION_COOKIE_NAME="datchuan")
    engine = make_engine(os.environ["DATABASE_URL"])
    app.before_request(lambda: _check(engine))
    app.teardown_request(lambda _error: g.pop("connection").close())
    app.add_url_rule("/", "lines", lambda: _lines(g.connection))
    app.add_url_rule("/dossiers/<int:dossier_id>", "table", lambda dossier_id: _table(g.connection, dossier_id))
    return app


def _check(engine: Engine) -> None:
    g.connection = engine.connect()
    begin(g.connection, READING)
    kept = sha256(session.get("_user_id", "").encode()).hexdigest()
    alive = (
        (S.c.id == kept) & S.c.revoked_at.is_(None) & (S.c.expires_at > datetime.now(UTC)) & P.c.disabled_at.is_(None)
    )
    g.person = g.connection.execute(select(P.c.id, P.c.name).join(S, S.c.person_id == P.c.id).where(alive)).first()
    if g.person is None:
        abort(401)


def _lines(connection: Connection) -> str:
    rows = connection.execute(
        select(D.c.id, D.c.code, U.c.full_name, D.c.level, D.c.state, D.c.due_on)
        .join(U, U.c.id == D.c.unit_id)
        .where(D.c.holder_unit_id == world.DISTRICT, D.c.holder_role == "district_reviewer")
        .order_by(D.c.due_on, D.c.id)
        .limit(25)
    ).all()
    return render_template_string(LINES, rows=rows, person=g.person, today=date(2025, 3, 10))


def _table(connection: Connection, dossier_id: int) -> str:
    """The table of the house: criteria with links, required levels, three columns with results, the count of files."""
    dossier = connection.execute(select(D.c.id, D.c.code, D.c.state).where(D.c.id == dossier_id)).one()
    rows = connection.execute(select(A).where(A.c.dossier_id == dossier_id)).all()
    used = select(USE.c.indicator, func.count()).where(USE.c.dossier_id == dossier_id, USE.c.removed_at.is_(None))
    files: dict[str, int] = dict(connection.execute(used.group_by(USE.c.indicator)).tuples().all())
    answers = {(row.column_name, row.indicator): row for row in rows}
    return render_template_string(
        TABLE, dossier=dossier, criteria=_judged(answers, files), person=g.person, words=WORDS
    )


def _judged(answers: Mapping[tuple[str, str], Any], files: Mapping[str, int]) -> list[tuple[Any, ...]]:
    """The rows of the table: each criterion with its results, and its indicators with what each column says."""
    rules, required = _rules()
    given: dict[str, dict[str, Given]] = {column: {} for column in COLUMNS}
    for (column, code), row in answers.items():
        given[column][code] = Given(row.value, row.not_applicable)
    found = [assess(rules, given[column]) for column in COLUMNS]
    results = dict(zip(COLUMNS, [one.by_indicator for one in found], strict=True))
    by_criterion = [one.by_criterion for one in found]

    def cell(column: str, indicator: Indicator) -> tuple[str, str | None, bool] | None:
        row, base = answers.get((column, indicator.code)), answers.get(("commune", indicator.code))
        if row is None:
            return None
        text = "" if row.not_applicable else format_value(indicator, row.value, "vi")
        return text, results[column][indicator.code], base is not None and row.value != base.value

    def line(one: Indicator) -> tuple[Any, ...]:
        cells = [cell(column, one) for column in COLUMNS]
        return one.code, one.name_vi, required[one.code], files.get(one.code), cells

    def met(column: str, criterion: Criterion) -> int:
        return sum(results[column][one.code] in {"met", "not_applicable"} for one in criterion.indicators)

    return [
        (
            one.code,
            one.name_vi,
            [(met(column, one), judged[one.code]) for column, judged in zip(COLUMNS, by_criterion, strict=True)],
            [line(indicator) for indicator in one.indicators],
        )
        for one in rules.criteria_set.criteria
    ]


@cache
def _rules() -> tuple[Rules, dict[str, str]]:
    """The levels of the one set that the bare page knows, and how they read, made once."""
    rules = rules_of(SET, "1024/QĐ-UBND", date(2022, 8, 12), "tdmnpb", 2025, json.dumps(world.ADOPTED), practice=True)
    return rules, {code: required_text(rules, code, "vi") for code in rules.by_code}
