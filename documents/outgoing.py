"""What the outgoing register says of a document (Decree 30/2020, Annex IV), read from its frozen facts."""

from collections.abc import Mapping
from typing import Any

from documents.copies import CopyPart
from documents.html import template_of, to_html
from documents.wording import dated, inside, numbered


def entry_of(context: Any) -> dict[str, str]:
    """The fields of the register that the document itself gives: subject, signer, recipients, who keeps the copy."""
    named = (*getattr(context, "addressees", ()), *context.recipients)
    return {
        "subject": subject_of(context),
        "signer": context.signer.name,
        "recipients": "; ".join(dict.fromkeys(name for name in named if name != "Như trên")),
        "kept_by": ", ".join(name for name in ("VT", context.copy_kept_by) if name),
    }


def words_of(context: Any, entry: Mapping[str, str]) -> str:
    """What a document is found by in the register: its entry there, and the units that it is about."""
    units = (f"{unit.name}, {unit.place}" for unit in getattr(context, "units", ()))
    return " ".join((*entry.values(), *units))


def subject_of(context: Any) -> str:
    """The kind of a document with the summary that stands under it; a letter's stands under its number."""
    return f"{template_of(context.kind, context.version).heading} {about_of(context)}".strip()


def about_of(context: Any) -> str:
    """The summary of a document as it stands inside a sentence: "về việc công nhận xã ..."; what a copy copies."""
    if isinstance(context, CopyPart):
        copied = context.copied
        named = f"{copied.document} số {numbered(copied.number, copied.symbol)} {dated(copied.signed_on)}"
        return f"{named} {copied.subject}".strip()
    from lxml import html

    page = html.document_fromstring(to_html(context))
    for line_end in page.iter("br"):
        line_end.tail = f" {line_end.tail or ''}"
    found = (*page.find_class("summary"), *page.find_class("about"))
    return inside(" ".join(found[0].text_content().split()).removeprefix("V/v ")) if found else ""
