"""Every address: who may open it, typed parameters, hyphens, and that looking at a page writes nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app import create_app
from blueprints.access import PUBLIC, SHARED, Access, Pages
from settings import load
from tests.contract.sources import ROOT, calls, dotted, modules_of

PUBLIC_PAGES = {
    "health.healthz",
    "auth.sign_in",
    "auth.try_sign_in",
    "auth.practice_sign_in",
    "auth.sign_in_again",
    "auth.code_page",
    "auth.give_code",
    "auth.link_page",
    "auth.use_link_act",
    "auth.sign_out",
    "auth.choose_language",
}
SHARED_PAGES = {
    "register.book_page",
    "register.title",
    "register.unit",
    "register.decisions_page",
    "register.keys_page",
    "register.keys_file",
    "register.look_up",
    "register.check_page",
    "register.compare",
    "register.scanned_page",
    "register.anchors_page",
    "register.anchor_file",
    "register.verifier_file",
}
WORD = re.compile(r"[a-z]+(-[a-z]+)*(\.[a-z]+)?")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = create_app(load({"INSTANCE_PATH": str(tmp_path_factory.mktemp("instance"))}))
    yield made
    made.extensions["engine"].dispose()


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def test_every_page_says_who_may_open_it(app: Flask) -> None:
    for rule in rules(app):
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        assert isinstance(access, Access | frozenset), rule.rule


def test_only_the_named_pages_are_open_to_everybody(app: Flask) -> None:
    opened = {name: getattr(view, "access", None) for name, view in app.view_functions.items()}
    assert {name for name, access in opened.items() if access is PUBLIC} == PUBLIC_PAGES
    assert {name for name, access in opened.items() if access is SHARED} == SHARED_PAGES


def test_a_page_without_access_cannot_be_registered() -> None:
    pages = Pages("sample", __name__)
    with pytest.raises(TypeError, match="access"):
        pages.route("/somewhere")
    with pytest.raises(TypeError, match="access"):
        pages.add_url_rule("/somewhere")
    with pytest.raises(TypeError, match="access"):
        pages.page("/somewhere")  # type: ignore[call-arg]  # what the test is about


def test_addresses_have_typed_parameters_and_words_with_hyphens(app: Flask) -> None:
    for rule in rules(app):
        for segment in filter(None, rule.rule.split("/")):
            parameters = re.findall(r"<([^>]+)>", segment)
            assert all(":" in parameter for parameter in parameters), rule.rule
            fixed = re.sub(r"<[^>]+>", "", segment)
            assert not fixed or WORD.fullmatch(fixed.lstrip(".")), rule.rule


def test_an_address_is_looked_at_or_written_to_by_different_functions(app: Flask) -> None:
    for rule in rules(app):
        assert (rule.methods or set()) - {"HEAD", "OPTIONS"} in ({"GET"}, {"POST"}), rule.rule


def test_a_function_that_answers_a_look_never_writes(app: Flask) -> None:
    writers = set()
    for code in modules_of("blueprints"):
        for node in code.tree.body:
            if any(dotted(call.func) == "database.act" for call in calls(node)):
                writers.add((code.path, getattr(node, "name", "")))
    lookers = set()
    for rule in rules(app):
        if "GET" in (rule.methods or set()):
            view: Any = app.view_functions[rule.endpoint]
            path = view.__wrapped__.__code__.co_filename
            lookers.add((path.removeprefix(f"{ROOT}/"), view.__name__))
    assert len(writers) >= 7
    assert not writers & lookers
