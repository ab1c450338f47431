"""Every letter of the pages is in the web font: one that is not would look different on each machine, or be nothing."""

import unicodedata

import pytest
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont

from tests.contract.sources import ROOT, files, text_of

FONTS = sorted((ROOT / "static" / "webfont").glob("*.woff2"))
FOR_PAPER = ("templates/documents/", "templates/mail/")  # set in the fonts of papers, or in those of the reader's mail


def letters() -> dict[str, str]:
    """Every letter that a page can show by itself, with a place where it stands."""
    pages = [path for path in files() if path.startswith("templates/") and not path.startswith(FOR_PAPER)]
    found = {letter: path for path in [*pages, "translations/words.yaml"] for letter in text_of(path)}
    with (ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        said = " ".join(str(text) for one in read_po(file, locale="en") for text in (one.id, one.string))
    found |= dict.fromkeys(said, "messages.po")
    return {letter: path for letter, path in found.items() if letter.isprintable()}


def missing(font: TTFont) -> dict[str, str]:
    """The letters that a font does not have."""
    return {letter: path for letter, path in letters().items() if ord(letter) not in font.getBestCmap()}


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_every_letter_of_the_pages_is_in_the_font(path: object) -> None:
    assert not missing(TTFont(path))


def test_two_weights_are_there_and_the_vietnamese_alphabet_with_them() -> None:
    assert len(FONTS) == 2
    alphabet = {
        unicodedata.normalize("NFC", base + mark)
        for base in "aăâeêioôơuưy"
        for mark in "\u0300\u0301\u0303\u0309\u0323"
    }
    for path in FONTS:
        assert not {letter for letter in alphabet | {"đ"} if ord(letter) not in TTFont(path).getBestCmap()}
