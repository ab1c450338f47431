"""One world for all cases: a dossier in every state, people of every office in four areas, everybody signed in.

Where somebody's office lies, seen from the commune whose dossiers are asked for: `own` is the commune, its district or
its province; `sibling` the commune or district beside it; `parent` the unit above; `other` is in another province.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, insert, text, update

from app import create_app
from casework.signing_in import id_of
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.council import AgendaItem, CouncilSession
from models.documents import Installation, Paper, PaperDossier
from models.notices import Notice
from models.people import Person, RoleGrant, SignInSession
from models.places import AdminUnit, Recognition
from models.signatures import PaperSignature
from queries.rulebook import procedures
from settings import Settings
from tests import world
from tests.client import padded_token, signed_cookie
from workflow.names import Role, Tier

AREAS = ("own", "sibling", "parent", "other")
NOBODY = "nobody"
STATES = tuple(state for state in procedures()[world.PROCEDURE].states if state != procedures()[world.PROCEDURE].start)
PROVINCE_2, DISTRICT_2, COMMUNE_2, DISTRICT_BESIDE = 3, 4, 5, 6
COMMUNE_BESIDE = world.FIRST_COMMUNE + 1
PLACES: dict[Tier, dict[str, int]] = {
    Tier.COMMUNE: {"own": world.FIRST_COMMUNE, "sibling": COMMUNE_BESIDE, "parent": world.DISTRICT, "other": COMMUNE_2},
    Tier.DISTRICT: {"own": world.DISTRICT, "sibling": DISTRICT_BESIDE, "parent": world.PROVINCE, "other": DISTRICT_2},
    Tier.PROVINCE: {"own": world.PROVINCE, "other": PROVINCE_2},
}
SESSIONS = {"closed": 1, "open": 2, "called": 3}
PAPER_ID, TITLE_ID, NOTICE_ID = 1, 1, 1
BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person in an office of an area, or nobody in particular, with the cookie of a session."""

    name: str
    area: str
    person_id: int | None
    cookie: str
    token: str


def somebodies(app: Flask) -> Iterator[Somebody]:
    """Everybody who asks."""
    for area in AREAS:
        for role in Role:
            if area in PLACES[role.tier]:
                yield _signed_in(app, role.value, area, person_of(role, area))
    yield _signed_in(app, NOBODY, "", None)


def person_of(role: Role, area: str) -> int:
    """The id of the person who holds an office in an area."""
    return world.PERSON[role] + 1000 * AREAS.index(area)


def _signed_in(app: Flask, name: str, area: str, person_id: int | None) -> Somebody:
    kept = f"token.p{person_id}"
    cookie = f"datchuan={signed_cookie(app, f'secret-{person_id}' if person_id else '', kept)}"
    return Somebody(name, area, person_id, cookie, padded_token(app, kept))


@contextmanager
def ground(database_url: str, folder: Path) -> Iterator[Flask]:
    """The application on that world; its clock stands at 10/03/2025."""
    settings = Settings(
        instance_path=folder,
        database_url=database_url,
        files_path=folder / "files",
        mail_path=folder / "mail",
        practice=True,
        scenario="three-tier",
        secret_key="only for tests",
        host="127.0.0.1",
        port=8000,
        secure_cookies=False,
    )
    app = create_app(settings)
    with unit_of_work(app.extensions["engine"]) as connection:
        _found(connection)
    yield app
    app.extensions["engine"].dispose()


def _found(connection: Connection) -> None:
    connection.execute(text("DROP INDEX uq_dossier_one_open"))  # here a commune has a dossier in every state at once
    world.found(connection, communes=2)
    moments = {"practice_starts_at": world.NOW, "built_at": datetime.now(UTC)}
    connection.execute(update(table_of(Installation)).values(moments))
    _add_units(connection)
    for area in AREAS:
        for role in Role:
            if area in PLACES[role.tier]:
                _add_person(connection, role, area)
    for number, state in enumerate(STATES, 1):
        world.plant(connection, world.FIRST_COMMUNE, state, number)
    _add_sessions(connection)
    _add_paper(connection)
    told = {"id": NOTICE_ID, "event_id": 1, "kind": "news", "at": world.NOW}
    connection.execute(insert(table_of(Notice)), {**told, "person_id": world.PERSON[Role.COMMUNE_OFFICER]})
    world.count_on(connection)


def _add_units(connection: Connection) -> None:
    units = [
        (PROVINCE_2, "province", "Tỉnh Khác", None),
        (DISTRICT_2, "district", "Huyện Khác", PROVINCE_2),
        (COMMUNE_2, "commune", "Xã Khác", DISTRICT_2),
        (DISTRICT_BESIDE, "district", "Huyện Bên", world.PROVINCE),
    ]
    frame = {"kind": "xã", "valid_from": date(1900, 1, 1)}
    rows = [
        {**frame, "id": key, "code": f"u{key}", "tier": tier, "name": name, "full_name": name, "sort_key": name}
        | {"parent_id": parent}
        for key, tier, name, parent in units
    ]
    connection.execute(insert(table_of(AdminUnit)), rows)


def _add_person(connection: Connection, role: Role, area: str) -> None:
    key = person_of(role, area)
    if area != "own":
        person = {"id": key, "login": f"p{key}", "name": f"Người {key}", "password_hash": "-", "created_at": world.NOW}
        connection.execute(insert(table_of(Person)), person)
        office = {"person_id": key, "role": role.value, "unit_id": PLACES[role.tier][area]}
        department = "snnmt" if role is Role.DEPARTMENT_REVIEWER else None
        connection.execute(
            insert(table_of(RoleGrant)), {**office, "department": department, "valid_from": date(2020, 1, 1)}
        )
    times = {"created_at": world.NOW, "last_seen_at": world.NOW + timedelta(minutes=4)}
    session = {"id": id_of(f"secret-{key}"), "person_id": key, "expires_at": world.NOW + timedelta(hours=12), **times}
    connection.execute(insert(table_of(SignInSession)), {**session, "address": "", "browser": ""})


def _add_sessions(connection: Connection) -> None:
    frame = {"council_id": 1, "held_on": world.TODAY, "place": "Cao Bằng", "members": 1}
    sessions = [{"id": 2, "opened_at": world.NOW, **frame}, {"id": 3, "opened_at": None, **frame}]
    connection.execute(insert(table_of(CouncilSession)), sessions)
    before_council = STATES.index("council") + 1
    agenda = [{"session_id": one, "dossier_id": before_council, "position": 1} for one in (2, 3)]
    connection.execute(insert(table_of(AgendaItem)), agenda)


def _add_paper(connection: Connection) -> None:
    recognised = STATES.index("recognised") + 1
    frame = {"unit_id": world.PROVINCE, "person_id": world.CHAIRMAN, "at": world.NOW, "template_version": 1}
    numbered = {"symbol": "QĐ-UBND", "year": 2025, "number": 117, "signed_on": world.TODAY, "code": "c0de"}
    of = {"id": PAPER_ID, "event_id": 1, "kind": "decision", "edition": 1}
    rendered = {"context": json.dumps({}), "sha256": world.PAPER, "rendered_at": world.NOW, "pages": 2}
    connection.execute(insert(table_of(Paper)), {**frame, **numbered, **of, **rendered})
    connection.execute(insert(table_of(PaperDossier)), {"paper_id": PAPER_ID, "dossier_id": recognised, "event_id": 1})
    asked = {"paper_id": PAPER_ID, "part": "signer", "way": "server", "person_id": world.CHAIRMAN, "batch": BATCH}
    owed = {"asked_at": world.NOW, "status": "failed", "run_at": world.NOW, "attempts": 1, "trouble": "key_missing"}
    connection.execute(insert(table_of(PaperSignature)), {**asked, **owed})
    title = {"id": TITLE_ID, "unit_id": world.FIRST_COMMUNE, "unit_name": "Xã Thử 1", "place_then": "Cao Bằng"}
    decided = {"subject": "commune", "level": "standard", "year_recognised": 2024, "decision": "218/QĐ-UBND"}
    book = {"signed_on": world.TODAY, "authority": "UBND tỉnh", "dossier_id": recognised, "source": "hồ sơ"}
    of_others = (
        {"id": TITLE_ID + place, "dossier_id": STATES.index(state) + 1}
        for place, state in enumerate(("revocation_recommended", "announced"), 1)
    )
    for own in ({}, *of_others):
        connection.execute(insert(table_of(Recognition)), {**title, **decided, **book, **own})
