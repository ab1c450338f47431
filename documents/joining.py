"""Joining a copy: the pages of the copied document unchanged, and under their last text the part that the copy adds.

What was signed stays to be seen and is no signature any more. Where the room under the last text is too small, the part
stands on a page of its own. The same files give the same bytes.
"""

import io
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from math import inf
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode

from documents.grafting import graft, prune
from documents.pdf import Rendered
from documents.press import PressFault

MILLIMETRE = 72 / 25.4
GAP, LOWEST, CHECK = 6 * MILLIMETRE, 15 * MILLIMETRE, 40 * MILLIMETRE
OF_SIGNATURES = ("/AcroForm", "/DSS", "/Perms", "/Extensions")


@dataclass(frozen=True, slots=True)
class Painted:
    """The part of a copy as it was printed: its text without marks, and the marks alone, if there are any.

    The marks are painted on a page that is added; on every page, where the copied document bears none (`everywhere`).
    """

    text: bytes
    marks: bytes | None = None
    everywhere: bool = False


class TooLong(ValueError):
    """The part of a copy takes more than a page."""


def join(copied: bytes, painted: Painted, chosen: Collection[int] = ()) -> Rendered:
    """The file of a copy, of the chosen pages (from 1) of the copied document, or all; `PressFault` says why not."""
    try:
        content, pages = _joined(copied, painted, chosen)
    except (pikepdf.PdfError, AttributeError, IndexError, KeyError, ValueError) as error:
        raise PressFault("template", f"{type(error).__name__}: {error}") from error
    return Rendered(content, sha256(content).hexdigest(), pages)


def _joined(copied: bytes, painted: Painted, chosen: Collection[int]) -> tuple[bytes, int]:
    with pikepdf.open(io.BytesIO(copied)) as whole, pikepdf.open(io.BytesIO(painted.text)) as part:
        if len(part.pages) > 1:
            raise TooLong(f"{len(part.pages)} pages")
        _flatten(whole)
        if chosen:
            _leave_out(whole, set(range(1, len(whole.pages) + 1)) - set(chosen))
        shift = _shift(_bytes(whole), painted.text)
        marked = list(whole.pages) if painted.everywhere else []
        if shift is None:
            size = Array([float(side) for side in part.pages[0].mediabox])
            blank = whole.make_indirect(Dictionary(Type=Name.Page, MediaBox=size, Resources=Dictionary()))
            whole.pages.append(pikepdf.Page(blank))
            marked.append(whole.pages[-1])
        _mark(whole, marked, painted.marks)
        _put_under(whole, part, shift or 0.0)
        _name(whole, part)
        return _bytes(whole), len(whole.pages)


def _flatten(whole: Any) -> None:
    """Make what is shown of signatures a part of the page, and take everything away that belongs to signing."""
    whole.flatten_annotations("all")
    for page in whole.pages:
        if "/Annots" in page.obj:
            del page.obj["/Annots"]
    for name in OF_SIGNATURES:
        if name in whole.Root:
            del whole.Root[name]


def _leave_out(whole: Any, numbers: Collection[int]) -> None:
    """Take pages away, and whatever else tells of them: the tags of their text, the outline."""
    gone = [whole.pages[number - 1].obj for number in numbers]
    prune(whole, {page.objgen for page in gone}, {int(page.StructParents) for page in gone if "/StructParents" in page})
    if "/Outlines" in whole.Root:
        del whole.Root["/Outlines"]
    for number in sorted(numbers, reverse=True):
        del whole.pages[number - 1]


def _shift(copied: bytes, text: bytes) -> float | None:
    """How far the part moves from where it was printed to stand under the last text; None without the room for it.

    It stands under everything, or above the check of the paper at the foot of the page.
    """
    blocks, (part,) = _blocks(copied), _blocks(text, apart=inf)
    ground = LOWEST
    for place, (bottom, top) in enumerate(blocks[:2]):
        if place == 0 or blocks[0][1] - blocks[0][0] <= CHECK:
            shift = bottom - GAP - part[1]
            if part[0] + shift >= ground:
                return shift
        ground = top + GAP
    return None


def _blocks(pdf: bytes, apart: float = GAP) -> list[tuple[float, float]]:
    """Between which heights something is painted on the last page, from below, what is closer than a gap in one."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        page = document[len(document) - 1]
        height = page.get_height()
        painted = [one.get_bounds() for one in page.get_objects(max_depth=1) if not _lies_across(one, height)]
    blocks: list[tuple[float, float]] = []
    for bottom, top in sorted((box[1], box[3]) for box in painted):
        if blocks and bottom - blocks[-1][1] < apart:
            blocks[-1] = (blocks[-1][0], max(top, blocks[-1][1]))
        else:
            blocks.append((bottom, top))
    return blocks


def _lies_across(painted: Any, height: float) -> bool:
    """Whether it is a mark across the page, and no text."""
    turned, (_, bottom, _, top) = painted.get_matrix().b != 0, painted.get_bounds()
    return bool(turned or top - bottom > height / 2)


def _mark(whole: Any, pages: Collection[Any], marks: bytes | None) -> None:
    """Paint the marks under the text of these pages."""
    if marks is None or not pages:
        return
    with pikepdf.open(io.BytesIO(marks)) as marked:
        drawn = whole.copy_foreign(marked.pages[0].as_form_xobject())
    for page in pages:
        name = _resource(page, drawn)
        page.contents_add(f"/Artifact BMC q {name} Do Q EMC q\n".encode("ascii"), prepend=True)
        page.contents_add(b"\nQ\n")


def _resource(page: Any, drawn: Any) -> Any:
    """Make what is drawn known to a page, by the next name in a row: the library's own names are drawn by lot."""
    known = page.obj.get("/Resources", Dictionary()).get("/XObject", Dictionary())
    number = next(at for at in range(len(known) + 1) if f"/Copy{at}" not in known)
    return page.add_resource(drawn, Name.XObject, Name(f"/Copy{number}"))


def _put_under(whole: Any, part: Any, shift: float) -> None:
    """Paint the part on the last page, tagged as what it is, with the place of the signature marked anew."""
    page = whole.pages[-1]
    drawn = whole.copy_foreign(part.pages[0].as_form_xobject())
    drawn.StructParents = graft(whole, part, page.obj, drawn)
    name = _resource(page, drawn)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ q 1 0 0 1 0 {shift:.3f} cm {name} Do Q\n".encode("ascii"))
    marked = dict(pikepdf.NameTree(part.Root.Names.Dests).items())
    names = Array()
    for one, there in sorted(marked.items()):
        place = Array([page.obj, Name.XYZ, there[2], float(there[3]) + shift, 0])
        names.extend([pikepdf.String(one), whole.make_indirect(place)])
    whole.Root.Names = Dictionary(Dests=Dictionary(Names=names))


def _name(whole: Any, part: Any) -> None:
    """Say of the file what the part says of itself: its title, body and day."""
    whole.Root.Metadata = whole.copy_foreign(part.Root.Metadata)
    whole.trailer.Info = whole.make_indirect(Dictionary(dict(part.docinfo.items())))


def _bytes(whole: Any) -> bytes:
    written = io.BytesIO()
    whole.save(written, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return written.getvalue()
