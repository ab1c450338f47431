"""A whole dossier for those who take it elsewhere: its index as a page with links, and its data as XML.

The XML bears the names and lengths of the metadata by Decree 30/2020, Annex VI; what is longer is cut there, and whole
in the index.
"""

from collections.abc import Iterable, Mapping
from io import BytesIO
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from documents.html import environment
from documents.kinds import DossierIndex

LENGTHS = {
    "OrganId": 13,
    "FileNotation": 20,
    "CodeNumber": 11,
    "CodeNotation": 30,
    "IssuedDate": 10,
    "OrganName": 200,
    "Subject": 500,
    "Position": 100,
    "FullName": 50,
}
Fields = Mapping[str, str]


def index_page(context: DossierIndex) -> str:
    """The index as a page that stands beside the files that it links to."""
    return environment().get_template("dossier_index/v1/index.html").render(doc=context)


def to_xml(dossier: Fields, documents: Iterable[Fields], events: Iterable[Fields]) -> bytes:
    """A dossier with its documents and events, each with its fields in the order given, as XML in UTF-8."""
    root = Element("Dossier")
    _fields(root, dossier)
    for name, rows in (("Document", documents), ("Event", events)):
        listed = SubElement(root, f"{name}s")
        for row in rows:
            _fields(SubElement(listed, name), row)
    indent(root)
    written = BytesIO()
    ElementTree(root).write(written, encoding="utf-8", xml_declaration=True)
    return written.getvalue() + b"\n"


def _fields(element: Element, fields: Fields) -> None:
    for name, value in fields.items():
        SubElement(element, name).text = _legible(value)[: LENGTHS.get(name)]


def _legible(text: str) -> str:
    """A text without the letters that no XML may hold."""
    return "".join(one for one in text if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff"))
