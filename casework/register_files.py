"""The outgoing register as files: pages to be printed and kept, and a sheet for a spreadsheet."""

from collections.abc import Iterable
from datetime import date

from documents.context import to_json
from documents.kinds import RegisterPage
from documents.press import Press, PressFault
from documents.records import RegisterLine
from documents.sheet import to_xlsx
from documents.wording import inside
from queries.outgoing import Line

__all__ = ["PressFault", "as_pdf", "as_xlsx", "page_of"]


def page_of(unit_name: str, year: int, lines: Iterable[Line], printed_on: date, *, practice: bool) -> RegisterPage:
    """The facts of a register's pages: its lines with every field as it is read."""
    return RegisterPage(
        issuing_body=f"Ủy ban nhân dân {inside(unit_name)}",
        year=year,
        printed_on=printed_on,
        lines=tuple(_line(one) for one in lines),
        practice=practice,
    )


def as_xlsx(page: RegisterPage) -> bytes:
    """The register for a spreadsheet."""
    return to_xlsx(page)


def as_pdf(page: RegisterPage) -> bytes:
    """The register as pages; `PressFault` when there are too many."""
    press = Press()  # ended at once, for a web process seldom needs it
    try:
        return press.print(to_json(page)).pdf
    finally:
        press.close()


def _line(one: Line) -> RegisterLine:
    return RegisterLine(
        number=one.name,
        signed_on=_day(one.signed_on),
        subject=one.subject,
        signer=one.signer,
        recipients=one.recipients,
        kept_by=one.kept_by,
        copies="" if one.copies is None else str(one.copies),
        sent_on=_day(one.sent_on),
        receipt=one.receipt,
        note="; ".join(text for text in (one.note, "Đã sửa tay" if one.edited else "") if text),
    )


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""
