"""The outgoing register as a sheet for a spreadsheet: its ten fields, days as days and counts as numbers."""

import io
from contextlib import suppress
from datetime import datetime
from typing import Any

from documents.kinds import RegisterPage

HEADS = (
    ("Số, ký hiệu văn bản", 18),
    ("Ngày tháng văn bản", 12),
    ("Tên loại và trích yếu nội dung văn bản", 60),
    ("Người ký", 24),
    ("Nơi nhận văn bản", 48),
    ("Đơn vị, người nhận bản lưu", 18),
    ("Số lượng bản", 10),
    ("Ngày chuyển", 12),
    ("Ký nhận", 22),
    ("Ghi chú", 28),
)
DAY = "%d/%m/%Y"
FIRST_LINE = 3


def to_xlsx(page: RegisterPage) -> bytes:
    """The register as an xlsx file; whatever somebody typed stays a text and is never read as a formula."""
    import xlsxwriter

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(f"Năm {page.year}")
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})
        sheet.write_string(0, 0, f"SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM {page.year}", bold)
        sheet.write_string(1, 0, page.issuing_body)
        for column, (words, width) in enumerate(HEADS):
            sheet.set_column(column, column, width)
            sheet.write_string(FIRST_LINE - 1, column, words, head)
        for row, line in enumerate(page.lines, FIRST_LINE):
            fields = (line.number, line.signed_on, line.subject, line.signer, line.recipients)
            more = (line.kept_by, line.copies, line.sent_on, line.receipt, line.note)
            for column, text in enumerate((*fields, *more)):
                _write(sheet, row, column, text, day if column in {1, 7} else wrapped)
        _set_up(sheet, len(page.lines))
    return written.getvalue()


def _write(sheet: Any, row: int, column: int, text: str, look: Any) -> None:
    if column in {1, 7}:
        with suppress(ValueError):
            sheet.write_datetime(row, column, datetime.strptime(text, DAY), look)  # noqa: DTZ007 - a day has no zone
            return
    if column == 6 and text.isdecimal():
        sheet.write_number(row, column, int(text), look)
    else:
        sheet.write_string(row, column, text, look)


def _set_up(sheet: Any, lines: int) -> None:
    """Landscape on A4, as wide as a page, the head on every page and always in sight."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(FIRST_LINE - 1)
    sheet.freeze_panes(FIRST_LINE, 1)
    sheet.autofilter(FIRST_LINE - 1, 0, FIRST_LINE - 1 + max(lines, 1), len(HEADS) - 1)
