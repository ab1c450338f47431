"""The floor of the pages: a bare Flask application that checks a session and shows the same rows from Core.

It reads the same database and the same cookie as the house, in the same two or three statements that anybody would
write, and puts the rows into one small template. It knows no languages, no offices, no rules, no forms.
"""

import os
from datetime import UTC, date, datetime
from hashlib import sha256

from flask import Flask, abort, g, render_template_string, session
from sqlalchemy import Connection, Engine, select

from models.base import table_of
from models.database import make_engine
from models.dossiers import Answer, Dossier
from models.people import Person, SignInSession
from models.places import AdminUnit
from queries.rulebook import criteria_sets
from tests import world

A, D, P, S, U = (table_of(one) for one in (Answer, Dossier, Person, SignInSession, AdminUnit))
SET = "commune-ntm-2021-2025"
LINES = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Việc cần làm</title></head><body>
<p>{{ person.name }}</p><h1>Việc cần làm</h1><table>
{% for row in rows %}<tr><td><a href="/dossiers/{{ row.id }}">{{ row.full_name }}</a></td><td>{{ row.code }}</td>
<td>{{ row.level }}</td><td>{{ row.state }}</td><td>{{ row.due_on.strftime("%d/%m/%Y") }}</td></tr>{% endfor %}
</table></body></html>"""
TABLE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Hồ sơ</title></head><body>
<p>{{ person.name }}</p><h1>{{ dossier.code }}</h1><table>
{% for one in indicators %}<tr><td>{{ one.code }} {{ one.name_vi }}</td><td>{{ one.compare }}</td>
{% for column in columns %}{% set answer = answers.get((column, one.code)) %}<td>{% if answer %}{{ answer.value }}
{{ answer.reason }} {{ answer.at.strftime("%d/%m/%Y") }}{% else %}–{% endif %}</td>{% endfor %}</tr>{% endfor %}
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
    dossier = connection.execute(select(D.c.code, D.c.state).where(D.c.id == dossier_id)).one()
    rows = connection.execute(select(A).where(A.c.dossier_id == dossier_id)).all()
    shown = {(row.column_name, row.indicator): row for row in rows}
    given = {"dossier": dossier, "answers": shown, "columns": ("commune", "review", "appraisal"), "person": g.person}
    return render_template_string(TABLE, indicators=criteria_sets()[SET].indicators, **given)
