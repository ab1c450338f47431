"""The press: the same paper from a process of its own, limits that hold, a process that is replaced when it ends."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from documents.context import to_json
from documents.press import Limits, Press, PressFault
from tests.unit.documents.paper import pages, rendered, sample


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    made = Press()
    yield made
    made.close()


def fault(of: Press, context: str) -> PressFault:
    with pytest.raises(PressFault) as met:
        of.print(context)
    return met.value


def test_the_press_prints_what_this_process_would(press: Press) -> None:
    printed = press.print(to_json(sample()))
    assert (printed.sha256, printed.pages) == (rendered(sample()).sha256, rendered(sample()).pages)
    assert printed.pdf == rendered(sample()).pdf


def test_the_look_up_code_is_printed_though_the_facts_do_not_hold_it(press: Press) -> None:
    bare = sample(verification_url=None)
    coded = sample(verification_url=None, code="7k3q9xm2abcd")
    assert press.print(to_json(bare), code="7k3q9xm2abcd").sha256 == rendered(coded).sha256
    assert "7k3q-9xm2-abcd" in pages(coded)[-1].text
    assert "Mã tra cứu" not in pages(bare)[-1].text


def test_a_paper_that_cannot_be_made_is_told_and_the_next_one_is_printed_by_the_same_process(press: Press) -> None:
    press.print(to_json(sample()))
    before = press.apart.process
    assert fault(press, '{"kind":"poem","version":1}').cause == "template"
    assert fault(press, "no json at all").cause == "template"
    assert press.print(to_json(sample())).pages == rendered(sample()).pages
    assert press.apart.process is before


def test_a_paper_of_too_many_pages_is_not_made(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "limits", Limits(pages=1))
    met = fault(press, to_json(sample()))
    assert (met.cause, met.detail) == ("pages", "2 pages, at most 1")


def test_a_paper_that_takes_too_long_is_ended_and_the_press_starts_anew() -> None:
    hasty = Press(Limits(seconds=0.01))
    assert fault(hasty, to_json(sample())).cause == "time"
    assert hasty.apart.process is None
    hasty.limits = Limits()
    assert hasty.print(to_json(sample())).sha256 == rendered(sample()).sha256
    hasty.close()


def test_a_process_without_memory_is_told_and_replaced() -> None:
    poor = Press(Limits(megabytes=60))
    try:
        assert fault(poor, to_json(sample())).cause == "memory"
        poor.apart.megabytes = Limits().megabytes
        assert poor.print(to_json(sample())).pages == rendered(sample()).pages
    finally:
        poor.close()


def test_a_process_that_was_killed_in_the_middle_is_replaced(press: Press) -> None:
    press.print(to_json(sample()))
    process = press.apart.send(b"{}")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert press.print(to_json(sample())).pages == rendered(sample()).pages


def test_the_process_ends_when_nobody_is_left_to_tell_it_anything() -> None:
    left = Press()
    left.print(to_json(sample()))
    process = left.apart.process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    end = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    assert process.returncode == 0
    left.close()
