"""What a PDF may hold: each kind of active content is found wherever it stands, and links and signatures are not."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest
from pikepdf import AttachedFileSpec, Dictionary, Encryption, Name, Object, ObjectStreamMode, Pdf, String

from casework import pdf_check
from casework.pdf_check import examine, why_not
from documents.apart import Apart
from tests.signed_paper import signed_paper
from workflow.refusal import refuse

SCRIPT = "/S /JavaScript /JS (app.alert(1))"
type_of_change = Callable[[Pdf], Any]


def made(change: type_of_change = lambda _: None, **how: Any) -> bytes:
    """A PDF of one page after a change, as it is saved."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        pdf.save(out, **how)
    return out.getvalue()


def in_root(entries: str) -> type_of_change:
    """A change of the catalogue, as it is written in a file."""
    return lambda pdf: pdf.Root.update(Object.parse(f"<< {entries} >>".encode()))


def on_page(entries: str) -> type_of_change:
    """A change of the page."""
    return lambda pdf: pdf.pages[0].obj.update(Object.parse(f"<< {entries} >>".encode()))


def noted(entries: str) -> type_of_change:
    """A change that puts a note on the page."""
    return on_page(f"/Annots [<< /Type /Annot /Rect [0 0 9 9] {entries} >>]")


def attach(pdf: Pdf) -> None:
    pdf.attachments["hidden.txt"] = AttachedFileSpec(pdf, b"what nobody reads")


def attach_and_open(pdf: Pdf) -> None:
    attach(pdf)
    in_root(f"/OpenAction << {SCRIPT} >>")(pdf)


def name_apart(pdf: Pdf) -> None:
    """The kind of the action is an object of its own, so that the action does not show it."""
    pdf.Root.OpenAction = Dictionary(S=pdf.make_indirect(Name.Launch), F=String("cmd.exe"))


FOUND: dict[str, tuple[type_of_change, list[str]]] = {
    "names": (in_root(f"/Names << /JavaScript << /Names [(a) << {SCRIPT} >>] >> >>"), ["script"]),
    "on opening": (in_root(f"/OpenAction << {SCRIPT} >>"), ["script"]),
    "of the document": (in_root(f"/AA << /WC << {SCRIPT} >> >>"), ["script"]),
    "of a page": (on_page(f"/AA << /O << {SCRIPT} >> >>"), ["script"]),
    "of a note": (noted(f"/Subtype /Link /A << {SCRIPT} >>"), ["script"]),
    "after a link": (noted(f"/Subtype /Link /A << /S /URI /URI (a) /Next [<< {SCRIPT} >>] >>"), ["script"]),
    "of a field": (in_root(f"/AcroForm << /Fields [<< /FT /Tx /AA << /K << {SCRIPT} >> >> >>] >>"), ["script"]),
    "without its kind": (in_root("/OpenAction << /JS (app.alert(1)) >>"), ["script"]),
    "XFA": (in_root("/AcroForm << /Fields [] /XFA (x) >>"), ["script"]),
    "launch": (noted("/Subtype /Link /A << /S /Launch /F (cmd.exe) >>"), ["launch"]),
    "kind apart": (name_apart, ["launch"]),
    "sending": (noted("/Subtype /Link /A << /S /SubmitForm /F (http://a) >>"), ["sending"]),
    "attached": (attach, ["attachment"]),
    "pinned": (noted("/Subtype /FileAttachment"), ["attachment"]),
    "rich media": (noted("/Subtype /RichMedia"), ["media"]),
    "film": (noted("/Subtype /Movie"), ["media"]),
    "sound": (noted("/Subtype /Link /A << /S /Sound >>"), ["media"]),
    "two": (attach_and_open, ["script", "attachment"]),
}


@pytest.mark.parametrize(("change", "found"), FOUND.values(), ids=list(FOUND))
@pytest.mark.parametrize("packed", [ObjectStreamMode.disable, ObjectStreamMode.generate], ids=["plain", "packed"])
def test_active_content_is_found_wherever_it_stands(
    change: type_of_change, found: list[str], packed: ObjectStreamMode
) -> None:
    assert examine(made(change, object_stream_mode=packed)) == {"found": found}


def test_a_kind_that_is_written_in_another_way_is_found() -> None:
    plain = made(in_root(f"/OpenAction << {SCRIPT} >>"), object_stream_mode=ObjectStreamMode.disable)
    assert examine(plain.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS ", b"/#4aS ")) == {"found": ["script"]}


def plant_a_font_named_like_a_script(pdf: Pdf) -> None:
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary({"/JS": font, "/EF": font, "/F": font}))


TAKEN: dict[str, type_of_change] = {
    "goto": in_root("/OpenAction << /S /GoTo /D [0 /Fit] >>"),
    "address": noted("/Subtype /Link /A << /S /URI /URI (https://a.vn/Launch/JavaScript) >>"),
    "words": lambda pdf: pdf.docinfo.update({"/Title": "/S /JavaScript /JS (x) /EF /Launch"}),
    "names of fonts": plant_a_font_named_like_a_script,
    "empty trees": in_root("/Names << /JavaScript << /Names [] >> /EmbeddedFiles << /Names [] >> >>"),
    "a form": in_root("/AcroForm << /Fields [] >>"),
}


@pytest.mark.parametrize("change", TAKEN.values(), ids=list(TAKEN))
def test_what_only_looks_like_it_is_taken(change: type_of_change) -> None:
    assert examine(made(change)) == {"found": []}


def test_a_paper_that_was_signed_elsewhere_is_taken() -> None:
    assert examine(signed_paper().content) == {"found": []}


def test_a_password_to_open_is_told_and_one_to_change_is_not_in_the_way() -> None:
    assert examine(made(encryption=Encryption(user="a", owner="b"))) == {"fault": "file.locked"}
    assert examine(made(encryption=Encryption(owner="b"))) == {"found": []}


def test_a_damaged_table_of_objects_is_mended_or_refused_and_never_hides_anything() -> None:
    whole = made(in_root(f"/OpenAction << {SCRIPT} >>"), object_stream_mode=ObjectStreamMode.disable)
    assert examine(whole[: whole.index(b"xref")]) == {"found": ["script"]}
    assert examine(whole.replace(b"startxref\n", b"startxref\n9")) == {"found": ["script"]}
    for end in range(0, len(whole), 97):
        assert examine(whole[:end]) in ({"found": ["script"]}, {"fault": "file.not_what_it_says"})


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[Apart]:
    """A reader of files with little memory."""
    reader = Apart("casework.pdf_check", 160)
    monkeypatch.setattr(pdf_check, "_reader", lambda: reader)
    yield reader
    reader.close()


PAGES = b"<</Type/Pages/Kids[<</Type/Page/MediaBox[0 0 9 9]>>]/Count 1>>"


def bomb(megabytes: int) -> bytes:
    """A small file of one page and of a stream of objects that unfolds to so many megabytes of numbers."""
    packer = zlib.compressobj(1)
    pieces = (b"3 0 [", *(b"0 " * 524_288 for _ in range(megabytes)))
    inside = b"".join((*(packer.compress(piece) for piece in pieces), packer.flush()))
    root = b"%PDF-1.7\n1 0 obj <</Type/Catalog/OpenAction 3 0 R/Pages" + PAGES + b">> endobj\n"
    stream = b"2 0 obj <</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>> stream\n" % len(inside)
    before = root + stream + inside + b"\nendstream endobj\n"
    places = [(0, 0, 0), (1, 9, 0), (1, len(root), 0), (2, 2, 0), (1, len(before), 0)]
    table = b"".join(struct.pack(">BIB", *place) for place in places)
    entry = b"4 0 obj <</Type/XRef/Size 5/W[1 4 1]/Root 1 0 R/Length %d>> stream\n" % len(table)
    return before + entry + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % len(before)


def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_is_read(small: Apart) -> None:
    content = bomb(60)
    assert len(content) < 1024 * 1024
    assert why_not("a.pdf", content) == refuse("file.too_complex", name="a.pdf")
    assert why_not("b.pdf", made()) is None


def test_a_file_with_objects_that_cannot_be_read_is_damaged() -> None:
    content = bomb(0)
    assert examine(content) == {"found": []}
    assert examine(content.replace(zlib.compress(b"3 0 [", 1)[:4], b"\0\0\0\0")) == {"fault": "file.not_what_it_says"}


def test_a_file_that_takes_too_long_is_refused(small: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_check, "SECONDS", 0.0)
    assert why_not("a.pdf", made()) == refuse("file.too_complex", name="a.pdf")
