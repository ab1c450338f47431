"""Where signature and seal stand on a page (Decree 30/2020, Annex I, boxes 7c and 8), in points from its lower left.

A paper marks the beginning and the end of the signer's name with two anchors; above it the place lies free. The image
of the signature stands centred over the name; the image of the seal, in its real size, covers the left third of it.
"""

import io
from dataclasses import dataclass

import pikepdf
from PIL import Image, UnidentifiedImageError

from documents.signing.keys import SigningFault

FROM, TO = "signer-from", "signer-to"
MILLIMETRE = 72 / 25.4
FREE_HEIGHT, ABOVE_NAME = 28 * MILLIMETRE, 2 * MILLIMETRE
USUAL_WIDTH = 45 * MILLIMETRE
WIDEST, LARGEST_SEAL = 60 * MILLIMETRE, 42 * MILLIMETRE
SCREEN_DPI = 96.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """The signer's name on a page, counted from 0: the middle of it, and its upper edge."""

    page: int
    middle: float
    top: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """An image with its size in points as it is printed."""

    image: Image.Image
    width: float
    height: float


def find_spot(pdf: bytes) -> Spot | None:
    """Where the signer's name stands; None in a paper that does not mark it."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        names = opened.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
        if names is None:
            return None
        marked = dict(pikepdf.NameTree(names).items())
        if FROM not in marked or TO not in marked:
            return None
        start, end = marked[FROM], marked[TO]
        page = next(number for number, one in enumerate(opened.pages) if one.obj.objgen == start[0].objgen)
        return Spot(page, (float(start[2]) + float(end[2])) / 2, float(start[3]))


def read_image(content: bytes) -> Drawn:
    """An image in the size in which its own resolution prints it."""
    try:
        image = Image.open(io.BytesIO(content), formats=("PNG",)).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as refused:
        raise SigningFault("image", str(refused)) from None
    dpi = float(image.info.get("dpi", (SCREEN_DPI,))[0]) or SCREEN_DPI
    return Drawn(image, image.width * 72 / dpi, image.height * 72 / dpi)


def signature_box(spot: Spot, drawn: Drawn) -> Box:
    """The box of the signature's image: centred over the name, no larger than the place that is left free for it."""
    scale = min(1.0, WIDEST / drawn.width, FREE_HEIGHT / drawn.height)
    width, height = drawn.width * scale, drawn.height * scale
    middle = spot.top + ABOVE_NAME + FREE_HEIGHT / 2
    return (spot.middle - width / 2, middle - height / 2, spot.middle + width / 2, middle + height / 2)


def seal_box(spot: Spot, drawn: Drawn, signature: Drawn | None) -> Box:
    """The box of the seal's image in its real size, its right edge at the left third of the signature."""
    scale = min(1.0, LARGEST_SEAL / max(drawn.width, drawn.height))
    width, height = drawn.width * scale, drawn.height * scale
    left, _, right, _ = signature_box(spot, signature) if signature else _usual(spot)
    edge, middle = left + (right - left) / 3, spot.top + ABOVE_NAME + FREE_HEIGHT / 2
    return (edge - width, middle - height / 2, edge, middle + height / 2)


def _usual(spot: Spot) -> Box:
    """The place of a signature without an image."""
    half = USUAL_WIDTH / 2
    return (spot.middle - half, spot.top, spot.middle + half, spot.top + FREE_HEIGHT)
