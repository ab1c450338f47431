"""The machine's own browser before served practice provinces; what goes wrong on a page fails the test.

`meet` seats a person before a browser of their own. A failed test leaves pictures of its pages in `screenshots/failed`.
"""

import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from app import create_app
from settings import ROOT, load
from tests.browser.crawl import Atlas
from tests.browser.desk import Meet
from tests.browser.house import House
from tests.browser.machine import NoBrowser, Running, launch_options
from tests.browser.people import Person, Watch

PICTURES = ROOT / "screenshots" / "failed"
PATIENCE_MS = 30_000
WIDE = {"width": 1280, "height": 900}
FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the machine's own chromium, which reaches no name and no other machine."""
    try:
        return launch_options()
    except NoBrowser as reason:
        pytest.fail(str(reason))


@pytest.fixture(scope="session")
def running(launch_browser: Callable[[], Browser]) -> Iterator[Running]:
    """Return the browser of this process; one that is ended from outside costs the test that met it, not all others."""
    browser = Running(launch_browser)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def house_of(copy_of: Callable[[str], Path]) -> Iterator[Callable[..., House]]:
    """Return a function that gives the served province of a scenario: one to work in, one only to be looked at.

    Nobody waits there for what the worker makes; it is beside the provinces in which a dossier goes its whole road.
    """
    houses: dict[tuple[str, bool], House] = {}

    def open_house(scenario: str, *, untouched: bool = False) -> House:
        key = scenario, untouched
        if key not in houses:
            house = House(copy_of(scenario), scenario)
            house.start(worker=False)
            houses[key] = house
        return houses[key]

    yield open_house
    for house in houses.values():
        house.stop()


@pytest.fixture(scope="session")
def atlas(house_of: Callable[..., House]) -> Iterator[Atlas]:
    """Return the map of all addresses, with that of the components, of the province that is only looked at."""
    folder = house_of("three-tier", untouched=True).folder
    app = create_app(load({"INSTANCE_PATH": str(folder), "SCENARIO": "three-tier", "DEVELOPMENT": "1"}))
    yield Atlas(app)
    app.extensions["engine"].dispose()


@pytest.fixture
def seat(request: pytest.FixtureRequest, running: Running) -> Iterator[Callable[..., Person]]:
    """Return a function that seats a person before a browser in a house; their faults fail the test."""
    seated: list[Person] = []

    def seat_in(house: House, **options: Any) -> Person:
        context = running.now().new_context(
            **{"viewport": WIDE, "locale": "vi-VN", "reduced_motion": "reduce"} | options
        )
        context.set_default_timeout(PATIENCE_MS)
        watch = Watch(house.url)
        watch.over(context)
        seated.append(Person(house, context, context.new_page(), watch, touch=options.get("has_touch", False)))
        return seated[-1]

    yield seat_in
    faults = [fault for person in seated for fault in person.watch.faults]
    if seated and not running.alive:
        faults.append("the browser has ended")
    there = [person for person in seated if not person.gone]
    if faults or request.node.stash.get(FAILED, False):
        picture(request.node.name, there)
    for person in there:
        person.context.close()
    assert not faults


@pytest.fixture
def own_house_of(copy_of: Callable[[str], Path]) -> Iterator[Callable[..., House]]:
    """Return a function that gives a served province that belongs to this test alone, as when it lets days pass."""
    houses: list[House] = []

    def open_house(scenario: str, *, worker: bool) -> House:
        houses.append(House(copy_of(scenario), scenario))
        houses[-1].start(worker=worker)
        return houses[-1]

    yield open_house
    for house in houses:
        house.stop()


@pytest.fixture
def meet(own_house_of: Callable[..., House], house_of: Callable[..., House], seat: Callable[..., Person]) -> Meet:
    """Return a function that seats a person in the province of a scenario, signed in without a look at the pages."""

    def meet_one(
        login: str = "",
        scenario: str = "three-tier",
        lang: str = "vi",
        *,
        untouched: bool = False,
        alone: bool = False,
        worker: bool = False,
        **options: Any,
    ) -> Person:
        house = own_house_of(scenario, worker=worker) if alone else house_of(scenario, untouched=untouched)
        person = seat(house, **options)
        if lang != person.lang:
            person.go("/sign-in")
            person.speak(lang)
        if login:
            person.slip_in(login)
        return person

    return meet_one


def picture(test: str, seated: list[Person]) -> None:
    """Keep how each page of a failed test looked."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]+", "-", test)
    for number, person in enumerate(seated):
        for tab, page in enumerate(person.context.pages):
            page.screenshot(path=PICTURES / f"{name}-{number}-{tab}.png", full_page=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, so that its pages are kept."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report
