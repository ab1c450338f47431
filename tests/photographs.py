"""Printed pages as a camera sees them: laid out, rendered at 150 dpi, turned, blurred, faded and noisy, by a seed."""

import random
from dataclasses import replace
from functools import cache
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from documents.context import from_plain
from documents.html import samples_of
from documents.pdf import render
from documents.seal import Seal, facts_of

DPI = 150
BASE = "https://datchuan.caobang.gov.vn"
CODE, KEY_ID = "7k3q9xm2abcd", "QW3RTY5U"
MOST_DEGREES, MOST_BLUR, MOST_NOISE = 8.0, 1.0, 60
KINDS = ("decision", "certificate", "revocation_decision", "replacement_decision")


def photographed(seed: int) -> bool:
    """Whether the photograph of a seed still yields the whole text of its QR code."""
    lottery = random.Random(seed)
    kind = lottery.choice(KINDS)
    picture = spoilt(page_of(kind), lottery)
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [one.text for one in found] == [seal_of(kind).text(BASE)]


def spoilt(page: Image.Image, lottery: random.Random) -> Image.Image:
    """A page turned, blurred, with less contrast, and with noise on every point."""
    turned = page.rotate(
        lottery.uniform(-MOST_DEGREES, MOST_DEGREES), Image.Resampling.BICUBIC, expand=True, fillcolor=255
    )
    blurred = turned.filter(ImageFilter.GaussianBlur(lottery.uniform(0.3, MOST_BLUR)))
    dark, light = lottery.randint(20, 70), lottery.randint(170, 235)
    faded = blurred.point(lambda value: dark + value * (light - dark) // 255)
    strength = lottery.randint(10, MOST_NOISE)
    dots = Image.frombytes("L", faded.size, lottery.randbytes(faded.width * faded.height))
    return ImageChops.add(faded, dots.point(lambda value: value * strength // 255), scale=1, offset=-strength // 2)


@cache
def page_of(kind: str) -> Image.Image:
    """The page of a sample paper that bears its QR code, as it comes out of a printer of 150 dpi."""
    pdf = pypdfium2.PdfDocument(render(sealed(kind)).pdf)
    pages = [one.render(scale=DPI / 72, grayscale=True).to_pil() for one in pdf]
    return next(one for one in pages if zxingcpp.read_barcodes(one))


def sealed(kind: str) -> Any:
    """A signed sample paper with everything that is printed on it to be checked."""
    marks = {"code": CODE, "verification_url": f"{BASE}/v/{CODE}", "seal": seal_of(kind).text(BASE)}
    return replace(sample(kind), **marks)


def seal_of(kind: str) -> Seal:
    """The seal of a sample paper, signed by nobody: its letters are as long and as wild as those of a real one."""
    facts = facts_of(sample(kind))
    assert facts is not None
    return Seal(CODE, KEY_ID, facts, random.Random(kind).randbytes(64))


def sample(kind: str) -> Any:
    """The sample of a kind as it is signed."""
    facts = from_plain(next(iter(samples_of(kind, 1).values())))
    return replace(facts, draft=False)
