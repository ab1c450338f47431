"""Small files to file: scanned-looking pages, one for each kind of paper, and pictures; the same bytes every time."""

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from practice.material import lot, material
from queries.wording import label

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

FONTS = Path(__file__).parents[1] / "static" / "fonts"
PAGE = (620, 877)  # A4 at 75 dots an inch
PICTURE = (480, 320)
HEADING = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
STAMP = ("BẢN", "THỰC HÀNH")
NOTE = (
    "Tài liệu mẫu của tỉnh thực hành, dùng để tập làm quen với hệ thống.",
    "Nội dung là giả định, không có giá trị pháp lý.",
)


@cache
def papers() -> Mapping[str, bytes]:
    """The bytes of every sample file by its file name."""
    texts = material("texts")
    titles = {name: label("parts", part, "vi") for part, name in texts["part_files"].items()}
    titles |= {item["file"]: item["title"] for item in (*texts["evidence"].values(), texts["more_evidence"])}
    titles |= {"bien-ban-kiem-phieu": "Biên bản kiểm phiếu"}
    made = {f"{name}.pdf": _page(title) for name, title in titles.items() if name != "hinh-anh"}
    return made | {f"hinh-anh-{number}.png": _picture(number) for number in (1, 2, 3)}


def _page(title: str) -> bytes:
    """A page as it comes out of a scanner: grey letters, a stamp, no text behind the picture."""
    from PIL import ImageDraw

    page = _sheet().copy()
    pen = ImageDraw.Draw(page)
    heading = _font("bold", 18)
    for line, text in enumerate(_lines(title.upper(), 44)):
        pen.text((PAGE[0] // 2, 170 + line * 26), text, fill=30, anchor="ma", font=heading)
    drawn = lot("page", title)
    for line in range(14):
        pen.line((80, 380 + line * 24, 540 - drawn.randrange(0, 160), 380 + line * 24), fill=205, width=6)
    kept = io.BytesIO()
    page.save(kept, "PDF", resolution=75, quality=55, title=title, creationDate=None, modDate=None)
    return kept.getvalue()


@cache
def _sheet() -> "Image":
    """What stands on every page: the heading, the note and the stamp."""
    from PIL import Image, ImageDraw

    page = Image.new("L", PAGE, 250)
    pen, middle = ImageDraw.Draw(page), PAGE[0] // 2
    for line, (text, size) in enumerate(zip(HEADING, (15, 14), strict=True)):
        pen.text((middle, 60 + line * 24), text, fill=40, anchor="ma", font=_font("bold", size))
    pen.line((middle - 70, 112, middle + 70, 112), fill=60)
    for line, text in enumerate(NOTE):
        pen.text((80, 300 + line * 26), text, fill=60, font=_font("regular", 14))
    pen.ellipse((390, 715, 510, 835), outline=110, width=3)
    for line, text in enumerate(STAMP):
        pen.text((450, 752 + line * 22), text, fill=110, anchor="ma", font=_font("bold", 14))
    return page


@cache
def _font(face: str, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(str(FONTS / f"tinos-{face}.ttf"), size)


def _lines(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _picture(number: int) -> bytes:
    """A picture of a road between hills, drawn, so that nobody's land is shown."""
    from PIL import Image, ImageDraw

    drawn, (width, height) = lot("picture", number), PICTURE
    picture = Image.new("RGB", PICTURE, (206, 224, 238))
    pen = ImageDraw.Draw(picture)
    for layer, shade in enumerate(((150, 174, 166), (112, 148, 120), (78, 122, 82))):
        ground = 150 + layer * 55
        peaks = [(x, ground - drawn.randrange(10, 100 - layer * 25)) for x in range(0, width + 60, 60)]
        pen.polygon([(0, height), *peaks, (width, height)], fill=shade)
    middle = width // 2
    pen.polygon([(middle - 6, 190), (middle + 6, 190), (width - 90, height), (90, height)], fill=(176, 172, 162))
    kept = io.BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()
