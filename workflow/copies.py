"""Copies of issued papers (Decree 30/2020, Articles 25 to 27): what may be copied how, which numbers they share."""

from collections.abc import Collection

from workflow.names import DocumentKind
from workflow.refusal import Refusal, refuse

COPIES = (DocumentKind.TRUE_COPY, DocumentKind.COPY_OF_COPY, DocumentKind.EXTRACT)
"""The forms of copies (Article 25): sao y, sao lục, trích sao."""

SERIES = "SAO-UBND"
"""The one yearly series of a body in which all its copies are numbered, whatever their form (Article 26)."""

POWERS = ("by_order", "deputising", "own", "acting", "by_delegation")
"""By which power somebody signs for the head of a body."""


def forms_of(kind: DocumentKind) -> tuple[DocumentKind, ...]:
    """The forms in which a paper may be copied: an original whole or in part, a true copy whole, no other copy."""
    if kind is DocumentKind.TRUE_COPY:
        return (DocumentKind.COPY_OF_COPY,)
    return () if kind in COPIES else (DocumentKind.TRUE_COPY, DocumentKind.EXTRACT)


def against_form(kind: DocumentKind, form: DocumentKind) -> Refusal | None:
    """Why a paper is not copied in this form; None when it may be."""
    if form in forms_of(kind):
        return None
    if form is DocumentKind.COPY_OF_COPY:
        return refuse("copy.only_of_true_copy", field="form")
    return refuse("copy.only_of_original", field="form")


def against_pages(form: DocumentKind, chosen: Collection[int], pages: int | None) -> Refusal | None:
    """Why these pages (from 1) are no extract of a paper of so many pages, if that is known; None when they are one."""
    if form is not DocumentKind.EXTRACT:
        return refuse("copy.whole", field="pages") if chosen else None
    if not chosen:
        return refuse("copy.which_pages", field="pages")
    if pages is None:
        return None
    if not set(chosen) <= set(range(1, pages + 1)):
        return refuse("copy.no_such_page", field="pages", pages=pages)
    return refuse("copy.all_pages", field="pages") if len(set(chosen)) == pages else None
