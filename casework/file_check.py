"""Is a file what it claims to be? Each kind is opened by the library made for it; what that refuses is refused here.

What a PDF holds beside its pages is looked for in `casework.pdf_check`.
"""

import io
import zipfile
from collections.abc import Callable

from casework.errors import Refused
from casework.pdf_check import why_not
from workflow.refusal import Refusal, refuse

LARGEST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000
OFFICE_BYTES = 200 * 1024 * 1024


def media_type_of(name: str, content: bytes) -> str:
    """The media type of a file that is what its name says; refused with the reason when it is not, or too large."""
    if not content:
        raise Refused((refuse("file.empty", name=name),))
    if len(content) > LARGEST_BYTES:
        megabytes = LARGEST_BYTES // 1024 // 1024
        raise Refused((refuse("file.too_large", name=name, limit=megabytes),))
    kind = KINDS.get(_ending(name))
    if kind is None:
        raise Refused((refuse("file.kind", name=name, kinds=", ".join(sorted(KINDS))),))
    media_type, against = kind
    if (refusal := against(name, content)) is not None:
        raise Refused((refusal,))
    return media_type


def expected_type(name: str) -> str | None:
    """The media type that a file's name promises; None for a kind that is not taken."""
    kind = KINDS.get(_ending(name))
    return kind[0] if kind else None


def _ending(name: str) -> str:
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def _unless(is_such: Callable[[bytes], bool]) -> Callable[[str, bytes], Refusal | None]:
    """What stands against a file unless it is one of its kind."""

    def against(name: str, content: bytes) -> Refusal | None:
        return None if is_such(content) else refuse("file.not_what_it_says", name=name)

    return against


def _is_image(kind: str) -> Callable[[bytes], bool]:
    def is_such(content: bytes) -> bool:
        from PIL import Image, UnidentifiedImageError  # a web process that never takes a file starts without it

        try:
            with Image.open(io.BytesIO(content), formats=(kind,)) as image:
                if image.width * image.height > MOST_PIXELS:
                    return False
                image.verify()
        except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
            return False
        return True

    return is_such


def _is_office(inside: str) -> Callable[[bytes], bool]:
    def is_such(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                small = sum(entry.file_size for entry in archive.infolist()) <= OFFICE_BYTES
                return small and inside in archive.namelist() and archive.testzip() is None
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
            return False

    return is_such


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, tuple[str, Callable[[str, bytes], Refusal | None]]] = {
    "pdf": ("application/pdf", why_not),
    "jpg": ("image/jpeg", _unless(_is_image("JPEG"))),
    "jpeg": ("image/jpeg", _unless(_is_image("JPEG"))),
    "png": ("image/png", _unless(_is_image("PNG"))),
    "docx": (_OFFICE + "wordprocessingml.document", _unless(_is_office("word/document.xml"))),
    "xlsx": (_OFFICE + "spreadsheetml.sheet", _unless(_is_office("xl/workbook.xml"))),
}
