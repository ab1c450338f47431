"""The words for people: labels of every closed list and the sentence of every refusal, in Vietnamese and English."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import workflow
from workflow.criteria_loader import Department, load_departments
from workflow.procedure import Action, Procedure, State
from workflow.refusal import Refusal, type_of_parameter
from workflow.written import format_number

LANGUAGES = ("vi", "en")
FILE = Path(__file__).parents[1] / "translations" / "words.yaml"
DEPARTMENTS = Path(workflow.__file__).parent / "criteria" / "departments.yaml"

type_of_words = Mapping[str, Mapping[str, Mapping[str, str]]]


@cache
def words() -> type_of_words:
    """Every word list by its name, loaded once."""
    loaded: type_of_words = yaml.load(FILE.read_text("utf-8"), yaml.CSafeLoader)
    return loaded


def label(group: str, name: str, lang: str) -> str:
    """The label of a name of a closed list; KeyError for a name without words."""
    return words()[group][name][lang]


def state_label(state: State, lang: str) -> str:
    """The label that the procedure gives a state."""
    return state.label_vi if lang == "vi" else state.label_en


def action_label(action: Action, lang: str) -> str:
    """The label that the procedure gives an action."""
    return action.label_vi if lang == "vi" else action.label_en


@cache
def departments() -> Mapping[str, Department]:
    """The provincial departments by code, loaded once."""
    return load_departments(DEPARTMENTS)


def department_name(code: str, lang: str) -> str:
    """The present name of a provincial department by its code; the code itself for an unknown one."""
    found = departments().get(code)
    if found is None:
        return code
    return found.name_vi if lang == "vi" else found.name_en


def sentence(refusal: Refusal, lang: str, procedure: Procedure | None = None) -> str:
    """The sentence of a refusal with its parameters in words."""
    spoken = {name: _spoken(name, value, lang, procedure) for name, value in refusal.parameters.items()}
    return words()["refusals"][refusal.code][lang].format_map(spoken)


def mend_of(refusal: Refusal) -> str:
    """Where the reader can put it right: a kind of work, or a section of the dossier's page."""
    return words()["refusals"][refusal.code]["mend"]


def field_of(refusal: Refusal) -> str:
    """The field of the form of that work in which it is put right; "" where the form as a whole is meant."""
    return words()["refusals"][refusal.code].get("field", "")


def _spoken(name: str, value: type_of_parameter, lang: str, procedure: Procedure | None) -> str:
    if isinstance(value, tuple):
        value = tuple(sorted(value, key=in_order)) if name in _CODES else value
        return ", ".join(_spoken(name, item, lang, procedure) for item in value)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if name == "state" and procedure and value in procedure.states:
        return state_label(procedure.states[str(value)], lang)
    return _SPEAKERS[name](value, lang) if name in _SPEAKERS else str(value)


def in_order(code: str) -> list[tuple[int, str]]:
    """A key that puts codes in the order of the text: 2.1 before 10.1, 17.1a before 17.1b."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"([0-9]+)", code)]


_CODES = frozenset({"indicators", "criteria"})


def _of(group: str) -> Callable[[Any, str], str]:
    def speak(value: Any, lang: str) -> str:
        known = words()[group].get(str(value))
        return known[lang] if known else str(value)

    return speak


def _part(value: Any, lang: str) -> str:
    """A part of the dossier with its name; an indicator has its code alone."""
    known = words()["parts"].get(str(value))
    return f"{known[lang]} ({value})" if known else str(value)


def _amount(value: Any, lang: str) -> str:
    return format_number(value, lang) if isinstance(value, int) else str(value)


_AMOUNTS = (
    *("amount", "agreed", "asked", "cast", "copies", "count", "members", "part", "present", "satisfied"),
    *("sum", "times", "total", "valid", "whole", "yes"),
)
_SPEAKERS: Mapping[str, Callable[[Any, str], str]] = {
    **dict.fromkeys(_AMOUNTS, _amount),
    "roles": _of("roles"),
    "event": _of("events"),
    "level": _of("levels"),
    "before": _of("levels"),
    "above": _of("levels"),
    "places": _of("places"),
    "kind": _of("documents"),
    "field": _of("fields"),
    "found": _of("active_content"),
    "parts": _part,
    "items": _part,
    "department": department_name,
}
