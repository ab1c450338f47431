"""Reading a paper back from its bytes: where each text stands, how large, in which face, and where rules are drawn.

Lengths are millimetres from the top left corner of the page, sizes are points.
"""

import ctypes
import dataclasses
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from documents.context import from_plain, to_json
from documents.html import samples_of
from documents.kinds import KINDS
from documents.pdf import Rendered, render

ROOT = Path(__file__).resolve().parents[3]
MM = 25.4 / 72
A4_HEIGHT = 297.0
LEFT, RIGHT, TOP, BOTTOM = 30.0, 195.0, 20.0, 277.0


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        return self.right - self.left


class Letter(NamedTuple):
    sign: str
    box: Box
    size: float
    face: str


@dataclasses.dataclass(frozen=True, eq=False)
class Page:
    letters: tuple[Letter, ...]
    rules: tuple[Box, ...]

    @cached_property
    def text(self) -> str:
        """The text as it reads, each line break and run of spaces being one space."""
        return " ".join("".join(letter.sign for letter in self.letters).split())

    @cached_property
    def solid(self) -> tuple[Letter, ...]:
        """The letters without the spaces between them."""
        return tuple(letter for letter in self.letters if not letter.sign.isspace())

    @cached_property
    def solid_text(self) -> str:
        """The same as a text."""
        return "".join(letter.sign for letter in self.solid)

    def find(self, wanted: str) -> tuple[Letter, ...]:
        """The letters of the first place where the wanted text stands, whatever its spaces."""
        places = self.find_all(wanted)
        assert places, f"{wanted!r} is not on the page"
        return places[0]

    def find_all(self, wanted: str) -> list[tuple[Letter, ...]]:
        """The letters of every place where the wanted text stands."""
        sought = "".join(wanted.split())
        starts = [found.start() for found in re.finditer(f"(?={re.escape(sought)})", self.solid_text)]
        return [self.solid[at : at + len(sought)] for at in starts]

    def box(self, wanted: str) -> Box:
        """The box around a text, from the ascent of its line to the descent."""
        return around(self.find(wanted))

    def style(self, wanted: str) -> tuple[float, str]:
        """The size and face of a text, which must be the same throughout."""
        styles = {(round(letter.size, 1), letter.face) for letter in self.find(wanted)}
        assert len(styles) == 1, f"{wanted!r} is set in {styles}"
        return styles.pop()


shipped = cache(samples_of)
SAMPLES = [f"{key.partition('/')[0]}/{name}" for key in KINDS for name in shipped(key.partition("/")[0], 1)]
OF_THEIR_OWN = ("certificate/", "dossier_index/", "register_page/")
BY_THE_DECREE = [name for name in SAMPLES if not name.startswith(OF_THEIR_OWN)]
PAINTED_MARKS = 20  # letters of the watermark are larger than any of the text's


def around(letters: tuple[Letter, ...]) -> Box:
    """The box around some letters."""
    lefts, tops, rights, bottoms = zip(*(letter.box for letter in letters), strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


@cache
def sample(name: str = "decision/one_unit", **changes: Any) -> Any:
    """A shipped sample with some facts changed; without a kind it is a decision."""
    kind, _, one = name.rpartition("/")
    return dataclasses.replace(from_plain(shipped(kind or "decision", 1)[one]), **changes)


def rendered(context: Any) -> Rendered:
    return printed(context)[0]


def complaints(context: Any) -> list[str]:
    """What the engine said when it printed the paper of a context."""
    return printed(context)[1]


@cache
def printed(context: Any) -> tuple[Rendered, list[str]]:
    """The paper of a context, printed once for all tests of a process, and what was said of it."""
    with listening() as said:
        return render(context), said


@contextmanager
def listening() -> Iterator[list[str]]:
    """Everything of which the engine warns meanwhile."""
    said: list[str] = []
    ear, engine = logging.Handler(logging.WARNING), logging.getLogger("weasyprint")
    ear.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]  # all that it does
    engine.addHandler(ear)
    try:
        yield said
    finally:
        engine.removeHandler(ear)


@cache
def pages(context: Any) -> tuple[Page, ...]:
    """The pages of a context's paper, read back."""
    document = pypdfium2.PdfDocument(rendered(context).pdf)
    read = tuple(_page(document[number]) for number in range(len(document)))
    document.close()
    return read


def _page(page: Any) -> Page:
    text = page.get_textpage()
    letters = tuple(_letters(text.raw, text.count_chars()))
    drawn = [_box(thing.get_bounds()) for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])]
    return Page(letters, tuple(box for box in drawn if box.bottom - box.top < 1 < box.width))


def _letters(text: Any, count: int) -> Iterator[Letter]:
    """The letters of a page; what the library writes into is made once for all of them."""
    face, flags, place = ctypes.create_string_buffer(99), ctypes.c_int(), pdfium.FS_RECTF()
    for at in range(count):
        face[0] = b"\0"  # a letter without a face leaves it as it is
        pdfium.FPDFText_GetFontInfo(text, at, face, 99, flags)
        assert pdfium.FPDFText_GetLooseCharBox(text, at, place)
        points = pdfium.FPDFText_GetFontSize(text, at) * 0.75  # the page is drawn in units of 1/96 inch
        name = face.value.decode().rpartition("+")[2]
        box = _box((place.left, place.bottom, place.right, place.top))
        yield Letter(chr(pdfium.FPDFText_GetUnicode(text, at)), box, points, name)


def _box(bounds: tuple[float, float, float, float]) -> Box:
    left, bottom, right, top = bounds
    return Box(left * MM, A4_HEIGHT - top * MM, right * MM, A4_HEIGHT - bottom * MM)


def printed_elsewhere(names: Sequence[str], seed: str, zone: str, folder: Path) -> dict[str, str]:
    """The hashes of samples printed by another process: with other hashes of text, in another zone, without a font."""
    none = folder / "fonts.conf"
    none.write_text("<fontconfig></fontconfig>")
    program = "import sys; from documents.context import from_json; from documents.pdf import render\n"
    program += "for line in sys.stdin: print(render(from_json(line)).sha256)"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        input="\n".join(to_json(sample(name)) for name in names).encode(),
        capture_output=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONUTF8": "1", "TZ": zone, "FONTCONFIG_FILE": str(none)},
    )
    assert b"No fonts" not in ended.stderr
    return dict(zip(names, ended.stdout.decode().split(), strict=True))
