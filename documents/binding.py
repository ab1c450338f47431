"""Binding many documents into one paged PDF: each read from its file when it is needed, never all of them in memory."""

from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pikepdf
from PIL import Image, UnidentifiedImageError

A4_INCHES = (8.27, 11.69)
PICTURES = frozenset({"image/jpeg", "image/png"})
FOOT = 14  # points above the lower edge


class Binder:
    """A PDF in the making: documents are added one after the other, then it is saved behind its front pages."""

    def __init__(self, label: str) -> None:
        self.label = label.encode("ascii", "replace").decode()
        self.pdf: Any = pikepdf.Pdf.new()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of every file."""
        self._open.close()
        self.pdf.close()

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return len(self.pdf.pages)

    def add(self, path: Path, media_type: str) -> bool:
        """Add a PDF or a picture; false when it is neither, or cannot be read, and stands in no page."""
        try:
            if media_type in PICTURES:
                path = _as_pdf(path)
            elif media_type != "application/pdf":
                return False
            source = self._open.enter_context(pikepdf.open(path))
            _set_fast(source)
            self.pdf.pages.extend(source.pages)
        except (pikepdf.PdfError, UnidentifiedImageError, OSError, ValueError):
            return False
        return True

    def save(self, front: bytes, target: Path) -> None:
        """Number the pages at their foot, put the front pages before them, and write the file."""
        count, font = self.pages, self.pdf.make_indirect(_font())
        for number, page in enumerate(self.pdf.pages, 1):
            _stamp(page, font, f"{self.label}   {number}/{count}")
        first = self._open.enter_context(pikepdf.open(BytesIO(front)))
        for place, page in enumerate(first.pages):
            self.pdf.pages.insert(place, page)
        self.pdf.save(target)


def _set_fast(source: pikepdf.Pdf) -> None:
    """Make what a form draws, such as a seal, part of its pages: among other pages its signatures prove nothing."""
    if "/AcroForm" not in source.Root:
        return
    source.flatten_annotations()
    for page in source.pages:  # what draws nothing is left over
        kept = [one for one in page.get("/Annots", []) if one.get("/Subtype") != pikepdf.Name.Widget]
        page.Annots = source.make_indirect(pikepdf.Array(kept))
    if "/AcroForm" in source.Root:
        del source.Root.AcroForm


def _as_pdf(path: Path) -> Path:
    """A picture as a page no larger than A4."""
    made = path.with_suffix(".picture.pdf")
    with Image.open(path) as picture:
        dots = max(picture.width / A4_INCHES[0], picture.height / A4_INCHES[1])
        picture.convert("RGB").save(made, "PDF", resolution=dots)
    return made


def _font() -> Any:
    names = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica"}
    return pikepdf.Dictionary({f"/{name}": pikepdf.Name(f"/{value}") for name, value in names.items()})


def _stamp(page: Any, font: Any, words: str) -> None:
    """Write some words in the middle of the foot, whatever the page's own drawing has left behind."""
    left, bottom, right, _ = (float(edge) for edge in page.mediabox)
    name = page.add_resource(font, pikepdf.Name.Font)
    x, y = (left + right) / 2 - 2.2 * len(words), bottom + FOOT
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ\nq BT {name} 8 Tf {x:.1f} {y:.1f} Td ({words}) Tj ET Q\n".encode("ascii"))
