"""Which addresses are asked, and what is sent to them: every rule, with each thing that its parameters can name.

A rule without parameters, or with those below, needs nothing here. A new parameter is added to PARAMETERS.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from flask import Flask
from werkzeug.routing import Rule

from blueprints.admin.units import WAYS
from blueprints.desk.tasks import TASKS
from casework.owed import QUEUES
from queries.rulebook import procedures
from tests import world
from tests.routes.ground import BATCH, NOTICE_ID, PAPER_ID, SESSIONS, STATES, TITLE_ID
from workflow.names import Role

TYPED = {
    "reason": "Lý do",
    "missing": "D4",
    "changes": "D4",
    "year_recognised": "2024",
    "signed_on": "10/03/2025",
    "announced_on": "10/03/2025",
    "announced_at": "Nhà văn hóa",
    "request_key": "key",
    "lang": "en",
}
CHOICES = {"action", "queue", "task", "way"}  # parameters that are names of a closed list: each has a row of its own


@dataclass(frozen=True, slots=True)
class Case:
    """One address for one way of asking: its rule with the named parameters filled in, and what it is about."""

    method: str
    route: str
    about: str
    path: str
    version: int | None = None

    @property
    def form(self) -> dict[str, str]:
        """What is sent along: enough for every action, and the version that the dossier has."""
        return TYPED if self.version is None else {**TYPED, "seen_version": str(self.version)}


def cases(app: Flask) -> Iterator[Case]:
    """Every case, rule by rule."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.rule, sorted(one.methods or ()))):
        (method,) = (rule.methods or set()) & {"GET", "POST"}
        for about, values in _values(rule):
            path = _built(rule, values)
            shown = {name: value for name, value in values.items() if name in CHOICES}
            version = _version(int(values["dossier_id"])) if "dossier_id" in values else None
            yield Case(method, _shown(rule, shown), about, path, version)


@cache
def _version(dossier_id: int) -> int:
    return len(world.path_to(procedures()[world.PROCEDURE], STATES[dossier_id - 1]))


def _values(rule: Rule) -> Iterator[tuple[str, dict[str, str]]]:
    """What the parameters of a rule stand for: all that they can name, with a word for it."""
    names = set(rule.arguments)
    if names == {"dossier_id", "action"}:
        yield from _actions()
    elif names == {"dossier_id", "task"}:
        yield from _tasks()
    elif names == {"dossier_id", "session_id"}:
        yield from _items()
    elif names == {"key", "version"}:
        yield "", dict(zip(("key", "version"), world.PROCEDURE.split("@"), strict=True))
    else:
        yield from _products(sorted(names))


def _products(names: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    if not names:
        yield "", {}
        return
    first, rest = names[0], names[1:]
    assert first in PARAMETERS, f"say in PARAMETERS what <{first}> can name"
    for about, value in PARAMETERS[first]:
        for more, values in _products(rest):
            yield " ".join(filter(None, (about, more))), {first: value, **values}


def _actions() -> Iterator[tuple[str, dict[str, str]]]:
    procedure = procedures()[world.PROCEDURE]
    for number, state in enumerate(STATES, 1):
        for action in procedure.actions_from(state):
            yield state, {"dossier_id": str(number), "action": action.name}
        yield state, {"dossier_id": str(number), "action": "nothing"}


def _tasks() -> Iterator[tuple[str, dict[str, str]]]:
    """Each task in the states that know its work, and in one that does not."""
    procedure = procedures()[world.PROCEDURE]
    for name, task in TASKS.items():
        for number, state in enumerate(STATES, 1):
            if task.work in procedure.states[state].work or state == "announced":
                yield state, {"dossier_id": str(number), "task": name}


def _items() -> Iterator[tuple[str, dict[str, str]]]:
    """The one dossier that stands on the agenda of the sessions."""
    dossier_id = str(STATES.index("council") + 1)
    for name, session_id in SESSIONS.items():
        yield name, {"dossier_id": dossier_id, "session_id": str(session_id)}


PARAMETERS: dict[str, list[tuple[str, str]]] = {
    "batch": [("", BATCH)],
    "code": [("", "222222222222")],
    "criterion": [("", "17")],
    "day": [("", "2025-04-30")],
    "digest": [("", world.PAPER)],
    "dossier_id": [(state, str(number)) for number, state in enumerate(STATES, 1)],
    "grant_id": [("", "1")],
    "key": [("", "commune-ntm-2021-2025")],
    "kind": [("", "zip")],
    "notice_id": [("", str(NOTICE_ID))],
    "paper_id": [("", str(PAPER_ID))],
    "person_id": [("", str(world.PERSON[Role.COMMUNE_OFFICER]))],
    "queue": [("", name) for name in QUEUES],
    "row_id": [("", "1")],
    "scanned": [("", "V/222222222222")],
    "secret": [("", "x" * 43)],
    "session_id": [(name, str(key)) for name, key in SESSIONS.items()],
    "title_id": [("", str(TITLE_ID))],
    "unit_id": [("", str(world.FIRST_COMMUNE))],
    "way": [("", name) for name in WAYS],
    "year": [("", "2025")],
}


def _built(rule: Rule, values: dict[str, str]) -> str:
    path = rule.rule
    for name, value in values.items():
        path = _replaced(path, name, value.replace("_", "-") if name in CHOICES else value)
    return path


def _shown(rule: Rule, values: dict[str, str]) -> str:
    route = rule.rule
    for name, value in values.items():
        route = _replaced(route, name, value.replace("_", "-"))
    return route


def _replaced(path: str, name: str, value: str) -> str:
    start = path.index(f":{name}>")
    return path[: path.rindex("<", 0, start)] + value + path[start + len(name) + 2 :]
