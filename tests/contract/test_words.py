"""Every sentence that a person can meet exists in Vietnamese and in English, with the parameters that it names."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from casework.pdf_check import ActiveContent
from documents.signing.examining import Fault
from queries.register import Standing
from queries.rulebook import procedures
from queries.wording import LANGUAGES, words
from tests.contract.sources import ROOT, Module, calls, dotted, module, modules_of, strings
from workflow import names
from workflow.criteria import Blocked
from workflow.criteria_set import ValueFault
from workflow.deadlines import Reason
from workflow.guards import GUARDS

LISTS = {
    "roles": names.Role,
    "duties": names.Role,
    "tiers": names.Tier,
    "desks": names.Desk,
    "subjects": names.Subject,
    "levels": names.Level,
    "reaches": names.Reach,
    "state_kinds": names.StateKind,
    "marks": names.Mark,
    "mark_reasons": names.Mark,
    "columns": names.Column,
    "results": names.Result,
    "stages": names.Stage,
    "events": names.EventType,
    "admin_acts": names.AdminAct,
    "effects": names.Effect,
    "troubles": names.Trouble,
    "signing_parts": names.SigningPart,
    "signing_ways": names.SigningWay,
    "signing_troubles": names.SigningTrouble,
    "news": names.EventType,
    "notice_kinds": names.NoticeKind,
    "mailings": names.Mailing,
    "daily_works": names.DailyWork,
    "bundles": names.Bundled,
    "seen": names.Seen,
    "works": names.Work,
    "parts": names.Part,
    "active_content": ActiveContent,
    "documents": names.DocumentKind,
    "day_reasons": Reason,
    "unknown_threshold": Blocked,
    "standings": Standing,
}
SECTIONS = {"next", "criteria", "conditions", "parts", "council", "history", "form", "inbox"}
COMPUTED = {
    "input.{}": [f"input.{name}" for name in names.Field],
    "signature.{}": [f"signature.{cause}" for cause in get_args(Fault)],
    "{}.counts": ["posting.counts", "survey.counts", "vote.counts"],
}
CATALOG = ROOT / "translations" / "en" / "LC_MESSAGES"


def code_of(node: ast.expr) -> list[str]:
    """The codes that a first argument stands for; a computed one is looked up by its shape."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        return COMPUTED["".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)]
    if dotted(node).startswith("ValueFault."):
        return [ValueFault[dotted(node).removeprefix("ValueFault.")].value]
    return []


def refusals(code: Module) -> Iterator[tuple[str, frozenset[str]]]:
    """Each refusal that a module can give, with the parameters that it gives along."""
    for call in calls(code.tree):
        if dotted(call.func) in {"refuse", "InvalidValue"} and call.args:
            given = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
            yield from ((found, given) for found in code_of(call.args[0]))


def given_by_code() -> dict[str, frozenset[str]]:
    """For every code the parameters that each of its refusals has."""
    found: dict[str, frozenset[str]] = {}
    for code in modules_of("workflow", "casework"):
        for name, given in refusals(code):
            found[name] = found.get(name, given) & given
    return found


def passed_on() -> set[str]:
    """The codes that one function hands to another which refuses with them."""
    known = words()["refusals"]
    return {text for code in modules_of("workflow", "casework") for _, text in strings(code.tree) if text in known}


@pytest.mark.parametrize("group", list(LISTS))
def test_every_name_of_a_closed_list_has_its_words_and_no_other_has(group: str) -> None:
    assert set(words()[group]) == {str(name) for name in LISTS[group]}


def test_every_field_of_an_action_has_its_words() -> None:
    assert {str(name) for name in names.Field} <= set(words()["fields"])


def test_every_guard_and_every_unit_of_a_figure_has_its_words() -> None:
    assert set(words()["guards"]) == set(GUARDS)
    units = {figure.unit for one in procedures().values() for figure in one.figures.values()}
    assert set(words()["figure_units"]) == units


def test_every_refusal_has_its_sentence() -> None:
    given = given_by_code()
    assert len(given) > 90
    assert set(given) <= set(words()["refusals"])


def test_every_sentence_belongs_to_a_refusal() -> None:
    assert set(words()["refusals"]) - set(given_by_code()) <= passed_on() | set(ValueFault)


def test_sentences_name_only_parameters_that_are_given() -> None:
    given = given_by_code()
    for code, texts in words()["refusals"].items():
        for lang in LANGUAGES:
            named = {name for _, name, _, _ in Formatter().parse(texts[lang]) if name}
            assert named <= given.get(code, named), (code, lang)


def test_both_languages_name_the_same_parameters() -> None:
    for code, texts in words()["refusals"].items():
        found = [{name for _, name, _, _ in Formatter().parse(texts[lang]) if name} for lang in LANGUAGES]
        assert found[0] == found[1], code


def test_every_sentence_says_where_it_is_mended() -> None:
    for code, texts in words()["refusals"].items():
        assert texts["mend"] in SECTIONS | {work.value for work in names.Work}, code


def test_nothing_is_left_without_words() -> None:
    for group, listed in words().items():
        for name, texts in listed.items():
            assert all(texts[lang].strip() for lang in LANGUAGES), (group, name)


def test_every_event_has_its_place_in_the_timeline() -> None:
    shown = {path.stem for path in (ROOT / "templates" / "timeline").glob("[a-z]*.html")}
    assert shown == {str(name) for name in names.EventType}


def test_a_refusal_without_words_would_be_seen() -> None:
    code = module('raise Refused((refuse("moon.full", phase=1),))\nraise InvalidValue(ValueFault.MISSING, field="x")')
    assert dict(refusals(code)) == {"moon.full": frozenset({"phase"}), "value.missing": frozenset({"field"})}


# --- the sentences of the pages ---

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}


def said_on_pages() -> set[str]:
    found: set[str] = set()
    for folder in ("blueprints", "templates"):
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, METHODS, {}, KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return found


@cache
def catalog() -> Catalog:
    with (CATALOG / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def test_every_sentence_of_the_pages_is_in_english() -> None:
    known = {one.id if isinstance(one.id, str) else one.id[0]: one for one in catalog() if one.id}
    assert set(known) == said_on_pages()
    for message in known.values():
        texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
        assert all(texts), message.id
        assert not list(message.check(catalog())), message.id


def test_the_compiled_sentences_are_those_of_the_catalog() -> None:
    made = BytesIO()
    write_mo(made, catalog())
    assert (CATALOG / "messages.mo").read_bytes() == made.getvalue()


VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạảãàáậẩẫầấặẳẵằắẹẻẽèéệểễềếịỉĩìíọỏõòóộổỗồốợởỡờớụủũùúựửữừứỵỷỹỳý]")


def untranslated(path: Path) -> list[str]:
    """The Vietnamese words of a template that stand outside of any translated sentence."""
    text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"Đạt Chuẩn|Tiếng Việt", "", text)
    return [line.strip() for line in text.splitlines() if VIETNAMESE.search(line)]


BOTH_AT_ONCE = ("documents", "design")


def test_no_template_speaks_vietnamese_past_the_catalog() -> None:
    folder = ROOT / "templates"
    pages = [path for path in folder.rglob("*.html") if path.relative_to(folder).parts[0] not in BOTH_AT_ONCE]
    assert not [(path.name, line) for path in pages for line in untranslated(path)]
