"""What a PDF holds beside its pages: scripts, programs to start, files inside, film and sound, forms that send.

The file is read by the library made for it, in a process of its own (`documents.apart`): whatever time and memory a
broken or hostile file takes, it ends that process alone. Run as a program, this module is that process.
"""

import atexit
import io
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Any

from documents.apart import Apart, serve, type_of_answer
from workflow.refusal import Refusal, refuse

SECONDS = 10.0
MEGABYTES = 768


class ActiveContent(StrEnum):
    """What a PDF may hold that acts by itself or that nobody sees who reads its pages."""

    SCRIPT = "script"
    LAUNCH = "launch"
    SENDING = "sending"
    ATTACHMENT = "attachment"
    MEDIA = "media"


SCRIPT, MEDIA = ActiveContent.SCRIPT, ActiveContent.MEDIA
ACTIONS = {
    "/JavaScript": SCRIPT,
    "/Launch": ActiveContent.LAUNCH,
    **dict.fromkeys(("/SubmitForm", "/ImportData"), ActiveContent.SENDING),
    **dict.fromkeys(("/Rendition", "/Movie", "/Sound", "/RichMediaExecute"), MEDIA),
}
"""By the kind of an action; going to a page or to an address is none of these."""
ANNOTATIONS = {
    "/FileAttachment": ActiveContent.ATTACHMENT,
    **dict.fromkeys(("/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"), MEDIA),
}
WORTH_A_LOOK = re.compile(
    rb"/(?:JS|EF|XFA|" + b"|".join(one[1:].encode() for one in {**ACTIONS, **ANNOTATIONS}) + rb")\b"
)

UNREAD = re.compile("error (decoding stream data|reading object)")
"""What the library says of an object that it takes as empty, and another reader may not: out of memory, or damaged."""


def why_not(name: str, content: bytes) -> Refusal | None:
    """Why a PDF is not taken: damaged, locked, too large to be looked through, or active; None when it is taken."""
    try:
        said, _nothing = _reader().ask(content, SECONDS)
    except (TimeoutError, EOFError):
        return refuse("file.too_complex", name=name)
    if "fault" in said:
        return refuse(said["fault"], name=name)
    return refuse("file.active", name=name, found=tuple(said["found"])) if said["found"] else None


@cache
def _reader() -> Apart:
    """The process that reads for this one, ended with it."""
    made = Apart("casework.pdf_check", MEGABYTES)
    atexit.register(made.close)
    return made


# --- the process ---


def examine(content: bytes) -> dict[str, Any]:
    """What is found in a PDF, each kind once and in the order of the list; or the code of why it cannot be read."""
    import pikepdf  # in the process that reads, loaded before its first file

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if not len(pdf.pages):
                return {"fault": "file.not_what_it_says"}
            found = set(_found_in(pdf))
            if unread := [one for one in pdf.get_warnings() if UNREAD.search(one)]:
                return {"fault": "file.too_complex" if "bad_alloc" in " ".join(unread) else "file.not_what_it_says"}
    except pikepdf.PasswordError:
        return {"fault": "file.locked"}
    except MemoryError:
        return {"fault": "file.too_complex"}
    except Exception:  # noqa: BLE001 - whatever the library stumbles over in a file, it is the file that is damaged
        return {"fault": "file.not_what_it_says"}
    return {"found": [one.value for one in ActiveContent if one in found]}


def _found_in(pdf: Any) -> Iterator[ActiveContent]:
    """What each object of the file holds; the text of an object is asked first, which is forty times faster."""
    from pikepdf import Object, Stream

    if "/XFA" in pdf.Root.get("/AcroForm", {}):
        yield SCRIPT
    for thing in (pdf.trailer, *pdf.objects):
        one = thing.stream_dict if isinstance(thing, Stream) else thing  # a stream is written as a reference
        if isinstance(one, Object) and WORTH_A_LOOK.search(one.unparse(resolved=True)):
            yield from _found_at(one)


def _found_at(thing: Any) -> Iterator[ActiveContent]:
    """What one object holds, down to where another one begins."""
    from pikepdf import Array, Dictionary, Name

    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Name):
            yield from _named(str(one))
        elif isinstance(one, Array):
            waiting.extend(part for part in one if _is_inside(part))
        elif isinstance(one, Dictionary):
            yield from _found_as(one)
            waiting.extend(part for part in one.values() if _is_inside(part))


def _named(name: str) -> Iterator[ActiveContent]:
    """What a name means that is an object of its own: nobody writes the kind of an action or a note there by chance."""
    for kinds in (ACTIONS, ANNOTATIONS):
        if name in kinds:
            yield kinds[name]


def _is_inside(part: Any) -> bool:
    from pikepdf import Array, Dictionary

    return isinstance(part, Array | Dictionary) and not part.is_indirect


def _found_as(one: Any) -> Iterator[ActiveContent]:
    """What a dictionary is by its own entries: an action, a note on a page, or the description of a file inside."""
    from pikepdf import Dictionary, Stream, String

    for key, kinds in (("/S", ACTIONS), ("/Subtype", ANNOTATIONS)):
        if (kind := kinds.get(str(one.get(key)))) is not None:
            yield kind
    if isinstance(one.get("/JS"), String) or ("/JS" in one and "/S" in one):
        yield SCRIPT
    files = one.get("/EF")
    if isinstance(files, Dictionary) and any(isinstance(part, Stream) for part in files.values()):
        yield ActiveContent.ATTACHMENT


def _done(told: bytes) -> type_of_answer:
    return examine(told), b""


if __name__ == "__main__":
    serve(_done, ("pikepdf",))
