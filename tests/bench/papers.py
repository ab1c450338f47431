"""The papers: one decision beside the bare engine on the same page, two workers beside one, memory that stays flat."""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from documents import pdf
from documents.context import from_plain, to_json
from documents.html import samples_of, template_of, to_html
from documents.press import Press
from tests.bench.figures import Figure, against

ROUNDS = 9
FEW, ALL = 40, 200
SOME_RENDERINGS, MANY_RENDERINGS = 150, 1_000
WARM = 50
MOST_GROWTH_MB = 16.0
PAGE_BYTES = 4096


def measure() -> Iterator[Figure]:
    """The three figures with small counts."""
    yield one_decision()
    yield two_workers(FEW)
    yield memory(SOME_RENDERINGS)


def measure_all() -> Iterator[Figure]:
    """The same with 200 decisions and 1,000 renderings."""
    yield one_decision()
    yield two_workers(ALL)
    yield memory(MANY_RENDERINGS)


def one_decision() -> Figure:
    """One decision from its facts, warm, beside the engine alone on the page that they give."""
    facts = _facts()
    html, sheets = to_html(facts), template_of(facts.kind, facts.version).stylesheets
    pdf.render(facts)
    ours, floors = [], []
    for _ in range(ROUNDS):
        ours.append(_worked(lambda: pdf.render(facts)))
        floors.append(_worked(lambda: _bare(facts, html, sheets)))
    return against("one decision, beside bare WeasyPrint", ours, floors, 1.1)


def _worked(work: Callable[[], object]) -> float:
    """Seconds of the processor for some work, twice: it is all that rendering takes, whatever else the machine does."""
    gc.collect()
    start = time.process_time()
    for _ in range(2):
        work()
    return (time.process_time() - start) / 2


def _bare(facts: Any, html: str, sheets: tuple[str, ...]) -> bytes:
    """What the engine alone takes, with faces and style sheets that are loaded already, as ours are."""
    from weasyprint import HTML

    page = HTML(string=html, base_url="asset:/", url_fetcher=pdf._fetcher(pdf._own_assets(facts)))
    styles, faces = [pdf._stylesheet(name) for name in sheets], pdf._font_configuration()
    made: bytes = page.write_pdf(stylesheets=styles, font_config=faces, pdf_variant="pdf/a-3b", pdf_tags=True)
    return made


def two_workers(count: int) -> Figure:
    """As many decisions by two presses side by side, beside one press alone: at least 1.6 times as fast."""
    context, presses = to_json(_facts()), [Press(), Press()]
    for one in presses:
        one.print(context)
    alone = _spent(presses[:1], context, count)
    both = _spent(presses, context, count)
    for one in presses:
        one.close()
    return against(f"{count} decisions, two workers beside one", [both], [alone], 1 / 1.6, "s")


def _spent(presses: list[Press], context: str, count: int) -> float:
    def work(press: Press) -> None:
        for _ in range(count // len(presses)):
            press.print(context)

    threads = [threading.Thread(target=work, args=(press,)) for press in presses]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def memory(count: int) -> Figure:
    """How much a press grows from its first renderings to its last, in megabytes."""
    context, press = to_json(_facts()), Press()
    for _ in range(WARM):
        press.print(context)
    before = _megabytes(press)
    for _ in range(count - WARM):
        press.print(context)
    grown = _megabytes(press) - before
    press.close()
    return Figure(f"memory of a press, {WARM} to {count} renderings", grown, "MB", None, None, MOST_GROWTH_MB)


def _megabytes(press: Press) -> float:
    assert press.apart.process is not None
    resident = Path(f"/proc/{press.apart.process.pid}/statm").read_text().split()[1]
    return int(resident) * PAGE_BYTES / 1024 / 1024


def _facts() -> Any:
    return from_plain(samples_of("decision", 1)["one_unit"])
